// Usable recall: the share of needs that were served with the true value, at the moment the model planned
// the step. Present in the window is not enough, and stale is not true.
import type { Origin, Served } from '../sim/index.ts'
import type { MeasuredRun } from './metric.ts'

/** In [0, 1], over needs of this origin, or of all; null where there were none. */
export function recall({ instance, trace }: MeasuredRun, origin?: Origin): number | null {
  const written = new Set<string>()
  const chosen = new Map<string, string>()
  let needs = 0
  let served = 0

  const trueValue = (fact: string): string | undefined =>
    instance.truths[fact]?.values.findLast(
      ({ afterWriteOf }) => afterWriteOf === undefined || written.has(afterWriteOf),
    )?.value

  /** What a model makes up itself is true as long as it keeps to it. */
  const keptTo = (job: string, fact: string, value: string): string => {
    const key = `${job} ${fact}`
    const first = chosen.get(key) ?? value
    if (first !== '') chosen.set(key, first)
    return first
  }

  for (const event of trace) {
    if (event.kind === 'effect' && event.op === 'files.write') written.add(event.key)
    if (event.kind !== 'plan') continue
    for (const { fact, value } of lastOfEach(event.needs)) {
      const expected = trueValue(fact) ?? keptTo(event.job, fact, value)
      if (origin !== undefined && originOf(instance, fact) !== origin) continue
      needs++
      if (value !== '' && value === expected) served++
    }
  }
  return needs === 0 ? null : served / needs
}

/** A need that was missed and then made up is told of twice: the value that was used counts. */
const lastOfEach = (needs: readonly Served[]): Iterable<Served> =>
  new Map(needs.map((need) => [need.fact, need])).values()

export function originOf({ truths, programs }: MeasuredRun['instance'], fact: string): Origin {
  const declared = programs.find(({ facts }) => facts[fact] !== undefined)?.facts[fact]?.origin
  return truths[fact]?.origin ?? declared ?? 'own'
}
