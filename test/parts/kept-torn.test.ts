// What parts keep in files that are made once, after a crash that has torn the newest of them: it is as if it had
// never been said, and what comes after it is whole.
import { expect, it } from 'vitest'
import { capture } from '../../harnesses/kept/snapshots.ts'
import { file, load } from '../../harnesses/kept/spool.ts'
import { move, submit, tasksOn, workerOf } from '../../harnesses/kept/task-board.ts'
import type { Machine } from '../../sim/index.ts'
import { instanceWith, play, serving } from '../machine/rig.ts'

/** What is done before the crash and after it, on one disk; the newest write before it is torn. */
async function tornBetween(act: (machine: Machine, boot: number) => Promise<unknown>) {
  const told: unknown[] = []
  const kernel = serving(async (machine, job) => {
    told.push(await act(machine, told.length))
    if (told.length === 1) await machine.open({ job }).tools.callTool({ name: 'list_files' })
  })
  const chance = { 'job-1/call#1/crash': true, 'job-1/call#1/torn': true }
  await play({ kernel, instance: instanceWith(), chance })
  return told
}

it('a message that was torn is none, and keeps its number', async () => {
  const told = await tornBetween(async ({ disk }, boot) => {
    const n = await file(disk, 'mail/ben', { text: `from boot ${boot}` })
    return [n, await load(disk, 'mail/ben/000001.json'), await load(disk, 'mail/ben/000002.json')]
  })
  expect(told).toEqual([
    [1, { text: 'from boot 0' }, undefined],
    [2, undefined, { text: 'from boot 1' }],
  ])
})

it('a task that was torn as it was handed over is none', async () => {
  const told = await tornBetween(async ({ disk }) => {
    await submit(disk, { from: 'job-a', to: 'job-b', text: 'Do this.' })
    return (await tasksOn(disk)).map(({ now }) => now.text)
  })
  expect(told).toEqual([['Do this.'], ['Do this.']])
})

it('a move of a task that was torn was none, and another can be made', async () => {
  const work = (by: string) => () => ({ state: 'WORKING', by, text: '' }) as const
  const told = await tornBetween(async ({ disk }, boot) => {
    if (boot === 0) await submit(disk, { from: 'job-a', to: 'job-b', text: 'Do this.' })
    const before = (await tasksOn(disk))[0]?.now.state
    const moved = await move(disk, 'task-1', ['job-b'], work(`boot ${boot}`))
    return [before, 'id' in moved ? workerOf(moved) : moved]
  })
  expect(told).toEqual([
    ['SUBMITTED', 'boot 0'],
    ['SUBMITTED', 'boot 1'],
  ])
})

it('a snapshot that was torn is made again', async () => {
  const told = await tornBetween(async ({ disk, workspace }) => {
    const tree = await capture(disk, workspace, { hashed: new Map(), stored: new Set() }, 1000)
    return disk.read(`objects/${tree.slice(0, 2)}/${tree.slice(2)}`)
  })
  expect(told[0]).toContain('a.txt')
  expect(told[1]).toBe(told[0])
})
