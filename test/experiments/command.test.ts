// `enosys calibrate` as it is typed: rows as JSON or as a table, conditions that no table has, and what is
// left out because it does not fit.
import { describe, expect, it } from 'vitest'
import { enosys, folder } from '../cli/enosys.ts'

const SMALL =
  '{ extends: typical, window: { native: 9000 }, like: { ruler_readme: GPT-4-1106-preview } }'
const cwd = folder({ 'small.yaml': SMALL })

const rowsOf = (stdout: string) => JSON.parse(stdout) as Record<string, unknown>[]

describe('enosys calibrate', () => {
  it('tells rows as JSON, at lengths that no table has', async () => {
    const args = ['calibrate', 'ruler', '--length', '2500,3333,4096', '-n', '5', '--json']
    const { code, stdout } = await enosys(args, cwd)
    expect(code).toBe(0)
    expect(rowsOf(stdout).map(({ condition }) => condition)).toEqual([
      'context 2500',
      'context 3333',
      'context 4096',
    ])
    expect(Object.keys(rowsOf(stdout)[0] ?? {})).toEqual([
      'experiment',
      'profile',
      'condition',
      'metric',
      'simulated',
      'low',
      'high',
      'n',
    ])
  })

  it('runs a model at its published conditions, beside what was published', async () => {
    const args = ['calibrate', 'ruler', '-p', './small.yaml', '-n', '5']
    const { code, stdout, stderr } = await enosys([...args, '--json'], cwd)
    expect(code).toBe(0)
    expect(rowsOf(stdout).map(({ published }) => published)).toEqual([96.6, 96.3])
    expect(stderr).toContain('is 9000 tokens: a length of 16000 does not fit')
    const table = await enosys(args, cwd)
    expect(table.stdout).toMatch(/simulated +interval +published +difference/)
    expect(table.stdout).toMatch(/ruler_avg_accuracy_pct +[\d.]+ +\[[\d.]+ [\d.]+\] +96\.6 +[+-]/)
    expect(table.stdout).toMatch(/2 published numbers, \d of them inside the interval/)
    expect(Math.max(...table.stdout.split('\n').map((line) => line.length))).toBeLessThan(101)
  })

  it('takes several profiles, and the same seed gives the same', async () => {
    const args = ['calibrate', 'latency', '-p', 'typical,flawless', '-n', '5', '--json']
    const [first, again, other] = await Promise.all([
      enosys(args, cwd),
      enosys(args, cwd),
      enosys([...args, '--seed', '2'], cwd),
    ])
    expect(new Set(rowsOf(first.stdout).map(({ profile }) => profile)).size).toBe(2)
    expect(again.stdout).toBe(first.stdout)
    expect(other.stdout).not.toBe(first.stdout)
  })

  it('is known to the catalogue', async () => {
    const list = await enosys(['list', 'experiments', '--json'], cwd)
    const ids = (JSON.parse(list.stdout) as { id: string }[]).map(({ id }) => id)
    expect(ids).toContain('toolbench')
    const shown = await enosys(['show', 'toolbench'], cwd)
    expect(shown.stdout).toContain('harness: loop')
  })
})
