// Harnesses that touch the real machine: what they touch is sealed, so that they pass, twice alike, in no
// real time, and whatever ran before them on the same thread.
import { beforeAll, expect, test } from 'vitest'
import type { RunRecord } from '../../reports/index.ts'
import type { TraceEvent } from '../../sim/index.ts'
import { afterEachAGoodOne, fixture, order, type Pair, records, trace } from './campaign.ts'

const SEALED = [
  'counts-its-runs',
  'computes-elsewhere',
  'draws',
  'draws-ids',
  'handles-rejections',
  'keeps-buffers',
  'listens',
  'patches-random',
  'prints',
  'ticks-on',
  'waits',
]

let alone: RunRecord | undefined
let pairs: Map<string, Pair>
let again: Map<string, string>

beforeAll(async () => {
  ;[alone] = await records([order('good')])
  pairs = await afterEachAGoodOne(SEALED)
  const ended = await records(SEALED.toReversed().map((name) => order(name)))
  again = new Map(ended.map(({ harness, digest }) => [harness, digest]))
}, 60_000)

test.each(SEALED)('%s passes, twice alike', (name) => {
  const { bad } = pairs.get(name) as Pair
  expect(bad).toMatchObject({ verdict: 'pass', reason: '', inexact: false })
})

test.each(SEALED)('%s has the same digest in another order of runs', (name) => {
  expect(again.get(fixture(name))).toBe(pairs.get(name)?.bad.digest)
})

test.each(SEALED)('the run after %s is as if it had been alone', (name) => {
  expect(pairs.get(name)?.next.digest).toBe(alone?.digest)
})

/** What the model was told first. */
const system = (events: readonly TraceEvent[]): string => {
  const request = events.find((event) => event.kind === 'request')
  return request?.kind === 'request' ? (request.added[0]?.[1].content ?? '') : ''
}

test('every way to wait moves virtual time, and every clock tells it', async () => {
  expect(pairs.get('waits')?.bad.virtualMs).toBeGreaterThan(5 * 3_600_000)
  expect(system(await trace('waits'))).toBe('5,5,5,5,5 2 PM')
})

test('state of modules begins anew with every boot', async () => {
  expect(system(await trace('counts-its-runs'))).toBe('run 1 and 1')
})

test('no run can tell its process and thread from another', async () => {
  expect(system(await trace('draws-ids'))).toMatch(/ 4242 1 0$/)
})

test('a file is read in real time while virtual time stands still, and the run says so', async () => {
  const [first, next] = await records([order('reads-a-file'), order('good')])
  expect(first).toMatchObject({ verdict: 'pass', inexact: true })
  expect(next?.digest).toBe(alone?.digest)
  expect(system(await trace('reads-a-file'))).toBe('true after 0 ms')
})

test('plain JavaScript is sealed as well', async () => {
  const [first, second] = await records([order('plain.mjs', 1), order('plain.mjs', 1)])
  expect(first).toMatchObject({ reason: 'file-missing', inexact: false })
  expect(second?.digest).toBe(first?.digest)
})
