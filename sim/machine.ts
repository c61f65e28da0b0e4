// The machine of one run: virtual time, the model, the world and the jobs, under a kernel that may crash
// and be booted again on the same disk. What counts (sessions, operations, occurrences) belongs to the run.
import { Boot, type BootableKernel, machineOf } from './boot.ts'
import { assert } from './core/assert.ts'
import { type Chance, competence } from './core/chance.ts'
import { type Event, isRival, Queue } from './core/clock.ts'
import { harder } from './core/difficulty.ts'
import { frozen, isSameOffer, type Message, type Request, type Tool } from './core/message.ts'
import type { Tokens } from './core/tokens.ts'
import { type Trace, WORLD } from './core/trace.ts'
import { Cores } from './cores.ts'
import { Cpu, type Profile, type Reading } from './cpu/index.ts'
import { Platter } from './disk.ts'
import { blame, type Ending } from './ending.ts'
import type { Fault, Verdict } from './faults/index.ts'
import type { Limits } from './index.ts'
import { NO_POLICY, type Policy } from './instance.ts'
import type { GivenJob } from './job.ts'
import { limitsOf, native } from './limits.ts'
import type { SimulationOptions } from './options.ts'
import { type Oracle, oracleOf } from './oracle.ts'
import { Roster } from './roster.ts'
import { Troubles } from './troubles.ts'
import type { AuditedWrite } from './world/files.ts'
import { World } from './world/index.ts'
import type { Shell } from './world/shell.ts'

/** An event of the machine: whether a crash leaves it, and what becomes of the world if it lands. */
interface Timed extends Event {
  readonly lasts: boolean
  readonly lands: (() => unknown) | undefined
}

export class Simulation {
  readonly queue = new Queue<Timed>()
  readonly trace: Trace
  readonly cpu: Cpu
  readonly world: World
  readonly chance: Chance
  readonly profile: Profile
  /** Chance as the model's lapses meet it: shifted by how hard the instance is. */
  readonly #lapses: Chance
  readonly #troubles: Troubles
  readonly tokens: Tokens
  readonly shell: Shell
  readonly limits: Limits
  readonly policy: Policy
  readonly cores: Cores
  readonly disk = new Platter()
  #boots: Boot[] = []
  readonly #roster: Roster
  #counts = new Map<string, number>()
  #offered = new Map<string, readonly Tool[]>()
  #reacted = new Set<string>()
  #notKnown = new Set<string>()
  #boot = 0
  #fired = 0
  #inFlight = 0
  #ending: Ending | undefined
  #oracle: Oracle | undefined
  readonly #options: SimulationOptions

  constructor(options: SimulationOptions) {
    const { house, instance, profile } = options
    const { behaviours, offers, faults, tokens } = house
    this.#options = options
    this.trace = options.trace
    this.chance = options.chance
    this.profile = profile
    this.#lapses = harder(options.chance, profile.instance.spread * instance.difficulty)
    this.#troubles = new Troubles(faults, profile.faults, options.chance)
    this.tokens = tokens
    this.shell = house.shell
    this.world = new World(instance.world)
    this.limits = limitsOf(instance, profile)
    this.policy = instance.policy ?? NO_POLICY
    this.cores = new Cores(this.limits.cores)
    const programs = new Map(instance.programs.map((program) => [program.name, program]))
    this.cpu = new Cpu({
      programs,
      profile: native(profile, this.limits),
      behaviours,
      offers,
      tokens,
      windowTokens: instance.windowTokens,
      planned: this.#counts,
    })
    this.#roster = new Roster(instance.users)
    for (const { id, arrivesMs, withdrawnMs } of instance.users.flatMap(({ jobs }) => jobs)) {
      this.#push(`${id}/arrive#1`, arrivesMs, () => this.#arrive(id), { lasts: true })
      if (withdrawnMs !== undefined)
        this.#push(`${id}/withdraw#1`, withdrawnMs, () => this.#withdraw(id), { lasts: true })
    }
  }

  get now(): number {
    return this.queue.now
  }

  get ending(): Ending | undefined {
    return this.#ending
  }

  /** The requests of all jobs. */
  get requests(): number {
    return this.#roster.requests().reduce((sum, n) => sum + n, 0)
  }

  /** Some job was answered only after lapses had stopped. */
  get isLate(): boolean {
    const { troubleTurns } = this.#options.instance
    return this.#roster.requests().some((requests) => requests > troubleTurns)
  }

  /** What the kernels of now hold, for whoever looks. */
  published(): Map<string, unknown> {
    return new Map(this.#boots.flatMap((boot) => [...boot.published]))
  }

  /** Boots the kernel for all users, or once for each. `kernel` makes a fresh one for every boot. */
  start(kernel: () => BootableKernel | Promise<BootableKernel>): void {
    this.#kernel = kernel
    this.loading = this.#load(kernel).then(
      () => {
        this.loading = undefined
      },
      (thrown: unknown) => {
        this.loading = undefined
        this.end(blame(thrown))
      },
    )
  }

