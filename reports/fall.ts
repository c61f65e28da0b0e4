// Where a curve falls: the step at which a harness loses most, and a failed run that shows it, of a case that
// passed one value before if there is one. Of harnesses that their user brought, where there are any.
import type { Curve, CurveOptions, Point } from './curve.ts'
import { isUsers } from './findings.ts'
import type { RunRecord } from './record.ts'
import { byText, groupBy, isJudged } from './units.ts'

export interface Fall {
  /** The last known point before, of the same harness; null where it does not fall, only fails. */
  readonly from: Point | null
  readonly to: Point
  readonly run: RunRecord
  /** The case of the run passed before. */
  readonly isNew: boolean
}

type Step = Pick<Fall, 'from' | 'to'>

/** Undefined where nothing failed of what can be replayed exactly. Controls are not asked. */
export function fallOf(
  curve: Curve,
  records: readonly RunRecord[],
  atOf: CurveOptions['atOf'],
): Fall | undefined {
  const key = (harness: string, at: number): string => JSON.stringify([harness, at])
  const groups = groupBy(records.filter(isJudged), (run) => key(run.harness, atOf(run)))
  const runsAt = ({ harness, at }: Point): RunRecord[] => groups.get(key(harness, at)) ?? []
  for (const { from, to } of stepsOf(curve)) {
    const passed = (from === null ? [] : runsAt(from)).filter(({ verdict }) => verdict === 'pass')
    const cases = new Set(passed.map(caseOf))
    const [first] = runsAt(to)
      .filter(({ verdict, inexact }) => verdict !== 'pass' && !inexact)
      .map((run) => ({ run, isNew: cases.has(caseOf(run)) }))
      .sort(
        (a, b) =>
          Number(b.isNew) - Number(a.isNew) ||
          a.run.instance - b.run.instance ||
          byText(a.run.id, b.run.id),
      )
    if (first !== undefined) return { from, to, ...first }
  }
  return undefined
}

const caseOf = ({ instance, trial }: RunRecord): string => `${instance}.${trial}`

/** Falls first, the deepest and then the earliest of them; then all others, the earliest first. */
function stepsOf({ points, better }: Curve): Step[] {
  const own = points.filter(({ isControl, value }) => !isControl && value !== null)
  const brought = own.filter(({ harness }) => isUsers(harness))
  const asked = brought.length > 0 ? brought : own
  const steps = asked.map((to, i) => {
    const before = asked[i - 1]
    if (before?.harness !== to.harness) return { from: null, to, depth: 0 }
    const rise = (to.value ?? 0) - (before.value ?? 0)
    const depth = better === 'more' ? -rise : rise
    return depth > 0 ? { from: before, to, depth } : { from: null, to, depth: 0 }
  })
  return steps.sort((a, b) => b.depth - a.depth || a.to.at - b.to.at)
}
