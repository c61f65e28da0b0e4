// A session: everything a kernel does goes through one, so that author, scope and branch of it are known.

import type { Boot } from './boot.ts'
import {
  type CallToolResult,
  type Completion,
  frozen,
  type Message,
  type Request,
  type Usage,
} from './core/message.ts'
import type { Form } from './cpu/forms/form.ts'
import type { Reading } from './cpu/index.ts'
import { mostTokens, speak } from './cpu/speak.ts'
import { cutShort, refusing, type Script, Speaking } from './generation.ts'
import type { Job, Limits, Machine, Ran, Session, Terminal, Tools } from './index.ts'
import type { Simulation } from './machine.ts'
import { terminalOf } from './terminal.ts'
import { fetchOf } from './wire/openai-chat.ts'
import { failure, seenBy, text, type Workspace } from './world/files.ts'
import type { Actor } from './world/index.ts'
import { commandOf } from './world/terminal-tool.ts'

/** Virtual milliseconds after which a provider refuses; assumed. */
const REFUSAL_MS = 50

const never = <T>(): Promise<T> => new Promise<T>(() => {})

/** What a session does is told to the trace under its name. */
export function actorOf(sim: Simulation, session: string, boot: Boot): Actor {
  const { trace } = sim
  return {
    audit: {
      isRevoked: () => boot.revoked,
      read: (path, version, { id: branch }) =>
        trace.add({ kind: 'read', at: sim.now, session, path, version, branch }),
      scan: ({ under = '', isFlat, ending, query }, { id: branch }) =>
        trace.add({ kind: 'scan', at: sim.now, session, under, isFlat, ending, query, branch }),
      write: (write, { id }) => sim.wrote(session, write, id),
      branch: (move, paths, { id: branch, from, isOpen }) => {
        if (boot.revoked) return
        const which = { branch, from, isOpen: isOpen || undefined }
        trace.add({ kind: 'branch', at: sim.now, session, move, paths, ...which })
        if (move === 'commit' && from === undefined) for (const path of paths) sim.shown(path)
      },
    },
    effect: (op, key, value, version) =>
      trace.add({ kind: 'effect', at: sim.now, session, op, key, value, version, previous: 0 }),
  }
}

export function openSession(
  sim: Simulation,
  boot: Boot,
  of: Parameters<Machine['open']>[0],
): Session {
  const job = sim.jobOf(of.job)
  const id = boot.revoked ? job.id : sim.sessionId(of.job)
  const actor = actorOf(sim, id, boot)
  const workspace: Workspace =
    of.on === undefined ? sim.world.workspace(actor) : seenBy(of.on, actor.audit)
  const { parent, isApart } = of
  if (!boot.revoked) sim.trace.add({ kind: 'session', at: sim.now, session: id, parent, isApart })
  const terminal = terminalOf(sim, boot, { id, workspace, actor })
  const calls: Calls = {
    generate: (request, options) =>
      boot.revoked ? new Speaking(silent) : generation(sim, boot, id, request, options?.signal),
    confirm: (question) => (boot.revoked ? never() : confirm(sim, boot, { id, job }, question)),
    publish: (key, value) => void (boot.revoked || boot.published.set(`${id}/${key}`, value)),
    tools: {
      listTools: () =>
        boot.revoked ? never() : Promise.resolve({ tools: [...sim.world.offered] }),
      callTool: (of) => {
        if (boot.revoked) return never()
        const { name, args } = given(of)
        const command = sim.world.tools.has(name) ? commandOf(name, args) : undefined
        return command === undefined
          ? call(sim, boot, id, name, args, workspace, actor)
          : terminal.run(command).then(resultOf)
      },
    },
  }
  return new OpenSession({ id, job, limits: sim.limits, workspace, terminal }, calls, boot)
}

type Args = Readonly<Record<string, unknown>>

/** Code of others may hand over anything: what has no name names no tool, what is no JSON is left out. */
function given(call: unknown): { readonly name: string; readonly args: Args } {
  const { name, arguments: args } = Object(call) as { name?: unknown; arguments?: unknown }
  return { name: typeof name === 'string' ? name : '', args: isJson(args) ? (args as Args) : {} }
}

function isJson(value: unknown): boolean {
  try {
    return value !== null && JSON.stringify(value) !== undefined
  } catch {
    return false
  }
}

