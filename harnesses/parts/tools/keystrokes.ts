// Terminus 2: no tool is offered; the answer is a JSON object of keys for a terminal, and one screen is what
// came of all of them. The history holds each batch as calls of a tool `keystrokes`, and the requests show it
// as text. The other tools are programs in that terminal; one that is typed on a line of its own is a call of
// that tool, so that whoever stands around the calls sees it. An answer that is done ends the job where
// it types nothing.
import { type Batch, batchIn } from '../../hands/batch.ts'
import { bothEnds } from '../../hands/clip.ts'
import { Desk } from '../../hands/desk.ts'
import { programIn, typing } from '../../hands/screen.ts'
import { FILE_TOOLS, SHELL } from '../../hands/toolset.ts'
import {
  type Args,
  type Message,
  part,
  type Request,
  type Tool,
  type ToolCall,
} from '../../kernel.ts'
import { FORMAT, programsOf } from '../../prompts/terminus.ts'

const KEYS: Tool = {
  name: 'keystrokes',
  description: 'Types keys into the terminal.',
  inputSchema: {
    type: 'object',
    properties: { keystrokes: { type: 'string' }, duration: { type: 'number' } },
    required: ['keystrokes'],
  },
}

/** The conversation as text alone: what came of a batch is one message. */
function phrased({ messages, tools = [] }: Request, maxBytes: number): Message[] {
  const programs = tools.filter(({ name }) => name !== KEYS.name)
  const told: Message[] = []
  const calls = new Map<string, ToolCall>()
  let screen = ''
  const look = (): void => {
    if (screen !== '') told.push({ role: 'user', content: bothEnds(screen, maxBytes) })
    screen = ''
  }
  for (const message of messages) {
    const { role, content, callId = '' } = message
    if (role === 'tool') {
      const called = calls.get(callId)
      if (called === undefined || called.name === KEYS.name) screen += content
      else screen += (screen === '' ? headOf(told.at(-1)) : '') + shownBy(called, content)
    } else {
      look()
      for (const call of message.calls ?? []) calls.set(call.id, call)
      const rest = role === 'system' ? `\n\n${FORMAT}${programsOf(programs)}` : ''
      told.push({ role, content: content + rest })
    }
  }
  look()
  return told
}

/** What a batch says of itself, told before its screen. */
function feedback({ error, warnings }: Batch): string {
  const listed = warnings.length > 0 ? `WARNINGS: - ${warnings.join('\n- ')}` : ''
  if (error !== undefined) {
    const told = [`ERROR: ${error}`, listed].filter((line) => line !== '').join('\n')
    return `Previous response had parsing errors:\n${told}\n\nPlease fix these issues and provide a proper JSON response.`
  }
  return listed === '' ? '' : `Previous response had warnings:\n${listed}\n\n`
}

const head = (says: string): string => `${says}New Terminal Output:\n`

/** Of a batch that begins with a program: nobody typed keys that its feedback could stand by. */
const headOf = (answer: Message | undefined): string =>
  answer?.role === 'assistant' ? head(feedback(batchIn(answer.content))) : ''

/** A program on the screen: its line, and what it said. */
const shownBy = ({ name, args }: ToolCall, text: string): string =>
  `root@machine:/workspace# ${name} ${args}\n${text === '' || text.endsWith('\n') ? text : `${text}\n`}`

const TOO_LONG =
  'ERROR!! NONE of the actions you just requested were performed because you exceeded the maximum output length. Your outputs must be less than the maximum output length. Re-issue this request, breaking it into chunks each of which is less than the maximum output length.'

/** An answer with its keys as calls. What could not be read is one call that types nothing. */
function heard(
  message: Message,
  { turn, isCutOff, tools }: { turn: number; isCutOff: boolean; tools: readonly Tool[] },
): Message {
  const batch = batchIn(message.content)
  const says = isCutOff ? TOO_LONG : feedback(batch)
  const call = (args: Args, i: number) => ({
    id: `call_${turn}_${i}`,
    name: KEYS.name,
    args: JSON.stringify(args),
  })
  if (isCutOff || batch.error !== undefined)
    return { ...message, calls: [call({ keystrokes: '', says, isRead: false }, 0)] }
  const { keys, isComplete } = batch
  if (keys.length === 0 && isComplete) return { role: 'assistant', content: message.content }
  const typed = keys.length === 0 ? [{ keystrokes: '', duration: 1 }] : keys
  const calls = typed.map((one, i) => {
    // Behind keys that were not sent it is no line of its own.
    const isLine = one.keystrokes.endsWith('\n') && /^$|\n$/.test(typed[i - 1]?.keystrokes ?? '')
    const found = isLine ? programIn(one.keystrokes.trim(), tools) : undefined
    if (found !== undefined && found.name !== KEYS.name)
      return { id: `call_${turn}_${i}`, name: found.name, args: JSON.stringify(found.args) }
    return call(i === 0 ? { ...one, says } : { ...one }, i)
  })
  return { role: 'assistant', content: message.content, calls }
}

export default part({
  slot: 'tools',
  about: 'keys for a terminal in JSON, one screen for each batch; no tool is offered',
  source: 'Terminus 2 of Terminal-Bench (read in a fork); its prompt in fewer words',
  constants: { maxBytes: 10_000, maxWaitMs: 60_000 },
  policy: ({ maxBytes, maxWaitMs }) => ({
    open(c) {
      c.tools = [KEYS, ...c.tools.filter(({ name }) => !FILE_TOOLS.has(name) && name !== SHELL)]
    },
    async ask(request, { transcript }, next) {
      const { tools = [], ...rest } = request
      const completion = await next({ ...rest, messages: phrased(request, maxBytes) })
      if (completion.kind === 'refused') return completion
      const message = heard(completion.message, {
        turn: transcript.length,
        isCutOff: completion.finish === 'length',
        tools,
      })
      return { ...completion, message, finish: message.calls ? 'tool_calls' : completion.finish }
    },
    async run(call, c, next) {
      if (call.name !== KEYS.name) return next(call)
      const { keystrokes, duration, says, isRead } = call.args
      if (isRead === false) return { text: String(says), isError: true }
      const { clock } = c.machine
      const until = clock.now() + 1000 * Math.min(Number(duration ?? 1), maxWaitMs / 1000)
      const program = (typed: string): Promise<string> | undefined => {
        const found = programIn(typed, c.tools)
        return found && next({ id: call.id, ...found }).then(({ text }) => text)
      }
      const desk = new Desk(c, call, next)
      const screen = await typing(String(keystrokes), { desk, c, program, maxWaitMs })
      if (until > clock.now()) await clock.sleep(until - clock.now())
      const first = says === undefined ? '' : head(String(says))
      return { text: first + screen, isError: false }
    },
  }),
})
