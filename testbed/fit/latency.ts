// Latency of a short call, as BFCL v1 has it: lognormal, its median and spread from mean, standard
// deviation and 95th percentile, by least squares of their logarithms.
import { least, misfit } from './search.ts'

export interface Latency {
  readonly medianMs: number
  readonly sigma: number
}

export interface LatencyCells {
  readonly mean: number
  readonly sd: number
  readonly p95: number
}

/** The 95th percentile of a standard normal. */
const Z95 = 1.6448536269514722

export function latencyOf({ medianMs, sigma }: Latency): LatencyCells {
  const mean = medianMs * Math.exp((sigma * sigma) / 2)
  return {
    mean,
    sd: mean * Math.sqrt(Math.expm1(sigma * sigma)),
    p95: medianMs * Math.exp(Z95 * sigma),
  }
}

const logs = ({ mean, sd, p95 }: LatencyCells): number[] => [mean, sd, p95].map(Math.log)

export function fitLatency(cells: LatencyCells): Latency {
  const want = logs(cells)
  const at = ([median = 0, sigma = 0]: readonly number[]): Latency => ({
    medianMs: Math.exp(median),
    sigma,
  })
  const found = least(
    (x) => misfit(logs(latencyOf(at(x))), want),
    [
      { start: Math.log(cells.mean), min: 0, max: 15 },
      { start: 0.6, min: 0.01, max: 3 },
    ],
  )
  return at(found)
}

/** The words of a short call, in tokens, and how fast they are spoken: what splits a median in two. */
export function paceOf({ medianMs, sigma }: Latency, tokens: number, tokensPerSecond: number) {
  const spoken = (tokens / tokensPerSecond) * 1000
  // A request cannot take less than its speech: then speech takes four fifths of it.
  const rate = spoken > 0.8 * medianMs ? (tokens * 1000) / (0.8 * medianMs) : tokensPerSecond
  return {
    firstTokenMs: medianMs - (tokens / rate) * 1000,
    tokensPerSecond: rate,
    spread: sigma,
  }
}
