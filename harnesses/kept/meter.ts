// What a job has used so far, however often it was done again, as the provider told it: all answers, those
// of requests beside the loop too where whoever makes them counts. Kept in the conversation, so a crash
// forgets it, as it does in harnesses that keep it in the process.
import type { Completion, Usage } from '../../sim/index.ts'
import type { Conversation, Policy } from '../policy.ts'

export interface Meter {
  answers: number
  input: number
  cached: number
  output: number
  last: Usage | undefined
}

export function meterOf({ account }: Pick<Conversation, 'account'>): Meter {
  const known = account.get('budget.meter') as Meter | undefined
  if (known !== undefined) return known
  const meter: Meter = { answers: 0, input: 0, cached: 0, output: 0, last: undefined }
  account.set('budget.meter', meter)
  return meter
}

/** Counts an answer; one that several parts see is counted once. */
export function count(c: Pick<Conversation, 'account'>, completion: Completion): void {
  if (completion.kind === 'refused') return
  const meter = meterOf(c)
  const { usage } = completion
  if (meter.last === usage) return
  meter.last = usage
  meter.answers++
  meter.input += usage.input
  meter.cached += usage.cached
  meter.output += usage.output
}

export const metered: NonNullable<Policy['ask']> = async (request, c, next) => {
  const completion = await next(request)
  count(c, completion)
  return completion
}

const BUDGET = 'budget.shown.'

/** What is told of a budget to whoever looks: asked only then. */
export const show = (c: Conversation, name: string, look: () => unknown): void =>
  void c.memo.set(BUDGET + name, look)

/** The budgets of a conversation, by the names of their parts. */
export function shown({ memo }: Conversation): Record<string, unknown> {
  const told: Record<string, unknown> = {}
  for (const [key, look] of memo)
    if (key.startsWith(BUDGET) && typeof look === 'function')
      told[key.slice(BUDGET.length)] = look()
  return told
}
