// The same world as a real MCP server, for whoever speaks the protocol: lists and calls go to the one
// implementation that in-process sessions use, and give the same results (held by a parity suite).
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import type { Workspace } from './files.ts'
import type { Actor, World } from './index.ts'

/** A server that acts for one actor on one workspace; connect it to a transport of your own. */
export function mcpServer(world: World, workspace: Workspace, actor: Actor): Server {
  const server = new Server(
    { name: 'enosys-world', version: '1.0.0' },
    { capabilities: { tools: {} } },
  )
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: world.offered }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }) =>
    world.call(params.name, params.arguments ?? {}, workspace, actor),
  )
  return server
}
