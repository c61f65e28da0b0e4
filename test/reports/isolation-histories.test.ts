// The checker on the histories of the literature: what each is said to show, and what it leaves standing.
import { describe, expect, it } from 'vitest'
import { anomaliesOf, conflictingPairs } from '../../reports/isolation/anomalies.ts'
import { graphOf } from '../../reports/isolation/graph.ts'
import { LEVELS, levelOf } from '../../reports/isolation/level.ts'
import { history } from './isolation-notation.ts'

const told = (text: string): string[] =>
  anomaliesOf(history(text)).map(({ kind, cycle, isPredicate }) => {
    const way = cycle.map(({ from, kind: edge }) => `${from.id} ${edge}`).join(' ')
    return `${kind}${isPredicate ? ' by predicate' : ''}: ${way} ${cycle.at(-1)?.to.id}`
  })

const level = (text: string): string => {
  const number = levelOf(anomaliesOf(history(text)))
  return LEVELS[number - 1]?.name ?? 'none'
}

/** Where a history is told, what it shows and the strongest level that it leaves. */
type Case = readonly [where: string, text: string, shows: readonly string[], leaves: string]

// Adya, Liskov and O'Neil: Generalized isolation level definitions, ICDE 2000.
const ADYA: readonly Case[] = [
  [
    'H_serial',
    'w1(z1) w1(x1) w1(y1) w3(x3) c1 r2(x1) w2(y2) c2 r3(y2) w3(z3) c3 [x1<<x3, y1<<y2, z1<<z3]',
    [],
    'strict serializable',
  ],
  [
    "H1', in which a write is read early",
    'r1(x0) w1(x1) r1(y0) w1(y1) r2(x1) r2(y1) c1 c2',
    [],
    'strict serializable',
  ],
  [
    "H2', in which a reader commits last",
    'r2(x0) r1(x0) w1(x1) r1(y0) r2(y0) w1(y1) c2 c1',
    [],
    'strict serializable',
  ],
  [
    'H_wcycle',
    'w1(x1) w2(x2) w2(y2) c2 w1(y1) c1 [x1<<x2, y2<<y1]',
    ['G0: T1 ww T2 ww T1'],
    'none',
  ],
  ['H_1a', 'w1(x1) r2(x1) a1 c2', ['G1a: T1 wr T2'], 'read uncommitted'],
  ['H_1b', 'w1(x1.1) r2(x1.1) w1(x1.2) c1 c2', ['G1b: T1 wr T2'], 'read uncommitted'],
  ['H_1c', 'w1(x1) w2(y2) r1(y2) r2(x1) c1 c2', ['G1c: T2 wr T1 wr T2'], 'read uncommitted'],
  [
    'H_pred-read, in which a change of what does not fit is no conflict',
    'w0(x0a) c0 w1(x1*) c1 w2(x2) p3(x2,y0) w2(y2) c2 c3 [x0a<<x1<<x2]',
    [],
    'strict serializable',
  ],
  [
    'H_phantom',
    'p1(x0,y0) r2(s0) w2(z2*) w2(s2) c2 r1(s2) c1 [s0<<s2]',
    ['G-single by predicate: T1 rw T2 wr T1'],
    'repeatable read',
  ],
]

// Berenson et al.: A critique of ANSI SQL isolation levels, SIGMOD 1995.
const BERENSON: readonly Case[] = [
  [
    'H1, the inconsistent analysis',
    'r1(x0) w1(x1) r2(x1) r2(y0) c2 r1(y0) w1(y1) c1',
    ['G-single: T2 rw T1 wr T2'],
    'cursor stability',
  ],
  [
    'H2, in which nothing dirty is read',
    'r1(x0) r2(x0) w2(x2) r2(y0) w2(y2) c2 r1(y2) c1',
    ['G-single: T1 rw T2 wr T1'],
    'cursor stability',
  ],
  [
    'H3, a phantom',
    'p1(x0) w2(y2*) r2(z0) w2(z2) c2 r1(z2) c1',
    ['G-single by predicate: T1 rw T2 wr T1'],
    'repeatable read',
  ],
  [
    'H4, a lost update',
    'r1(x0) r2(x0) w2(x2) c2 w1(x1) c1',
    ['lost-update: T1 rw T2 ww T1'],
    'read committed',
  ],
  [
    'H5, a write skew',
    'r1(x0) r1(y0) r2(x0) r2(y0) w1(y1) w2(x2) c1 c2',
    ['G2-item: T1 rw T2 rw T1'],
    'snapshot isolation',
  ],
  [
    'P2, a fuzzy read (A2)',
    'r1(x0) w2(x2) c2 r1(x2) c1',
    ['G-single: T1 rw T2 wr T1'],
    'cursor stability',
  ],
  [
    'A5A, a read skew',
    'r1(x0) w2(x2) w2(y2) c2 r1(y2) c1',
    ['G-single: T1 rw T2 wr T1'],
    'cursor stability',
  ],
  [
    'P0, a dirty write that keeps x = y no more',
    'w1(x1) w2(x2) w2(y2) c2 w1(y1) c1',
    ['G0: T1 ww T2 ww T1'],
    'none',
  ],
  ['a blind write, which loses nothing', 'r2(x0) w2(x2) c2 w1(x1) c1', [], 'strict serializable'],
]

