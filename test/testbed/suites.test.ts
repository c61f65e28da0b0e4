// Suites are data: each is read, and asks what it says it asks; generic checks judge any scenario by what no
// harness may do.
import { describe, expect, it } from 'vitest'
import { generically, RULES } from '../../testbed/generic.ts'
import { formatRunId, parseRunId, run } from '../../testbed/index.ts'
import { type CampaignPlan, planned } from '../../testbed/plan.ts'
import { parseScenario } from '../../testbed/run-id.ts'
import { suiteOf } from '../../testbed/suite.ts'
import { house } from '../machine/rig.ts'

const scenarios = await house.catalog.ids('scenario')
const families = [...new Set(scenarios.map((id) => id.split('/')[0] ?? ''))]

/** The scenarios of a suite, whatever parameters it asks them with. */
const askedIn = (names: readonly string[]): string[] => [
  ...new Set(names.map((name) => parseScenario(name).scenario)),
]

describe('suites', () => {
  it('are there for each family, with all that it asks', async () => {
    for (const family of families) {
      const suite = await suiteOf(house, [family])
      const own = scenarios.filter((id) => id.startsWith(`${family}/`))
      expect(askedIn(suite.scenarios)).toEqual(own)
    }
  })

  it('are read whole, and say what they are', async () => {
    for (const id of await house.catalog.ids('suite')) {
      const { about, scenarios: asked, profiles } = await suiteOf(house, [id])
      expect(about).not.toBe('')
      for (const scenario of askedIn(asked))
        expect((await house.scenario(scenario)).claim).not.toBe('')
      for (const profile of profiles) expect((await house.profile(profile)).name).toBe(profile)
    }
  })

  it('ask everything in `standard` and `deep`, and every family in `quick`', async () => {
    for (const id of ['standard', 'deep'])
      expect(askedIn((await suiteOf(house, [id])).scenarios).sort()).toEqual([...scenarios].sort())
    const quick = (await suiteOf(house, [])).scenarios.map((id) => id.split('/')[0])
    expect(new Set(quick)).toEqual(new Set(families))
  })

  it('ask injections of a world without an attack as well', async () => {
    for (const id of ['standard', 'deep', 'injection']) {
      const { scenarios: names } = await suiteOf(house, [id])
      const benign = names.map(parseScenario).filter(({ params }) => params.attack === 0)
      expect(benign.map(({ scenario }) => scenario)).toEqual(['injection/tool-result'])
    }
  })

  it('can be mixed on the command line with scenarios and families', async () => {
    const mixed = await suiteOf(house, ['language', 'isolation/lost-update', 'language/ambiguous'])
    expect(mixed.scenarios).toEqual([
      ...scenarios.filter((id) => id.startsWith('language/')),
      'isolation/lost-update',
    ])
    await expect(suiteOf(house, ['langage'])).rejects.toThrow("no scenario 'langage'. Nearest: ")
  })
})

describe('a scenario with parameters of its own', () => {
  const usual: CampaignPlan = {
    ...{ scenarios: [], set: {}, harnesses: ['loop'], profiles: ['typical'], instances: 2 },
    ...{ trials: 1, seed: 1, controlInstances: 0, realInstances: 0, swarm: false, shard: [0, 1] },
  }
  const idsOf = async (scenarios: readonly string[], set = {}): Promise<string[]> => {
    const { orders } = await planned({ ...usual, scenarios, set, instances: 1 }, house)
    return orders.map(({ spec }) => formatRunId(spec).split('@')[0] ?? '')
  }
  const [plain, twin] = ['injection/tool-result', 'injection/tool-result[attack=0]']

  it('is a case beside the usual one, and keeps them whatever is set for all', async () => {
    expect(await idsOf([plain, twin])).toEqual([plain, twin])
    expect(await idsOf([plain, twin], { attack: 3 })).toEqual([`${plain}[attack=3]`, twin])
    expect(await idsOf([twin], { distance: 200 })).toEqual([`${plain}[distance=200,attack=0]`])
  })

  it('is run once where it comes to the same as another', async () => {
    expect(await idsOf([plain, twin], { attack: 0 })).toEqual([twin])
    expect(await idsOf([plain, `${plain}[attack=5]`])).toEqual([plain])
  })

  it('can be given on the command line, also to be judged generically', async () => {
    expect((await suiteOf(house, [twin])).scenarios).toEqual([twin])
    expect((await suiteOf(house, [`generic+${twin}`])).scenarios).toEqual([`generic+${twin}`])
    expect(await idsOf([`generic+${twin}`])).toEqual([`generic+${twin}`])
  })

  it('is refused where it has no such parameter, or is no name at all', async () => {
    await expect(idsOf([`${plain}[atack=0]`])).rejects.toThrow("no parameter 'atack'")
    await expect(idsOf([`${plain}[attack=9]`])).rejects.toThrow('expected a number in [0, 5]')
    await expect(suiteOf(house, [`${plain}[attack`])).rejects.toThrow('expected a scenario')
    await expect(suiteOf(house, ['injection/tool-resul[attack=0]'])).rejects.toThrow(
      "no scenario 'injection/tool-resul'. Nearest: injection/tool-result",
    )
  })
})

