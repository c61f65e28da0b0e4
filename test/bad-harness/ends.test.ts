// Harnesses that come to a bad end: each costs its own run, with its reason, and no other.
import { beforeAll, expect, test } from 'vitest'
import type { RunRecord } from '../../reports/index.ts'
import { afterEachAGoodOne, order, type Pair, records } from './campaign.ts'

/** Verdict and reason, by harness. */
const ENDS: Readonly<Record<string, string>> = {
  spins: 'crash hung',
  'spins-in-microtasks': 'crash hung',
  'holds-for-ever': 'crash hung',
  throws: 'crash threw: no such model',
  'throws-null': 'crash threw: null',
  'throws-a-trap': 'crash threw: something that cannot be told',
  'throws-hostile-text': 'crash threw: \\u001b[2J\\u0007\\u202egnp.exe \\u0000 gone',
  'rejects-astray': 'crash let fly: nobody listens',
  'drops-handlers': 'crash ended its thread: unheard',
  exits: 'crash left the process',
  kills: 'crash threw: kill EPERM: the process is sealed',
  'sends-garbage': 'crash threw: generate: messages[0].content: expected a string, got an object',
  'sleeps-at-nothing': 'crash threw: clock.sleep: expected milliseconds, got NaN',
  'patches-push': 'crash patched Array.prototype.push',
  'patches-iteration': 'crash patched Array.prototype.Symbol(Symbol.iterator)',
  'counts-on-global': 'crash nondeterministic: event 4 (request) differs the second time',
  leaks: 'crash nondeterministic: event 4 (request) differs the second time',
  'never-settles': 'stuck deadlock',
  'sleeps-for-ever': 'stuck 168 hours of virtual time',
  'returns-at-once': 'stuck returned',
  'replies-at-length': 'fail file-missing',
}

let alone: RunRecord | undefined
let pairs: Map<string, Pair>

beforeAll(async () => {
  ;[alone] = await records([order('good')])
  pairs = await afterEachAGoodOne(Object.keys(ENDS))
}, 60_000)

test('the good harness, alone, passes', () => expect(alone).toMatchObject({ verdict: 'pass' }))

test.each(Object.entries(ENDS))('%s ends as `%s`', (name, end) => {
  const { bad } = pairs.get(name) as Pair
  expect(`${bad.verdict} ${bad.reason}`).toBe(end)
})

test.each(Object.keys(ENDS))('the run after %s is as if it had been alone', (name) => {
  const { next } = pairs.get(name) as Pair
  expect([next.verdict, next.digest]).toEqual(['pass', alone?.digest])
})

test('a record stays small, however much was answered', () => {
  const { bad } = pairs.get('replies-at-length') as Pair
  expect(JSON.stringify(bad).length).toBeLessThan(5_000)
})
