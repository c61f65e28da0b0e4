// The world's own tools, as its MCP server offers them.
import { part } from '../../kernel.ts'

export default part({
  slot: 'tools',
  about: "the world's own tools, as they are offered",
  source: 'Model Context Protocol, tools/list and tools/call',
  policy: {
    list: async (session) => (await session.tools.listTools()).tools,
    ask: (session, request) => session.generate(request).result,
    async call(session, name, args) {
      const result = await session.tools.callTool({ name, arguments: args })
      const text = result.content.map((piece) => (piece.type === 'text' ? piece.text : '')).join('')
      return { text, isError: result.isError ?? false }
    },
  },
})
