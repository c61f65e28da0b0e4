// A trace as a history. Branches of branches are part of the outermost one, and lost with what was aborted;
// the world's own moves and what a kernel writes by itself are transactions of one write each; a job that its
// user took back is aborted, unless somebody puts back what stood there before. What never ended has effects
// that stand, so it counts as committed.
import { jobOf, type TraceEvent, WORLD } from '../../sim/index.ts'
import { type Draft, type Facts, historyOf } from './contracted.ts'
import type { History, Reading, Version } from './history.ts'
import { innermost, outermost, type Part } from './parts.ts'
import { Windows } from './window.ts'

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

/** What is put back. */
interface Undone {
  readonly to: Version
  /** Nothing but the work of whoever is undone goes with it. */
  readonly isOwn: boolean
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
  readonly #parts = new Map<string, Draft<Part>>()
  readonly #jobs = new Map<string, { openMs: number; closeMs: number; isTakenBack: boolean }>()
  readonly #sessions = new Map<string, { readonly begun: number; readonly parent?: string }>()
  readonly #kernels = new Set<string>()
  readonly #branches = new Map<number, Branched>()
  readonly #versions = new Map<string, Version>()
  /** By path, every version that all could see, in that order. */
  readonly #stood = new Map<string, Draft<Version>[]>()
  readonly #shared = new Map<string, Version>()
  readonly #inherited: Reading[] = []
  /** What a kernel has just read of the shared files: for the first that merges, at that instant. */
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
    else if (event.kind === 'job') {
      const arrived = { openMs: event.at, closeMs: NEVER, isTakenBack: false }
      if (!this.#jobs.has(event.job)) this.#jobs.set(event.job, arrived)
    } else if (event.kind === 'reply' || event.kind === 'withdraw') this.#close(event, place)
    else if (event.kind === 'session') {
      const { session, parent, isApart = false } = event
      this.#sessions.set(session, { begun: place, ...(parent !== undefined && { parent }) })
      this.#isPartial ||= isApart
    } else if (event.kind === 'request') this.#windows.request(event)
    else if (event.kind === 'generation') this.#windows.said(event.session, event.calls)
    else if (event.kind === 'branch') this.#branch(event, place)
    else if (event.kind === 'read') this.#read(event, place)
    else if (event.kind === 'scan') {
      const { session, at: atMs, under, isFlat, ending, query } = event
      const [by, asOf] = [this.#actor(event, place), this.#asOf(event.branch, place)]
      const of = { by, atMs, asOf, under, isFlat, ending, query }
      this.#windows.scan(session, { ...of, shown: '' })
    } else if (event.kind === 'effect' && event.op.startsWith('files.')) this.#write(event, place)
  }

  #close(event: Extract<TraceEvent, { kind: 'reply' | 'withdraw' }>, place: number): void {
    const job = this.#jobs.get(event.job)
    if (job === undefined || job.closeMs !== NEVER) return
    job.closeMs = event.at
    job.isTakenBack = event.kind === 'withdraw'
    for (const part of this.#parts.values()) {
      if (part.job !== event.job || part.isOnBranch) continue
      part.ends = place
      if (job.isTakenBack) part.fate = 'aborted'
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

  /** The topmost session, and that below it which acts for it or has others do so. */
  #lineOf(session: string): { readonly root: string; readonly delegate: string | undefined } {
    let root = session
    let delegate: string | undefined
    let known = this.#sessions.get(session)
    for (; known?.parent !== undefined && known.parent !== root; known = this.#sessions.get(root)) {
      delegate = root
      root = known.parent
    }
    return { root, delegate }
  }

  /** Whoever acts, as a transaction or a part of one. */
  #actor({ session, branch, at }: Act, place: number): Draft<Part> {
    const outer = this.#outermost(branch)
    const job = jobOf(session)
    const begun = this.#sessions.get(session)?.begun ?? place
    if (session === WORLD || (outer === undefined && this.#kernels.has(session))) {
      const own = { job: session, isWhole: false, isOnBranch: false, fate: 'committed' } as const
      const id = session === WORLD ? 'the world' : session
      return this.#once(this.#part(id, `${session}@${place}`, own, place), at, place)
    }
    const { root, delegate } = this.#lineOf(session)
    const { isTakenBack = false, closeMs = NEVER } = this.#jobs.get(job) ?? {}
    const fate = isTakenBack ? 'aborted' : 'committed'
    const of = { job, isOnBranch: false, fate } as const
    const since = this.#sessions.get(root)?.begun ?? begun
    const whole = (): Draft<Part> => this.#part(job, `job ${job}`, { ...of, isWhole: true }, since)
    if (outer !== undefined) {
      // Who has all done by sub-agents on branches has it done all the same.
      if (delegate !== undefined) whole()
      const own = { job, delegate, isWhole: false, isOnBranch: true, fate: 'aborted' } as const
      const id = `${session} on branch ${outer.id}`
      return this.#part(id, `branch ${outer.id}`, own, Math.min(begun, outer.begun))
    }
    const all = whole()
    const part =
      delegate === undefined
        ? all
        : this.#part(delegate, `job ${job} ${delegate}`, { ...of, delegate, isWhole: false }, begun)
    // What a job does when it is over goes on with it.
    if (closeMs !== NEVER) part.ends = place
    return part
  }

  /** It is one act, and no more. */
  #once(part: Draft<Part>, atMs: number, place: number): Draft<Part> {
    return Object.assign(part, { ends: place, openMs: atMs, closeMs: atMs })
  }

