// Where the marks of a curve go, so that none hides another: the points of one value stand side by side, and
// lines that coincide show in turn, each in its own dashes. Places are in pixels.
import type { Point } from './curve.ts'
import { groupBy } from './units.ts'

/** Of two values, from this ratio of one to the other on. */
const RATIO = 10
/** Between neighbours at one value; all of one value, at most, and at most so much of the room to the next. */
const APART = 8
const SPREAD = 60
const SHARE = 0.6
/** The largest of a mark, and the smallest. */
const SIZE = [44, 12] as const
/** The longest of a dash, and the shortest: each line shows twice from one value to the next, if it can. */
const DASH = [9, 3] as const

/** Spaced more evenly in ratio than in distance. Ascending, each once. */
export function isRatioSpaced(values: readonly number[]): boolean {
  const [first = 0] = values
  const last = values.at(-1) ?? 0
  if (first <= 0) return false
  if (values.length < 3) return last / first >= RATIO
  return unevenness(values.map(Math.log)) < unevenness(values)
}

const gaps = (values: readonly number[]): number[] =>
  values.slice(1).map((value, i) => value - (values[i] ?? value))

function unevenness(values: readonly number[]): number {
  const all = gaps(values)
  return Math.max(...all) / Math.min(...all)
}

export interface Place extends Point {
  readonly value: number
  /** Of what is left out, to the right of its value. */
  readonly dx: number
  /** Of its mark, in square pixels: smaller where it is crowded. */
  readonly size: number
}

/** The line from one known point of a harness to the next. */
export interface Segment {
  readonly harness: string
  readonly isControl: boolean
  readonly at: number
  readonly value: number
  readonly toAt: number
  readonly toValue: number
  readonly dx: number
  /** On and off; nothing for a line that is drawn through. */
  readonly dash: readonly number[]
  readonly dashOffset: number
}

export interface Axis {
  /** Ascending, each once. */
  readonly values: readonly number[]
  readonly isLog: boolean
  readonly width: number
}

/** Known points alone, those of one value beside each other in the order of the harnesses. */
export function placed(
  points: readonly Point[],
  harnesses: readonly string[],
  axis: Axis,
): Place[] {
  const step = Math.min(APART, Math.min(SPREAD, SHARE * roomOf(axis)) / harnesses.length)
  const size = Math.max(SIZE[1], Math.min(SIZE[0], step * step))
  return points.flatMap((point) => {
    const { harness, value } = point
    const dx = (harnesses.indexOf(harness) - (harnesses.length - 1) / 2) * step
    return value === null ? [] : [{ ...point, value, dx, size }]
  })
}

/** Between the two values that are closest. */
const roomOf = (axis: Axis): number =>
  Math.min(...gaps(axis.values.map((value) => across(value, axis))), axis.width)

function across(value: number, { values, isLog, width }: Axis): number {
  const of = isLog ? Math.log : (x: number): number => x
  const first = of(values[0] ?? value)
  const last = of(values.at(-1) ?? value)
  return last === first ? 0 : (width * (of(value) - first)) / (last - first)
}

/** `places` as `placed` gives them: by harness, then by value. */
export function segmentsOf(places: readonly Place[], axis: Axis): Segment[] {
  const bare = places.flatMap((from, i) => {
    const to = places[i + 1]
    if (to?.harness !== from.harness) return []
    const { harness, isControl, at, value, dx } = from
    return [{ harness, isControl, at, value, toAt: to.at, toValue: to.value, dx }]
  })
  const room = roomOf(axis)
  const where = ({ at, value, toAt, toValue }: (typeof bare)[number]): string =>
    [at, value, toAt, toValue].join(' ')
  const groups = groupBy(bare, where)
  return bare.map((one) => {
    const same = groups.get(where(one)) ?? [one]
    if (same.length === 1) return { ...one, dash: [], dashOffset: 0 }
    const on = Math.max(DASH[1], Math.min(DASH[0], room / same.length / 2))
    const whole = same.length * on
    const from = across(one.at, axis) + one.dx - same.indexOf(one) * on
    return { ...one, dash: [on, whole - on], dashOffset: ((from % whole) + whole) % whole }
  })
}
