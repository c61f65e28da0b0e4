// A bound on the money of a job, by prices for a million tokens: mini-swe-agent stops when the limit is
// reached, before the next request. Money does not scale with the window: in a small one a job costs less, and
// whoever wants the bound to bite sets another. Prices are those of a middling model of 2025 (from memory).

import { metered, meterOf, show } from '../../kept/meter.ts'
import { type Conversation, part } from '../../kernel.ts'

const MILLION = 1_000_000

export default part({
  slot: 'budget',
  about: 'so much money a job',
  source:
    'mini-swe-agent a83fcae: cost_limit $3 (read in source); Claude Code maxBudgetUsd; prices from memory',
  constants: {
    maxUsd: 3,
    inputUsdPerMillion: 3,
    cachedUsdPerMillion: 0.3,
    outputUsdPerMillion: 15,
  },
  policy: ({ maxUsd, inputUsdPerMillion, cachedUsdPerMillion, outputUsdPerMillion }) => {
    const usdOf = (c: Conversation): number => {
      const { input, cached, output } = meterOf(c)
      const fresh = (input - cached) * inputUsdPerMillion
      return (fresh + cached * cachedUsdPerMillion + output * outputUsdPerMillion) / MILLION
    }
    return {
      open: (c) => show(c, 'cost', () => ({ usd: usdOf(c), of: maxUsd })),
      ask: metered,
      spent(c) {
        const usd = usdOf(c)
        if (maxUsd <= 0 || usd < maxUsd) return undefined
        return `$${usd.toFixed(2)} of $${maxUsd.toFixed(2)}`
      },
    }
  },
})
