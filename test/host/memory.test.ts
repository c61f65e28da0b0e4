// Who is to blame for memory: the one that takes too much, and never the next for what is freed late.
import { expect, test } from 'vitest'
import { MemoryBound } from '../../sim/host/memory.ts'

const looks = (bound: MemoryBound, ...bytes: readonly number[]): boolean[] =>
  bytes.map((one) => bound.isPassed(one))

/** After one was ended at 150, which took 300 until it had gone. */
function afterAnEnd(): MemoryBound {
  const bound = new MemoryBound(100, 50)
  expect(looks(bound, 10, 99, 100)).toEqual([false, false, true])
  bound.ended()
  for (let i = 1; i < 10; i++) expect(bound.isPassed(300)).toBe(false)
  return bound
}

test('what the last one left is not the fault of the next, however late it is freed', () => {
  const bound = afterAnEnd()
  for (let i = 0; i < 100; i++) expect(bound.isPassed(310)).toBe(false)
})

test('who takes more on top of it is ended', () => {
  expect(looks(afterAnEnd(), 300, 349, 350)).toEqual([false, false, true])
})

test('what was freed is not to be had again', () => {
  expect(looks(afterAnEnd(), 300, 120, 169, 170)).toEqual([false, false, false, true])
  expect(looks(afterAnEnd(), 20, 99, 100)).toEqual([false, false, true])
})
