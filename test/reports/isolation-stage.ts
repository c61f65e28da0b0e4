// A stage for jobs that read and write by hand: real files with real branches, told to a trace as a machine tells
// it, each act by a call that a model makes and whose result the next request shows.
import { openShell } from '../../sim/host/shell.ts'
import type { TraceEvent } from '../../sim/index.ts'
import {
  type Audit,
  Files,
  type Invalidation,
  seenBy,
  type Workspace,
  workspaceOn,
} from '../../sim/world/files.ts'
import { WorldTerminal } from '../../sim/world/terminal.ts'

const shell = openShell()

export const START: Readonly<Record<string, string>> = {
  'a.md': 'alpha at first',
  'b.md': 'beta at first',
  'c.md': 'gamma at first',
}

/** How results reach the model: as messages that name their calls, or as what a user says. */
export type Told = 'results' | 'text'

export class Stage {
  readonly trace: TraceEvent[] = []
  readonly #told: Told
  readonly #files = Files.of(START)
  #at = 0
  #calls = 0

  constructor(told: Told = 'results') {
    this.#told = told
    this.#tell({ kind: 'boot', boot: 1, user: 'kernel' })
  }

  #tell(event: Record<string, unknown>): void {
    this.trace.push({ at: this.#at, ...event } as unknown as TraceEvent)
  }

  audit(session: string): Audit {
    return {
      isRevoked: () => false,
      read: (path, version, { id }) =>
        this.#tell({ kind: 'read', session, path, version, branch: id }),
      scan: ({ under = '', ...of }, { id }) =>
        this.#tell({ kind: 'scan', session, under, ...of, branch: id }),
      write: ({ path, text, ...versions }, { id }) => {
        const op = text === undefined ? 'files.remove' : 'files.write'
        this.#tell({
          kind: 'effect',
          session,
          op,
          key: path,
          value: text ?? '',
          ...versions,
          branch: id,
        })
      },
      branch: (move, paths, { id, from, isOpen }) =>
        this.#tell({
          kind: 'branch',
          session,
          move,
          paths,
          branch: id,
          from,
          isOpen: isOpen || undefined,
        }),
    }
  }

  /** Anything else that a trace may hold, at this moment. */
  tell(event: object): void {
    this.#tell(event as Record<string, unknown>)
  }

  /** Another session of a job: a sub-agent's, or one that goes on with it. */
  session(id: string, parent?: string): Agent {
    this.#tell({ kind: 'session', session: id, ...(parent !== undefined && { parent }) })
    return new Agent(this, id, workspaceOn(this.#files, this.audit(id)), false)
  }

  /** An agent on a branch of another one's files, which it commits when it says so. */
  branchOf(agent: Agent, id = agent.id): Agent {
    const branch = agent.workspace.branch({ invalidation: 'none' })
    return new Agent(this, id, seenBy(branch, this.audit(id)), true)
  }

  /** A job arrives and its session is opened: on the shared files, or on a branch of its own. */
  job(id: string, invalidation?: Invalidation): Agent {
    this.#at += 1000
    this.#tell({ kind: 'job', job: id, user: 'ana', prompt: 'Go.' })
    const kernels = workspaceOn(this.#files, this.audit('kernel'))
    if (invalidation === undefined) {
      this.#tell({ kind: 'session', session: id })
      return new Agent(this, id, workspaceOn(this.#files, this.audit(id)), false)
    }
    const branch = kernels.branch({ invalidation })
    this.#tell({ kind: 'session', session: id })
    return new Agent(this, id, seenBy(branch, this.audit(id)), true)
  }

  /** One call: what the model says, what is done, and the request that shows what came of it. */
  call<T>(
    session: string,
    args: object,
    act: () => { readonly told: string; readonly value: T },
  ): T {
    const call = this.#say(session, args)
    const { told, value } = act()
    this.#show(session, call.id, told)
    return value
  }

  /** As `call`: a command line in a terminal. */
  async types({ id, workspace }: Agent, line: string): Promise<string> {
    const call = this.#say(id, { command: line })
    const command = { key: call.id, line, now: this.#at }
    const { stdout } = await new WorldTerminal(shell).run(command, workspace)
    this.#show(id, call.id, stdout)
    return stdout
  }

  #say(session: string, args: object): { readonly id: string } {
    this.#at += 1000
    const call = { id: `${session}.${++this.#calls}`, name: 'call', args: JSON.stringify(args) }
    const usage = { input: 1, cached: 0, output: 1 }
    const said = { content: '', calls: [call], finish: 'tool_calls', usage }
    this.#tell({ kind: 'generation', session, n: this.#calls, ...said })
    return call
  }

  #show(session: string, callId: string, told: string): void {
    const as = this.#told === 'text' ? { role: 'user' } : { role: 'tool', callId }
    const added = [[this.#calls, { ...as, content: told }]]
    const of = { purpose: 'work', tokens: 1, cached: 0, dropped: [], added }
    this.#tell({ kind: 'request', session, n: this.#calls, ...of })
  }

  end(job: string, how: 'reply' | 'withdraw'): void {
    this.#at += 1000
    this.#tell({ kind: how, job, ...(how === 'reply' && { text: 'Done.' }) })
  }

  /** The world moves by itself. */
  world(path: string, text: string): void {
    workspaceOn(this.#files, this.audit('world')).write(path, text)
  }
}

export class Agent {
  readonly id: string
  readonly #stage: Stage
  readonly workspace: Workspace
  readonly #isBranch: boolean

  constructor(stage: Stage, id: string, workspace: Workspace, isBranch: boolean) {
    this.id = id
    this.#stage = stage
    this.workspace = workspace
    this.#isBranch = isBranch
  }

  read(path: string): string | undefined {
    return this.#stage.call(this.id, { path }, () => {
      const value = this.workspace.read(path)
      return { told: value ?? `no such file: ${path}`, value }
    })
  }

  write(path: string, text = `${path} as ${this.id} has it`): void {
    this.#stage.call(this.id, { path, content: text }, () => {
      this.workspace.write(path, text)
      return { told: 'Written.', value: undefined }
    })
  }

  remove(path: string): void {
    this.#stage.call(this.id, { path }, () => {
      this.workspace.remove(path)
      return { told: 'Removed.', value: undefined }
    })
  }

  list(): void {
    this.#stage.call(this.id, {}, () => ({
      told: this.workspace.scan().join('\n'),
      value: undefined,
    }))
  }

  search(query: string): void {
    this.#stage.call(this.id, { query }, () => {
      const hits = this.workspace.scan({ query }).flatMap((path) => {
        const text = this.workspace.read(path) ?? ''
        return text.includes(query) ? [`${path}:1:${text}`] : []
      })
      return { told: hits.join('\n') || 'No matches.', value: undefined }
    })
  }

  types(line: string): Promise<string> {
    return this.#stage.types(this, line)
  }

  /** What it did on its branch all can see, or its parent. */
  commits(): void {
    this.workspace.commit()
  }

  /** Commits where there is a branch, and answers. */
  done(): void {
    if (this.#isBranch) this.workspace.commit()
    this.#stage.end(this.id, 'reply')
  }

  /** The user takes it back. */
  takenBack(): void {
    if (this.#isBranch) this.workspace.abort()
    this.#stage.end(this.id, 'withdraw')
  }

  /** Changes by a tool that reads for itself: the model says the change, not the text. */
  edit(path: string, line: string): void {
    this.#stage.call(this.id, { path, add: line }, () => {
      const before = this.workspace.read(path) ?? ''
      this.workspace.write(path, `${before}\n${line}`)
      return { told: 'Edited.', value: undefined }
    })
  }
}
