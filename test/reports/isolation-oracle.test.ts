// The checker against one that tries every cycle, on small histories of all kinds: what there is, how short it
// is told, and which levels stand.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Anomaly, anomaliesOf, type Kind } from '../../reports/isolation/anomalies.ts'
import { type Dependency, type Edge, type Graph, graphOf } from '../../reports/isolation/graph.ts'
import { levelOf } from '../../reports/isolation/level.ts'
import { history } from './isolation-notation.ts'

interface Step {
  readonly by: number
  readonly does: 'r' | 'w' | 'p'
  readonly what: 'x' | 'y' | 'z'
}

const BY = 4
const PATHS = ['x', 'y', 'z'] as const

const steps = fc.array(
  fc.record({
    by: fc.integer({ min: 1, max: BY }),
    does: fc.constantFrom('r' as const, 'r' as const, 'w' as const, 'w' as const, 'p' as const),
    what: fc.constantFrom(...PATHS),
  }),
  { minLength: 4, maxLength: 12 },
)

/** On files that all share: who reads, reads what stands there. Changes of z are what looks look for. */
function written(all: readonly Step[], aborted: number): string {
  const stands = new Map<string, string>(PATHS.map((path) => [path, `${path}0`]))
  const isLast = (i: number, of: Partial<Step>): boolean =>
    !all
      .slice(i + 1)
      .some((one) => Object.entries(of).every(([k, v]) => one[k as keyof Step] === v))
  return all
    .map(({ by, does, what }, i) => {
      const end = isLast(i, { by }) ? ` ${by === aborted ? 'a' : 'c'}${by}` : ''
      if (does === 'r') return `r${by}(${stands.get(what)})${end}`
      if (does === 'p') return `p${by}(${[...stands.values()].join(',')})${end}`
      const made = `${what}${by}${isLast(i, { by, does, what }) ? '' : `.${i + 1}`}`
      stands.set(what, made)
      return `w${by}(${made}${what === 'z' ? '*' : ''})${end}`
    })
    .join(' ')
}

type Cycle = readonly Edge[]

/** Every cycle that passes nobody twice, each from the first of its members. */
function everyCycle({ edges, inTime }: Graph, isTimed: boolean): Cycle[] {
  const all: Edge[] = [...edges]
  for (const from of isTimed ? inTime : [])
    for (const to of inTime) if (from.ends < to.begins) all.push({ kind: 'rt', from, to })
  const found: Cycle[] = []
  const go = (start: number, way: readonly Edge[]): void => {
    const at = way.at(-1)?.to ?? inTime[start]
    for (const edge of all) {
      if (edge.from !== at) continue
      const to = inTime.indexOf(edge.to)
      if (to === start) found.push([...way, edge])
      else if (to > start && !way.some((one) => one.to === edge.to)) go(start, [...way, edge])
    }
  }
  for (const start of inTime.keys()) go(start, [])
  return found
}

const rws = (cycle: Cycle): Dependency[] => cycle.flatMap((one) => (one.kind === 'rw' ? [one] : []))
const isItem = (cycle: Cycle): boolean => rws(cycle).every(({ look }) => look === undefined)
const isApart = (cycle: Cycle): boolean =>
  cycle.every((one, i) => one.kind !== 'rw' || cycle[(i + 1) % cycle.length]?.kind !== 'rw')

const IS: Readonly<Partial<Record<Kind, (cycle: Cycle) => boolean>>> = {
  G0: (cycle) => cycle.every(({ kind }) => kind === 'ww'),
  G1c: (cycle) => rws(cycle).length === 0 && cycle.some(({ kind }) => kind === 'wr'),
  'G-single': (cycle) => rws(cycle).length === 1,
  'G-nonadjacent': (cycle) => rws(cycle).length > 1 && isApart(cycle),
  'G2-item': (cycle) => rws(cycle).length > 1 && isItem(cycle),
  G2: (cycle) => rws(cycle).length > 1 && !isItem(cycle),
}

/** By definition: n stands where the n-th is true. */
function stands(
  cycles: readonly Cycle[],
  timed: readonly Cycle[],
  found: readonly Anomaly[],
): boolean[] {
  const has = (...kinds: readonly Kind[]): boolean =>
    cycles.some((cycle) => kinds.some((kind) => IS[kind]?.(cycle) === true))
  const isDirty = found.some(({ kind }) => kind === 'G1a' || kind === 'G1b')
  const isLost = found.some(({ kind }) => kind === 'lost-update')
  const committed = !has('G0', 'G1c') && !isDirty
  const cursor = committed && !isLost
  const isRepeatable = !cycles.some((cycle) => rws(cycle).length > 0 && isItem(cycle))
  return [
    !has('G0'),
    committed,
    cursor,
    cursor && !has('G-single', 'G-nonadjacent'),
    cursor && isRepeatable,
    cursor && cycles.length === 0,
    cursor && timed.length === 0,
  ]
}

it('finds what is there, tells it as short as it is, and leaves the levels that stand', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: BY + 2 }), (all, aborted) => {
      const told = history(written(all, aborted))
      const graph = graphOf(told)
      const found = anomaliesOf(told, graph)
      const cycles = everyCycle(graph, false)
      for (const kind of ['G0', 'G1c', 'G-single'] as const) {
        const lengths = cycles.filter((cycle) => IS[kind]?.(cycle)).map(({ length }) => length)
        const own = found.filter((one) => one.kind === kind).map(({ cycle }) => cycle.length)
        // Of one that is told as the lost update that it follows from, others are left.
        const isHidden = kind === 'G-single' && found.some((one) => one.kind === 'lost-update')
        if (isHidden) expect(own.length).toBeLessThanOrEqual(lengths.length)
        else expect(Math.min(...own)).toBe(Math.min(...lengths))
      }
      for (const { kind, cycle } of found) {
        const is = IS[kind]
        if (is !== undefined) expect(is(cycle), kind).toBe(true)
        for (const [i, { to }] of cycle.entries())
          if (cycle.length > 1) expect(cycle[(i + 1) % cycle.length]?.from).toBe(to)
      }
      const level = stands(cycles, everyCycle(graph, true), found).lastIndexOf(true) + 1
      expect(levelOf(found)).toBe(level)
    }),
    { numRuns: 1000 },
  )
})

it('accuses nobody of those who came one after the other', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const serial = [...all].sort((a, b) => a.by - b.by)
      expect(anomaliesOf(history(written(serial, 0)))).toEqual([])
    }),
  )
})