// Kingsbury and Alvaro: Elle, VLDB 2020, and its README; reads of lists as reads of their newest version.
const ELLE: readonly Case[] = [
  [
    'the README: T1 appends to x before T2, and sees what T2 appended to y',
    'w1(x1) w2(x2) w2(y2) c2 r1(y2) c1 r3(x2) c3',
    ['G1c: T2 wr T1 ww T2'],
    'read uncommitted',
  ],
  [
    'two updates from one reading, as retries lost them in TiDB',
    'r1(x0) r2(x0) w2(x2) c2 r3(x2) c3 w1(x1) c1',
    ['lost-update: T1 rw T2 ww T1'],
    'read committed',
  ],
  [
    'a long fork: two readers see two writes in two orders',
    'w1(x1) c1 w2(y2) c2 r3(x1) r3(y0) c3 r4(x0) r4(y2) c4',
    ['G-nonadjacent: T3 rw T2 wr T4 rw T1 wr T3', 'stale-read: T3 rw T2', 'stale-read: T4 rw T1'],
    'cursor stability',
  ],
  [
    'a long fork of readers who began before either write',
    'r3(y0) r4(x0) w1(x1) c1 w2(y2) c2 r3(x1) r4(y2) c3 c4',
    ['G-nonadjacent: T3 rw T2 wr T4 rw T1 wr T3'],
    'cursor stability',
  ],
  [
    'a read skew only in time: what it missed had ended before what it saw began',
    'r2(x0) w1(x1) c1 w3(y3) c3 r2(y3) c2',
    ['G-realtime: T2 rw T1 rt T3 wr T2'],
    'serializable',
  ],
  [
    'a write skew only in time',
    'r2(x0) w1(x1) c1 r3(y0) c3 w2(y2) c2',
    ['G-realtime: T2 rw T1 rt T3 rw T2'],
    'serializable',
  ],
  [
    'a stale read, which is serial but not in time',
    'w1(x1) c1 r2(x0) c2',
    ['stale-read: T2 rw T1'],
    'serializable',
  ],
]

// Fekete, O'Neil and O'Neil: A read-only transaction anomaly under snapshot isolation, SIGMOD Record 2004; and
// two of the kind that they began with.
const FEKETE: readonly Case[] = [
  [
    'the read-only transaction anomaly',
    'r2(x0) r2(y0) r1(y0) w1(y1) c1 r3(x0) r3(y1) c3 w2(x2) c2',
    ['G2-item: T2 rw T1 wr T3 rw T2'],
    'snapshot isolation',
  ],
  [
    'two who each look whether anybody is on call, and leave (predicates)',
    'p1(a0,b0) p2(a0,b0) w1(a1*) w2(b2*) c1 c2',
    ['G2 by predicate: T1 rw T2 rw T1'],
    'repeatable read',
  ],
  [
    'one who looks whether anybody is on call, and one who goes by a single entry',
    'p1(a0) r2(z0) w2(b2*) w1(z1) c1 c2',
    ['G2 by predicate: T2 rw T1 rw T2'],
    'repeatable read',
  ],
]

describe.each([
  ['Adya et al. 2000', ADYA],
  ['Berenson et al. 1995', BERENSON],
  ['Elle', ELLE],
  ['Fekete et al. 2004', FEKETE],
])('%s', (_source, cases) => {
  it.each(cases)('%s', (_name, text, shows, leaves) => {
    expect(told(text)).toEqual(shows)
    expect(level(text)).toBe(leaves)
  })
})

