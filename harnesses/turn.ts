// What becomes of one answer: its calls are read, permitted and run, the model is shown what came of each, and
// it is decided whether to go on.
import type { Message, ToolCall } from '../sim/index.ts'
import type { Design } from './design.ts'
import type { Call, Conversation, Denial, Result } from './policy.ts'

export const add = (c: Conversation, ...messages: readonly Message[]): void => {
  c.messages = [...c.messages, ...messages]
  c.transcript.push(...messages)
}

/** Runs the calls of an answer, shows the model what came of each, and tells how the job ended, if it did. */
export async function carryOut(
  c: Conversation,
  answer: Message,
  design: Design,
): Promise<string | undefined> {
  const shown: ToolCall[] = []
  const running: Promise<Result>[] = []
  const { calls = [] } = answer
  let ended: string | undefined
  const answered = (text: string): void =>
    void running.push(Promise.resolve({ text, isError: true }))
  for (const call of calls) {
    const reading = design.read(call, c)
    if (reading.kind === 'end') {
      ended ??= reading.reply
      break
    }
    shown.push(reading.shown ?? call)
    if (ended !== undefined) answered(ended)
    else if (reading.kind === 'tell') running.push(Promise.resolve(reading.result))
    else {
      const denial = await denialOf(reading.call, c, design)
      if (denial !== undefined) answered(denial.text)
      else await start(reading.call, c, design, running)
      if (denial?.ends === true) ended = denial.text
    }
  }
  const results = await Promise.all(running)
  const told = results.map(
    ({ text: content, isError }, i): Message => ({
      role: 'tool',
      callId: shown[i]?.id ?? '',
      content,
      isError,
    }),
  )
  const said = calls.length === 0 ? answer : { ...answer, calls: shown }
  add(c, said, ...told)
  return ended ?? goOn(c, said, results, design)
}

async function denialOf(call: Call, c: Conversation, design: Design): Promise<Denial | undefined> {
  for (const policy of design.gate) {
    const denial = await policy.gate(call, c)
    if (denial !== undefined) return denial
  }
  return undefined
}

/** Calls that may stand beside each other do; any other waits for those before it, and is waited for. */
async function start(
  call: Call,
  c: Conversation,
  design: Design,
  running: Promise<Result>[],
): Promise<void> {
  const isBeside = design.isBeside.some((policy) => policy.isBeside(call, c))
  if (!isBeside) await Promise.all(running)
  const result = design.run(call, c)
  // It is waited for later; meanwhile a rejection is nobody's surprise.
  result.catch(() => {})
  running.push(result)
  if (!isBeside) await result
}

/** Nothing where the loop goes on, else what the user is told. */
function goOn(
  c: Conversation,
  answer: Message,
  results: readonly Result[],
  design: Design,
): string | undefined {
  const nexts = design.after.flatMap((policy) => policy.after({ answer, results }, c) ?? [])
  for (const next of nexts) if (next.kind === 'end') return next.reply
  add(c, ...nexts.flatMap((next) => (next.kind === 'go' ? (next.say ?? []) : [])))
  return nexts.length > 0 || (answer.calls ?? []).length > 0 ? undefined : answer.content
}
