// What must not happen twice is done once for a job: a tool that says of itself that it is not idempotent is
// called under a log, written before the call and after it; the same call again is answered from the log. Where
// a tool of the same thing only looks, it is asked before and after, so that a lost answer and a false success
// are told for what they are. What another user does to the same thing meanwhile is taken for one's own.
import { type Entry, isOnce, keyOf, logOf, note, openLog, probeOf } from '../../kept/effects.ts'
import { type Call, type Conversation, part, type Result } from '../../kernel.ts'

type Run = (call: Call) => Promise<Result>

/** What the probe shows now; undefined where there is none, or it fails. */
async function look(call: Call, c: Conversation, next: Run): Promise<string | undefined> {
  const probe = probeOf(call.name, c.tools)
  if (probe === undefined) return undefined
  const { text, isError } = await next({ id: `${call.id}.look`, name: probe.name, args: {} })
  return isError ? undefined : text
}

const hasChanged = (before: string | undefined, now: string | undefined): boolean =>
  before !== undefined && now !== undefined && before !== now

const fine = (text: string): Result => ({ text, isError: false })

export default part({
  slot: 'access',
  about: 'what must not happen twice is done once for a job, looked up before and after',
  source:
    'idempotency keys of payment interfaces; write-ahead logs; in no agent harness that is known',
  constants: {
    again: 'Already done in this job, and not done again. Its result was: ',
    landed: 'It took effect, although its answer did not arrive. Now there is: ',
    hollow: 'Error: it was said to be done, and nothing has changed. Nothing was done.',
  },
  policy: ({ again, landed, hollow }) => ({
    open: openLog,
    async run(call, c, next) {
      if (!isOnce(call.name, c.tools)) return next(call)
      const key = keyOf(call)
      const known = logOf(c).get(key)
      if (known?.state === 'done') return fine(`${again}${known.text}`)
      const now = await look(call, c, next)
      const done = async (text: string): Promise<Result> => {
        await note(c, { key, state: 'done', text, before: undefined })
        return fine(text)
      }
      if (known !== undefined && hasChanged(known.before, now)) return done(`${landed}${now}`)
      const entry: Entry = { key, state: known?.state ?? 'begun', text: '', before: now }
      await note(c, entry)
      const result = await next(call)
      const after = await look(call, c, next)
      const isSeen = hasChanged(now, after)
      if (result.isError) return isSeen ? done(`${landed}${after}`) : result
      // What shows nowhere is believed the second time.
      const isDoubtful = now !== undefined && after !== undefined && !isSeen
      if (!isDoubtful || known?.state === 'doubted') return done(result.text)
      await note(c, { ...entry, state: 'doubted' })
      return { text: hollow, isError: true }
    },
  }),
})
