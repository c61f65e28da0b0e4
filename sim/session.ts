// A session: everything a kernel does goes through one, so that author, scope and branch of it are known.

import type { Boot } from './boot.ts'
import {
  type CallToolResult,
  type Completion,
  frozen,
  type Request,
  type Usage,
} from './core/message.ts'
import type { Reading } from './cpu/index.ts'
import { speak } from './cpu/speak.ts'
import type { Verdict } from './faults/index.ts'
import { Speaking } from './generation.ts'
import type { Job, Limits, Machine, Session, Tools } from './index.ts'
import type { GivenJob } from './job.ts'
import type { Simulation } from './machine.ts'
import { fetchOf } from './wire/openai-chat.ts'
import { seenBy, type Workspace } from './world/files.ts'
import type { Actor } from './world/index.ts'

/** Virtual milliseconds after which a provider refuses; assumed. */
const REFUSAL_MS = 50
/** Virtual milliseconds after which the caller of a tool gives up; assumed. */
const TOOL_TIMEOUT_MS = 30_000

const never = <T>(): Promise<T> => new Promise<T>(() => {})

/** What a session does is told to the trace under its name. */
export function actorOf(sim: Simulation, session: string, boot: Boot): Actor {
  const { trace } = sim
  return {
    audit: {
      isRevoked: () => boot.revoked,
      read: (path, version) => trace.add({ kind: 'read', at: sim.now, session, path, version }),
      write: (path, text, version, previous) => sim.wrote(session, path, text, version, previous),
      branch: (move, paths) =>
        void (boot.revoked || trace.add({ kind: 'branch', at: sim.now, session, move, paths })),
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
  if (!boot.revoked) sim.trace.add({ kind: 'session', at: sim.now, session: id, parent: of.parent })
  const calls: Calls = {
    generate: (request, options) =>
      boot.revoked
        ? new Speaking(silent)
        : generation(sim, boot, { id, job }, request, options?.signal),
    publish: (key, value) => void (boot.revoked || boot.published.set(`${id}/${key}`, value)),
    tools: {
      listTools: () =>
        boot.revoked ? never() : Promise.resolve({ tools: [...sim.world.offered] }),
      callTool: ({ name, arguments: args }) =>
        boot.revoked ? never() : call(sim, boot, id, name, args ?? {}, workspace, actor),
    },
  }
  return new OpenSession({ id, job, limits: sim.limits, workspace }, calls, boot)
}

type Calls = Pick<Session, 'generate' | 'publish' | 'tools'>

/**
 * Closures in fields of a class, and accessors in an object literal, are kept by V8's hidden classes until
 * a full collection, and with them the whole run. So closures stand in a literal, accessors in a class.
 */
class OpenSession implements Session {
  readonly id: string
  readonly job: Job
  readonly limits: Limits
  readonly workspace: Workspace
  readonly #calls: Calls
  readonly #boot: Boot
  #fetch: typeof fetch | undefined

  constructor(
    { id, job, limits, workspace }: Pick<Session, 'id' | 'job' | 'limits' | 'workspace'>,
    calls: Calls,
    boot: Boot,
  ) {
    this.id = id
    this.job = job
    this.limits = limits
    this.workspace = workspace
    this.#calls = calls
    this.#boot = boot
  }

  get generate(): Session['generate'] {
    return this.#calls.generate
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

/** The stage of a boot that is gone: nothing is ever heard of it. */
const silent = { after: () => {}, now: () => 0, ended: () => {} }

function generation(
  sim: Simulation,
  boot: Boot,
  { id: session, job }: { readonly id: string; readonly job: GivenJob },
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
    ended: (completion, cutAt) => {
      giveBack()
      signal?.removeEventListener('abort', hangUp)
      job.hangUps.delete(hangUp)
      if (cutAt !== undefined)
        sim.trace.add({ kind: 'interrupt', at: sim.now, session, n, spoken: cutAt })
      tell(sim, session, n, completion)
    },
  })
  const hangUp = (): void => void (boot.revoked || speaking.abort(usage))
  let isWaiting = false
  const giveBack = sim.cores.acquire(() => {
    // While it waited, the session's view may have become that of another request.
    const now = isWaiting ? { ...reading, known: sim.cpu.read(key, request).known } : reading
    speaking.start(script(sim, session, key, request, now))
  })
  isWaiting = true
  signal?.addEventListener('abort', hangUp)
  job.hangUps.add(hangUp)
  if (signal?.aborted === true || job.isWithdrawn) hangUp()
  return speaking
}

/** What will be answered, and when: decided as the model begins. */
function script(
  sim: Simulation,
  session: string,
  key: string,
  request: Request,
  reading: Reading,
): { completion: Completion; firstMs: number; lastMs: number } {
  const verdict = reading.refusal ?? sim.fault('generate', key)
  const refusal =
    verdict.kind === 'refused' ? verdict : verdict.kind === 'replace' ? verdict.refusal : undefined
  if (refusal !== undefined) return { completion: refusal, firstMs: REFUSAL_MS, lastMs: REFUSAL_MS }
  const chance = sim.lapsesFor(session)
  const answer = sim.cpu.answer(session, request, reading, chance)
  const { thought, meant } = answer
  if (thought !== undefined) {
    const { job, step, occurrence, needs } = thought
    sim.trace.add({ kind: 'plan', at: sim.now, session, job, step, occurrence, needs, meant })
  }
  const speech = speak(answer.utterance, key, sim.profile, sim.chance, sim.tokens)
  const slow = thought === undefined ? 0 : sim.slowness(answer.at)
  const late = slow + (verdict.kind === 'delay' ? verdict.ms : 0)
  const usage = withOutput(reading.usage, speech.outputTokens)
  const finish = answer.utterance.calls.length > 0 ? 'tool_calls' : 'stop'
  return {
    completion: { kind: 'message', message: speech.message, finish, usage },
    firstMs: speech.firstMs + late,
    lastMs: speech.lastMs + late,
  }
}

/** Written out, as it is made each turn: a spread with more after it costs V8 half a microsecond. */
const withOutput = ({ input, cached }: Reading['usage'], output: number): Usage => ({
  input,
  cached,
  output,
})

function tell(sim: Simulation, session: string, n: number, completion: Completion): void {
  const at = sim.now
  if (completion.kind === 'refused') {
    const { status, code, message } = completion
    sim.trace.add({ kind: 'refusal', at, session, n, status, code, message })
    return
  }
  const { message, finish, usage } = completion
  const { content, calls = [] } = frozen(message)
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
    const fire = (): void => {
      const verdict: Verdict = sim.fault('call', key)
      const result = act()
      if (verdict.kind !== 'drop') {
        answer(result)
        return
      }
      const lost = { content: [{ type: 'text' as const, text: verdict.message }], isError: true }
      sim.schedule(boot, `${key}.timeout`, TOOL_TIMEOUT_MS, () => answer(lost))
    }
    sim.schedule(boot, key, sim.profile.pace.toolMs, fire, act)
  })
}
