// enosys crashes: every event of a run, every fate of what is in flight, and a tape for each crash that did harm.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../../testbed/index.ts'
import { parseRunId } from '../../testbed/run-id.ts'
import { readTape } from '../../testbed/tape-file.ts'
import { house } from '../machine/rig.ts'
import { enosys, folder, type Outcome, several } from './enosys.ts'

interface Case {
  readonly point: { readonly key: string; readonly at: number; readonly inFlight: string[] }
  readonly fate: string
  readonly verdict: string
  readonly repeated: readonly string[]
  readonly lost: readonly string[]
  readonly redone: number
  readonly done: number
  readonly isHarmed: boolean
  readonly tape?: string
}

const ID = 'compaction/exactly-once[invoices=2,distance=100]@0.0:HARNESS:flawless:1'
const idOf = (harness: string): string => ID.replace('HARNESS', harness)

const JSON_OF = ['micro', 'loop', 'best'] as const
const FAILING = 'crash-resume/lost-ack[landed=1]@0.0:loop:typical:1'
const cwd = folder({
  'tapes/99.yaml': '# A crash of `enosys crashes`.\nenosys: 1\n',
  'tapes/2.yaml': 'mine, with a number',
  'tapes/mine.yaml': 'mine',
})
const [micro, loop, best, few, all, one, two, failing] = (await several(
  [
    ...JSON_OF.map((harness) => ['crashes', idOf(harness), '--json', '--out', 'tapes']),
    ['crashes', idOf('micro')],
    ['crashes', idOf('micro'), '--all'],
    ['crashes', idOf('loop'), '--workers', '1'],
    ['crashes', idOf('loop'), '--workers', '2'],
    ['crashes', FAILING, '--out', 'others'],
  ],
  cwd,
)) as [Outcome, Outcome, Outcome, Outcome, Outcome, Outcome, Outcome, Outcome]

const casesOf = ({ stdout }: Outcome): Case[] => (JSON.parse(stdout) as { cases: Case[] }).cases

describe('enosys crashes', () => {
  it('crashes at every event that chance is asked about, in every way', async () => {
    const cases = casesOf(micro)
    const keys: string[] = []
    const asked = { crashPoint: ({ key }: { key: string }) => void keys.push(key) }
    await run(parseRunId(idOf('micro')), 'sampled', house, asked)
    expect([...new Set(cases.map(({ point }) => point.key))]).toEqual(keys)
    for (const key of keys) {
      const fates = cases.filter(({ point }) => point.key === key).map(({ fate }) => fate)
      const wanted = key.includes('/write#')
        ? ['undone', 'landed', 'torn']
        : key.includes('/call#')
          ? ['undone', 'landed']
          : ['none']
      expect([key, fates]).toEqual([key, wanted])
    }
  })

  it('finds what a log that is written afterwards does not know', () => {
    const cases = casesOf(micro)
    expect(micro.code).toBe(1)
    const harmed = cases.filter(({ isHarmed }) => isHarmed)
    // A call that landed, and the write behind it, lost or torn: of each of two payments.
    expect(harmed.map(({ point, fate }) => `${point.key.split(/[/#]/)[1]} ${fate}`)).toEqual([
      ...['call landed', 'write undone', 'write torn'],
      ...['call landed', 'write undone', 'write torn'],
    ])
    for (const { repeated, verdict } of harmed) {
      expect(repeated).toHaveLength(1)
      expect(verdict).toBe('fail')
    }
    expect(cases.every(({ redone }) => redone === 0)).toBe(true)
  })

  it('finds that who writes nothing down does all again', () => {
    const last = casesOf(loop).at(-1)
    expect(last?.redone).toBe(last?.done)
    expect(last?.done).toBeGreaterThan(1)
    expect(last?.repeated).toHaveLength(2)
  })

  it('finds no harm where each effect is written down before and after', () => {
    const cases = casesOf(best)
    expect(best.code).toBe(0)
    expect(cases.filter(({ isHarmed }) => isHarmed)).toEqual([])
    expect(cases.length).toBeGreaterThan(20)
  })

  it('writes a tape for each that did harm; no older one stays, and what is no tape of its own does', async () => {
    await enosys(['crashes', idOf('loop'), '--json', '--out', 'tapes'], cwd)
    const harmed = casesOf(loop).filter(({ isHarmed }) => isHarmed)
    const files = harmed.map((_, i) => `${i < 1 ? 1 : i + 2}.yaml`)
    expect(readdirSync(join(cwd, 'tapes')).sort()).toEqual([...files, '2.yaml', 'mine.yaml'].sort())
    expect(readFileSync(join(cwd, 'tapes/2.yaml'), 'utf8')).toBe('mine, with a number')
    expect(readFileSync(join(cwd, 'tapes/mine.yaml'), 'utf8')).toBe('mine')
    for (const { tape = '', verdict, point } of harmed) {
      const { run: id, decisions } = readTape(house.host, join(cwd, tape))
      const { record, trace, unreached } = await run(parseRunId(id), decisions, house)
      const crashes = trace.flatMap((event) => (event.kind === 'crash' ? [event.key] : []))
      expect([record.verdict, crashes, unreached]).toEqual([verdict, [point.key], []])
    }
  })

  it('tells the same on one worker and on two, and ends on a line that replays', async () => {
    expect(two.stdout).toBe(one.stdout)
    const lines = one.stdout.trimEnd().split('\n')
    expect(lines[0]).toBe(`${idOf('loop')}: pass without a crash`)
    expect(lines[1]).toMatch(/^\d+ crashes at \d+ events: \d+ repeat an effect, 0 lose one, /)
    const [, ...args] = lines.at(-1)?.split(' ').slice(1) ?? []
    const replayed = await enosys(args, cwd)
    expect(replayed.code).toBe(1)
    expect(replayed.stdout).toContain('CRASH')
  })

  it('lists with --all what did no harm, too', () => {
    expect(few.stdout).not.toContain('generate#1')
    expect(all.stdout).toContain('generate#1')
  })

  it('keeps what lapsed in the run, and tells of one that fails anyway', () => {
    expect(failing.stdout).toContain(': fail without a crash\n')
    expect(failing.stdout).toContain('What a crash costs is told against that.')
  })

  it('refuses what is no run, and what no crash reaches, in one line', async () => {
    for (const id of ['nonsense', idOf('nobody'), idOf('pi')]) {
      const { code, stderr } = await enosys(['crashes', id], cwd)
      expect([id, code]).toEqual([id, 64])
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    }
  })
})
