// Says that it failed, and nothing that would help: what the loop does by itself, in the words of the design.
// `{name}` and `{args}` stand for what was called, `{why}` for what is wrong with it. Where `shown` is set, the
// history has that in the place of arguments that are no JSON, with `{args}` told as a string.

import { argsOf, replying } from '../../hands/spoken.ts'
import { part, type ToolCall } from '../../kernel.ts'

export default part({
  slot: 'recovery',
  about: 'a short error; names neither the tools there are nor what is wrong',
  source: 'Codex: "unsupported call: X" (observed); MemGPT: "No function named X"; many loops',
  constants: {
    unknown: 'Unknown tool: {name}',
    malformed: 'Error: invalid arguments',
    shown: '' as string,
  },
  policy: ({ unknown, malformed, shown }) => {
    const about =
      (words: string) =>
      ({ name, args }: ToolCall, why = ''): string =>
        words
          .replaceAll('{name}', () => name)
          .replaceAll('{why}', () => why)
          .replaceAll('{args}', () => args)
    const reply = replying({
      unknown: (call) => about(unknown)(call),
      malformed: (call, why) => about(malformed)(call, why),
    })
    return {
      read(call, c, next) {
        const reading = reply(call, c, next)
        if (reading.kind === 'run') return next(call)
        if (shown === '' || reading.kind === 'end' || 'args' in argsOf(call.args)) return reading
        const args = shown.replace('{args}', () => JSON.stringify(call.args))
        return { ...reading, shown: { ...call, args } }
      },
    }
  },
})
