// A metric: a pure function of one run's trace and of the world before and after.

import type { TraceEvent, WorldData } from '../sim/index.ts'
import type { Instance } from '../sim/instance.ts'
import { type Anomaly, type Isolation, isolationOf } from './isolation/index.ts'

export interface MeasuredRun {
  readonly instance: Instance
  readonly trace: readonly TraceEvent[]
  readonly before: WorldData
  readonly after: WorldData
  /** Jobs solved at the end of trouble, and jobs in all. */
  readonly solved: boolean
  /** What the run shows of isolation, worked out once for all that ask; else each works it out. */
  readonly isolation?: () => Isolation
}

export const isolationIn = ({ isolation, trace, instance }: MeasuredRun): Isolation =>
  isolation === undefined ? isolationOf(trace, instance.world.files) : isolation()

/** How many anomalies of a kind a run shows; null where nobody met anybody, so nothing was tried. */
export function anomaliesIn(run: MeasuredRun, isOf: (one: Anomaly) => boolean): number | null {
  const { pairs, anomalies } = isolationIn(run)
  return pairs === 0 && anomalies.length === 0 ? null : anomalies.filter(isOf).length
}

export interface Metric {
  /** A short column head, e.g. `usable recall`. */
  readonly title: string
  /** One line for the reader of the table. */
  readonly about: string
  readonly unit: 'share' | 'tokens' | 'count' | 'ms'
  readonly better: 'more' | 'less'
  readonly restsOn: 'mechanism' | 'calibrated' | 'assumed'
  /** Families whose table shows it; all where absent. */
  readonly families?: readonly string[]
  /** It explains another one: after those, and the score, in a table. */
  readonly detail?: boolean
  /**
   * How runs become a cell: the mean over instances, as it is or of a hundred runs, the sum of all over the number
   * solved, or the least of all.
   */
  readonly cell?: 'mean' | 'in-100-runs' | 'per-solved' | 'least'
  /** What its numbers are called, from 0, where they are whole. */
  readonly names?: readonly string[]
  /** Null where the run says nothing about it. */
  measure(run: MeasuredRun): number | null
}

export const metric = (entry: Metric): Metric => entry
