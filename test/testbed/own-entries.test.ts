// Entries in a checkout that are its owner's: what is wrong with a scenario, a check or a metric is told by its file,
// in a line, and a metric that goes wrong costs no run.
import { describe, expect, it } from 'vitest'
import { type Metric, report } from '../../reports/index.ts'
import type { Scenario } from '../../scenarios/scenario.ts'
import { UsageError } from '../../sim/core/assert.ts'
import { type Host, openHost } from '../../sim/host/index.ts'
import type { Instance } from '../../sim/index.ts'
import { type House, openHouse, run } from '../../testbed/index.ts'
import { checkMetrics } from '../../testbed/own-metrics.ts'
import { type CampaignPlan, planned } from '../../testbed/plan.ts'
import { parseRunId } from '../../testbed/run-id.ts'
import { house } from '../machine/rig.ts'

const ID = 'phantom-calls/own'
const FILE = `scenarios/${ID}.ts`
const usual = await house.scenario('phantom-calls/malformed')

/** The host with one more scenario, or none that can be loaded. */
const hostWith = (load: () => unknown): Host => {
  const host = openHost()
  return {
    ...host,
    async list(folder) {
      const own = folder === 'scenarios/phantom-calls' ? [`own${host.extension}`] : []
      return [...(await host.list(folder)), ...own]
    },
    load: async (path) => (path.includes(ID) ? load() : host.load(path)),
  }
}

const PLAN: CampaignPlan = {
  scenarios: [ID],
  set: {},
  harnesses: ['loop'],
  profiles: ['typical'],
  instances: 1,
  trials: 1,
  seed: 1,
  controlInstances: 0,
  realInstances: 0,
  swarm: false,
  shard: [0, 1],
}

/** What is said before any run. */
async function saidOf(load: () => unknown): Promise<string> {
  try {
    await planned(PLAN, await openHouse(hostWith(load)))
    return ''
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(UsageError)
    return thrown instanceof Error ? thrown.message : ''
  }
}

const drawing = (change: (drawn: Instance) => object | undefined) => (): Scenario => ({
  ...usual,
  draw: (...of) => change(usual.draw(...of) as Instance) as Instance,
})
const withPrompt = (prompt: string) =>
  drawing((drawn) => ({
    ...drawn,
    users: [{ id: 'ana', jobs: [{ id: 'job-1', prompt, arrivesMs: 0 }] }],
  }))
const withHazard = (id: string) =>
  drawing((drawn) => ({ ...drawn, hazards: [{ id, value: 'phantom-tool' }] }))
const withNeeds = (need: string) =>
  drawing((drawn) => ({
    ...drawn,
    programs: drawn.programs.map((program) => ({
      ...program,
      steps: program.steps.map((step) => ({ ...step, needs: [need] })),
    })),
  }))
const withParam = (change: object) => (): Scenario => ({
  ...usual,
  params: { size: { default: 3, min: 1, max: 5, simplest: 1, about: 'of it', ...change } },
})

const MISTAKES: readonly (readonly [what: string, load: () => unknown, says: string])[] = [
  [
    'throws as it is imported',
    () => Promise.reject(new Error('no key\nmore')),
    'does not load: no key',
  ],
  ['has no default export', () => undefined, 'has no default export, which would be the entry'],
  ['draws nothing', drawing(() => undefined), 'draw: expected an instance, got nothing'],
  [
    'throws as it draws',
    drawing(() => {
      throw new TypeError('not a word')
    }),
    'draw: not a word',
  ],
  ['draws half a case', drawing(({ users: _, ...rest }) => rest), 'draw: users: expected an array'],
  ['draws no user', drawing((drawn) => ({ ...drawn, users: [] })), 'draw: users: has none'],
  [
    'draws no window',
    drawing((drawn) => ({ ...drawn, windowTokens: Number.NaN })),
    'draw: windowTokens: expected a number above 0, got NaN',
  ],
  [
    'asks for a task without a program',
    withPrompt('[[task:nothing=job-1]]'),
    "draw: the prompt of job-1 asks for the task 'nothing', which has no program. Nearest: ",
  ],
  ['needs what is no fact', withNeeds('nothing'), "draw: the step 'read-"],
  ['needs what is no place', withNeeds('@nowhere'), "draw: the step 'read-"],
  [
    'forces nobody',
    withHazard('nobody/write/1/lapse'),
    'draw: hazards: nobody/write/1/lapse: no job ',
  ],
  ['has ends that cross', withParam({ min: 9 }), 'params.size: min 9 is more than max 5'],
  [
    'has a default out of range',
    withParam({ default: 8 }),
    'params.size: default 8 is not in [1, 5]',
  ],
]

