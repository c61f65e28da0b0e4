// What runs cost in money: tokens by class times what the user says they cost. Prices are nobody's but theirs.
import type { RunRecord } from './record.ts'

/** US dollars for a million tokens. */
export interface Prices {
  readonly input: number
  /** Input that a provider's prompt cache serves. */
  readonly cached: number
  readonly output: number
}

const MILLION = 1_000_000

/** US dollars of a run; null where nothing is known of its tokens. */
export function costOf(
  { metrics, requests }: RunRecord,
  { input, cached, output }: Prices,
): number | null {
  if (requests === 0) return 0
  const { 'input-tokens': sent, 'output-tokens': said, 'cached-share': share } = metrics
  if (sent === null || sent === undefined || said === null || said === undefined) return null
  const served = sent * (share ?? 0)
  return ((sent - served) * input + served * cached + said * output) / MILLION
}
