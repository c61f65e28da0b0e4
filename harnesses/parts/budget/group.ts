// Budgets of groups within groups, as cgroups have them and no agent harness does: a job, its user, the
// machine. `throttle`: a request waits until all its groups have room again, within a period that slides with
// the clock. `kill`: the job stops. What is used is charged when it is known, so jobs that ask at once may go
// over by what is under way. Tokens scale with the window, requests and the period do not. What the machine
// grants holds beside them, as it stands and for the whole run: whoever has used it up stops.
import { applies, charge, charges, freeAtMs, granted, limitOf, refresh } from '../../kept/groups.ts'
import { metered, meterOf, show } from '../../kept/meter.ts'
import { type Conversation, part } from '../../kernel.ts'

/** Tokens used since the last charge: those of summaries and the like, too. */
function uncharged(c: Conversation): number {
  const { input, output } = meterOf(c)
  const before = (c.account.get('budget.charged') as number | undefined) ?? 0
  c.account.set('budget.charged', input + output)
  return input + output - before
}

const LIMITS: readonly string[] = ['all tokens=8000000', 'user tokens=4000000']
const ON_EXCEED: 'throttle' | 'kill' = 'throttle'

export default part({
  slot: 'budget',
  about: 'tokens and requests of a job, its user and the machine; over them it waits, or stops',
  source:
    'Linux cgroups; no agent harness has them; numbers assumed, as of a provider for a minute',
  // A period of 0 is the whole run; then over is over, and a job stops.
  constants: {
    limits: LIMITS,
    onExceed: ON_EXCEED as 'throttle' | 'kill',
    periodMs: 60_000,
  },
  policy: ({ limits: texts, onExceed, periodMs }) => {
    const limits = texts.map(limitOf)
    const own = (c: Conversation) => limits.filter((limit) => applies(limit, c))
    const isKept = onExceed === 'throttle' && periodMs > 0
    return {
      async open(c) {
        show(c, 'group', () => ({ limits: texts, onExceed, charged: charges(c).length }))
        await refresh(c)
      },
      spent(c) {
        const { clock } = c.machine
        const final = isKept ? granted(c) : [...own(c), ...granted(c)]
        const over = final.find((limit) => freeAtMs(c, limit, periodMs) > clock.now())
        return over && `the group is over its budget: ${over.text}`
      },
      async ask(request, c, next) {
        const { clock } = c.machine
        await refresh(c)
        while (isKept) {
          const freeMs = Math.max(...own(c).map((limit) => freeAtMs(c, limit, periodMs)), 0)
          if (freeMs <= clock.now() || c.signal?.aborted === true) break
          // Cut off, it waits no longer.
          await clock.sleep(freeMs - clock.now(), c.signal).catch(() => {})
          await refresh(c)
        }
        const completion = await metered(request, c, next)
        await charge(c, uncharged(c))
        return completion
      },
      save: refresh,
    }
  },
})
