// enosys robust: which claims about harnesses hold in other plausible models, and what those depend on that do
// not.
import { join } from 'node:path'
import { quoted } from '../reports/command.ts'
import { visible } from '../reports/escape.ts'
import { plural } from '../reports/format.ts'
import { laidOut } from '../reports/layout.ts'
import type { RunRecord } from '../reports/record.ts'
import { UsageError } from '../sim/core/assert.ts'
import { openHost } from '../sim/host/index.ts'
import { cores } from '../sim/host/pool.ts'
import { campaign, type Workers, workers } from '../testbed/campaign.ts'
import { type House, openHouse } from '../testbed/house.ts'
import { type CampaignPlan, checkSize, planned } from '../testbed/plan.ts'
import { inDraw, redrawOf } from '../testbed/redrawn.ts'
import {
  type Claim,
  claimsIn,
  differenceIn,
  HOLDS_FROM,
  type Tested,
  tested,
} from '../testbed/robust.ts'
import { parseSet } from '../testbed/run-id.ts'
import { suiteOf } from '../testbed/suite.ts'
import { checkHarnesses } from '../testbed/user-files.ts'
import { harnessesOf, profilesOf } from './choice.ts'
import { onInterrupt } from './interrupt.ts'
import { type Progress, progress } from './progress.ts'

interface RobustOptions {
  harness?: string
  profile: string
  set?: string
  models: number
  claims: number
  instances?: number
  seed: number
  workers?: number
  json?: boolean
}

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`

function verdictOf({ dependsOnModel, parameter }: Tested): string {
  if (!dependsOnModel) return 'holds'
  const most =
    parameter === undefined
      ? 'on no single parameter'
      : `most on ${parameter.name} (rank correlation ${signed(parameter.correlation)})`
  return `depends on the model: ${most}`
}

function shown(claims: readonly Tested[], columns: number): string {
  const heads = [
    ...['claim', 'difference', 'p', 'holds', 'turned round', 'no difference'],
    '5 % to 95 % of models',
  ]
  const rows = claims.map((one) => [
    visible(`${one.better} > ${one.worse}`),
    signed(one.difference),
    one.adjusted < 0.001 ? '< .001' : one.adjusted.toFixed(3),
    `${one.holds} of ${one.holds + one.turns + one.level}`,
    String(one.turns),
    String(one.level),
    `${signed(one.low)} ${signed(one.high)}`,
  ])
  const blocks = laidOut(heads, rows, columns - 2)
  return blocks
    .map(({ heads: head, rows: lines }) => [...head, ...lines].map((l) => `  ${l}\n`).join(''))
    .join('\n')
}

/** Of each model: the very cases of the claims, where nothing else is said. */
const casesOf = ({ instances, claims }: RobustOptions): number => instances ?? claims

interface Asked {
  readonly names: readonly string[]
  readonly options: RobustOptions
  readonly profile: string
}

const LEGEND = `
  difference             better minus worse, on the claims' own instances; p by Holm
  holds                  models in which it has the same sign / models asked
  turned round           models in which the worse is ahead
  5 % to 95 % of models  where the difference lies in nine of ten models