// What is told is the shortest cycle, the first of its kind, and each by itself.
const MORE: readonly Case[] = [
  [
    'a lost update also where somebody else wrote between the two',
    'r1(x0) w2(x2) c2 r3(x2) w3(x3) c3 w1(x1) c1',
    ['lost-update: T1 rw T3 ww T1'],
    'read committed',
  ],
  [
    'a lost update also where what stood there was taken back',
    'r1(x0) w2(x2) c2 w3(x3) a3 w1(x1) c1',
    ['lost-update: T1 rw T2 ww T1'],
    'read committed',
  ],
  [
    'a lost update once, however often its writer goes on',
    'r1(x0) w2(x2) c2 w1(x1.1) w1(x1) c1',
    ['lost-update: T1 rw T2 ww T1'],
    'read committed',
  ],
  [
    'nothing lost that was looked at again',
    'r1(x0) w2(x2) c2 r1(x2) w1(x1) c1',
    ['G-single: T1 rw T2 wr T1'],
    'cursor stability',
  ],
  ['nothing lost of what was taken back', 'r1(x0) w2(x2) a2 w1(x1) c1', [], 'strict serializable'],
  [
    'who read what was lost, and again what stood there then',
    'r1(x0) r2(x0) w2(x2) c2 r3(x2) w1(x1) c1 r3(x1) c3',
    ['lost-update: T1 rw T2 ww T1', 'G-single: T3 rw T1 wr T3'],
    'read committed',
  ],
  [
    'who read before what was lost, and what stood there then',
    'r3(x0) r1(x0) w2(x2) c2 w1(x1) c1 r3(x1) c3',
    ['lost-update: T1 rw T2 ww T1', 'G-single: T3 rw T2 ww T1 wr T3'],
    'read committed',
  ],
  [
    'the shortest way round of several',
    'r1(a0) w2(a2) w2(b2) w2(d2) r3(b2) w3(c3) r4(d2) w4(e4) r5(e4) w5(f5) r1(c3) r1(f5) c1 c2 c3 c4 c5',
    ['G-single: T1 rw T2 wr T3 wr T1'],
    'cursor stability',
  ],
  [
    'a circle through what was looked for and seen',
    'w1(x1*) p2(x1) w2(y2) r1(y2) c1 c2',
    ['G1c: T2 wr T1 wr T2'],
    'read uncommitted',
  ],
  [
    'one that comes first by what it read, and last by what it wrote',
    'r1(x0) w2(x2) w2(y2) c2 w1(y1) c1',
    ['G-single: T1 rw T2 ww T1'],
    'cursor stability',
  ],
  [
    'a look at what was taken back',
    'w1(x1*) p2(x1) a1 w2(z2) c2',
    ['G1a by predicate: T1 wr T2'],
    'read uncommitted',
  ],
  [
    'a look at what its writer then wrote over',
    'w1(x1.1*) p2(x1.1) w1(x1.2) c1 w2(z2) c2',
    ['G1b by predicate: T1 wr T2'],
    'read uncommitted',
  ],
  [
    'a long fork over a look, which repeatable read permits',
    'p3(y0) r4(x0) w1(x1) c1 w2(y2*) c2 r3(x1) r4(y2) c3 c4',
    ['G-nonadjacent by predicate: T4 rw T1 wr T3 rw T2 wr T4'],
    'repeatable read',
  ],
  ['nobody who was taken back', 'r1(x0) w2(x2) w2(y2) c2 r1(y2) a1', [], 'strict serializable'],
]

describe('is told of', () => {
  it.each(MORE)('%s', (_name, text, shows, leaves) => {
    expect(told(text)).toEqual(shows)
    expect(level(text)).toBe(leaves)
  })
})

it('counts pairs that met, not transactions', () => {
  const met = (text: string): number => {
    const told = history(text)
    return conflictingPairs(graphOf(told), anomaliesOf(told))
  }
  expect(met('r1(x0) c1 r2(x0) c2 w3(y3) c3')).toBe(0)
  expect(met('r1(x0) w2(x2) w2(y2) r1(y2) c1 c2')).toBe(1)
  expect(met('w1(x1) c1 r2(x1) c2 r3(x1) c3')).toBe(2)
  expect(met('r1(x0) w2(x2) w2(y2) w1(y1) c1 c2')).toBe(1)
})

it('counts those between whom something went wrong, though the one was over when the other came', () => {
  const told = history('w1(x1) c1 r2(x0) c2')
  const late = told.transactions.map((one, i) =>
    Object.assign(one, { openMs: i * 9, closeMs: i * 9 }),
  )
  expect(late.length).toBe(2)
  const found = anomaliesOf(told)
  expect(conflictingPairs(graphOf(told), found)).toBe(1)
  expect(conflictingPairs(graphOf(told), [])).toBe(0)
})
