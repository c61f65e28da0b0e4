// A search for a good kernel, one slot after the other, twice: each part of a slot is tried in its place,
// on the same cases, and stays where more is solved. What is found is judged once, on cases that the search
// never saw.

import type { Part } from '../harnesses/kernel.ts'
import type { RunRecord } from '../reports/record.ts'
import { type Workers, workers } from './campaign.ts'
import type { Catalog } from './catalog.ts'
import type { RunSpec } from './run-id.ts'

/** A scenario with parameters that are not its own, under each profile. */
export interface Case {
  readonly scenario: string
  readonly params: Readonly<Record<string, number>>
}

export interface Cases {
  readonly cases: readonly Case[]
  readonly profiles: readonly string[]
  readonly instances: number
  readonly seed: number
}

/** Shares in [0, 1], and tokens of all requests and answers a run. */
export interface Score {
  readonly solved: number
  readonly tokens: number
  /** By profile. */
  readonly byProfile: ReadonlyMap<string, number>
  readonly byScenario: ReadonlyMap<string, number>
}

const mean = (all: readonly number[]): number =>
  all.length === 0 ? 0 : all.reduce((sum, one) => sum + one, 0) / all.length

function scoreOf(records: readonly RunRecord[]): Score {
  const isSolved = ({ verdict }: RunRecord): number => Number(verdict === 'pass')
  const by = (key: (record: RunRecord) => string): Map<string, number> => {
    const names = [...new Set(records.map(key))]
    return new Map(
      names.map((name) => [name, mean(records.filter((r) => key(r) === name).map(isSolved))]),
    )
  }
  const byScenario = by(({ scenario }) => scenario)
  const cells = by(({ scenario, profile }) => `${scenario} ${profile}`)
  return {
    solved: mean([...cells.values()]),
    tokens: mean(records.map(({ tokens }) => tokens)),
    byProfile: by(({ profile }) => profile),
    byScenario,
  }
}

export async function score(harness: string, of: Cases, pool: Workers): Promise<Score> {
  const specs = of.cases.flatMap((one) =>
    of.profiles.flatMap((profile) =>
      Array.from(
        { length: of.instances },
        (_, instance): RunSpec => ({ ...one, profile, instance, trial: 0, harness, seed: of.seed }),
      ),
    ),
  )
  const records: RunRecord[] = []
  await pool.run(
    specs.map((spec) => ({ spec, source: 'sampled' as const, twice: false, trace: false })),
    {
      done: (_order, { record }) => void records.push(record),
      lost(_order, loss) {
        throw new Error(`${harness}: ${loss}`)
      },
    },
  )
  return scoreOf(records)
}

/** So much more solved counts as better; less is noise. */
const BETTER = 0.01
/** At the same share solved, so much fewer tokens do. */
const CHEAPER = 0.97

const isBetter = (a: Score, b: Score): boolean =>
  a.solved > b.solved + BETTER || (a.solved >= b.solved && a.tokens < CHEAPER * b.tokens)

export interface Found {
  readonly slots: ReadonlyMap<string, string>
  readonly score: Score
}

export interface Search extends Cases {
  readonly base: string
  readonly slots: readonly string[]
  readonly catalog: Catalog
  readonly script: string
  readonly told: (line: string) => void
}

const named = (base: string, slots: ReadonlyMap<string, string>): string =>
  slots.size === 0 ? base : `${base}+${[...slots].map(([slot, part]) => `${slot}=${part}`)}`

/** The parts of a slot that mirror no fault. */
async function partsOf(catalog: Catalog, slot: string): Promise<string[]> {
  const all = (await catalog.all('part')) as Map<string, Part>
  return [...all]
    .filter(([id, { about }]) => id.startsWith(`${slot}/`) && !about.startsWith('known fault'))
    .map(([id]) => id.slice(slot.length + 1))
}

export async function search(of: Search): Promise<Found> {
  const pool = workers(2, of.script)
  try {
    let slots = new Map<string, string>()
    let best = await score(of.base, of, pool)
    of.told(`${of.base}: ${best.solved.toFixed(3)}`)
    for (const slot of [...of.slots, ...of.slots]) {
      for (const part of await partsOf(of.catalog, slot)) {
        const tried = new Map(slots).set(slot, part)
        const found = await score(named(of.base, tried), of, pool)
        if (!isBetter(found, best)) continue
        of.told(`${slot}=${part}: ${found.solved.toFixed(3)}, ${Math.round(found.tokens)} tokens`)
        best = found
        slots = tried
      }
    }
    return { slots, score: best }
  } finally {
    await pool.close()
  }
}

const percent = (share: number): string => `${Math.round(100 * share)} %`

/** Solved by scenario and by profile, the best first, and tokens a run. In Markdown. */
export function scoreTable(scores: ReadonlyMap<string, Score>): string {
  const [first] = scores.values()
  if (first === undefined) return ''
  const scenarios = [...first.byScenario.keys()]
  const profiles = [...first.byProfile.keys()]
  const head = ['harness', 'solved', ...scenarios, ...profiles, 'tokens a run']
  const ranked = [...scores].toSorted(([, a], [, b]) => b.solved - a.solved)
  const rows = ranked.map(([harness, { solved, byScenario, byProfile, tokens }]) => [
    `\`${harness}\``,
    percent(solved),
    ...scenarios.map((name) => percent(byScenario.get(name) ?? 0)),
    ...profiles.map((name) => percent(byProfile.get(name) ?? 0)),
    String(Math.round(tokens / 100) / 10).concat(' k'),
  ])
  const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
  return `${lines.join('\n')}\n`
}
