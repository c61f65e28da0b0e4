// Who depends on whom, as Adya draws it (DSG): `ww` wrote the next version, `wr` read what the other wrote, `rw`
// (an anti-dependency) read what the other then replaced. Predicate reads depend on changes of what fits them.
// `rt` is Jepsen's: it had ended when the other began.
import {
  type History,
  type Look,
  nextOf,
  type Reading,
  type Transaction,
  type Version,
} from './history.ts'

/** `from` must come before `to` in any order of one after the other that explains the run. */
export interface Dependency {
  readonly kind: 'ww' | 'wr' | 'rw'
  readonly from: Transaction
  readonly to: Transaction
  /** What was written: by `from` in `wr`, else by `to`. */
  readonly written: Version
  /** What `to` wrote over, in `ww`. */
  readonly over?: Version | undefined
  readonly reading?: Reading
  readonly look?: Look
}

export interface InTime {
  readonly kind: 'rt'
  readonly from: Transaction
  readonly to: Transaction
}

export type Edge = Dependency | InTime

export interface Graph {
  readonly edges: readonly Dependency[]
  readonly out: ReadonlyMap<Transaction, readonly Dependency[]>
  /** All that depend on others, or others on them, in the order in which they began. */
  readonly inTime: readonly Transaction[]
}

export function graphOf(history: History): Graph {
  const edges = [...reads(history), ...looks(history), ...writes(history)].filter(
    ({ from, to }) => from !== to && from.fate === 'committed' && to.fate === 'committed',
  )
  const out = new Map<Transaction, Dependency[]>()
  for (const edge of edges) {
    const known = out.get(edge.from)
    if (known === undefined) out.set(edge.from, [edge])
    else known.push(edge)
  }
  const nodes = new Set(edges.flatMap(({ from, to }) => [from, to]))
  return { edges, out, inTime: [...nodes].sort((a, b) => a.begins - b.begins) }
}

function* writes({ order }: History): Iterable<Dependency> {
  for (const versions of order.values()) {
    for (const [i, written] of versions.entries()) {
      const over = versions[i - 1]
      if (over?.by === undefined || written.by === undefined) continue
      yield { kind: 'ww', from: over.by, to: written.by, written, over }
    }
  }
}

function* reads(history: History): Iterable<Dependency> {
  for (const reading of history.readings) {
    const { by, of } = reading
    if (of.by !== undefined) yield { kind: 'wr', from: of.by, to: by, written: of, reading }
    // What was never installed has no successor.
    const written = of.isFinal ? nextOf(history, of) : undefined
    if (written?.by !== undefined) yield { kind: 'rw', from: by, to: written.by, written, reading }
  }
}

function* looks(history: History): Iterable<Dependency> {
  for (const look of history.looks) {
    const { by, saw, missed } = look
    for (const written of saw)
      if (written.by !== undefined) yield { kind: 'wr', from: written.by, to: by, written, look }
    for (const written of missed)
      if (written.by !== undefined) yield { kind: 'rw', from: by, to: written.by, written, look }
  }
}

/** One of a way, with those before it. */
interface Step {
  readonly edge: Edge
  readonly before?: Step
}

const wayTo = (last: Step): Edge[] => {
  const way: Edge[] = []
  for (let at: Step | undefined = last; at !== undefined; at = at.before) way.push(at.edge)
  return way.reverse()
}

export interface Way {
  readonly along: (edge: Dependency) => boolean
  /** No two anti-dependencies follow each other, nor does the first one follow the last. */
  readonly isNonadjacent?: boolean
}

/** The shortest cycle that begins with this edge and goes on as it may, breadth first; undefined where there is
 * none. Who came by an anti-dependency stands elsewhere than who came otherwise: it has fewer ways to go on. */
export function cycleFrom(
  { out }: Graph,
  first: Dependency,
  { along, isNonadjacent = false }: Way,
): readonly Edge[] | undefined {
  const isBarred = (edge: Edge, next: Edge): boolean =>
    isNonadjacent && edge.kind === 'rw' && next.kind === 'rw'
  const seen = new Set<Transaction>()
  const seenByRw = isNonadjacent ? new Set<Transaction>() : seen
  const queue: Step[] = [{ edge: first }]
  for (const step of queue) {
    for (const edge of out.get(step.edge.to) ?? []) {
      const known = edge.kind === 'rw' ? seenByRw : seen
      if (known.has(edge.to) || !along(edge) || isBarred(step.edge, edge)) continue
      if (edge.to !== first.from) queue.push({ edge, before: step })
      else if (!isBarred(edge, first)) return onceRound(wayTo({ edge, before: step }))
      known.add(edge.to)
    }
  }
  return undefined
}

/** What passes the same one twice falls into cycles that are shorter, and found by themselves. */
const onceRound = (cycle: Edge[]): Edge[] | undefined =>
  new Set(cycle.map(({ from }) => from)).size === cycle.length ? cycle : undefined

/** The shortest cycle that begins with this edge and holds only if time is kept to: somewhere one had ended
 * before the next began. Of those who begin after another each is gone to once: they are a tail of `inTime`. */
export function cycleInTime(
  { out, inTime }: Graph,
  first: Dependency,
  along: (edge: Dependency) => boolean,
): readonly Edge[] | undefined {
  const before = new Set<Transaction>()
  const after = new Set<Transaction>()
  let tail = inTime.length
  const queue: (Step & { readonly isLate: boolean })[] = [{ edge: first, isLate: false }]
  for (const step of queue) {
    const from = step.edge.to
    const next: Edge[] = (out.get(from) ?? []).filter(along)
    for (
      let to = inTime[tail - 1];
      to !== undefined && to.begins > from.ends;
      to = inTime[tail - 1]
    ) {
      next.push({ kind: 'rt', from, to })
      tail--
    }
    for (const edge of next) {
      const isLate = step.isLate || edge.kind === 'rt'
      const known = isLate ? after : before
      if (known.has(edge.to)) continue
      known.add(edge.to)
      if (edge.to !== first.from) queue.push({ edge, before: step, isLate })
      else if (isLate) return onceRound(wayTo({ edge, before: step }))
    }
  }
  return undefined
}
