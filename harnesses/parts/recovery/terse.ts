// Says that it failed, and nothing that would help: what the loop does by itself.
import { part } from '../../kernel.ts'

export default part({
  slot: 'recovery',
  about: 'a short error; names neither the tools there are nor what is wrong',
  source: 'Codex: "unsupported call: X" (observed); many loops',
  policy: {},
})
