// The phenomena, each with its shortest cycle. G0, G1a, G1b, G1c, G-single, G2-item and G2 are Adya's (with
// O'Neil and Liskov 2000; G-single from his thesis, 1999); lost update is P4 of Berenson et al., SIGMOD 1995;
// a stale read is one against real time, as Jepsen has it. A cycle is told once, by its most telling name.
import { type Edge, type Graph, graphOf, shortest } from './graph.ts'
import { type History, isWithin, type Transaction, type Version } from './history.ts'

/** The most telling first. */
export const KINDS = [
  'lost-update',
  'G2-item',
  'G2',
  'G-single',
  'G1a',
  'G1b',
  'G1c',
  'G0',
  'stale-read',
] as const

export type Kind = (typeof KINDS)[number]

export interface Anomaly {
  readonly kind: Kind
  /** Some of it went by which files there are, or which have a text in them: a phantom. */
  readonly isPredicate: boolean
  /** Each edge begins where the last one ends, and the last ends where the first begins; of G1a and G1b, and of
   * stale reads, the one edge that is wrong. */
  readonly cycle: readonly Edge[]
  /** Of a lost update: what was written over, unseen, and by what. */
  readonly lost?: { readonly version: Version; readonly by: Version }
  /** Of an intermediate read: the last word of whoever was read. */
  readonly last?: Version | undefined
}

/** By kind, in the order of `KINDS`, and then as they came about. */
export function anomaliesOf(history: History, graph: Graph = graphOf(history)): Anomaly[] {
  const found = [
    ...lostUpdates(history),
    ...dirtyReads(history),
    ...cycles(graph, (edge) => edge.kind === 'ww' && { kind: 'G0', along: isKind('ww') }),
    ...cycles(graph, (edge) => edge.kind === 'wr' && { kind: 'G1c', along: isKind('ww', 'wr') }),
    ...antiDependencies(graph),
    ...staleReads(graph),
  ]
  const losers = new Set(found.flatMap(({ lost }) => (lost === undefined ? [] : loserOf(lost.by))))
  const seen = new Set<string>()
  const once = found.filter((anomaly) => {
    const { kind, cycle } = anomaly
    if (kind === 'lost-update') return true
    const key = `${kind} ${members(cycle)}`
    const isNew = !seen.has(key) && !(SKEWS.includes(kind) && isLoss(cycle, losers))
    seen.add(key)
    return isNew
  })
  return KINDS.flatMap((kind) => once.filter((anomaly) => anomaly.kind === kind))
}

const nameOf = ({ begins, id }: Transaction): string => `${begins} ${id}`

const loserOf = ({ by, path }: Version): string => `${by && nameOf(by)} ${path}`

const SKEWS: readonly Kind[] = ['G-single', 'G2-item']

/** A cycle over one file, of which one of its members lost an update, is told as that: it follows from it. */
const isLoss = (cycle: readonly Edge[], losers: ReadonlySet<string>): boolean => {
  const [path = '', ...others] = new Set(cycle.map(({ written }) => written.path))
  return others.length === 0 && cycle.some(({ from }) => losers.has(`${nameOf(from)} ${path}`))
}

const members = (cycle: readonly Edge[]): string =>
  [...new Set(cycle.flatMap(({ from, to }) => [from, to]))].map(nameOf).sort().join(', ')

const isKind =
  (...kinds: readonly Edge['kind'][]) =>
  ({ kind }: Edge): boolean =>
    kinds.includes(kind)

/** A write over what another made after the writer had last looked. Who never looked lost nothing. */
function* lostUpdates({ writes, readings }: History): Iterable<Anomaly> {
  for (const by of writes) {
    const { over: version, basis, by: writer } = by
    const other = version?.by
    if (version === undefined || other === undefined || writer === undefined) continue
    if (writer.fate !== 'committed' || other.fate !== 'committed' || isWithin(writer, other))
      continue
    const [seen] = [...basis].sort((a, b) => b.place - a.place)
    if (seen === undefined || seen.place >= version.place) continue
    const known = readings.find((reading) => reading.by === writer && reading.of === seen)
    const reading = known ?? { by: writer, of: seen, atMs: by.atMs }
    const cycle: Edge[] = [
      { kind: 'rw', from: writer, to: other, written: version, reading },
      { kind: 'ww', from: other, to: writer, written: by, over: version },
    ]
    yield { kind: 'lost-update', isPredicate: false, cycle, lost: { version, by } }
  }
}

