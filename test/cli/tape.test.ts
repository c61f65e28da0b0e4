// A tape that was written, and edited by hand, replays with exactly its decisions.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { RunRecord } from '../../reports/index.ts'
import { folder, type Outcome, several } from './enosys.ts'

const RUN = 'compaction/ledger@1.0:micro:hostile:1'
const cwd = folder()

interface Tape {
  readonly decisions: Record<string, unknown>
}

interface Shown {
  readonly record: RunRecord
  readonly notReached: readonly string[]
}

const read = (name: string): Tape => parse(readFileSync(join(cwd, name), 'utf8')) as Tape
const write = (name: string, tape: Tape): void =>
  writeFileSync(join(cwd, name), stringify(tape, { lineWidth: 0 }))
const shown = ({ stdout }: Outcome): Shown => JSON.parse(stdout) as Shown
const ids = ({ record }: Shown): string[] => record.decisions.map(({ id }) => id)

let sampled: Shown
let taped: Shown
let edited: Shown
let removed: string
let added: string
let unreached: string

beforeAll(async () => {
  const [first] = await several([['replay', RUN, '--json', '--write', 'tape.yaml']], cwd)
  sampled = shown(first as Outcome)
  const tape = read('tape.yaml')
  removed = ids(sampled).find((id) => id.endsWith('/pace')) ?? ''
  const { [removed]: _, ...rest } = tape.decisions
  const job = removed.split('/')[0]
  added = `${job}/generate#1/rate-limit`
  unreached = `${job}/generate#4000/rate-limit`
  write('edited.yaml', { ...tape, decisions: { ...rest, [added]: true, [unreached]: true } })
  const [a, b] = await several(
    ['tape.yaml', 'edited.yaml'].map((name) => ['replay', '--tape', name, '--json']),
    cwd,
  )
  taped = shown(a as Outcome)
  edited = shown(b as Outcome)
}, 60_000)

test('as it was written, a tape replays the run', () => {
  expect(taped.record.decisions.map(({ id, value }) => [id, value])).toEqual(
    sampled.record.decisions.map(({ id, value }) => [id, value]),
  )
  expect([taped.record.verdict, taped.record.virtualMs]).toEqual([
    sampled.record.verdict,
    sampled.record.virtualMs,
  ])
})

test('a decision that was added is taken, one that was removed is not', () => {
  expect(ids(edited)).toContain(added)
  expect(ids(edited)).not.toContain(removed)
})

test('no other decision is taken, and those that nobody asked for are listed', () => {
  const { decisions } = read('edited.yaml')
  expect(edited.notReached).toContain(unreached)
  expect([...ids(edited), ...edited.notReached].sort()).toEqual(Object.keys(decisions).sort())
})