describe('a scenario of the reader’s own', () => {
  it.each(MISTAKES)('that %s is told by its file', async (_, load, says) => {
    expect((await saidOf(load)).slice(0, `${FILE}: ${says}`.length)).toBe(`${FILE}: ${says}`)
  })

  it('that is right is planned', async () => {
    expect(await saidOf(() => usual)).toBe('')
  })

  it('whose check throws is told by its file', async () => {
    const check = (): never => {
      throw new TypeError('no such file')
    }
    const own = await openHouse(hostWith(() => ({ ...usual, check })))
    const judged = run(parseRunId(`${ID}@0.0:loop:flawless:1`), 'sampled', own)
    await expect(judged).rejects.toThrow(`${FILE}: check: no such file`)
  })
})

describe('a metric of the reader’s own', () => {
  it.each([
    [{ title: undefined }, 'title: expected one line of text, got none'],
    [{ about: 'a\nb' }, 'about: expected one line of text, got "a\\nb"'],
    [{ unit: 'token' }, 'unit: expected share, tokens, count, ms; got "token". Nearest: tokens'],
    [{ better: 3n }, 'better: expected more, less; got 3'],
    [{ title: [] }, 'title: expected one line of text, got an object'],
    [{ restsOn: undefined }, 'restsOn: expected mechanism, calibrated, assumed; got none'],
    [
      { cell: 'sum' },
      'cell: expected mean, in-100-runs, per-solved, least; got "sum". Nearest: mean',
    ],
    [{ families: 'injection' }, 'families: expected a list of texts'],
    [{ measure: 1 }, 'measure: expected a function of a run'],
  ])('says what it lacks: %o', (change, said) => {
    const usual = house.metrics.get('usable-recall')
    expect(() => checkMetrics(house.metrics)).not.toThrow()
    const own = new Map([['own', { ...usual, ...change }]])
    expect(() => checkMetrics(own)).toThrow(new UsageError(`reports/metrics/own.ts: ${said}`))
  })

  const metricOf = (measure: Metric['measure']): Metric => ({
    ...{ title: 'own', about: 'of one’s own', unit: 'count', better: 'more' },
    ...{ restsOn: 'mechanism', measure },
  })
  const metrics: House['metrics'] = new Map([
    ['right', metricOf(() => 2)],
    [
      'throws',
      metricOf(() => {
        throw new TypeError('no trace')
      }),
    ],
    ['endless', metricOf(() => Number.POSITIVE_INFINITY)],
    ['wordy', metricOf(() => JSON.parse('"many"'))],
  ])

  it('that is wrong is null in each run, and one note of the report', async () => {
    const own = { ...house, metrics }
    const runs = [0, 1].map((n) =>
      run(parseRunId(`phantom-calls/malformed@${n}.0:loop:flawless:1`), 'sampled', own),
    )
    const records = (await Promise.all(runs)).map(({ record }) => record)
    for (const { verdict, metrics: numbers } of records)
      expect([verdict, numbers]).toEqual([
        'pass',
        { right: 2, throws: null, endless: null, wordy: null },
      ])
    const { notes } = report(records, { metrics, controls: new Set(), claims: new Map() })
    expect(notes).toEqual([
      'reports/metrics/endless.ts: measure: expected a number or null, got Infinity (2 runs, of which it says nothing).',
      'reports/metrics/throws.ts: measure: no trace (2 runs, of which it says nothing).',
      'reports/metrics/wordy.ts: measure: expected a number or null, got many (2 runs, of which it says nothing).',
    ])
  })
})