  #part(
    id: string,
    key: string,
    of: Pick<Part, 'job' | 'delegate' | 'isWhole' | 'isOnBranch' | 'fate'>,
    begins: number,
  ): Draft<Part> {
    const found = this.#parts.get(key)
    if (found !== undefined) return found
    const { openMs = -NEVER, closeMs = NEVER } = this.#jobs.get(of.job) ?? {}
    const made = { id, ...of, openMs, closeMs, begins, ends: NEVER }
    this.#parts.set(key, made)
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
    const part = this.#actor({ session, branch, at }, place)
    this.#branches.delete(branch)
    part.fate = 'committed'
    part.ends = place
    for (const version of ended.own.values())
      version.basis = [...version.basis, ...this.#readByKernel(version.path, part, at)]
    this.#kernelsOwn = []
  }

  /** What a kernel read of a file at this instant, it read for this writer. */
  #readByKernel(path: string, by: Part, atMs: number): Version[] {
    const own = this.#kernelsOwn.filter((one) => one.atMs === atMs && one.of.path === path)
    for (const { of } of own) this.#inherited.push({ by, of, atMs })
    return own.map(({ of }) => of)
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
    const { at, key: path, op, version: number, previous, branch } = event
    const text = op === 'files.remove' ? undefined : event.value
    const key = `${number} ${path}`
    const undone = branch === undefined ? this.#undone(event, text) : undefined
    if (undone?.isOwn === true) {
      this.#versions.set(key, undone.to)
      this.#shared.set(path, undone.to)
      return
    }
    const by = undone === undefined ? this.#actor(event, place) : this.#undoing(event, place)
    const basis = undone === undefined ? this.#goneBy(event, text, by) : [undone.to]
    const version: Draft<Version> = {
      ...{ ...plain(path, number, text, NEVER), by, atMs: at, shownMs: NEVER },
      ...{ over: this.#seen(path, previous, branch, place), basis, isFinal: false },
    }
    this.#versions.set(key, version)
    if (branch === undefined) this.#show(version, place, at)
    else this.#branches.get(branch)?.own.set(path, version)
  }

  /** What of the file the writer went by; and all else in its window it went by, too. */
  #goneBy(
    { session, at, key: path, branch }: Effect,
    text: string | undefined,
    by: Part,
  ): Version[] {
    if (this.#kernels.has(session)) return []
    const { basis, context, isSaid } = this.#windows.goneBy(session, path, text)
    for (const { of, by: reader } of [...context, ...basis])
      if (reader !== by) this.#inherited.push({ by, of, atMs: at })
    const seen = basis.map(({ of }) => of).filter((of) => of.by !== by)
    // A tool that merges as it writes has its kernel look; what the model says, it says of its own window.
    return branch === undefined && !isSaid ? [...seen, ...this.#readByKernel(path, by, at)] : seen
  }

  /** What a kernel, or whoever acts for a job that was taken back, puts back: what stood there before what stands
   * there now. It is its own undoing only where nobody else's work goes with it. */
  #undone({ session, key: path }: Effect, text: string | undefined): Undone | undefined {
    const job = jobOf(session)
    const isKernel = this.#kernels.has(session)
    if (!isKernel && this.#jobs.get(job)?.isTakenBack !== true) return undefined
    const stands = this.#shared.get(path)
    const undoes = isKernel ? stands?.by?.job : job
    const before = [...(this.#stood.get(path) ?? [])].reverse()
    const start = this.#start.get(path) ?? plain(path, 0, undefined, NOTHING)
    const others = [...before, start].filter((one) => one.by?.job !== undoes)
    const to = others.find((one) => one.text === text)
    if (to === undefined || undoes === undefined) return undefined
    return { to, isOwn: stands?.by?.job === undoes && to === others[0] }
  }

  /** An undoing that takes others' work with it stands by itself: the job came to nothing, and this did not. */
  #undoing(event: Effect, place: number): Draft<Part> {
    if (this.#kernels.has(event.session)) return this.#actor(event, place)
    const job = jobOf(event.session)
    const own = { job, isWhole: false, isOnBranch: true, fate: 'committed' } as const
    const part = this.#part(`${job}, undoing`, `${job} undoing ${place}`, own, place)
    return this.#once(part, event.at, place)
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
    const parts = [...this.#parts.values()]
    for (const part of parts) part.closeMs = this.#jobs.get(part.job)?.closeMs ?? part.closeMs
    const facts: Facts = {
      stood: this.#stood,
      start: this.#start,
      readings: [...this.#windows.shown, ...this.#inherited],
      scanned: this.#windows.scanned,
      isPartial: this.#isPartial,
    }
    const whole = outermost(parts)
    const inner = innermost(parts).map((of) => historyOf(facts, (by) => of.get(by)))
    return { ...historyOf(facts, (by) => whole.get(by) ?? by), inner }
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
