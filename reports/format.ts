// Numbers as the tables have them: `.81 [.74 .87]`, `21.4 k`. By hand: Intl differs between
// machines.
import type { Column } from './columns.ts'
import type { Interval } from './stats/bootstrap.ts'
import type { Cell } from './table.ts'

const NONE = '–'

/** Two decimals without the leading zero: `.81`, `1.0`, `-.07`, `1.12`. */
export function share(value: number): string {
  const rounded = value.toFixed(2)
  if (rounded === '1.00') return '1.0'
  return rounded.replace(/^-0\.00$/, '.00').replace(/^(-?)0\./, '$1.')
}

/** Under a hundredth with a third decimal, so that hardly any is not said to be none. */
const smallShare = (value: number): string =>
  value >= 0.0005 && value < 0.01 ? value.toFixed(3).slice(1) : share(value)

/** `2,640`. */
export const whole = (value: number): string =>
  value.toFixed(0).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** Three digits and a thousand's letter: `812`, `21.4 k`, `1.3 M`. */
export function thousands(value: number): string {
  if (value < 999.5) return value.toFixed(0)
  if (value < 999_950) return `${(value / 1_000).toFixed(1)} k`
  return `${(value / 1_000_000).toFixed(1)} M`
}

/** For ticks: three digits, without blanks or needless noughts: `1k`, `34.2k`, `200k`, `0.25`. */
export function shortest(value: number): string {
  const digits = (of: number): string => String(Number(of.toPrecision(3)))
  if (value < 999.5) return digits(value)
  return value < 999_500 ? `${digits(value / 1_000)}k` : `${digits(value / 1_000_000)}M`
}

/** What is hardly more than none is not said to be none. */
function count(value: number): string {
  if (Number.isInteger(value) || value >= 10) return whole(value)
  return value > 0 && value < 0.05 ? '<0.1' : value.toFixed(1)
}

const duration = (ms: number): string =>
  ms < 999.5 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`

/** Two digits that matter, or cents: `$0.0042`, `$1.30`. */
const usd = (value: number): string =>
  `$${value >= 0.1 || value === 0 ? value.toFixed(2) : value.toPrecision(2)}`

const WRITE: Readonly<Record<Column['unit'], (value: number) => string>> = {
  share: smallShare,
  score: share,
  tokens: thousands,
  count,
  ms: duration,
  usd,
}

const range = ({ low, high }: Interval): string => `[${share(low)} ${share(high)}]`

export function cell({ value, interval }: Cell, { unit, names }: Column): string {
  if (value === null) return NONE
  const written = names?.[value] ?? WRITE[unit](value)
  return interval === null ? written : `${written} ${range(interval)}`
}

export const plural = (n: number, noun: string, many = `${noun}s`): string =>
  `${whole(n)} ${n === 1 ? noun : many}`
