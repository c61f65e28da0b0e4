// A bound on the tokens of a job: input and output of all its answers, as the provider tells them, so that the
// history is paid for again with each request. 0 is no bound. Asked before a request, so the last one may go
// over. What the machine grants a job holds where it is tighter, as it stands. Claude Code has a task budget in
// tokens, Codex counts them against a rollout (secondary reading); the number is assumed, fifty turns with a full
// window, and scales with the window.

import { metered, meterOf, show } from '../../kept/meter.ts'
import { type Conversation, part } from '../../kernel.ts'

export default part({
  slot: 'budget',
  about: 'so many tokens a job, input and output of all its answers',
  source: 'Claude Code taskBudget, Codex token budget (secondary reading); the number is assumed',
  constants: { maxTokens: 10_000_000, maxInputTokens: 0, maxOutputTokens: 0 },
  policy: ({ maxTokens, maxInputTokens, maxOutputTokens }) => {
    const bounds = (c: Conversation): [string, number, number][] => {
      const { input, output } = meterOf(c)
      const own = maxTokens * c.scale
      const { jobTokens: granted = 0 } = c.machine.limits.budget ?? {}
      const most = granted > 0 && (own <= 0 || granted < own) ? granted : own
      return [
        ['tokens', input + output, most],
        ['input tokens', input, maxInputTokens * c.scale],
        ['output tokens', output, maxOutputTokens * c.scale],
      ]
    }
    return {
      open: (c) => show(c, 'tokens', () => bounds(c).filter(([, , most]) => most > 0)),
      ask: metered,
      spent(c) {
        const over = bounds(c).find(([, used, most]) => most > 0 && used >= most)
        return over && `${over[1]} of ${Math.round(over[2])} ${over[0]}`
      },
    }
  },
})
