// Kernels behind a boundary of ours: what they are shown and what they send is changed on its way.
import type { BootableKernel } from '../../sim/boot.ts'
import type { Generation, Machine, Message, Session, Workspace } from '../../sim/index.ts'

export interface Boundary {
  /** What of a session is other than it was. */
  session(session: Session): Partial<Session>
  machine?(machine: Machine): Partial<Omit<Machine, 'open'>>
  /** The machine's own workspace behind one that the kernel was shown. */
  behind?(workspace: Workspace): Workspace
}

/** Accessors of a session are its own: it cannot be spread. */
const plain = (session: Session): Session => ({
  id: session.id,
  job: session.job,
  limits: session.limits,
  signal: session.signal,
  tools: session.tools,
  workspace: session.workspace,
  terminal: session.terminal,
  fetch: session.fetch,
  confirm: (question) => session.confirm(question),
  publish: (key, value) => session.publish(key, value),
  generate: (request, options) => session.generate(request, options),
})

export function wrapped(
  kernel: BootableKernel,
  { session, machine, behind = (workspace) => workspace }: Boundary,
): BootableKernel {
  const boot = (of: Machine): Promise<void> =>
    kernel.boot({
      jobs: of.jobs,
      disk: of.disk,
      clock: of.clock,
      limits: of.limits,
      policy: of.policy,
      workspace: of.workspace,
      reply: (job, text) => of.reply(job, text),
      open({ on, ...asked }) {
        const opened = of.open(on === undefined ? asked : { ...asked, on: behind(on) })
        return { ...plain(opened), ...session(opened) }
      },
      ...machine?.(of),
    })
  return { users: kernel.users, boot }
}

/** Inside an atom up to its value: `[[fact:port=8080]]` has `fact:port`. */
const ATOM = /(\[\[)([a-z0-9:./_-]+)/g

/** Letters and digits move on by so many, each among its own: lengths stay, and `-by` undoes `by`. */
const moved = (text: string, by: number): string =>
  text.replaceAll(ATOM, (_, open: string, inner: string) => {
    const turned = inner.replaceAll(/[a-z0-9]/g, (c) => {
      const [first, size] = c >= 'a' ? ['a', 26] : ['0', 10]
      const at = c.charCodeAt(0) - first.charCodeAt(0)
      return String.fromCharCode(first.charCodeAt(0) + ((((at + by) % size) + size) % size))
    })
    return open + turned
  })

const BY = 3
const hidden = (text: string): string => moved(text, BY)
const shown = (text: string): string => moved(text, -BY)

/** Every text in plain data. */
function through<T>(value: T, text: (text: string) => string): T {
  if (typeof value === 'string') return text(value) as T
  if (Array.isArray(value)) return value.map((one) => through(one, text)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, through(one, text)]),
  ) as T
}

type Behind = WeakMap<Workspace, Workspace>

const files = (workspace: Workspace, behind: Behind): Workspace => {
  const seen = filesOf(workspace, behind)
  behind.set(seen, workspace)
  return seen
}

const filesOf = (workspace: Workspace, behind: Behind): Workspace => ({
  get isStale() {
    return workspace.isStale
  },
  read(path) {
    const text = workspace.read(path)
    return text === undefined ? undefined : hidden(text)
  },
  write: (path, text) => workspace.write(path, shown(text)),
  remove: (path) => workspace.remove(path),
  list: () => workspace.list(),
  scan: (of) => workspace.scan(of),
  changes: () => workspace.changes(),
  branch: (options) => files(workspace.branch(options), behind),
  commit: () => workspace.commit(),
  abort: () => workspace.abort(),
})

const speech = (generation: Generation): Generation => ({
  result: generation.result.then((completion) => through(completion, hidden)),
  pause: () => generation.pause(),
  resume: () => generation.resume(),
  async *[Symbol.asyncIterator]() {
    for await (const delta of generation) yield through(delta, hidden)
  },
})

/** A kernel that sees every atom in cipher, and is understood all the same. */
export const ciphered = (kernel: BootableKernel): BootableKernel => {
  const jobs = new Map<unknown, unknown>()
  const behind: Behind = new WeakMap()
  const job = <J extends { readonly prompt: string }>(of: J): J => {
    const known = jobs.get(of) ?? Object.assign(Object.create(of), { prompt: hidden(of.prompt) })
    jobs.set(of, known)
    return known as J
  }
  return wrapped(kernel, {
    machine: (machine) => ({
      workspace: files(machine.workspace, behind),
      reply: (id, text) => machine.reply(id, shown(text)),
      jobs: {
        async *[Symbol.asyncIterator]() {
          for await (const one of machine.jobs) yield job(one)
        },
      },
    }),
    behind: (workspace) => behind.get(workspace) ?? workspace,
    session: (session) => ({
      job: job(session.job),
      workspace: files(session.workspace, behind),
      confirm: (question) => session.confirm(shown(question)),
      generate: (request, options) =>
        speech(session.generate({ ...request, messages: sent(request.messages) }, options)),
      terminal: {
        run: async (command, options) =>
          through(await session.terminal.run(shown(command), options), hidden),
      },
      tools: {
        listTools: () => session.tools.listTools(),
        callTool: async (call) =>
          through(await session.tools.callTool(through(call, shown)), hidden),
      },
    }),
  })
}

const sent = (messages: readonly Message[]): Message[] =>
  messages.map((message) => through(message, shown))
