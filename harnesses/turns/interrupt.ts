// What the parts that stop a job have in common with those that must know: a job that its user took back.
import type { Completion } from '../../sim/index.ts'
import type { Conversation, Result } from '../policy.ts'

export const TAKEN_BACK = 'the user took it back'

/** What a request comes to that nobody waits for any more. No provider says so; it is not asked again. */
export const abandoned: Completion = {
  kind: 'refused',
  status: 499,
  code: 'aborted',
  message: `${TAKEN_BACK}.`,
}

/** The result of a call that was not run, or not waited for. */
export const unrun = (text: string): Result => ({ text, isError: true })

const MINDS = 'interrupt.minds'

/** From here on the kernel minds whether the job is taken back. */
export const mind = (c: Conversation): void => void c.memo.set(MINDS, true)

/** Whether the user took the job back, and the kernel minds. */
export const isTakenBack = ({ memo, session }: Conversation): boolean =>
  memo.get(MINDS) === true && session.signal.aborted

/** The generation that is being spoken is cut off when the job is taken back. */
export function cutOff(c: Conversation): void {
  mind(c)
  const { signal } = c.session
  c.signal = c.signal === undefined ? signal : AbortSignal.any([c.signal, signal])
}