const resultOf = ({ output, exitCode }: Ran): CallToolResult =>
  exitCode === 0 ? text(output) : failure(`${output}exit code ${exitCode}`)

type Calls = Pick<Session, 'generate' | 'confirm' | 'publish' | 'tools'>

/**
 * Closures in fields of a class, and accessors in an object literal, are kept by V8's hidden classes until
 * a full collection, and with them the whole run. So closures stand in a literal, accessors in a class.
 */
class OpenSession implements Session {
  readonly id: string
  readonly job: Job
  readonly limits: Limits
  readonly workspace: Workspace
  readonly terminal: Terminal
  readonly #calls: Calls
  readonly #boot: Boot
  #fetch: typeof fetch | undefined

  constructor(
    of: Pick<Session, 'id' | 'job' | 'limits' | 'workspace' | 'terminal'>,
    calls: Calls,
    boot: Boot,
  ) {
    this.id = of.id
    this.job = of.job
    this.limits = of.limits
    this.workspace = of.workspace
    this.terminal = of.terminal
    this.#calls = calls
    this.#boot = boot
  }

  get generate(): Session['generate'] {
    return this.#calls.generate
  }

  get confirm(): Session['confirm'] {
    return this.#calls.confirm
  }

  get publish(): Session['publish'] {
    return this.#calls.publish
  }

  get tools(): Tools {
    return this.#calls.tools
  }

  get signal(): AbortSignal {
    return this.job.signal
  }

  get fetch(): typeof fetch {
    this.#fetch ??= fetchOf(this.generate)
    return this.#boot.revoked ? never : this.#fetch
  }
}

/** The user takes a while, says no to what is forbidden unless it is overlooked, and else mostly yes. */
function confirm(
  sim: Simulation,
  boot: Boot,
  { id: session, job }: { readonly id: string; readonly job: Job },
  question: string,
): Promise<boolean> {
  const n = sim.operation(session, 'confirm')
  const key = `${session}/confirm#${n}`
  const before = sim.operation(`user ${job.user}`, 'asked') - 1
  const { refuses, answerMs, attends } = sim.profile.user
  return new Promise((resolve) => {
    sim.schedule(boot, key, answerMs, () => {
      const isAllowed = sim.isForbidden(job.user, question)
        ? sim.chance.flip(`${key}/overlooks`, 1 - Math.exp(before * Math.log(attends)))
        : !sim.chance.flip(`${key}/refuses`, refuses)
      sim.trace.add({ kind: 'confirm', at: sim.now, session, n, question, isAllowed })
      resolve(isAllowed)
    })
  })
}

/** The stage of a boot that is gone: nothing is ever heard of it. */
const silent = {
  after: () => {},
  now: () => 0,
  ended: () => {},
  paused: () => {},
  resumed: () => {},
}

function generation(
  sim: Simulation,
  boot: Boot,
  session: string,
  request: Request,
  signal: AbortSignal | undefined,
): Speaking {
  const n = sim.operation(session, 'generate')
  const key = `${session}/generate#${n}`
  const reading = sim.cpu.read(session, request)
  sim.requested(session, n, request, reading)
  const usage = withOutput(reading.usage, 0)
  const speaking: Speaking = new Speaking({
    after: (ms, name, fire) => sim.schedule(boot, key + name, ms, fire),
    now: () => sim.now,
    ended: (completion, cutAt, heard) => {
      giveBack()
      signal?.removeEventListener('abort', hangUp)
      if (cutAt !== undefined)
        sim.trace.add({ kind: 'interrupt', at: sim.now, session, n, spoken: cutAt })
      tell(sim, { session, n, form: reading.known.view.form }, completion, heard)
    },
    paused: () => giveBack(),
    resumed: (start) => {
      giveBack = sim.cores.acquire(start)
    },
  })
  const hangUp = (): void => void (boot.revoked || speaking.abort(usage))
  let isWaiting = false
  let giveBack = sim.cores.acquire(() => {
    // While it waited, the session's view may have become that of another request.
    const now = isWaiting ? { ...reading, known: sim.cpu.read(key, request).known } : reading
    speaking.start(script(sim, session, key, request, now))
  })
  isWaiting = true
  signal?.addEventListener('abort', hangUp)
  if (signal?.aborted === true) hangUp()
  return speaking
}

