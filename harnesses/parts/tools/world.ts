// The world's own tools, as its MCP server offers them: what the loop does by itself.
import { part } from '../../kernel.ts'

export default part({
  slot: 'tools',
  about: "the world's own tools, as they are offered",
  source: 'Model Context Protocol, tools/list and tools/call',
  policy: {},
})
