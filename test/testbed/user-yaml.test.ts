// A user's YAML: read in a time that grows as it does, and told where it is wrong.
import { expect, test } from 'vitest'
import { UsageError } from '../../sim/core/assert.ts'
import { type Host, openHost } from '../../sim/host/index.ts'
import { readYaml } from '../../testbed/user-yaml.ts'

const read = (text: string): unknown => {
  const host: Host = { ...openHost(), readUser: () => text }
  return readYaml(host, 'own.yaml')
}

test('a map of as many keys as fit is read', () => {
  const count = 60_000
  const long = Array.from({ length: count }, (_, i) => `k${i}: ${i}`).join('\n')
  expect(Object.keys(read(long) as object)).toHaveLength(count)
})

test('a key that stands twice is told with its place, in whatever map', () => {
  for (const [text, said] of [
    ['a: 1\nb: 2\na: 3\n', "'a' stands twice in one map, again at line 3, column 1"],
    ['- {x: 1, y: {z: 1, "z": 2}}\n', "'z' stands twice in one map, again at line 1, column 20"],
    ['"a\\nb": 1\n"a\\nb": 2\n', "'a\\nb' stands twice in one map, again at line 2, column 1"],
    ['1: a\n"1": b\n', "'1' stands twice in one map, again at line 2, column 1"],
  ] as const)
    expect(() => read(text)).toThrow(new UsageError(`own.yaml: not YAML: ${said}`))
  expect(read('a: {x: 1}\nb: {x: 1}\n')).toEqual({ a: { x: 1 }, b: { x: 1 } })
})
