// Codex: cancel, wait a little for what is under way, then give it up. Only what was spoken whole enters the
// history (an item is recorded when it is done), and every call in it that has no output is given one,
// in the design's words, so that the next request is valid. What a call given up does to the world it still does.

import { type Completion, type Conversation, part, type Result } from '../../kernel.ts'
import { abandoned, cutOff, isTakenBack, TAKEN_BACK, unrun } from '../../turns/interrupt.ts'

/** The answer as far as its calls were spoken whole: the last of one cut off was not, for all we know. */
function heard(completion: Completion): Completion {
  if (completion.kind === 'refused') return abandoned
  const { message, finish } = completion
  const { calls = [] } = message
  const whole = finish === 'tool_calls' ? calls : calls.slice(0, -1)
  return whole.length === 0 ? abandoned : { ...completion, message: { ...message, calls: whole } }
}

/** The result, or, where the job is taken back and the grace is over, that it was given up. */
function withGrace(
  c: Conversation,
  running: Promise<Result>,
  { graceMs, aborted }: { readonly graceMs: number; readonly aborted: string },
): Promise<Result> {
  const { signal } = c.session
  return new Promise((resolve, reject) => {
    const giveUp = (): void =>
      void c.machine.clock.sleep(graceMs).then(() => resolve(unrun(aborted)))
    signal.addEventListener('abort', giveUp, { once: true })
    running.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}

export default part({
  slot: 'interrupt',
  about:
    'an answer is cut off at the token; what was spoken whole stays, its calls answered "aborted"',
  source:
    'Codex, core/src/tasks/mod.rs and context_manager: GRACEFULL_INTERRUPTION_TIMEOUT_MS (read in source)',
  constants: { graceMs: 100, aborted: 'aborted' },
  policy: (grace) => ({
    open: cutOff,
    spent: (c) => (isTakenBack(c) ? TAKEN_BACK : undefined),
    async ask(request, c, next) {
      if (isTakenBack(c)) return abandoned
      const completion = await next(request)
      return isTakenBack(c) ? heard(completion) : completion
    },
    read: (call, c, next) =>
      isTakenBack(c) ? { kind: 'tell', result: unrun(grace.aborted) } : next(call),
    run: (call, c, next) =>
      isTakenBack(c) ? Promise.resolve(unrun(grace.aborted)) : withGrace(c, next(call), grace),
    after: (_turn, c) =>
      isTakenBack(c) ? { kind: 'end', reply: `Stopped: ${TAKEN_BACK}.` } : undefined,
  }),
})
