// A table: one family under one profile, one row a harness. Ceiling first, floors last, between
// them the harnesses by the family's primary metric.
import {
  COST,
  type Column,
  cellOf,
  costPerSolved,
  metricColumn,
  passKColumn,
  SCORE,
  SOLVED,
  TOKENS,
  tokensPerSolved,
} from './columns.ts'
import type { Comparison, Field } from './compare.ts'
import type { Metric } from './metric.ts'
import type { Prices } from './prices.ts'
import { primaryOf, sharesOf } from './primary.ts'
import type { RunRecord } from './record.ts'
import { type Interval, shareInterval } from './stats/bootstrap.ts'
import { passK as passKOf, type Trials } from './stats/pass-k.ts'
import { average, byText, groupBy, isCounted, runOf, shareOf, trialsOf } from './units.ts'
import { asLost } from './unmeasured.ts'
import { type Untested, untested } from './untested.ts'

export interface Cell {
  /** Null where nothing can be said. */
  readonly value: number | null
  readonly interval: Interval | null
}

export type Place = 'ceiling' | 'harness' | 'floor'

export interface Row {
  readonly harness: string
  readonly place: Place
  /** Counted: neither errors of ours, nor skips but those of a harness that was given up. */
  readonly runs: number
  readonly instances: number
  /** In the order of the table's columns. */
  readonly cells: readonly Cell[]
}

export interface Table {
  readonly family: string
  readonly profile: string
  /** The column that harnesses are compared on. */
  readonly primary: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  readonly comparisons: readonly Comparison[]
  /** Where what a scenario is about never came up, so that what it asks was not tested. */
  readonly untested: readonly Untested[]
}

export interface TableOptions {
  /** What tokens cost; without them nothing is said of money. */
  readonly prices?: Prices | undefined
  readonly metrics: ReadonlyMap<string, Metric>
  readonly controls: ReadonlySet<string>
}

const CEILING = 'clairvoyant'
const FLOOR = 'amnesiac'
/** Below this distance of ceiling and floor a score would be noise over noise. */
const SCORED_FROM = 0.05

/** What is known of one harness before it becomes a row. */
interface Entrant {
  readonly harness: string
  readonly place: Place
  readonly records: readonly RunRecord[]
  /** The same, with 0 for shares of what could not be measured. */
  readonly measured: readonly RunRecord[]
  readonly trials: ReadonlyMap<string, Trials>
  /** The primary metric by instance. */
  readonly shares: ReadonlyMap<string, number>
  readonly digests: ReadonlyMap<string, string>
}

/** A table before its harnesses are compared. */
export interface Draft {
  readonly table: Omit<Table, 'comparisons'>
  readonly field: Field
}

/** Records of one family and one profile, sorted. Undefined where none of them was counted. */
export function draft(
  family: string,
  profile: string,
  records: readonly RunRecord[],
  { metrics, controls, prices }: TableOptions,
): Draft | undefined {
  const counted = records.filter(isCounted)
  if (counted.length === 0) return undefined
  const measured = groupBy(asLost(counted, metrics), ({ harness }) => harness)
  const entrants = [...groupBy(counted, ({ harness }) => harness)]
    .map(([harness, runs]) => entrant(harness, runs, measured.get(harness) ?? runs, controls))
    .sort(inOrder)
  const trials = entrants.flatMap((of) => [...of.trials.values()])
  const primary = primaryOf(family)
  const figures = figuresOf(metricsOf(family, counted, metrics), entrants, {
    ...{ most: Math.max(...trials.map((one) => one.of)), prices, primary },
  })
  const key = `${family} ${profile}`
  const rows = entrants.map((of): Row => {
    const { harness, place, records: own, trials: tried } = of
    const cells = figures.map(({ value, sample }) => ({
      value: value(of),
      interval: sample === undefined ? null : shareInterval(sample(of), key),
    }))
    return { harness, place, runs: own.length, instances: tried.size, cells }
  })
  const columns = figures.map(({ column }) => column)
  return {
    table: { family, profile, primary, columns, rows, untested: untested(counted, controls) },
    field: { key, contenders: entrants.filter(({ place }) => place === 'harness') },
  }
}

