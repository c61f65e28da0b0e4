// The phenomena, each with its shortest cycle. G0, G1a, G1b, G1c, G-single, G2-item and G2 are Adya's (with
// O'Neil and Liskov 2000; G-single from his thesis, 1999); lost update is P4 of Berenson et al., SIGMOD 1995;
// G-nonadjacent and what is so only in real time are Elle's. A cycle is told once, by its most telling name.
import { cycleFrom, cycleInTime, type Dependency, type Edge, type Graph, graphOf } from './graph.ts'
import type { History, Transaction, Version } from './history.ts'

/** The most telling first. */
export const KINDS = [
  'lost-update',
  'G2-item',
  'G2',
  'G-nonadjacent',
  'G-single',
  'G1a',
  'G1b',
  'G1c',
  'G0',
  'G-realtime',
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
    ...anomaliesIn(history, graph),
    ...(history.inner ?? []).flatMap((one) => anomaliesIn(one, graphOf(one))),
  ]
  return KINDS.flatMap((kind) => found.filter((anomaly) => anomaly.kind === kind))
}

function anomaliesIn(history: History, graph: Graph): Anomaly[] {
  const found = [
    ...lostUpdates(history),
    ...dirtyReads(history),
    ...cycles(graph, 'G0', 'ww', isKind('ww')),
    ...cycles(graph, 'G1c', 'wr', isKind('ww', 'wr')),
    ...antiDependencies(graph),
    ...againstTime(graph),
  ]
  const losses = found.flatMap(({ lost }) => lost ?? [])
  const seen = new Set<string>()
  return found.filter((anomaly) => {
    const { kind, cycle } = anomaly
    if (kind === 'lost-update') return true
    const key = `${kind} ${members(cycle)}`
    const isNew = !seen.has(key) && !losses.some(({ by }) => isLoss(anomaly, by))
    seen.add(key)
    return isNew
  })
}

const nameOf = ({ begins, id }: Transaction): string => `${begins} ${id}`

const SKEWS: readonly Kind[] = ['G-single', 'G-nonadjacent', 'G2-item']

/** A cycle over one file that goes by the very reading of who lost an update there follows from that loss. */
const isLoss = ({ kind, cycle }: Anomaly, { by, path }: Version): boolean =>
  SKEWS.includes(kind) &&
  cycle.every((edge) => edge.kind !== 'rt' && edge.written.path === path) &&
  cycle.some((edge) => edge.kind === 'rw' && edge.from === by)

const members = (cycle: readonly Edge[]): string =>
  [...new Set(cycle.flatMap(({ from, to }) => [from, to]))].map(nameOf).sort().join(', ')

const isKind =
  (...kinds: readonly Edge['kind'][]) =>
  ({ kind }: Edge): boolean =>
    kinds.includes(kind)

/** A write over what another made after the writer had last looked. Who never looked lost nothing; and each
 * version is lost once, by the first that its writer put over it. */
function* lostUpdates({ writes, readings }: History): Iterable<Anomaly> {
  const told = new Map<Transaction, Set<Version>>()
  for (const by of writes) {
    const { basis, by: writer } = by
    if (writer?.fate !== 'committed') continue
    const [seen] = [...basis].sort((a, b) => b.place - a.place)
    if (seen === undefined) continue
    const version = unseen(by, seen, writes)
    const other = version?.by
    if (version === undefined || other === undefined) continue
    const known = told.get(writer) ?? new Set()
    told.set(writer, known)
    if (known.has(version)) continue
    known.add(version)
    const read = readings.find((reading) => reading.by === writer && reading.of === seen)
    const reading = read ?? { by: writer, of: seen, atMs: by.atMs }
    const cycle: Edge[] = [
      { kind: 'rw', from: writer, to: other, written: version, reading },
      { kind: 'ww', from: other, to: writer, written: by, over: version },
    ]
    yield { kind: 'lost-update', isPredicate: false, cycle, lost: { version, by } }
  }
}

/** The newest that others committed between what was seen of a file and what was then written. */
function unseen(by: Version, seen: Version, writes: readonly Version[]): Version | undefined {
  let found: Version | undefined
  for (const one of writes) {
    const isOthers = one.by !== by.by && one.by?.fate === 'committed'
    const isBetween = one.path === by.path && one.place > seen.place && one.place < by.place
    if (isOthers && isBetween && one.place > (found?.place ?? seen.place)) found = one
  }
  return found
}

