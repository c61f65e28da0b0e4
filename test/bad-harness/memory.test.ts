// Harnesses that take all the memory there is: on the heap, in one piece or bit by bit, and outside of it.
import { expect, test } from 'vitest'
import { order, records } from './campaign.ts'

const HUNGRY = ['fills-the-heap', 'fills-memory', 'keeps-small-things']

test('a run that takes too much memory is ended, and costs no other', async () => {
  const orders = HUNGRY.flatMap((name) => [order(name), order('good')])
  const ended = await records([order('good'), ...orders], { hangMs: 10_000 })
  expect(ended.map(({ verdict, reason }) => `${verdict} ${reason}`.trim())).toEqual([
    'pass',
    ...HUNGRY.flatMap(() => ['crash out of memory', 'pass']),
  ])
  expect(new Set(ended.filter(({ verdict }) => verdict === 'pass').map((r) => r.digest)).size).toBe(
    1,
  )
})
