// OpenHands' detector: five patterns over what happened since the user last spoke, which here is the whole job,
// each with its own count. What the loop itself says between is no user's word, as there for its own nudges. A
// job that polls looks like one that is stuck: a known false alarm, kept.
import { type Message, part } from '../../kernel.ts'

const OVERFLOWS = 'loops.overflows'

/** A call and what came of it. */
interface Step {
  readonly action: string
  readonly observation: string
  readonly isError: boolean
}

interface Recent {
  /** The newest steps, oldest first. */
  readonly steps: readonly Step[]
  /** Answers without a call since the newest step. */
  readonly answers: number
}

/** What happened last: as many steps as are looked at. */
function recent(transcript: readonly Message[], most: number): Recent {
  let steps: Step[] = []
  let results: Message[] = []
  let answers = 0
  for (let i = transcript.length - 1; i >= 0 && steps.length < most; i--) {
    const message = transcript[i] as Message
    const { role, calls = [] } = message
    if (role === 'tool') results = [message, ...results]
    if (role !== 'assistant') continue
    if (calls.length === 0 && steps.length === 0) answers++
    const taken = calls.map(({ name, args }, k): Step => {
      const { content = '', isError = false } = results[k] ?? {}
      return { action: `${name} ${args}`, observation: content, isError }
    })
    steps = [...taken, ...steps]
    results = []
  }
  return { steps: steps.slice(-most), answers }
}

const isSame = (steps: readonly Step[], of: (step: Step) => string): boolean =>
  new Set(steps.map(of)).size === 1

const action = (step: Step): string => step.action
const both = ({ action, observation }: Step): string => `${action}\n${observation}`

interface Counts {
  readonly sameResults: number
  readonly sameErrors: number
  readonly answers: number
  readonly alternating: number
}

function isStuck({ steps, answers }: Recent, counts: Counts): boolean {
  const last = (n: number): readonly Step[] => (steps.length < n ? [] : steps.slice(-n))
  const failed = last(counts.sameErrors)
  const two = last(counts.alternating)
  return (
    answers >= counts.answers ||
    isSame(last(counts.sameResults), both) ||
    (isSame(failed, action) && failed.every(({ isError }) => isError)) ||
    (isSame(
      two.filter((_, i) => i % 2 === 0),
      both,
    ) &&
      isSame(
        two.filter((_, i) => i % 2 === 1),
        both,
      ))
  )
}

export default part({
  slot: 'loops',
  about: 'five patterns of circles, each with its own count; any of them ends the job',
  source:
    'OpenHands: stuck detector (official page), openhands/controller/stuck.py (read in source)',
  constants: { sameResults: 4, sameErrors: 3, answers: 3, alternating: 6, overflows: 10 },
  policy: (counts) => ({
    async ask(request, { memo }, next) {
      const completion = await next(request)
      const isOverflow =
        completion.kind === 'refused' && completion.code === 'context_length_exceeded'
      const overflows = isOverflow ? Number(memo.get(OVERFLOWS) ?? 0) + 1 : 0
      memo.set(OVERFLOWS, overflows)
      if (overflows < counts.overflows) return completion
      return {
        kind: 'refused',
        status: 400,
        code: 'stuck',
        message: 'the agent is stuck in a loop.',
      }
    },
    after(_turn, { transcript }) {
      const most = Math.max(counts.sameResults, counts.sameErrors, counts.alternating)
      if (!isStuck(recent(transcript, most), counts)) return undefined
      return { kind: 'end', reply: 'Stopped: the agent is stuck in a loop.' }
    },
  }),
})
