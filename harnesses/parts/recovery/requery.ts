// Exactly one call that can be run, or the model is asked again: with the bad answer's text and what was wrong
// behind the history, which keeps neither. After so many bad answers on end the job ends (`exit_format`).
// Commands that wait for somebody at a keyboard are bad, too. Not asked again, as there, for a command that is
// no shell's. An answer without a call is bad only where a tool that hands the work in is offered: elsewhere it
// is how a job ends. SWE-agent would submit the changes made so far at every exit; here they lie in the files
// anyway.

import { argsOf } from '../../hands/spoken.ts'
import { isPlain } from '../../hands/validate.ts'
import { count } from '../../kept/meter.ts'
import { type Args, type Completion, type Message, part, type Tool } from '../../kernel.ts'

const EXIT: Completion = {
  kind: 'refused',
  status: 400,
  code: 'exit_format',
  message: 'exit due to format error',
}

const MISSING = [
  'Your last output did not use any tool calls!',
  'Please make sure your output includes exactly _ONE_ function call!',
  'You must invoke the function directly using the function call format.',
  'You cannot invoke commands with ```, you have to use the function call format.',
  'If you think you have already resolved the issue, please submit your changes by running the `submit` command.',
  'If you think you cannot solve the problem, please run `exit_forfeit` (if available) or `submit`.',
  'Else, please continue with a new tool call!',
].join('\n')

const MULTIPLE =
  'Your last output included multiple tool calls!\nPlease make sure your output includes a thought and exactly _ONE_ function call.'

const UNEXPECTED =
  "Make sure your function call doesn't include any extra arguments that are not in the allowed arguments, and only use the allowed commands."

const unparsed = (why: string): string => `Your action could not be parsed properly: ${why}.`

interface Rules {
  readonly submit: string
  readonly blocked: readonly string[]
  readonly blockedAlone: readonly string[]
}

/** As in the source, `blocked` stops a command that one of its entries begins with, and `vim notes.txt` passes. */
function isBlocked({ command }: Args, { blocked, blockedAlone }: Rules): boolean {
  const action = typeof command === 'string' ? command.trim() : ''
  if (action === '') return false
  return blocked.some((entry) => entry.startsWith(action)) || blockedAlone.includes(action)
}

/** Codes as in the source: missing, multiple, invalid_command, invalid_json, missing_arg, unexpected_arg. */
function problemIn(message: Message, tools: readonly Tool[], rules: Rules): string | undefined {
  const { submit } = rules
  const [call, second] = message.calls ?? []
  if (call === undefined) return tools.some(({ name }) => name === submit) ? MISSING : undefined
  if (second !== undefined) return MULTIPLE
  const tool = tools.find(({ name }) => name === call.name)
  if (tool === undefined)
    return unparsed(`Command '${call.name}' not found in list of available commands.`)
  const spoken = argsOf(call.args)
  if ('why' in spoken) return unparsed('Tool call arguments are not valid JSON.')
  const { required = [], properties } = tool.inputSchema
  const missing = required.filter((name) => !Object.hasOwn(spoken.args, name))
  if (missing.length > 0) return unparsed(`Required argument(s) missing: ${missing.join(', ')}`)
  const allowed = isPlain(properties) ? properties : {}
  const extra = Object.keys(spoken.args).filter((name) => !Object.hasOwn(allowed, name))
  if (extra.length === 0)
    return isBlocked(spoken.args, rules)
      ? `Operation '${String(spoken.args.command).trim()}' is not supported by this environment.`
      : undefined
  return `${unparsed(`Unexpected argument(s): ${extra.join(', ')}`)}\n${UNEXPECTED}`
}

export default part({
  slot: 'recovery',
  about: 'a bad answer is asked for again and not kept; the job ends when it goes on',
  source:
    'SWE-agent 1.x: tools/parsing.py (FunctionCallingParser), agent/agents.py (read in source)',
  constants: {
    maxRequeries: 3,
    submit: 'submit',
    blocked: 'vim,vi,emacs,nano,nohup,gdb,less,tail -f,python -m venv,make'.split(','),
    blockedAlone:
      'python,python3,ipython,bash,sh,/bin/bash,/bin/sh,nohup,vi,vim,emacs,nano,su'.split(','),
  },
  policy: ({ maxRequeries, ...rules }) => ({
    async ask(request, c, next) {
      const { signal } = c
      let asked = request
      for (let bad = 1; ; bad++) {
        const completion = await next(asked)
        if (completion.kind === 'refused' || signal?.aborted === true) return completion
        const { message } = completion
        const content = problemIn(message, request.tools ?? [], rules)
        if (content === undefined) return completion
        count(c, completion)
        if (bad >= maxRequeries) return EXIT
        const answer: Message = { role: 'assistant', content: message.content }
        asked = { ...request, messages: [...request.messages, answer, { role: 'user', content }] }
      }
    },
  }),
})
