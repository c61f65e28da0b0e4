// The sentences that more than one format says, in plain text: a format escapes a sentence as a
// whole.
import type { ScenarioCell } from './cells.ts'
import { type Column, SOLVED } from './columns.ts'
import { notToldApart } from './compare.ts'
import { plural, share, whole } from './format.ts'
import type { Report } from './report.ts'
import type { Row, Table } from './table.ts'
import { average, groupBy } from './units.ts'
import { VERDICTS } from './verdicts.ts'

/** At most so many members of a list are named; the others are counted. */
const NAMED = 4

const some = (members: readonly string[], noun: string, many?: string): string => {
  const named = members.slice(0, NAMED).join(', ')
  const rest = members.length - NAMED
  return rest > 0 ? `${named} and ${plural(rest, `more ${noun}`, many && `more ${many}`)}` : named
}

export function headline({ counts, harnesses, scenarios, profiles }: Report): string {
  const who = plural(harnesses.length, 'harness', 'harnesses')
  const of = `${plural(scenarios.length, 'scenario')}, ${who}`
  const under = `profile${profiles.length === 1 ? '' : 's'} ${profiles.join(', ')}`
  return `${plural(counts.runs, 'run')}: ${of}, ${under}`
}

export function verdicts({ counts }: Report): string {
  const said = VERDICTS.filter((verdict) => counts.verdicts[verdict] > 0 || verdict === 'error')
  const parts = said.map((verdict) => `${whole(counts.verdicts[verdict])} ${verdict}`)
  if (counts.inexact > 0) parts.push(`${whole(counts.inexact)} inexact`)
  return parts.join(' · ')
}

/** `compaction`, with the profile where there are several tables of a family. */
export function titleOf({ family, profile }: Table, { tables }: Report): string {
  return tables.filter((other) => other.family === family).length > 1
    ? `${family} · ${profile}`
    : family
}

/**
 * `40 instances, 80 runs a harness, compared on usable recall`; the least and the most where harnesses differ.
 */
export function sizeOf({ rows, columns, primary }: Table): string {
  const range = (values: readonly number[], noun: string): string => {
    const [least, most] = [Math.min(...values), Math.max(...values)]
    return least === most ? plural(most, noun) : `${whole(least)} to ${plural(most, noun)}`
  }
  const instances = rows.map((row) => row.instances)
  const runs = rows.map((row) => row.runs)
  const on = columns.find(({ id }) => id === primary)?.title ?? SOLVED.title
  return `${range(instances, 'instance')}, ${range(runs, 'run')} a harness, compared on ${on}`
}

export const nameOf = ({ harness, place }: Row): string =>
  place === 'harness' ? harness : `${harness} (${place})`

/** Designs that did the same in every run, all of them; then pairs that were not told apart. */
export function notApart({ comparisons }: Table): string | undefined {
  const pairs = notToldApart(comparisons)
    .filter(({ equal }) => !equal)
    .map(({ a, b, difference, more }) => {
      const close = difference === 0 ? 'no difference seen' : 'less than 5 points apart'
      return `${a} and ${b} (${more === null ? close : `about ${plural(more, 'more instance')}`})`
    })
  const parts = [
    ...equals(comparisons).map((names) => `the same in every run: ${names.join(' = ')}`),
    ...(pairs.length === 0 ? [] : [`not told apart: ${some(pairs, 'pair')}`]),
  ]
  return parts.length === 0 ? undefined : parts.join('; ')
}

/** Being the same goes on from pair to pair. */
function equals(comparisons: Table['comparisons']): string[][] {
  const groups: string[][] = []
  for (const { a, b, equal } of comparisons) {
    if (!equal) continue
    const known = groups.find((group) => group.includes(a) || group.includes(b))
    if (known === undefined) groups.push([a, b])
    else for (const name of [a, b]) if (!known.includes(name)) known.push(name)
  }
  return groups
}

/** Harnesses are named where it did come up in others. */
export function notTested({ untested, rows }: Table): string | undefined {
  if (untested.length === 0) return undefined
  const known = rows.filter(({ place }) => place === 'harness').length
  const said = untested.map(({ scenario, harnesses }) =>
    harnesses.length < known
      ? `${scenario} (${some(harnesses, 'harness', 'harnesses')})`
      : scenario,
  )
  return `not tested, as what it is about never came up: ${some(said, 'scenario')}`
}

/** One line a harness: what it solves without any lapse, and where it does not. */
export function flawlessLines({ flawless }: Report): { harness: string; says: string }[] {
  return [...groupBy(flawless, ({ harness }) => harness)].map(([harness, cells]) => {
    const known = cells.filter(({ solved }) => solved !== null)
    const mean = average(known.flatMap(({ solved }) => solved ?? []))
    const short = known.filter(({ solved }) => solved !== 1).map(cellShort)
    const solves = mean === null ? '–' : share(mean)
    return { harness, says: short.length === 0 ? solves : `${solves}  ${some(short, 'scenario')}` }
  })
}

const cellShort = ({ scenario, solved }: ScenarioCell): string =>
  `${scenario} ${share(solved ?? 0)}`

/** Of all tables, in their order, each once. */
export function columnsOf(tables: readonly Table[]): Column[] {
  return [...new Map(tables.flatMap(({ columns }) => columns).map((c) => [c.id, c])).values()]
}

export function meaningOf({ about, better, restsOn }: Column): string {
  const parts = [about]
  if (better === 'less') parts.push('less is better')
  if (restsOn !== 'mechanism') parts.push(restsOn)
  return parts.join('; ')
}

/** One line a harness, one cell a family: what is kept under the worst profile, and which that is. */
export function portabilityRows({ portability }: Report): { heads: string[]; rows: string[][] } {
  const families = [...new Set(portability.map(({ family }) => family))]
  const rows = [...groupBy(portability, ({ harness }) => harness)].map(([harness, own]) => [
    harness,
    ...families.map((family) => {
      const found = own.find((one) => one.family === family)
      if (found === undefined || found.ratio === null) return '–'
      return found.ratio === 1 ? '1.0' : `${share(found.ratio)} ${found.worst}`
    }),
  ])
  return { heads: ['worst / best profile', ...families], rows }
}
