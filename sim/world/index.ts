// A world: files and payments, the tools that act on them, and what is left of them as data.
import type { CallToolResult, Tool } from '../core/message.ts'
import { type Audit, copyOf, Files, failure, text, type Workspace, workspaceOn } from './files.ts'
import { type Payment, Payments } from './payments.ts'
import { FILE_TOOLS, PAYMENT_TOOLS, type WorldTool } from './tools.ts'

/** A world as plain data: what an instance starts with, and what a run leaves. */
export interface WorldData {
  readonly files: Readonly<Record<string, string>>
  /** Absent where the world has no payments. */
  readonly payments?: readonly Payment[]
  /** Names of further tools that do nothing but stand beside the real ones. */
  readonly decoys?: readonly string[]
}

/** What acts on the world for one session. */
export interface Actor {
  readonly audit: Audit
  effect(op: string, key: string, value: string, version: number): void
}

const decoy = (name: string): WorldTool => ({
  tool: { name, description: `${name.replaceAll('_', ' ')}.`, inputSchema: { type: 'object' } },
  shape: FILE_TOOLS[2]?.shape as WorldTool['shape'],
  run: () => failure(`Error: ${name} is not available here.`),
})

export class World {
  readonly files: Files
  readonly payments: Payments
  readonly tools: ReadonlyMap<string, WorldTool>
  /** One list, so that whoever offers it whole offers the same array. */
  readonly offered: Tool[]

  constructor(data: WorldData) {
    this.files = Files.of(data.files)
    this.payments = new Payments()
    for (const payment of data.payments ?? []) this.payments.pay(payment)
    const tools = [
      ...FILE_TOOLS,
      ...(data.payments === undefined ? [] : PAYMENT_TOOLS),
      ...(data.decoys ?? []).map(decoy),
    ]
    this.tools = new Map(tools.map((tool) => [tool.tool.name, tool]))
    this.offered = tools.map(({ tool }) => tool)
  }

  workspace(actor: Actor): Workspace {
    return workspaceOn(this.files, actor.audit)
  }

  /** Never throws: what is wrong with a call is in its result. Unknown names are the caller's to report. */
  call(name: string, args: unknown, workspace: Workspace, actor: Actor): CallToolResult {
    const found = this.tools.get(name)
    if (found === undefined) return failure(`MCP error -32602: Tool ${name} not found`)
    const { payments } = this
    return found.run({ workspace, payments, effect: (...of) => actor.effect(...of) }, args)
  }

  /**
   * What a call would say if it were carried out, on a copy that is thrown away: nothing is done and
   * nothing is told. A call that would change nothing says nothing.
   */
  rehearse(name: string, args: unknown, workspace: Workspace): CallToolResult {
    let changes = 0
    const changed = (): void => void changes++
    const audit = { isRevoked: () => false, read: () => {}, write: changed, branch: () => {} }
    const world = new World({ ...this.data(), files: {} })
    const result = world.call(name, args, copyOf(workspace, audit), { audit, effect: changed })
    return changes > 0 || !this.tools.has(name) ? result : text('')
  }

  data(): WorldData {
    return { files: this.files.snapshot(), payments: [...this.payments.made] }
  }
}