  /** While a kernel is being made, time stands still. */
  loading: Promise<void> | undefined
  #kernel: (() => BootableKernel | Promise<BootableKernel>) | undefined

  async #load(kernel: () => BootableKernel | Promise<BootableKernel>): Promise<void> {
    if (this.working.size > 0) await Promise.all(this.working)
    const first = await kernel()
    const all = this.#options.instance.users.map(({ id }) => id)
    const groups = first.users === 'all' ? [all] : all.map((user) => [user])
    const made = [first]
    while (made.length < groups.length) made.push(await kernel())
    this.#boots = []
    for (const [i, users] of groups.entries()) {
      const scope = first.users === 'all' ? 'kernel' : (users[0] ?? '')
      this.#boots.push(this.#startOne(made[i] ?? first, users, scope))
    }
  }

  #startOne(kernel: BootableKernel, users: readonly string[], scope: string): Boot {
    const boot = new Boot(users, scope)
    this.#boot++
    this.trace.add({ kind: 'boot', at: this.now, boot: this.#boot, user: scope })
    for (const job of this.#roster.waiting(users)) boot.inbox.deliver(job)
    const machine = machineOf(this, boot)
    if (kernel.isControl === true) this.#oracle ??= oracleOf(this.#options)
    const run = async (): Promise<void> => {
      await kernel.boot(machine, this.#oracle)
      boot.returned = true
    }
    run().catch((thrown: unknown) => {
      if (!boot.revoked) this.end(blame(thrown))
    })
    return boot
  }

  /** Commands in a shell, which take none of the machine's time. */
  readonly working = new Set<Promise<unknown>>()

  readonly held = new Set<Promise<unknown>>()

  async hold<T>(promise: Promise<T>): Promise<T> {
    this.held.add(promise)
    try {
      return await promise
    } finally {
      this.held.delete(promise)
    }
  }

  /** A timer of code that knows nothing of us: `setTimeout` under the seal. */
  timer(ms: number, fire: () => void): Event {
    const key = `kernel/timer#${this.operation('kernel', 'timer')}`
    return this.#push(key, this.now + ms, fire, {})
  }

  cancel(event: Event): void {
    this.queue.drop((other) => other === event)
  }

  end(ending: Ending): void {
    this.#ending ??= ending
  }

  /** What is found only after the end, and weighs more than how it ended. */
  overrule(ending: Ending): void {
    this.#ending = ending
  }

  jobOf(id: string): GivenJob {
    return this.#roster.job(id)
  }

  isForbidden(user: string, question: string): boolean {
    return this.#roster.isForbidden(user, question)
  }

  /** `job`, `job~2`, ...: numbered over the whole run. */
  sessionId(job: string): string {
    const n = this.operation(job, 'session')
    return n === 1 ? job : `${job}~${n}`
  }

  /** Counts an operation of a session over the whole run, reboots included. */
  operation(scope: string, name: string): number {
    const key = `${scope}/${name}#`
    const n = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, n)
    return n
  }

  schedule(
    boot: Boot,
    key: string,
    afterMs: number,
    fire: () => void,
    lands?: () => unknown,
  ): void {
    if (boot.revoked) return
    this.#inFlight++
    const landed = (): void => {
      this.#inFlight--
      fire()
    }
    this.#push(key, this.now + Math.max(0, afterMs), landed, { lands })
  }

  /** Accounts for a request, and ends the run where a job has had too many. */
  requested(session: string, n: number, request: Request, reading: Reading): void {
    const { change, purpose, usage } = reading
    const added = change.added.map((i) => [i, frozen(request.messages[i] as Message)] as const)
    const { tools } = reading
    const known = this.#offered.get(session)
    const isKnown = known !== undefined && isSameOffer(known, tools)
    if (!isKnown) this.#offered.set(session, [...tools])
    this.trace.add({
      kind: 'request',
      at: this.now,
      session,
      n,
      purpose,
      tokens: usage.input,
      cached: usage.cached,
      dropped: change.dropped,
      added,
      tools: isKnown ? undefined : tools.map(({ name }) => name),
    })
    const most = 2 * this.#options.instance.troubleTurns
    if (this.#roster.request(session) > most)
      this.end({ kind: 'stuck', reason: `${most} requests` })
  }

  /** Lapses fire during the turns of trouble; then they stop, to tell a late harness from a stuck one. */
  lapsesFor(session: string): Chance {
    const requests = this.#roster.requestsOf(session)
    return requests > this.#options.instance.troubleTurns ? competence : this.#lapses
  }

  /** Something stands in a session's window that looks like a defence: told once. */
  notKnown(session: string, what: string): void {
    const key = `${session} ${what}`
    if (this.#notKnown.has(key)) return
    this.#notKnown.add(key)
    this.trace.add({ kind: 'unknown', at: this.now, session, what })
  }

  fault(on: Fault['on'], key: string): Verdict {
    return this.#troubles.verdict(on, key, this.now)
  }

  /** A write went through: it is told. */
  wrote(session: string, { path, text, ...versions }: AuditedWrite, branch?: number): void {
    const told = {
      op: text === undefined ? 'files.remove' : 'files.write',
      key: path,
      value: text ?? '',
    }
    this.trace.add({ kind: 'effect', at: this.now, session, ...told, ...versions, branch })
    if (branch === undefined) this.shown(path)
  }

  /** A write stands where all can see it: the world may answer the first one with a change of its own. */
  shown(path: string): void {
    if (this.#reacted.has(path)) return
    this.#reacted.add(path)
    for (const reaction of this.#options.instance.reactions) {
      if (reaction.onWriteOf !== path) continue
      const { path: key, text: value } = reaction
      const change = this.world.files.set(key, value)
      const told = { session: WORLD, op: 'files.write', key, value, ...change }
      this.trace.add({ kind: 'effect', at: this.now, ...told })
    }
  }

  /** Fires the next event. False where there is none. */
  step(): boolean {
    const { bounds } = this.#options
    const p = this.profile.pace.yield
    const event = this.queue.next(
      (event, peer) => isRival(event, peer) && this.chance.flip(`${event.key}/yield`, p),
    )
    if (event === undefined) return false
    if (++this.#fired > bounds.events)
      this.end({ kind: 'stuck', reason: `${bounds.events} events` })
    if (event.at > bounds.virtualMs)
      this.end({ kind: 'stuck', reason: `${bounds.virtualMs / 3_600_000} hours of virtual time` })
    if (this.#ending !== undefined) return true
    if (!event.lasts && this.fault('event', event.key).kind === 'crash') this.#crash(event)
    else event.fire()
    return true
  }

  /** Whether all that was asked is answered, or can no longer be. Sets the ending then. */
  settle(): boolean {
    if (this.#ending !== undefined) return true
    if (this.#roster.isDone) {
      if (this.#boots.every(({ returned }) => returned) || this.#inFlight === 0)
        this.end({ kind: 'done' })
    } else if (this.#boots.some((boot) => boot.returned && this.#roster.hasOpen(boot.users))) {
      this.end({ kind: 'stuck', reason: 'returned' })
    }
    return this.#ending !== undefined
  }

  #arrive(id: string): void {
    const job = this.#roster.arrive(id)
    this.trace.add({ kind: 'job', at: this.now, job: id, user: job.user, prompt: job.prompt })
    for (const boot of this.#boots) if (boot.users.includes(job.user)) boot.inbox.deliver(job)
  }

  /** Nobody waits for it any more: what is still done for it is done against the user's word. */
  #withdraw(id: string): void {
    this.trace.add({ kind: 'withdraw', at: this.now, job: id })
    this.#close(id, '')
    this.#roster.job(id).withdraw()
  }

  /** @throws {TypeError} for a job that was never given. */
  reply(id: string, text: string): void {
    this.#roster.job(id)
    this.trace.add({ kind: 'reply', at: this.now, job: id, text: String(text) })
    this.#close(id, String(text))
  }

  #close(id: string, text: string): void {
    this.#roster.answer(id, text)
    for (const boot of this.#boots) if (!this.#roster.hasOpen(boot.users)) boot.inbox.close()
  }

  #push(
    key: string,
    at: number,
    fire: () => void,
    { lasts = false, lands }: { lasts?: boolean; lands?: (() => unknown) | undefined },
  ): Event {
    const event = { at, key, fire, lasts, lands }
    this.queue.push(event)
    return event
  }

  /** Everything goes but the disk, the world and the run's counts; calls in flight landed, or did not. */
  #crash(at: Timed): void {
    const landed: string[] = []
    if (!/write#\d+$/.test(at.key) && this.chance.flip(`${at.key}/torn`, 0)) this.disk.tear()
    const inFlight = ({ key, lands, lasts }: Timed): boolean => {
      if (lands !== undefined && this.chance.flip(`${key}/landed`, 0.5)) {
        landed.push(key)
        lands()
      }
      return !lasts
    }
    inFlight(at)
    this.queue.drop(inFlight)
    this.trace.add({ kind: 'crash', at: this.now, key: at.key, landed })
    for (const boot of this.#boots) boot.revoke()
    this.#roster.renew()
    this.cores.reset()
    this.#inFlight = 0
    this.#boots = []
    assert(this.#kernel !== undefined, 'a crash needs a boot before it')
    this.start(this.#kernel)
  }
}
