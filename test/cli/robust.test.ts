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

test('harnesses that are not told apart make no claim', async () => {
  const asked = ['robust', 'isolation/lost-update', '--harness', 'loop,loop+recovery=terse']
  const { code, stdout } = await enosys([...asked, ...SMALL], folder())
  expect(code).toBe(0)
  expect(stdout).toContain('No two harnesses are told apart here')
})
