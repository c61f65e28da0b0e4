// Who depends on whom, as Adya draws it (DSG): `ww` wrote the next version, `wr` read what the other wrote, `rw`
// (an anti-dependency) read what the other then replaced. Predicate reads depend on changes of what fits them.
import {
  type History,
  isWithin,
  type Look,
  nextOf,
  type Reading,
  type Transaction,
  type Version,
} from './history.ts'

/** `from` must come before `to` in any order of one after the other that explains the run. */
export interface Edge {
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

export interface Graph {
  readonly edges: readonly Edge[]
  readonly out: ReadonlyMap<Transaction, readonly Edge[]>
}

export function graphOf(history: History): Graph {
  const edges = [...reads(history), ...looks(history), ...writes(history)].filter(
    ({ from, to }) => from.fate === 'committed' && to.fate === 'committed' && !isWithin(from, to),
  )
  const out = new Map<Transaction, Edge[]>()
  for (const edge of edges) {
    const known = out.get(edge.from)
    if (known === undefined) out.set(edge.from, [edge])
    else known.push(edge)
  }
  return { edges, out }
}

function* writes({ order }: History): Iterable<Edge> {
  for (const versions of order.values()) {
    for (const [i, written] of versions.entries()) {
      const over = versions[i - 1]
      if (over?.by === undefined || written.by === undefined) continue
      yield { kind: 'ww', from: over.by, to: written.by, written, over }
    }
  }
}

function* reads(history: History): Iterable<Edge> {
  for (const reading of history.readings) {
    const { by, of } = reading
    if (of.by !== undefined) yield { kind: 'wr', from: of.by, to: by, written: of, reading }
    // What was never installed has no successor.
    const written = of.isFinal ? nextOf(history, of) : undefined
    if (written?.by !== undefined) yield { kind: 'rw', from: by, to: written.by, written, reading }
  }
}

function* looks(history: History): Iterable<Edge> {
  for (const look of history.looks) {
    const { by, saw, missed } = look
    for (const written of saw)
      if (written.by !== undefined) yield { kind: 'wr', from: written.by, to: by, written, look }
    for (const written of missed)
      if (written.by !== undefined) yield { kind: 'rw', from: by, to: written.by, written, look }
  }
}

/** The shortest way along edges that may be taken, breadth first; undefined where there is none. */
export function shortest(
  { out }: Graph,
  from: Transaction,
  to: Transaction,
  mayTake: (edge: Edge) => boolean,
): readonly Edge[] | undefined {
  const cameBy = new Map<Transaction, Edge | undefined>([[from, undefined]])
  const queue = [from]
  for (const at of queue) {
    for (const edge of out.get(at) ?? []) {
      if (cameBy.has(edge.to) || !mayTake(edge)) continue
      cameBy.set(edge.to, edge)
      if (edge.to === to) return wayTo(to, cameBy)
      queue.push(edge.to)
    }
  }
  return undefined
}

function wayTo(
  to: Transaction,
  cameBy: ReadonlyMap<Transaction, Edge | undefined>,
): readonly Edge[] {
  const way: Edge[] = []
  for (let edge = cameBy.get(to); edge !== undefined; edge = cameBy.get(edge.from)) way.push(edge)
  return way.reverse()
}
