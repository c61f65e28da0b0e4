// Going on where a campaign ended: torn lines are told and kept, and what is no record is a mistake.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { folder, type Outcome, several } from './enosys.ts'

const RUN = [
  'run',
  'phantom-calls/malformed',
  '-n',
  '2',
  '-w',
  '1',
  '--no-controls',
  '--harness',
  'micro',
]
const cwd = folder()
const journal = join(cwd, 'out', 'runs.ndjson')
const lines = (): string[] => readFileSync(journal, 'utf8').trimEnd().split('\n')

/** How many runs the terminal's report is about. */
const reported = ({ stdout }: Outcome): string | undefined => /(\d+) runs:/.exec(stdout)?.[1]

let whole: string[]
let torn: string
let after: string[]
let outcomes: Outcome[]
let refused: Outcome[]
let others: Outcome[]
let anew: Outcome[]
let kept: string

beforeAll(async () => {
  await several([[...RUN, '--out', 'out']], cwd)
  whole = lines()
  torn = whole.at(-1)?.slice(0, 40) ?? ''
  writeFileSync(journal, [...whole.slice(0, -1), torn].join('\n'))
  const again = [...RUN, '--out', 'out', '--resume']
  outcomes = await several([again, again, ['report', 'out']], cwd)
  after = lines()
  writeFileSync(journal, `${whole[0]}\n{"id":"x"}\n`)
  refused = await several([again, ['report', 'out']], cwd)
  writeFileSync(journal, `${whole.join('\n')}\n`)
  // A process that is gone left its lock there.
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(join(cwd, 'out', '.enosys.lock'), `${pid}\n`)
  others = await several(
    [
      [...again, '--seed', '7'],
      [...again, '--shard', '1/2'],
    ],
    cwd,
  )
  anew = await several([[...RUN, '--out', 'out', '--seed', '7']], cwd)
  kept = readFileSync(join(cwd, 'out', 'runs.1.ndjson'), 'utf8')
}, 60_000)

test('a torn line is said, kept in the file, and its run is run again', () => {
  const [resumed] = outcomes as [Outcome]
  expect(resumed.code).toBe(0)
  const said = `enosys: ${join('out', 'runs.ndjson')}: 1 torn line (${whole.length}) kept; `
  expect(resumed.stderr.split('\n')[0]).toBe(`${said}what is missing is run again`)
  expect(resumed.stderr).toContain(': 1/1 runs')
  expect(after).toEqual([...whole.slice(0, -1), torn, whole.at(-1)])
  expect(reported(resumed)).toBe(`${whole.length}`)
})

test('where all is known, nothing is run and all is reported', () => {
  const [, again, report] = outcomes as [Outcome, Outcome, Outcome]
  expect([again.code, report.code]).toEqual([0, 0])
  expect([reported(again), reported(report)]).toEqual([`${whole.length}`, `${whole.length}`])
})

test('a line that is no record is a mistake, and the file stays as it is', () => {
  for (const { code, stderr, stdout } of refused) {
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toMatch(/^enosys: out\/runs\.ndjson:2: no record of a run: scenario: .*\n$/)
  }
  const others = refused.map(({ stderr }) => stderr.includes(':2: no record of a run: scenario: '))
  expect(others).toEqual([true, true])
})

test('what another campaign ran is a mistake, and what another shard ran is not', () => {
  const [seed, shard] = others as [Outcome, Outcome]
  expect([seed.code, seed.stdout]).toEqual([64, ''])
  expect(seed.stderr).toMatch(
    /^enosys: --resume: out\/runs\.ndjson: has \d+ runs that this campaign does not ask for, as .*\n$/,
  )
  expect([shard.code, reported(shard)]).toEqual([0, `${whole.length}`])
})

test('a campaign from the start keeps the runs of the one before, and says where', () => {
  const [first] = anew as [Outcome]
  expect(first.code).toBe(0)
  expect(first.stderr.split('\n')[0]).toBe(
    'enosys: out/runs.ndjson: of an earlier command, kept as runs.1.ndjson',
  )
  expect(kept).toBe(`${whole.join('\n')}\n`)
  expect(lines().every((line) => line.includes('"seed":7'))).toBe(true)
  expect(existsSync(join(cwd, 'out', '.enosys.lock'))).toBe(false)
})
