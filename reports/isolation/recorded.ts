// A trace as a history. Branches of branches are part of the outermost one, and lost with what was aborted;
// the world's own moves and what a kernel writes by itself are transactions of one write each; a job that its
// user took back is aborted, unless somebody puts back what stood there before. What never ended has effects
// that stand, so it counts as committed.
import { jobOf, type TraceEvent, WORLD } from '../../sim/index.ts'
import { byText } from '../units.ts'
import { type History, isWithin, type Reading, type Transaction, type Version } from './history.ts'
import { lookOf } from './looks.ts'
import { type Noted, Windows } from './window.ts'

type Draft<T> = { -readonly [K in keyof T]: T[K] }
type Effect = Extract<TraceEvent, { kind: 'effect' }>
type BranchEvent = Extract<TraceEvent, { kind: 'branch' }>
type ReadEvent = Extract<TraceEvent, { kind: 'read' }>

interface Act {
  readonly at: number
  readonly session: string
  readonly branch?: number | undefined
}

interface Branched {
  readonly id: number
  readonly from: number | undefined
  readonly isOpen: boolean
  readonly begun: number
  /** By path: what it wrote last. */
  readonly own: Map<string, Draft<Version>>
}

const NEVER = Number.POSITIVE_INFINITY
/** Places of what stood there at the start, and of what never did. */
const START = -1
const NOTHING = -2

export function recorded(
  trace: readonly TraceEvent[],
  files: Readonly<Record<string, string>>,
): History {
  const recorder = new Recorder(files)
  for (const [i, event] of trace.entries()) recorder.add(event, i)
  return recorder.history()
}

class Recorder {
  readonly #start: ReadonlyMap<string, Draft<Version>>
  readonly #windows = new Windows()
  readonly #transactions = new Map<string, Draft<Transaction>>()
  readonly #jobs = new Map<string, { openMs: number; closeMs: number; isTakenBack: boolean }>()
  readonly #sessions = new Map<string, { readonly begun: number; readonly parent?: string }>()
  readonly #kernels = new Set<string>()
  readonly #branches = new Map<number, Branched>()
  readonly #onBranch = new Set<Transaction>()
  readonly #versions = new Map<string, Version>()
  /** By path, every version that all could see, in that order. */
  readonly #stood = new Map<string, Draft<Version>[]>()
  readonly #shared = new Map<string, Version>()
  readonly #inherited: Reading[] = []
  /** What a kernel has just read of the shared files: for whoever writes next, at that instant. */
  #kernelsOwn: { readonly atMs: number; readonly of: Version }[] = []
  #isPartial = false

  constructor(files: Readonly<Record<string, string>>) {
    const entries = Object.entries(files)
    const start = entries.map(([path, text], i) => [path, plain(path, i + 1, text, START)] as const)
    this.#start = new Map(start)
    for (const [path, version] of start) {
      this.#shared.set(path, version)
      this.#versions.set(`${version.version} ${path}`, version)
    }
  }

  add(event: TraceEvent, place: number): void {
    if (event.kind === 'boot') this.#kernels.add(event.user)
    else if (event.kind === 'job')
      this.#jobs.set(event.job, { openMs: event.at, closeMs: NEVER, isTakenBack: false })
    else if (event.kind === 'reply' || event.kind === 'withdraw') this.#close(event, place)
    else if (event.kind === 'session') {
      const { session, parent, isApart = false } = event
      this.#sessions.set(session, { begun: place, ...(parent !== undefined && { parent }) })
      this.#isPartial ||= isApart
    } else if (event.kind === 'request') this.#windows.request(event)
    else if (event.kind === 'generation') this.#windows.said(event.session, event.calls)
    else if (event.kind === 'branch') this.#branch(event, place)
    else if (event.kind === 'read') this.#read(event, place)
    else if (event.kind === 'scan' && !this.#kernels.has(event.session)) {
      const { session, at: atMs, under, query } = event
      const [by, asOf] = [this.#actor(event, place), this.#asOf(event.branch, place)]
      this.#windows.scan(session, { by, atMs, asOf, under, query, shown: '' })
    } else if (event.kind === 'effect' && event.op.startsWith('files.')) this.#write(event, place)
  }

  #close(event: Extract<TraceEvent, { kind: 'reply' | 'withdraw' }>, place: number): void {
    const job = this.#jobs.get(event.job)
    if (job === undefined || job.closeMs !== NEVER) return
    job.closeMs = event.at
    job.isTakenBack = event.kind === 'withdraw'
    for (const transaction of this.#transactions.values()) {
      if (transaction.job !== event.job || this.#onBranch.has(transaction)) continue
      transaction.ends = Math.min(transaction.ends, place)
      if (job.isTakenBack) transaction.fate = 'aborted'
    }
  }

  #outermost(branch: number | undefined): Branched | undefined {
    let found = branch === undefined ? undefined : this.#branches.get(branch)
    for (let from = found?.from; from !== undefined; from = found?.from)
      found = this.#branches.get(from) ?? { ...(found as Branched), from: undefined }
    return found
  }