`

/** The very harnesses, in the model in which the claim holds least. */
function commandOf({ better, worse, against }: Tested, { names, options }: Asked): string {
  const set = options.set === undefined ? [] : ['--set', options.set]
  const cases = ['-n', `${casesOf(options)}`, '--seed', `${options.seed}`]
  const words = [...names, '-H', `${better},${worse}`, '-p', against ?? '', ...set, ...cases]
  return `npx enosys run ${words.map(quoted).join(' ')}`
}

/** All models together, one after the other. */
const RUNS_MAX = 10_000_000

function printed(claims: readonly Tested[], asked: Asked): string {
  const { options, profile } = asked
  if (claims.length === 0)
    return 'No two harnesses are told apart here, so there is no claim to test. More instances: --claims\n'
  const columns = Math.min(process.stdout.columns ?? 100, 100)
  const families = [...new Set(claims.map(({ family }) => family))]
  const tables = families.map((family) => {
    const own = claims.filter((claim) => claim.family === family)
    const notes = own
      .filter(({ dependsOnModel }) => dependsOnModel)
      .map(
        (one) =>
          `  ${visible(`${one.better} > ${one.worse}`)} ${verdictOf(one)}\n     ${visible(commandOf(one, asked))}\n`,
      )
    const [{ metric } = { metric: '' }] = own
    return `${family}, ${metric}\n${shown(own, columns)}${notes.join('')}`
  })
  const robust = claims.filter(({ dependsOnModel }) => !dependsOnModel).length
  return `\n${plural(claims.length, 'claim')} under ${visible(profile)}, ${plural(options.claims, 'instance')}; each asked again of ${plural(options.models, 'model')} redrawn, ${plural(casesOf(options), 'instance')}\n\n${tables.join('\n')}\n${robust} of ${claims.length} ${robust === 1 ? 'holds' : 'hold'} in at least ${100 * HOLDS_FROM} % of the models.\n${LEGEND}`
}

export default async function robust(
  names: readonly string[],
  options: RobustOptions,
): Promise<number> {
  const host = openHost()
  const house = await openHouse(host)
  const { scenarios } = await suiteOf(house, names)
  const harnesses = await harnessesOf({ ...options, controls: false }, house)
  const [profile = 'typical', ...more] = await profilesOf(options.profile, house)
  const base: Omit<CampaignPlan, 'profiles' | 'instances'> = {
    scenarios,
    set: parseSet(options.set ?? ''),
    harnesses,
    trials: 1,
    seed: options.seed,
    controlInstances: 0,
    realInstances: 0,
    swarm: false,
    shard: [0, 1],
  }
  if (more.length > 0)
    throw new UsageError(`--profile: one at a time, got ${[profile, ...more].join(', ')}`)
  if (redrawOf(profile) !== undefined)
    throw new UsageError(`--profile ${profile}: is redrawn already; expected what it is drawn from`)
  await checkHarnesses(harnesses, house)
  const redraws = Array.from({ length: options.models }, (_, i) => inDraw(profile, i + 1))
  const plan = { ...base, profiles: [profile], instances: options.claims }
  const total =
    scenarios.length * harnesses.length * (options.claims + casesOf(options) * options.models)
  checkSize(total, 'fewer --models or --instances', RUNS_MAX)
  const done = onInterrupt('claims are told when all models have been asked: there are none yet')
  const bar = progress('robust', total, { isJudged: false })
  const pool = workers(options.workers ?? cores(), join(host.root, 'testbed', 'worker.js'))
  try {
    const first = await ran(plan, { house, pool, bar })
    const claims = claimsIn(first, harnesses)
    const differences = new Map<Claim, (number | null)[]>(claims.map((claim) => [claim, []]))
    let errors = errorsIn(first)
    for (const id of claims.length === 0 ? [] : redraws) {
      const runs = await ran(
        { ...base, profiles: [id], instances: casesOf(options) },
        { house, pool, bar },
      )
      errors += errorsIn(runs)
      for (const [claim, all] of differences) all.push(differenceIn(claim, runs))
    }
    bar.stop()
    const models = await Promise.all(redraws.map((id) => house.profile(id)))
    const found = [...differences].map(([claim, all]) => {
      const known = models.filter((_, i) => all[i] !== null)
      return tested(
        claim,
        all.filter((difference) => difference !== null),
        known,
      )
    })
    if (options.json === true) process.stdout.write(`${JSON.stringify(found)}\n`)
    else process.stdout.write(printed(found, { names, options, profile }))
    if (errors === 0) return 0
    process.stderr.write(
      `enosys: ${plural(errors, 'run')} went wrong in enosys itself, and count for nothing\n`,
    )
    return BUG
  } finally {
    done()
    bar.stop()
    await pool.close()
  }
}

const BUG = 70

const errorsIn = (records: readonly RunRecord[]): number =>
  records.filter(({ verdict }) => verdict === 'error').length

async function ran(
  plan: CampaignPlan,
  of: { readonly house: House; readonly pool: Workers; readonly bar: Progress },
): Promise<RunRecord[]> {
  const records: RunRecord[] = []
  const runs = await planned(plan, of.house)
  const onRecord = (record: RunRecord): void => {
    records.push({ ...record, decisions: [] })
    of.bar.tick(record)
  }
  await campaign({ plan: runs, pool: of.pool, known: new Set(), onRecord })
  return records
}