/** What was read and then taken back (G1a), or was not yet the last word of its writer (G1b). */
function* dirtyReads({ readings, writes }: History): Iterable<Anomaly> {
  for (const reading of readings) {
    const { by: to, of: written } = reading
    const from = written.by
    if (from === undefined || to.fate !== 'committed' || from.job === to.job) continue
    const kind = from.fate === 'aborted' ? 'G1a' : written.isFinal ? undefined : 'G1b'
    const edge: Edge = { kind: 'wr', from, to, written, reading }
    if (kind === undefined) continue
    const isLast = (one: Version): boolean =>
      one.by === from && one.path === written.path && one.isFinal
    const last = kind === 'G1b' ? writes.find(isLast) : undefined
    yield { kind, isPredicate: false, cycle: [edge], last }
  }
}

interface Search {
  readonly kind: Kind
  readonly along: (edge: Edge) => boolean
}

/** The shortest cycle through each edge for which there is something to look for. */
function* cycles(graph: Graph, searchFor: (edge: Edge) => Search | false): Iterable<Anomaly> {
  for (const edge of graph.edges) {
    const search = searchFor(edge)
    if (search === false) continue
    const back = shortest(graph, edge.to, edge.from, search.along)
    if (back === undefined) continue
    const cycle = [edge, ...back]
    yield { kind: search.kind, isPredicate: cycle.some(isByPredicate), cycle }
  }
}

const isByPredicate = ({ kind, look }: Edge): boolean => kind === 'rw' && look !== undefined

/** One anti-dependency is a read skew; where it takes more, a write skew, or among looks a phantom. */
function* antiDependencies(graph: Graph): Iterable<Anomaly> {
  const isDependency = isKind('ww', 'wr')
  for (const edge of graph.edges) {
    if (edge.kind !== 'rw') continue
    const found = (['G-single', 'G2-item', 'G2'] as const).flatMap((kind) => {
      if (kind === 'G2-item' && isByPredicate(edge)) return []
      const along = (other: Edge): boolean =>
        kind === 'G-single' ? isDependency(other) : kind === 'G2' || !isByPredicate(other)
      const back = shortest(graph, edge.to, edge.from, along)
      return back === undefined ? [] : [{ kind, cycle: [edge, ...back] }]
    })
    const [first] = found
    if (first !== undefined) yield { ...first, isPredicate: first.cycle.some(isByPredicate) }
  }
}

/** Who began when the other had ended went by what stood before the other. */
function* staleReads({ edges }: Graph): Iterable<Anomaly> {
  for (const edge of edges) {
    const isStale = edge.kind === 'rw' && edge.to.ends < edge.from.begins
    if (isStale) yield { kind: 'stale-read', isPredicate: edge.look !== undefined, cycle: [edge] }
  }
}

/** Pairs of transactions whose jobs were open at the same time and of which one depends on the other. */
export function conflictingPairs({ edges }: Graph, anomalies: readonly Anomaly[]): number {
  const all = [...edges, ...anomalies.flatMap(({ cycle }) => cycle)]
  const pairs = new Map<Transaction, Set<Transaction>>()
  let count = 0
  for (const { from: a, to: b } of all) {
    if (a.job === b.job || a.openMs > b.closeMs || b.openMs > a.closeMs) continue
    const [first, second] = a.begins <= b.begins ? [a, b] : [b, a]
    const known = pairs.get(first) ?? new Set()
    if (!known.has(second)) count++
    pairs.set(first, known.add(second))
  }
  return count
}
