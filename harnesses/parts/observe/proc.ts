// What the kernel holds, for whoever looks at a run that stands still: each message of the history and why it
// is there, budgets, tools, what parts keep of the conversation and share in the boot. No harness has it
// whole: Letta's development environment shows the window by its parts, Codex can tell a model what is left of
// it. All is told when it is asked for; a turn costs one more function around its request.

import { sizeOf, windowMap } from '../../history/window-map.ts'
import { metered, meterOf, shown } from '../../kept/meter.ts'
import { type Conversation, part } from '../../kernel.ts'

/** What was used, and what of it is bounded. */
function budgetOf(c: Conversation): Record<string, unknown> {
  const { answers, input, cached, output } = meterOf(c)
  const { windowTokens } = c.session.limits
  const { usage } = c
  const newest = usage === undefined ? null : usage.input + usage.output
  const { turns, scale } = c
  const used = { turns, answers, input, cached, output, newest }
  return { ...used, windowTokens, scale, bounds: shown(c) }
}

const sizes = (of: ReadonlyMap<string, unknown>): Record<string, number> =>
  Object.fromEntries([...of].map(([key, value]) => [key, sizeOf(value)]))

export default part({
  slot: 'observe',
  about:
    'the window and why each message is in it, budgets, tools, memo and shared state, as in /proc',
  source: '/proc; Letta ADE, Codex get_context_remaining (secondary reading); whole in no harness',
  policy: {
    open(c) {
      const { session } = c
      session.publish('context', () => windowMap(c))
      session.publish('budget', () => budgetOf(c))
      session.publish('tools', () => c.tools.map(({ name }) => name))
      session.publish('memo', () => sizes(c.memo))
      session.publish('shared', () => sizes(c.shared))
    },
    ask: metered,
  },
})
