// A world: files, payments, mail and pages, the tools that act on them, and what is left of them as data.
import type { CallToolResult, Tool } from '../core/message.ts'
import { type Decoy, decoy } from './decoys.ts'
import { type Audit, copyOf, Files, failure, text, type Workspace, workspaceOn } from './files.ts'
import { MAIL_TOOLS, Mailbox, type MailData } from './mail.ts'
import { type Payment, Payments } from './payments.ts'
import { TERMINAL_TOOL } from './terminal-tool.ts'
import type { WorldTool } from './tool.ts'
import { FILE_TOOLS, PAYMENT_TOOLS } from './tools.ts'
import { WEB_TOOLS } from './web.ts'

/** A world as plain data: what an instance starts with, and what a run leaves. */
export interface WorldData {
  readonly files: Readonly<Record<string, string>>
  /** Absent where the world has no payments. */
  readonly payments?: readonly Payment[]
  /** Absent where the world has no mail. */
  readonly mail?: MailData
  /** What is found on the web, by address; absent where there is none. */
  readonly pages?: Readonly<Record<string, string>>
  /** A tool that runs commands in a terminal. */
  readonly hasTerminal?: boolean
  /** Further tools that stand beside the real ones. */
  readonly decoys?: readonly (string | Decoy)[]
  /** The real tools that go by another name here. */
  readonly names?: Readonly<Record<string, string>>
}

/** What acts on the world for one session. */
export interface Actor {
  readonly audit: Audit
  effect(op: string, key: string, value: string, version: number): void
}

function toolsOf(data: WorldData): WorldTool[] {
  const { payments, mail, pages, hasTerminal = false, decoys = [], names = {} } = data
  const real = [
    ...FILE_TOOLS,
    ...(payments === undefined ? [] : PAYMENT_TOOLS),
    ...(mail === undefined ? [] : MAIL_TOOLS),
    ...(pages === undefined ? [] : WEB_TOOLS),
    ...(hasTerminal ? [TERMINAL_TOOL] : []),
  ]
  const named = real.map((one) => {
    const name = names[one.tool.name]
    return name === undefined ? one : { ...one, tool: { ...one.tool, name } }
  })
  return [...named, ...decoys.map(decoy)]
}

export class World {
  readonly files: Files
  readonly payments: Payments
  readonly tools: ReadonlyMap<string, WorldTool>
  /** One list, so that whoever offers it whole offers the same array. */
  readonly offered: Tool[]
  readonly #mail: Mailbox | undefined
  readonly #start: WorldData

  constructor(data: WorldData) {
    this.files = Files.of(data.files)
    this.payments = new Payments()
    for (const payment of data.payments ?? []) this.payments.pay(payment)
    this.#mail = data.mail && new Mailbox(data.mail)
    this.#start = data
    const tools = toolsOf(data)
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
    const pages = this.#start.pages ?? {}
    const effect: Actor['effect'] = (...of) => actor.effect(...of)
    return found.run({ workspace, payments, mail: this.#mail, pages, effect }, args)
  }

  /**
   * What a call would say if it were carried out, on a copy that is thrown away: nothing is done and
   * nothing is told. A call that would change nothing says nothing.
   */
  rehearse(name: string, args: unknown, workspace: Workspace): CallToolResult {
    let changes = 0
    const changed = (): void => void changes++
    const none = (): void => {}
    const audit = { isRevoked: () => false, read: none, scan: none, write: changed, branch: none }
    const world = new World({ ...this.#start, ...this.data(), files: {} })
    const result = world.call(name, args, copyOf(workspace, audit), { audit, effect: changed })
    return changes > 0 || !this.tools.has(name) ? result : text('')
  }

  data(): WorldData {
    const mail = this.#mail
    return {
      files: this.files.snapshot(),
      payments: [...this.payments.made],
      ...(mail === undefined ? {} : { mail: { inbox: mail.inbox, sent: [...mail.sent] } }),
    }
  }
}
