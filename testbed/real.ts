// A real harness on the machine: a kernel whose work is done by processes of its own. The turnstile lets
// virtual time move only while each live process waits for us, has exited, or was silent for long.
import type { Adapter } from '../harnesses/adapter.ts'
import type { BootableKernel } from '../sim/boot.ts'
import { readsAsError } from '../sim/cpu/result.ts'
import type { Isolation } from '../sim/host/bridge.ts'
import { type RunningProcess, startProcess } from '../sim/host/process.ts'
import type { Generate, Job, Machine, Request, Session } from '../sim/index.ts'
import type { Simulation } from '../sim/machine.ts'
import { chatHandler } from '../sim/wire/openai-chat.ts'

/** Real milliseconds after which a process that asks nothing counts as waiting for something else. */
const SILENT_MS = 2000
/** Real milliseconds that a process may take in all. */
const TIME_LIMIT_MS = 120_000
/** What a refusal asks a real process to wait, in real milliseconds: its virtual wait is in the trace. */
const RETRY_MS = 5

interface Live {
  readonly session: Session
  readonly process: RunningProcess
  /** It has asked us once: until then it is starting, however long that takes. */
  isUp(): boolean
  /** The folder as both sides knew it last. */
  known: Readonly<Record<string, string>>
}

export interface RealRun {
  readonly kernel: BootableKernel
  /** Resolves when virtual time may move: real time passes meanwhile. */
  settle(): Promise<void>
  isLive(): boolean
  dispose(): Promise<void>
}

/**
 * What a request shows of files: the results it brings are readings of the files that their calls name.
 * A harness reads with tools of its own, so this is all that can be known of it.
 */
function showReadings(session: Session, { messages }: Request, seen: Set<string>): void {
  const paths = new Set(session.workspace.list())
  const calls = new Map(messages.flatMap((m) => m.calls ?? []).map((call) => [call.id, call]))
  for (const { role, callId = '', content } of messages) {
    if (role !== 'tool' || seen.has(callId)) continue
    seen.add(callId)
    for (const path of textsIn(calls.get(callId)?.args ?? '')) {
      const shown = path.replace(/^\.\//, '')
      if (paths.has(shown) && !readsAsError(content)) session.workspace.read(shown)
    }
  }
}

/** The texts among the arguments of a call. */
function textsIn(args: string): string[] {
  try {
    return Object.values(JSON.parse(args)).filter((value) => typeof value === 'string')
  } catch {
    return []
  }
}

/** Answers at the pace of the real process: the folder is looked at first, and refusals ask for a short wait. */
function hurried(session: Session, onRequest: () => void): Generate {
  const seen = new Set<string>()
  return (request, options) => {
    onRequest()
    showReadings(session, request, seen)
    const generation = session.generate(request, options)
    const result = generation.result.then((completion) =>
      completion.kind === 'refused' && (completion.status === 429 || completion.status >= 500)
        ? { ...completion, retryAfterMs: RETRY_MS }
        : completion,
    )
    return { result, [Symbol.asyncIterator]: () => generation[Symbol.asyncIterator]() }
  }
}

/** The last words of a process: the text of its last line that has one. */
function lastWords(stdout: string): string {
  const line = stdout.trim().split('\n').at(-1) ?? ''
  return line.slice(0, 400)
}

export function realRun(
  simulation: () => Simulation,
  adapter: Adapter,
  bin: string,
  isolation: Isolation,
  pause: (ms: number) => Promise<void>,
): RealRun {
  const live = new Set<Live>()
  const all: RunningProcess[] = []
  let starting = 0

  /** What the processes wrote goes into the world, under their names; what is new there goes to all. */
  const share = (): void => {
    for (const one of live) {
      const files = one.process.files()
      for (const [path, text] of Object.entries(files)) {
        if (one.known[path] !== text) one.session.workspace.write(path, text)
      }
      for (const path of Object.keys(one.known)) {
        if (!(path in files)) one.session.workspace.remove(path)
      }
      one.known = files
    }
    const world = simulation().world.files.snapshot()
    for (const one of live) {
      const changed = Object.entries(world).filter(([path, text]) => one.known[path] !== text)
      if (changed.length > 0) one.process.put(Object.fromEntries(changed))
      one.known = { ...one.known, ...Object.fromEntries(changed) }
    }
  }

  const serve = async (machine: Machine, job: Job): Promise<void> => {
    const session = machine.open({ job: job.id, isApart: true })
    const workFiles = simulation().world.files.snapshot()
    let isUp = false
    const onRequest = (): void => {
      isUp = true
      share()
    }
    starting++
    const process = await startProcess({
      bin,
      isolation,
      workFiles,
      timeLimitMs: TIME_LIMIT_MS,
      handle: chatHandler(hurried(session, onRequest)),
      launch: (place) =>
        adapter.launch({
          ...place,
          model: 'sim-model',
          prompt: job.prompt,
          windowTokens: session.limits.windowTokens,
        }),
    }).finally(() => starting--)
    const one: Live = { session, process, isUp: () => isUp, known: workFiles }
    all.push(process)
    live.add(one)
    const exit = await process.exited
    share()
    live.delete(one)
    if (exit.timedOut) simulation().end({ kind: 'crash', reason: 'hung' })
    machine.reply(job.id, adapter.reply?.(exit.stdout) ?? lastWords(exit.stdout))
  }

  const isBusy = (): boolean =>
    starting > 0 ||
    [...live].some(
      ({ process, isUp }) =>
        process.pendingRequests() === 0 && (!isUp() || process.lastActivityMs() < SILENT_MS),
    )

  return {
    kernel: {
      users: adapter.users,
      async boot(machine) {
        for await (const job of machine.jobs) await serve(machine, job)
      },
    },
    async settle() {
      do await pause(1)
      while (isBusy())
      share()
    },
    isLive: () => starting > 0 || live.size > 0,
    dispose: async () => void (await Promise.all(all.map((process) => process.dispose()))),
  }
}
