// Says that it failed, and nothing that would help: what the loop does by itself, in the words of the design.
// `{name}` and `{args}` stand for what was called.
import { part } from '../../kernel.ts'
import { replying } from '../../spoken.ts'

export default part({
  slot: 'recovery',
  about: 'a short error; names neither the tools there are nor what is wrong',
  source: 'Codex: "unsupported call: X" (observed); MemGPT: "No function named X"; many loops',
  constants: { unknown: 'Unknown tool: {name}', malformed: 'Error: invalid arguments' },
  policy: ({ unknown, malformed }) => {
    const about =
      (words: string) =>
      ({ name, args }: { readonly name: string; readonly args: string }): string =>
        words.replaceAll('{name}', () => name).replaceAll('{args}', () => args)
    return { read: replying({ unknown: about(unknown), malformed: about(malformed) }) }
  },
})
