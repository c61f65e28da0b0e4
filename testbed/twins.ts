// A real harness beside the kernel that mirrors it, on the same tapes: whether they end alike, and how full
// the window is when they compact. It is the proof that the kernel is faithful.
import type { RunRecord } from '../reports/record.ts'
import type { TraceEvent } from '../sim/index.ts'
import { type Workers, workers } from './campaign.ts'
import { formatRunId, type RunSpec } from './run-id.ts'
import type { Delivery } from './worker.ts'

/** One of a pair: how it ended, and how full its window was at each compaction, as shares. */
export interface Twin {
  readonly record: RunRecord
  readonly compactions: readonly number[]
}

export interface Pair {
  readonly real: Twin
  readonly kernel: Twin
}

/** Tokens of the request before each compaction, as shares of the window. */
export function compactionsIn(trace: readonly TraceEvent[], windowTokens: number): number[] {
  const found: number[] = []
  let full: number | undefined
  for (const event of trace) {
    if (event.kind !== 'request') continue
    if (event.purpose === 'work') full = event.tokens
    else if (event.purpose === 'compaction' && full !== undefined) {
      found.push(full / windowTokens)
      full = undefined
    }
  }
  return found
}

const twin = ({ record, trace }: Delivery): Twin => ({
  record,
  compactions: compactionsIn(trace, record.params.window ?? Number.NaN),
})

export interface Cell {
  readonly scenario: string
  readonly profile: string
}

export interface Asked {
  readonly real: string
  readonly kernel: string
  readonly cells: readonly Cell[]
  readonly instances: number
  /** The compiled `testbed/worker.js`. */
  readonly script: string
  readonly workers: number
  readonly progress: (done: number, of: number) => void
}

/** All pairs, cell by cell. */
export async function twins(asked: Asked): Promise<Map<Cell, Pair[]>> {
  const pool = workers(asked.workers, asked.script, { hangMs: 120_000 })
  try {
    const pairs = new Map<Cell, Pair[]>()
    for (const cell of asked.cells) pairs.set(cell, await pairsOf(cell, asked, pool))
    return pairs
  } finally {
    await pool.close()
  }
}

async function pairsOf(cell: Cell, asked: Asked, pool: Workers): Promise<Pair[]> {
  const specs = [asked.real, asked.kernel].flatMap((harness) =>
    Array.from(
      { length: asked.instances },
      (_, instance): RunSpec => ({ ...cell, params: {}, instance, trial: 0, harness, seed: 1 }),
    ),
  )
  const found = new Map<string, Twin>()
  let done = 0
  await pool.run(
    specs.map((spec) => ({ spec, source: 'sampled' as const, twice: false, trace: true })),
    {
      done(order, delivery) {
        found.set(formatRunId(order.spec), twin(delivery))
        asked.progress(++done, specs.length)
      },
      lost(order, loss) {
        throw new Error(`${formatRunId(order.spec)}: ${loss}`)
      },
    },
  )
  return specs.slice(0, asked.instances).flatMap((spec) => {
    const real = found.get(formatRunId(spec))
    const kernel = found.get(formatRunId({ ...spec, harness: asked.kernel }))
    return real === undefined || kernel === undefined ? [] : [{ real, kernel }]
  })
}

export const isAlike = ({ real, kernel }: Pair): boolean =>
  real.record.verdict === kernel.record.verdict

const mean = (all: readonly number[]): number =>
  all.length === 0 ? 0 : all.reduce((sum, one) => sum + one, 0) / all.length

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** By how much of the window the nth compactions of a pair lie apart. */
export const distancesIn = ({ real, kernel }: Pair): number[] =>
  real.compactions.flatMap((at, i) => {
    const other = kernel.compactions[i]
    return other === undefined ? [] : [Math.abs(at - other)]
  })

/** A profile of a user's file by the name of the file. */
const nameOf = (profile: string): string => /([^/]+)\.yaml/.exec(profile)?.[1] ?? profile

function row({ scenario, profile }: Cell, pairs: readonly Pair[]): string {
  const count = (of: (pair: Pair) => boolean): number => pairs.filter(of).length
  const sum = (of: (pair: Pair) => Twin): number =>
    pairs.reduce((all, pair) => all + of(pair).compactions.length, 0)
  const distances = pairs.flatMap(distancesIn)
  const cells = [
    `\`${scenario}\``,
    `\`${nameOf(profile)}\``,
    String(pairs.length),
    String(count(isAlike)),
    String(count(({ real, kernel }) => real.record.reason === kernel.record.reason)),
    `${sum(({ real }) => real)} and ${sum(({ kernel }) => kernel)}`,
    distances.length === 0 ? '-' : percent(mean(distances)),
    distances.length === 0 ? '-' : percent(Math.max(...distances)),
  ]
  return `| ${cells.join(' | ')} |`
}

const ended = ({ record: { verdict, reason } }: Twin): string =>
  reason === '' ? verdict : `${verdict}: ${reason}`

/** The table and what differs, in Markdown. */
export function twinsTable(real: string, kernel: string, all: ReadonlyMap<Cell, Pair[]>): string {
  const pairs = [...all.values()].flat()
  const distances = pairs.flatMap(distancesIn)
  const head = [
    ...['scenario', 'profile', 'tapes', 'same verdict', 'same reason'],
    `compactions of \`${real}\` and \`${kernel}\``,
    ...['apart, mean', 'apart, most'],
  ]
  const alike = pairs.filter(isAlike).length
  const lines = [
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...[...all].map(([cell, own]) => row(cell, own)),
    '',
    `The same verdict on ${alike} of ${pairs.length} tapes (${percent(alike / pairs.length)}). Compactions lie apart by ${percent(mean(distances))} of the window in the mean.`,
  ]
  const different = pairs.filter((pair) => !isAlike(pair))
  if (different.length > 0) {
    lines.push('', `| tape | \`${real}\` | \`${kernel}\` |`, '| --- | --- | --- |')
    for (const pair of different)
      lines.push(`| \`${pair.kernel.record.id}\` | ${ended(pair.real)} | ${ended(pair.kernel)} |`)
  }
  return `${lines.join('\n')}\n`
}
