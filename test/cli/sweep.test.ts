// A sweep goes over one parameter on the same instances, and leaves a table, a picture and its runs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { create } from 'xmlbuilder2'
import type { Curve } from '../../reports/curve.ts'
import { contents, enosys, folder } from './enosys.ts'

const ASKED = ['sweep', 'compaction/ledger', '--harness', 'loop,micro', '--no-controls']

test('draws the curve of each harness as a table and a picture', async () => {
  const cwd = folder()
  const over = ['--over', 'distance=200..20000', '--steps', '3', '--instances', '3']
  const { code, stdout } = await enosys([...ASKED, ...over, '--set', 'items=3'], cwd)
  expect(code).toBe(0)
  expect(stdout).toContain('compaction/ledger, profile typical: share solved by distance')
  expect(stdout).toMatch(
    / distance +200 +2000 +20000\n +loop( +[\d.]+ \[[\d.]+ [\d.]+\]){3}\n +micro( +[\d.]+ \[[\d.]+ [\d.]+\]){3}\n/,
  )
  expect(stdout).toContain('18 runs, 3 instances a point, 0 errors')
  const files = contents(join(cwd, 'enosys-out'))
  const runs = (files[`${cwd}/enosys-out/sweep-compaction-ledger-distance.ndjson`] ?? '').trim()
  expect(runs.split('\n')).toHaveLength(18)
  const svg = files[`${cwd}/enosys-out/sweep-compaction-ledger-distance-solved.svg`] ?? ''
  expect(create(svg).root().node.nodeName).toBe('svg')
  for (const text of [
    'distance',
    'solved',
    'loop',
    'micro',
    '20k',
    'distance (logarithmic)',
    'n = 3 instances',
  ])
    expect(svg).toContain(text)
})

test('names the picture, and the line that replays a run where a harness falls', async () => {
  const cwd = folder()
  const over = ['--over', 'distance=1000..200000', '--steps', '2', '--instances', '3']
  const { stdout } = await enosys([...ASKED, ...over], cwd)
  expect(stdout).toMatch(/^picture {2}enosys-out\/sweep-compaction-ledger-distance-solved\.svg$/m)
  const [, said = '', id = ''] =
    /^ {2}(.*)\n {2}npx enosys replay '(.+)' --strace$/m.exec(stdout) ?? []
  expect(said).toMatch(/^(loop|micro) falls from [\d.]+ at 1000 to [\d.]+ at 200000/)
  const { code } = await enosys(['replay', id], cwd)
  expect(code).toBe(1)
})

test('tells a metric with its interval, value by value, as JSON', async () => {
  const cwd = folder()
  const over = ['--over', 'items=2,4', '--metric', 'requests', '--instances', '4', '--json']
  const { stdout } = await enosys([...ASKED, '--profile', 'flawless', ...over], cwd)
  const [curve] = JSON.parse(stdout) as Curve[]
  expect(curve?.points.map(({ harness, at }) => [harness, at])).toEqual([
    ['loop', 2],
    ['loop', 4],
    ['micro', 2],
    ['micro', 4],
  ])
  const [two, four] = curve?.points ?? []
  expect(Number(four?.value)).toBeGreaterThan(Number(two?.value))
  expect(two?.instances).toBe(4)
  const low = two?.interval?.low ?? Number.NaN
  expect(low).toBeLessThanOrEqual(Number(two?.value))
  const name = join(cwd, 'enosys-out', 'sweep-compaction-ledger-items-requests.svg')
  expect(readFileSync(name, 'utf8')).toMatch(/^<svg/)
})