  /** From where on it saw nothing new of the shared files. */
  #asOf(branch: number | undefined, place: number): number {
    const outer = this.#outermost(branch)
    return outer === undefined || outer.isOpen ? place : outer.begun
  }

  /** Whoever acts, as a transaction. */
  #actor({ session, branch, at }: Act, place: number): Draft<Transaction> {
    const outer = this.#outermost(branch)
    const job = jobOf(session)
    let known = this.#sessions.get(session)
    const begun = known?.begun ?? place
    if (outer !== undefined) {
      const of = { job, isWhole: false, fate: 'aborted' } as const
      return this.#transaction(`${session} on branch ${outer.id}`, `branch ${outer.id}`, of, begun)
    }
    if (session === WORLD || this.#kernels.has(session)) {
      const own = { job: session, isWhole: false, fate: 'committed' } as const
      const id = session === WORLD ? 'the world' : session
      const made = this.#transaction(id, `${session}@${place}`, own, place)
      made.ends = place
      made.openMs = at
      made.closeMs = at
      return made
    }
    let root = session
    let delegate: string | undefined
    for (; known?.parent !== undefined && known.parent !== root; known = this.#sessions.get(root)) {
      delegate = root
      root = known.parent
    }
    const isTakenBack = this.#jobs.get(job)?.isTakenBack === true
    const of = {
      job,
      isWhole: delegate === undefined,
      fate: isTakenBack ? 'aborted' : 'committed',
    } as const
    return this.#transaction(delegate ?? job, delegate ?? `job ${job}`, of, begun)
  }

  #transaction(
    id: string,
    key: string,
    of: Pick<Transaction, 'job' | 'isWhole' | 'fate'>,
    begins: number,
  ): Draft<Transaction> {
    const found = this.#transactions.get(key)
    if (found !== undefined) return found
    const { openMs = -NEVER, closeMs = NEVER } = this.#jobs.get(of.job) ?? {}
    const made = { id, ...of, openMs, closeMs, begins, ends: NEVER }
    this.#transactions.set(key, made)
    if (key.startsWith('branch ')) this.#onBranch.add(made)
    return made
  }

  #branch({ session, at, move, branch, from, isOpen = false }: BranchEvent, place: number): void {
    if (branch === undefined) return
    if (move === 'begin') {
      const own = new Map<string, Draft<Version>>()
      this.#branches.set(branch, { id: branch, from, isOpen, begun: place, own })
      return
    }
    const ended = this.#branches.get(branch)
    this.#branches.delete(branch)
    if (ended === undefined || move !== 'commit') return
    const parent = ended.from === undefined ? undefined : this.#branches.get(ended.from)
    for (const [path, version] of ended.own) {
      if (parent !== undefined) parent.own.set(path, version)
      else if (ended.from === undefined) this.#show(version, place, at)
    }
    if (ended.from !== undefined) return
    this.#branches.set(branch, ended)
    const transaction = this.#actor({ session, branch, at }, place)
    this.#branches.delete(branch)
    transaction.fate = 'committed'
    transaction.ends = place
    for (const version of ended.own.values()) this.#attach(version, at)
    this.#kernelsOwn = []
  }

  /** What a kernel read at this instant, it read for this writer. */
  #attach(version: Draft<Version>, atMs: number): void {
    const own = this.#kernelsOwn.filter((one) => one.atMs === atMs && one.of.path === version.path)
    version.basis = [...version.basis, ...own.map(({ of }) => of)]
    for (const { of } of own)
      if (version.by !== undefined) this.#inherited.push({ by: version.by, of, atMs })
  }

  #read(event: ReadEvent, place: number): void {
    const { session, at: atMs, path, version, branch } = event
    const of = this.#seen(path, version, branch, place)
    if (!this.#kernels.has(session)) {
      this.#windows.read(session, { by: this.#actor(event, place), of, atMs })
    } else if (branch === undefined) this.#kernelsOwn.push({ atMs, of })
  }

  /** The version that a trace names, also where it says that there is none. */
  #seen(path: string, number: number, branch: number | undefined, place: number): Version {
    if (number === 0) {
      const own = this.#outermost(branch)?.own.get(path)
      const asOf = this.#asOf(branch, place)
      const stood = own ?? this.#stood.get(path)?.findLast((one) => one.place <= asOf)
      if (stood !== undefined && stood.text === undefined) return stood
    }
    const key = `${number} ${path}`
    const found = this.#versions.get(key)
    if (found !== undefined) return found
    const made = plain(path, number, undefined, number === 0 ? NOTHING : START)
    this.#versions.set(key, made)
    return made
  }

  #write(event: Effect, place: number): void {
    const { session, at, key: path, op, version: number, previous, branch } = event
    const text = op === 'files.remove' ? undefined : event.value
    const key = `${number} ${path}`
    const restored = branch === undefined && this.#restored(event, text)
    if (restored) {
      this.#versions.set(key, restored)
      this.#shared.set(path, restored)
      return
    }
    const by = this.#actor(event, place)
    const noted = this.#kernels.has(session) ? [] : this.#windows.basis(session, path, text)
    for (const { of, by: reader } of noted)
      if (reader !== by) this.#inherited.push({ by, of, atMs: at })
    const basis = noted.map(({ of }) => of).filter((of) => of.by !== by)
    const version: Draft<Version> = {
      ...{ ...plain(path, number, text, NEVER), by, atMs: at, shownMs: NEVER },
      ...{ over: this.#seen(path, previous, branch, place), basis, isFinal: false },
    }
    this.#versions.set(key, version)
    this.#attach(version, at)
    if (branch === undefined) this.#show(version, place, at)
    else this.#branches.get(branch)?.own.set(path, version)
  }

  /** What was put back, by a kernel or by whoever acts for a job that was taken back. */
  #restored({ session, key: path }: Effect, text: string | undefined): Version | undefined {
    const isUndoing =
      this.#kernels.has(session) || this.#jobs.get(jobOf(session))?.isTakenBack === true
    if (!isUndoing) return undefined
    const before = [...(this.#stood.get(path) ?? [])].reverse()
    const start = this.#start.get(path) ?? plain(path, 0, undefined, NOTHING)
    return [...before, start].find((one) => one.by?.job !== jobOf(session) && one.text === text)
  }

  /** From here on all can see it. */
  #show(version: Draft<Version>, place: number, atMs: number): void {
    const { path } = version
    version.over = this.#shared.get(path) ?? version.over
    version.place = place
    version.shownMs = atMs
    this.#shared.set(path, version)
    const stood = this.#stood.get(path)
    if (stood === undefined) this.#stood.set(path, [version])
    else stood.push(version)
  }

  history(): History {
    for (const transaction of this.#transactions.values())
      transaction.closeMs = this.#jobs.get(transaction.job)?.closeMs ?? transaction.closeMs
    const order = new Map<string, readonly Version[]>()
    for (const [path, stood] of [...this.#stood].sort(([a], [b]) => byText(a, b))) {
      const last = new Map(stood.map((version) => [version.by, version]))
      for (const version of last.values()) version.isFinal = true
      order.set(
        path,
        stood.filter(({ by, isFinal }) => isFinal && by?.fate === 'committed'),
      )
    }
    const shared = { order, start: this.#start }
    return {
      transactions: [...this.#transactions.values()],
      order,
      readings: this.#readings(),
      looks: [...this.#windows.scanned].flatMap((scanned) => lookOf(scanned, shared) ?? []),
      writes: [...this.#stood.values()].flat(),
      isPartial: this.#isPartial,
    }
  }

  /** Each once, of what others wrote. */
  #readings(): Reading[] {
    const seen = new Map<Transaction, Set<Version>>()
    const readings: Reading[] = []
    const shown: readonly (Noted | Reading)[] = [...this.#windows.shown, ...this.#inherited]
    for (const { by, of, atMs } of shown) {
      const known = seen.get(by) ?? new Set()
      if (known.has(of) || (of.by !== undefined && isWithin(by, of.by))) continue
      seen.set(by, known.add(of))
      readings.push({ by, of, atMs })
    }
    return readings
  }
}

const plain = (
  path: string,
  version: number,
  text: string | undefined,
  place: number,
): Draft<Version> => ({
  ...{ path, version, text, place, by: undefined, atMs: 0, shownMs: 0 },
  ...{ over: undefined, basis: [], isFinal: true },
})
