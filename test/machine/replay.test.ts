// A run is the same anywhere: one decision is edited on its tape, and another process replays it to the
// digest that this process has.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { RunRecord } from '../../reports/record.ts'
import type { TraceEvent } from '../../sim/index.ts'
import { type RunSpec, run, tapeText } from '../../testbed/index.ts'
import { house } from './rig.ts'

const folder = mkdtempSync(join(tmpdir(), 'enosys-test-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Replayed {
  readonly status: number | null
  readonly record: RunRecord
  readonly trace: readonly TraceEvent[]
  readonly notReached: readonly string[]
}

function elsewhere(args: readonly string[]): Replayed {
  const main = join(house.host.root, 'dist', 'cli', 'main.js')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [main, 'replay', ...args, '--json'],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8' },
      maxBuffer: 1 << 28,
    },
  )
  if (stdout === '') throw new Error(stderr)
  return { status, ...JSON.parse(stdout) }
}

const spec: RunSpec = {
  scenario: 'phantom-calls/malformed',
  params: { length: 40 },
  instance: 3,
  trial: 1,
  harness: 'micro',
  profile: 'hostile',
  seed: 7,
}

describe('another process', () => {
  it('replays a tape with one decision edited to the same digest', async () => {
    const first = await run(spec, 'sampled', house)
    const tape = parse(tapeText(first.record.id, first.record.decisions))
    const crash = first.trace.find((event) => event.kind === 'generation')
    expect(crash?.session).toBeDefined()
    tape.decisions[`${crash?.session}/call#1/crash`] = true
    const file = join(folder, 'tape.yaml')
    writeFileSync(file, stringify(tape))
    const here = await run(
      spec,
      new Map(Object.entries(parse(readFileSync(file, 'utf8')).decisions)),
      house,
    )
    const there = elsewhere(['--tape', file])
    expect(there.record.digest).toBe(here.record.digest)
    expect(there.record.digest).not.toBe(first.record.digest)
    expect(there.trace).toEqual(JSON.parse(JSON.stringify(here.trace)))
    expect(there.notReached).toEqual([...here.unreached])
    expect(there.status).toBe({ pass: 0, fail: 1, stuck: 2 }[here.record.verdict as 'pass'])
  }, 30_000)

  it('replays a RUN_ID to the same digest', async () => {
    const { record } = await run(spec, 'sampled', house)
    const there = elsewhere([record.id])
    expect(there.record).toEqual(JSON.parse(JSON.stringify(record)))
  }, 30_000)
})
