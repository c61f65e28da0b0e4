// What is asked again of other models: claims that hold, and claims that depend on the model.
import { expect, test } from 'vitest'
import type { Tested } from '../../testbed/robust.ts'
import { enosys, folder } from './enosys.ts'

const SMALL = ['--models', '12', '--instances', '3', '--claims', '12']

test('a claim that rests on a mechanism holds in every model, with its runs replayable', async () => {
  const cwd = folder()
  const asked = ['robust', 'isolation/lost-update', '--harness', 'loop,best', ...SMALL]
  const { code, stdout } = await enosys([...asked, '--json'], cwd)
  expect(code).toBe(0)
  const claims = JSON.parse(stdout) as Tested[]
  expect(claims).toMatchObject([
    { family: 'isolation', better: 'best', worse: 'loop', holds: 12, dependsOnModel: false },
  ])
  const replay = await enosys(['replay', 'isolation/lost-update@0.0:loop:typical~3:1'], cwd)
  expect([replay.code, replay.stdout.includes('overwrites the update')]).toEqual([1, true])
})

test('one that depends on the model is shown in the model in which it holds least', async () => {
  const asked = ['robust', 'budgets', '--harness', 'loop,best', '--models', '10', '-n', '2']
  const cwd = folder()
  const { code, stdout } = await enosys([...asked, '--claims', '8', '--seed', '1'], cwd)
  expect(code).toBe(0)
  expect(stdout).toContain('best > loop depends on the model: ')
  const [, line = ''] = /^ {5}npx enosys (run budgets .*)$/m.exec(stdout) ?? []
  expect(line).toMatch(/^run budgets -H best,loop -p 'typical~\d+' -n 2 --seed 1$/)
  const shown = await enosys(line.replaceAll("'", '').split(' '), cwd)
  expect(shown.code).toBe(0)
})

test('harnesses that are not told apart make no claim', async () => {
  const asked = ['robust', 'isolation/lost-update', '--harness', 'loop,loop+recovery=terse']
  const { code, stdout } = await enosys([...asked, ...SMALL], folder())
  expect(code).toBe(0)
  expect(stdout).toContain('No two harnesses are told apart here')
})
