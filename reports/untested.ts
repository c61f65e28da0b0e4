// What was not tested: scenarios of a table in which what they are about never came up. A hazard that one harness
// met was there for all, and who kept it from happening has passed; but of losses each knows its own alone.
// Controls meet what no design meets, or nothing.
import type { RunRecord } from './record.ts'
import { byText, familyOf, groupBy } from './units.ts'

export interface Untested {
  readonly scenario: string
  /** Those it did not come up in, of all that are no controls. */
  readonly harnesses: readonly string[]
}

/**
 * What has to happen in some run for a family's question to be asked at all: a metric says something. Where no
 * conversation loses a message, nothing is known of what a harness does about losses.
 */
const GOALS: Readonly<Record<string, string>> = { compaction: 'retention' }

/** Whether a run came to the hazards that were placed in it; undefined where there were none. */
const isMet = ({ placed, met }: RunRecord): boolean | undefined =>
  placed === 0 ? undefined : met > 0

/** Whether a run came to what its family is about; undefined where that is not known of it. */
function isReached({ scenario, metrics }: RunRecord): boolean | undefined {
  const value = metrics[GOALS[familyOf(scenario)] ?? '']
  return value === undefined ? undefined : value !== null
}

/** It was asked for in some run, and no run came to it. */
const isNever = (came: readonly (boolean | undefined)[]): boolean =>
  came.includes(false) && !came.includes(true)

/** Something is placed in runs of one scenario, and no harness that is no control came to it. */
export const isUnmet = (records: readonly RunRecord[], controls: ReadonlySet<string>): boolean =>
  isNever(testedIn(records, controls).map(isMet))

/** Where there are controls alone, they are what was tested. */
function testedIn(
  records: readonly RunRecord[],
  controls: ReadonlySet<string>,
): readonly RunRecord[] {
  const others = records.filter(({ harness }) => !controls.has(harness))
  return others.length === 0 ? records : others
}

/** Of one family under one profile. */
export function untested(
  records: readonly RunRecord[],
  controls: ReadonlySet<string>,
): readonly Untested[] {
  return [...groupBy(testedIn(records, controls), ({ scenario }) => scenario)]
    .map(([scenario, runs]): Untested => {
      const isUnmet = isNever(runs.map(isMet))
      const harnesses = [...groupBy(runs, ({ harness }) => harness)]
        .filter(([, own]) => isUnmet || isNever(own.map(isReached)))
        .map(([harness]) => harness)
      return { scenario, harnesses: harnesses.sort(byText) }
    })
    .filter(({ harnesses }) => harnesses.length > 0)
    .sort((a, b) => byText(a.scenario, b.scenario))
}
