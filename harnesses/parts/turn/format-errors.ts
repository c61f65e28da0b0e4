// mini-swe-agent: an answer with a call that cannot be run is not kept, nothing of it is run, and a user
// message says what was wrong; after so many in a row the job ends. With a shell a job is done when a command
// prints the marker first and succeeds: the rest of its output is the reply, and an answer without a call is a
// format error. Where no shell is offered the marker cannot be printed, and such an answer ends the job.

import { argsOf } from '../../hands/spoken.ts'
import { type Conversation, type Message, part, type Result, type Tool } from '../../kernel.ts'

const WRONG = 'turn.wrong'
const COUNT = 'turn.formatErrors'
const SUBMITTED = 'turn.submitted'

const NO_CALLS =
  'No tool calls found in the response. Every response MUST include at least one tool call.'

/** A tool that runs a command line. */
const shellOf = (tools: readonly Tool[]): Tool | undefined =>
  tools.find(({ inputSchema }) => inputSchema.required?.includes('command') === true)

/** What is wrong with the first bad call of an answer, in mini's words. */
function errorIn({ calls = [] }: Message, tools: readonly Tool[]): string | undefined {
  if (calls.length === 0) return shellOf(tools) === undefined ? undefined : NO_CALLS
  for (const { name, args } of calls) {
    const spoken = argsOf(args)
    const tool = tools.find((candidate) => candidate.name === name)
    const said = 'args' in spoken ? spoken.args : {}
    const missing = (tool?.inputSchema.required ?? []).filter((arg) => !Object.hasOwn(said, arg))
    const errors = [
      'why' in spoken ? `Error parsing tool call arguments: ${spoken.why}.` : '',
      tool === undefined ? `Unknown tool '${name}'.` : '',
      missing.length > 0 ? `Missing '${missing.join("', '")}' argument in ${name} tool call.` : '',
    ].filter((error) => error !== '')
    if (errors.length > 0) return errors.join(' ')
  }
  return undefined
}

function guidance(shell: string, marker: string): string {
  return `Here is general guidance on how to submit correct toolcalls:

Every response needs to use the '${shell}' tool at least once to execute commands.

Call the ${shell} tool with your command as the argument:
- Tool: ${shell}
- Arguments: {"command": "your_command_here"}

If you want to end the task, please issue the following command: \`echo ${marker}\`
without any other command.`
}

function formatError(error: string, tools: readonly Tool[], marker: string): Message {
  const shell = shellOf(tools)
  const content = `Tool call error:\n\n<error>\n${error}\n</error>`
  if (shell === undefined) return { role: 'user', content }
  return { role: 'user', content: `${content}\n\n${guidance(shell.name, marker)}` }
}

/**
 * What stands behind the marker, where that is the first line of an output that came with code 0: bare, or
 * wrapped as mini's and Codex's shells have it.
 */
function submission({ text, isError }: Result, marker: string): string | undefined {
  if (isError) return undefined
  const output = text
    .replace(/^\s*<returncode>0<\/returncode>/, '')
    .replace(/^\s*<output>\n?/, '')
    .replace(/^Exit code: 0\n[\s\S]*?^Output:\n/m, '')
    .replace(/<\/output>\s*$/, '')
  const [first = '', ...rest] = output.trimStart().split('\n')
  return first.trim() === marker ? rest.join('\n').trim() : undefined
}

/** Forgets an answer and its results, wherever they stand by now. */
function drop(c: Conversation, answer: Message): void {
  const at = c.messages.lastIndexOf(answer)
  const ids = new Set(answer.calls?.map(({ id }) => id))
  if (at < 0) return
  c.messages = c.messages.filter(
    ({ role, callId = '' }, i) => i < at || (i > at && !(role === 'tool' && ids.has(callId))),
  )
}

export default part({
  slot: 'turn',
  about: 'a bad answer becomes a user message; done when a command prints the marker',
  source: 'mini-swe-agent 2: agents/default.py, models/utils/actions_toolcall.py (read in source)',
  constants: { maxConsecutive: 3, marker: 'COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT' },
  policy: ({ maxConsecutive, marker }) => ({
    open(c) {
      const [system, ...rest] = c.messages
      if (system === undefined || shellOf(c.tools) === undefined) return
      if (c.messages.some(({ content }) => content.includes(marker))) return
      const rule = `Submit your changes and finish your work by issuing the following command: \`echo ${marker}\`.\nDo not combine it with any other command. <important>After this command, you cannot continue working on this task.</important>`
      c.messages = [{ ...system, content: `${system.content}\n\n${rule}` }, ...rest]
    },
    async ask(request, c, next) {
      const completion = await next(request)
      if (completion.kind === 'message')
        c.memo.set(WRONG, errorIn(completion.message, request.tools ?? []))
      return completion
    },
    read(call, { memo }, next) {
      if (memo.get(WRONG) === undefined) return next(call)
      return { kind: 'tell', result: { text: 'action was not executed', isError: true } }
    },
    async run(call, { memo }, next) {
      if (memo.has(SUBMITTED)) return { text: 'action was not executed', isError: true }
      const result = await next(call)
      if (submission(result, marker) !== undefined) memo.set(SUBMITTED, true)
      return result
    },
    after({ answer, results }, c) {
      const wrong = c.memo.get(WRONG)
      if (typeof wrong !== 'string') {
        c.memo.delete(COUNT)
        const done = results.map((result) => submission(result, marker))
        const rest = done.find((reply) => reply !== undefined)
        if (rest === undefined) return undefined
        return { kind: 'end', reply: rest === '' ? answer.content : rest }
      }
      drop(c, answer)
      const count = Number(c.memo.get(COUNT) ?? 0) + 1
      c.memo.set(COUNT, count)
      if (count >= maxConsecutive) return { kind: 'end', reply: 'Stopped: RepeatedFormatError.' }
      return { kind: 'go', say: [formatError(wrong, c.tools, marker)] }
    },
  }),
})
