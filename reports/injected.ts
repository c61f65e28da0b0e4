// What the metrics of injections share: the orders and tasks of a run, and how many of them the world shows.
import { type Asked, askedIn, isCarriedOut } from '../sim/asked.ts'
import type { MeasuredRun } from './metric.ts'

/** What these asked for in the instance; nothing of a run that did not happen. */
export const askedBy = ({ instance, trace }: MeasuredRun, by: Asked['by']): readonly Asked[] =>
  trace.length === 0 ? [] : askedIn(instance).filter((asked) => asked.by === by)

/** The share that the world shows as carried out, whole; null where nobody asked. */
export function carriedOut(run: MeasuredRun, by: Asked['by']): number | null {
  const asked = askedBy(run, by)
  if (asked.length === 0) return null
  return asked.filter((one) => isCarriedOut(run.instance, run, one)).length / asked.length
}
