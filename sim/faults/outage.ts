// The provider is away for a while: every request gets 503. Virtual time is cut into windows; in each, by
// its number, at most one outage begins, at a uniform instant, and lasts a lognormal time, at most a
// window. So it depends on no order of asking and is the same for every session. Published are Weibull
// gaps of days and lognormal hours (arXiv 2501.12469): kept are the lognormal, its sigma and the share of
// time that is lost; a run of minutes could not meet the hours.

import type { Chance } from '../core/chance.ts'
import { lognormal } from '../core/normal.ts'
import { duration, type Params, rate } from '../core/param.ts'
import { fault, pass, refused } from './index.ts'

/** Whether the outage of a window, if there is one, holds at `at`. */
function holds(window: number, at: number, chance: Chance, params: Params): boolean {
  const { probability = 0, everyMs = 1, medianMs = 0, spread = 0 } = params
  const id = `provider/outage#${window}/outage`
  if (!chance.flip(id, probability)) return false
  const start = window * everyMs + chance.sample(`${id}/start`, (u) => u() * everyMs, 0)
  const lasts = lognormal(spread)
  const ms = chance.sample(`${id}/ms`, (u) => Math.min(everyMs, medianMs * lasts(u)), medianMs)
  return at >= start && at < start + ms
}

export default fault({
  on: 'generate',
  params: {
    probability: rate('an outage begins in a window of time', 0.01),
    everyMs: { ...duration('length of a window', 300_000), min: 1 },
    medianMs: duration('median of how long an outage lasts', 30_000),
    spread: { unit: 'sigma of the lognormal', min: 0, max: 5, about: 'of that', usual: 1.165 },
  },
  decide({ at }, chance, params) {
    const window = Math.floor(at / (params.everyMs ?? 1))
    const isOut =
      holds(window, at, chance, params) || (window > 0 && holds(window - 1, at, chance, params))
    if (!isOut) return pass
    const message = 'The service is temporarily unavailable. Please try again later.'
    return { kind: 'replace', refusal: refused(503, 'service_unavailable', message) }
  },
})
