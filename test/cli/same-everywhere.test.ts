// The same run has the same digest: with any number of workers, in another process, in another order of
// harnesses, in a replay, and in two shards.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { RunRecord } from '../../reports/index.ts'
import { enosys, folder, several } from './enosys.ts'

const AGENT = resolve('examples/agent.ts')
const HARNESSES = ['loop', 'micro', AGENT]
const cwd = folder()

const campaign = (out: string, ...more: readonly string[]): string[] => [
  ...['run', '--out', out, '-n', '1', '--no-controls', '--format', 'json', ...more],
]

const records = (out: string): RunRecord[] =>
  readFileSync(join(cwd, out, 'runs.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

const digests = (...outs: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    outs
      .flatMap(records)
      .map(({ id, digest }) => [id, digest] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

beforeAll(async () => {
  const [one] = await Promise.all([
    enosys(campaign('one', '--workers', '1', '--harness', HARNESSES.join()), cwd),
    several(
      [
        campaign('two', '--workers', '2', '--harness', HARNESSES.toReversed().join()),
        campaign('first', '--shard', '1/2', '--harness', HARNESSES.join()),
        campaign('second', '--shard', '2/2', '--harness', HARNESSES.join()),
      ],
      cwd,
    ),
  ])
  expect(one.code).toBe(0)
}, 60_000)

test('all four families ran, each harness, with and without lapses', () => {
  const ids = Object.keys(digests('one'))
  expect(new Set(records('one').map(({ scenario }) => scenario)).size).toBeGreaterThanOrEqual(4)
  expect(ids.length).toBe(new Set(records('one').map((r) => r.scenario)).size * 2 * 3)
  expect(records('one').filter(({ verdict }) => verdict === 'error')).toEqual([])
})

test('with one worker or two, in another process, in another order', () => {
  expect(digests('two')).toEqual(digests('one'))
})

test('in shards, which together are the whole, with all harnesses in each', () => {
  expect(digests('first', 'second')).toEqual(digests('one'))
  for (const shard of ['first', 'second'])
    expect(new Set(records(shard).map(({ harness }) => harness)).size).toBe(3)
})

test('a replay ends on the digest of the record', async () => {
  const some = records('one').filter((_, i) => i % 9 === 0)
  const replays = await several(
    some.map(({ id }) => ['replay', id, '--json']),
    cwd,
  )
  expect(replays.map(({ stdout }) => JSON.parse(stdout).record.digest)).toEqual(
    some.map(({ digest }) => digest),
  )
})