/** What was read and then taken back (G1a), or was not yet the last word of its writer (G1b). */
function* dirtyReads({ readings, looks, writes }: History): Iterable<Anomaly> {
  const read = readings.map((reading) => ({ by: reading.by, of: reading.of, how: { reading } }))
  const seen = looks.flatMap((look) => look.saw.map((of) => ({ by: look.by, of, how: { look } })))
  for (const { by: to, of: written, how } of [...read, ...seen]) {
    const from = written.by
    if (from === undefined || to.fate !== 'committed' || from === to || from.within === to) continue
    const kind = from.fate === 'aborted' ? 'G1a' : written.isFinal ? undefined : 'G1b'
    if (kind === undefined) continue
    const edge: Dependency = { kind: 'wr', from, to, written, ...how }
    const isLast = (one: Version): boolean =>
      one.by === from && one.path === written.path && one.isFinal
    const last = kind === 'G1b' ? writes.find(isLast) : undefined
    yield { kind, isPredicate: 'look' in how, cycle: [edge], last }
  }
}

const anomaly = (kind: Kind, cycle: readonly Edge[]): Anomaly => ({
  kind,
  isPredicate: cycle.some(isByPredicate),
  cycle,
})

/** The shortest cycle through each edge of a kind. */
function* cycles(
  graph: Graph,
  kind: Kind,
  through: Edge['kind'],
  along: (edge: Edge) => boolean,
): Iterable<Anomaly> {
  for (const edge of graph.edges) {
    const cycle = edge.kind === through ? cycleFrom(graph, edge, { along }) : undefined
    if (cycle !== undefined) yield anomaly(kind, cycle)
  }
}

const isByPredicate = (edge: Edge): boolean => edge.kind === 'rw' && edge.look !== undefined

const isDependency = isKind('ww', 'wr')
const isItem = (edge: Edge): boolean => !isByPredicate(edge)

/** One anti-dependency is a read skew; where it takes more, and no two of them in a row, a long fork; else a
 * write skew, or among looks a phantom. A fork over a look leaves open what there is without looks. */
function* antiDependencies(graph: Graph): Iterable<Anomaly> {
  for (const edge of graph.edges) {
    if (edge.kind !== 'rw') continue
    const single = cycleFrom(graph, edge, { along: isDependency })
    if (single !== undefined) {
      yield anomaly('G-single', single)
      continue
    }
    const fork = cycleFrom(graph, edge, { along: () => true, isNonadjacent: true })
    if (fork !== undefined) yield anomaly('G-nonadjacent', fork)
    if (fork?.every(isItem)) continue
    const items = isItem(edge) ? cycleFrom(graph, edge, { along: isItem }) : undefined
    if (items !== undefined) yield anomaly('G2-item', items)
    if (items !== undefined || fork !== undefined) continue
    const any = cycleFrom(graph, edge, { along: () => true })
    if (any !== undefined) yield anomaly('G2', any)
  }
}

/** Who began when the other had ended went by what stood before the other: that is stale. What takes more
 * steps is no order of one after the other that keeps to time, though there may be one that does not. */
function* againstTime(graph: Graph): Iterable<Anomaly> {
  const isStale = ({ kind, from, to }: Edge): boolean => kind === 'rw' && to.ends < from.begins
  const along = (edge: Edge): boolean => !isStale(edge)
  for (const edge of graph.edges) {
    if (isStale(edge))
      yield { kind: 'stale-read', isPredicate: edge.look !== undefined, cycle: [edge] }
    else if (cycleFrom(graph, edge, { along: () => true }) === undefined) {
      const cycle = cycleInTime(graph, edge, along)
      if (cycle !== undefined) yield anomaly('G-realtime', cycle)
    }
  }
}

/** Pairs of transactions whose jobs were open at the same time and of which one depends on the other, and all
 * between which something went wrong. */
export function conflictingPairs({ edges }: Graph, anomalies: readonly Anomaly[]): number {
  const pairs = new Map<Transaction, Set<Transaction>>()
  let count = 0
  const add = ({ from: a, to: b }: Edge): void => {
    const [first, second] = a.begins <= b.begins ? [a, b] : [b, a]
    if (pairs.get(first)?.has(second) || pairs.get(second)?.has(first)) return
    count++
    pairs.set(first, (pairs.get(first) ?? new Set()).add(second))
  }
  for (const edge of anomalies.flatMap(({ cycle }) => cycle)) if (edge.kind !== 'rt') add(edge)
  for (const edge of edges) {
    const { from: a, to: b } = edge
    if (a.job !== b.job && a.openMs <= b.closeMs && b.openMs <= a.closeMs) add(edge)
  }
  return count
}
