// Endings: how a turn ends that has nothing more to call. In words, as a rule; where the window demands it,
// by a call: of a tool that speaks to the user or says that all is done, or of the command that a prompt names.
import { withHeartbeat } from './heartbeat.ts'
import type { Offer } from './offers.ts'
import type { View } from './read.ts'
import { newestResult } from './result.ts'
import type { Act, Thought, Utterance } from './thought.ts'

/** Calls that end have a step of their own: no program has an underscore in one. */
const ANSWERS = '_answer'
const ENDS = '_end'

/** A tool that failed so often, call after call, is not one to end with; assumed. */
const TRIES = 2

type Way = Pick<Act, 'op' | 'args'>

/** How often a tool failed in the calls that were made last, all of it. */
function failures(view: View, name: string): number {
  if (view.failed === 0) return 0
  let count = 0
  for (const { call, fate } of [...view.calls.values()].reverse()) {
    if (call.name !== name || fate !== 'error') break
    count++
  }
  return count
}

/** The call by which these words end a turn here; undefined where they are to be said as they are. */
function wayOf(message: string, view: View, { say }: Pick<Offer, 'say'>): Way | undefined {
  if (view.form?.endsItself === true) return undefined
  const bound = say('answer', { message })
  if (bound !== undefined) {
    const newest = newestResult(view)
    const isSaid = newest?.call.name === bound.name && newest.fate === 'ok'
    if (isSaid || failures(view, bound.name) >= TRIES) return undefined
    return { op: 'answer', args: { message } }
  }
  const command = view.finishers[0]?.command
  const args = { command }
  return command !== undefined && say('shell.run', args) ? { op: 'shell.run', args } : undefined
}

const takes = (message: string, { op, args }: Way, { say }: Pick<Offer, 'say'>): boolean =>
  Object.values(say(op, args)?.args ?? {}).includes(message)

/** A thought that ends the turn, with the call that does it here. */
export function ended(thought: Thought, view: View, offer: Pick<Offer, 'say'>): Thought {
  if (thought.kind === 'act') return thought
  const { says, occurrence } = thought
  const way = wayOf(says, view, offer)
  if (way === undefined) return thought
  const acts = [{ ...way, step: ANSWERS, occurrence }]
  return { ...thought, acts, says: takes(says, way, offer) ? '' : says }
}

/**
 * What is said where a turn ends without a call that was meant, in a lapse or for want of a tool: in the way
 * in which turns end here. What does not end by itself stays as it is.
 */
export function endedAnyway(
  utterance: Utterance,
  { thought, view, at }: { readonly thought: Thought; readonly view: View; readonly at: string },
  offer: Offer,
): Utterance {
  const { content, calls, isEndless = false } = utterance
  if (calls.length > 0 || content === '' || isEndless) return utterance
  const way = wayOf(content, view, offer)
  const bound = way && offer.say(way.op, way.args)
  if (way === undefined || bound === undefined) return utterance
  const { name, args } = withHeartbeat(bound, offer.toolbox, false)
  const id = `${at}.${ENDS}.${thought.step}-${thought.occurrence}`
  const call = { id, name, args: JSON.stringify(args) }
  return { ...utterance, content: takes(content, way, offer) ? '' : content, calls: [call] }
}
