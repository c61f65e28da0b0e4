// Exit codes of replays and gates: 0 pass, 1 fail, 2 stuck, 3 crash.
import { beforeAll, expect, test } from 'vitest'
import { fixture, folder, type Outcome, several } from './enosys.ts'

const CODES = [
  ['good', 0],
  ['replies-at-length', 1],
  ['returns-at-once', 2],
  ['throws', 3],
] as const

const cwd = folder()
const gated = (name: string, ...more: readonly string[]): string[] => [
  ...[
    'run',
    'phantom-calls/malformed',
    '-n',
    '1',
    '-w',
    '1',
    '--no-controls',
    '--format',
    'terminal',
  ],
  ...['--harness', fixture(name), '--out', name, ...more],
]

let replays: Outcome[]
let gates: Outcome[]
let ungated: Outcome[]

beforeAll(async () => {
  const names = CODES.map(([name]) => name)
  replays = await several(
    names.map((name) => ['replay', `phantom-calls/malformed@0.0:${fixture(name)}:flawless:1`]),
    cwd,
  )
  gates = await several(
    names.map((name) => gated(name, '--gate', fixture(name))),
    cwd,
  )
  ungated = await several([gated('throws')], cwd)
}, 60_000)

test.each(CODES.map(([name, code], i) => [name, code, i] as const))(
  'a replay and a gate of %s end with %i',
  (_, code, i) => {
    expect([replays[i]?.code, replays[i]?.stderr]).toEqual([code, ''])
    expect(gates[i]?.code).toBe(code)
  },
)

test('a campaign without a gate ends with 0, whatever its harnesses did', () => {
  expect(ungated[0]?.code).toBe(0)
})

test('a replay says why', () => {
  expect(replays[3]?.stdout).toMatch(/^CRASH {2}threw: no such model\n/)
})