interface Figure {
  readonly column: Column
  readonly value: (of: Entrant) => number | null
  /** By instance: the interval is theirs. */
  readonly sample?: (of: Entrant) => number[]
}

interface FigureOptions {
  /** Trials of the instance with the most: as many were planned of each. */
  readonly most: number
  readonly prices: Prices | undefined
  readonly primary: string
}

/**
 * What the family is about, what it cost and the score; then details, then what every family has.
 */
function figuresOf(
  metrics: readonly [string, Metric][],
  entrants: readonly Entrant[],
  { most, prices, primary }: FigureOptions,
): Figure[] {
  const measured = metrics.map(([id, metric]) => ({
    column: metricColumn(id, metric),
    value: ({ measured: own }: Entrant) => cellOf(id, metric, own),
    ...(id === primary && { sample: ({ shares }: Entrant) => [...shares.values()] }),
  }))
  const isMain = ({ column }: Figure): boolean => !column.general && !column.detail
  const passK = {
    column: passKColumn(most),
    value: ({ trials }: Entrant) => passKOf([...trials.values()], most),
  }
  return [
    { column: SOLVED, value: (of) => average(solvedShares(of)), sample: solvedShares },
    ...(most > 1 ? [passK] : []),
    ...measured.filter(isMain),
    { column: TOKENS, value: ({ records }) => tokensPerSolved(records) },
    ...(prices === undefined
      ? []
      : [{ column: COST, value: ({ records }: Entrant) => costPerSolved(records, prices) }]),
    { column: SCORE, value: scorer(entrants) },
    ...measured.filter((figure) => !isMain(figure)),
  ]
}

const solvedShares = ({ trials }: Entrant): number[] => [...trials.values()].map(shareOf)

function entrant(
  harness: string,
  records: readonly RunRecord[],
  measured: readonly RunRecord[],
  controls: ReadonlySet<string>,
): Entrant {
  const trials = trialsOf(records)
  const shares = sharesOf(records)
  const place = !controls.has(harness) ? 'harness' : harness === CEILING ? 'ceiling' : 'floor'
  const runs = records.map((record) => [runOf(record), record.digest] as const)
  const digests = new Map(runs)
  return { harness, place, records, measured, trials, shares, digests }
}

const PLACES: readonly Place[] = ['ceiling', 'harness', 'floor']

const inOrder = (a: Entrant, b: Entrant): number =>
  PLACES.indexOf(a.place) - PLACES.indexOf(b.place) ||
  (average([...b.shares.values()]) ?? 0) - (average([...a.shares.values()]) ?? 0) ||
  byText(a.harness, b.harness)

/** Those declared for the family, or for all, of which at least one run says something. */
function metricsOf(
  family: string,
  records: readonly RunRecord[],
  metrics: ReadonlyMap<string, Metric>,
): [string, Metric][] {
  const known = new Set<string>()
  for (const record of records) {
    for (const [id, value] of Object.entries(record.metrics)) if (value !== null) known.add(id)
  }
  return [...metrics]
    .filter(([id, { families }]) => known.has(id) && (families?.includes(family) ?? true))
    .sort(([a, of], [b, other]) => {
      const general = Number(of.families === undefined) - Number(other.families === undefined)
      return general || byText(a, b)
    })
}

/**
 * How far a harness gets from floor to ceiling, on instances that all three were judged on.
 * Unclipped.
 */
function scorer(entrants: readonly Entrant[]): (of: Entrant) => number | null {
  const ceiling = entrants.find(({ harness, place }) => place === 'ceiling' && harness === CEILING)
  const floor = entrants.find(({ harness, place }) => place === 'floor' && harness === FLOOR)
  return ({ shares }) => {
    if (ceiling === undefined || floor === undefined) return null
    const common = [...shares.keys()].filter((i) => ceiling.shares.has(i) && floor.shares.has(i))
    const mean = (of: ReadonlyMap<string, number>): number =>
      average(common.flatMap((instance) => of.get(instance) ?? [])) ?? 0
    const low = mean(floor.shares)
    const span = mean(ceiling.shares) - low
    return span < SCORED_FROM ? null : (mean(shares) - low) / span
  }
}
