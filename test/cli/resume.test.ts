// Going on where a campaign ended: torn lines are told and kept, and what is no record is a mistake.
import { readFileSync, writeFileSync } from 'node:fs'
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
}, 60_000)

test('a torn line is said, kept in the file, and its run is run again', () => {
  const [resumed] = outcomes as [Outcome]
  expect(resumed.code).toBe(0)
  const said = `enosys: ${join('out', 'runs.ndjson')}:${whole.length}: a torn line, kept; `
  expect(resumed.stderr.split('\n')[0]).toBe(`${said}its run is run again`)
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
  expect(lines()).toEqual([whole[0], '{"id":"x"}'])
})