/** What will be answered, and when: decided as the model begins. */
function script(
  sim: Simulation,
  session: string,
  key: string,
  request: Request,
  reading: Reading,
): Script {
  if (reading.refusal !== undefined) return refusing(reading.refusal, REFUSAL_MS)
  const verdict = sim.fault('generate', key)
  if (verdict.kind === 'replace') return refusing(verdict.refusal, REFUSAL_MS)
  const isCut = verdict.kind === 'cut'
  const chance = sim.lapsesFor(session)
  const answer = sim.cpu.answer(session, request, reading, chance, sim.cores.busy - 1)
  const { thought, meant, unknown } = answer
  for (const what of unknown) sim.notKnown(session, what)
  if (isCut) sim.cpu.unheard(reading)
  else if (thought !== undefined) {
    const { job, step, occurrence, needs } = thought
    sim.trace.add({ kind: 'plan', at: sim.now, session, job, step, occurrence, needs, meant })
  }
  const most = mostTokens(request, sim.profile, sim.limits.windowTokens)
  const speech = speak(answer.utterance, { id: key, most }, sim, sim.chance)
  const slow = thought === undefined ? 0 : slowness(sim, answer.at)
  const late = slow + (verdict.kind === 'delay' ? verdict.ms : 0)
  const usage = withOutput(reading.usage, speech.outputTokens)
  const { message, finish } = speech
  const whole: Script = {
    completion: { kind: 'message', message, finish, usage },
    spoken: message,
    firstMs: speech.firstMs + late,
    lastMs: speech.lastMs + late,
  }
  return isCut ? cutShort(whole, verdict.share, verdict.refusal) : whole
}

/** Virtual milliseconds that a placed decision makes a step wait: 0 wherever none is placed. */
const slowness = ({ chance }: Simulation, step: string): number =>
  chance.sample(`${step}/slow`, () => 0, 0)

/** Written out, as it is made each turn: a spread with more after it costs V8 half a microsecond. */
const withOutput = ({ input, cached }: Reading['usage'], output: number): Usage => ({
  input,
  cached,
  output,
})

function tell(
  sim: Simulation,
  of: { readonly session: string; readonly n: number; readonly form: Form | undefined },
  completion: Completion,
  heard: Message | undefined,
): void {
  const at = sim.now
  const { session, n } = of
  if (completion.kind === 'refused') {
    const { status, code, message, retryAfterMs } = completion
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
    const said = heard === undefined ? {} : { heard: frozen(heard) }
    sim.trace.add({ kind: 'refusal', at, session, n, status, code, message, ...wait, ...said })
    return
  }
  const { message, finish, usage } = completion
  const { content, calls: native = [] } = frozen(message)
  const calls = of.form?.callsIn(content, (i) => `text-${n}-${i}`) ?? native
  sim.trace.add({ kind: 'generation', at, session, n, content, calls, finish, usage })
}

const textOf = (result: CallToolResult): string =>
  result.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('')

/** The effect happens when the event fires; the kernel hears of it then, or never. */
function call(
  sim: Simulation,
  boot: Boot,
  session: string,
  name: string,
  args: Readonly<Record<string, unknown>>,
  workspace: Workspace,
  actor: Actor,
): Promise<CallToolResult> {
  const n = sim.operation(session, 'call')
  const key = `${session}/call#${n}`
  const told = JSON.stringify(args)
  const act = (): CallToolResult => sim.world.call(name, args, workspace, actor)
  return new Promise((resolve) => {
    const answer = (result: CallToolResult): void => {
      const isError = result.isError ?? false
      const text = textOf(result)
      sim.trace.add({ kind: 'call', at: sim.now, session, n, name, args: told, text, isError })
      resolve(result)
    }
    const failed = ({ message, afterMs }: { message: string; afterMs: number }): void => {
      if (afterMs === 0) answer(failure(message))
      else sim.schedule(boot, `${key}.timeout`, afterMs, () => answer(failure(message)))
    }
    const fire = (): void => {
      const verdict = sim.fault('call', key)
      if (verdict.kind === 'hollow') answer(sim.world.rehearse(name, args, workspace))
      else if (verdict.kind === 'fail') failed(verdict)
      else {
        const result = act()
        if (verdict.kind === 'drop') failed(verdict)
        else answer(result)
      }
    }
    sim.schedule(boot, key, sim.profile.pace.toolMs, fire, act)
  })
}