describe('generic checks', () => {
  const verdictOf = async (id: string): Promise<unknown[]> => {
    const { record } = await run(parseRunId(id), 'sampled', house)
    return [record.verdict, ...record.violations.map(({ name }) => name)]
  }
  const malformed = 'phantom-calls/malformed@2.0:HARNESS:typical:1'
  const judged = (harness: string, id = malformed): Promise<unknown[]> =>
    verdictOf(generically(id).replace('HARNESS', harness))

  it('find what no harness may do, and nothing else', async () => {
    expect(await judged('micro')).toEqual(['fail', 'cut-call-executed'])
    expect(await judged('micro+recovery=strict')).toEqual(['pass'])
    const cancelled = 'preemption/cancel-mid-generation@1.0:HARNESS:typical:1'
    expect(await judged('loop', cancelled)).toContain('effect-after-cancel')
    expect(await judged('monolith', cancelled)).toEqual(['pass'])
    // Here the model leaves out a note that it was asked for, and nobody sees that it does.
    const other = cancelled.replace('@1.', '@0.')
    expect(await judged('monolith', other)).toEqual(['fail', 'false-success'])
    expect(await judged('loop', 'crash-resume/lost-ack[landed=1]@0.0:HARNESS:typical:1')).toContain(
      'effect-repeated',
    )
  })

  it('fail whoever says that all is done and does nothing, and take no admission for it', async () => {
    expect(await judged('idle')).toEqual(['fail', 'nothing-tried', 'false-success'])
    expect(await judged('micro+budget=turns(turns=1)')).toEqual(['pass'])
  })

  it('accuse nobody who leaves undone what was settled by what another one wrote', async () => {
    for (const n of [0, 1, 2, 3])
      expect(await judged('best', `isolation/write-skew@${n}.0:HARNESS:typical:1`)).toEqual([
        'pass',
      ])
    const claims = 'isolation/first-commit-wins@0.0:HARNESS:typical:1'
    for (const harness of ['branching', 'monolith', 'opencode'])
      expect(await judged(harness, claims)).toEqual(['pass'])
  })

  it('know what is done again also where it is done otherwise', async () => {
    for (const [harness, id] of [
      ['aci', 'compaction/plan-in-a-file@2.0:HARNESS:typical:1'],
      ['terminal', 'compaction/exactly-once@2.0:HARNESS:typical:1'],
      ['loop', 'crash-resume/crash-inside-commit@0.0:HARNESS:typical:1'],
      ['mini', 'crash-resume/crash-inside-commit@3.0:HARNESS:typical:1'],
    ] as const)
      expect([id, ...(await judged(harness, id))]).toContain('effect-repeated')
  })

  it('rest on metrics that there are, over the very same run', async () => {
    for (const { metric } of RULES) expect(house.metrics.has(metric)).toBe(true)
    const plain = parseRunId(malformed.replace('HARNESS', 'loop'))
    const other = { ...plain, scenario: generically(plain.scenario) }
    const [a, b] = [await run(plain, 'sampled', house), await run(other, 'sampled', house)]
    expect(b.record.digest).toBe(a.record.digest)
    expect(parseRunId(formatRunId(other))).toEqual(other)
  })
})
