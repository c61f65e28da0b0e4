// Tasks between sessions: their states, who may move them, that a final one stays, and what a crash leaves.
import { describe, expect, it } from 'vitest'
import { follow, submit, tasksOn } from '../../harnesses/kept/task-board.ts'
import jsonl from '../../harnesses/parts/checkpoint/jsonl.ts'
import tasks from '../../harnesses/parts/ipc/tasks.ts'
import type { Disk } from '../../sim/index.ts'
import { instanceWith, play, serving } from '../machine/rig.ts'
import {
  agents,
  calls,
  crashPoints,
  heard,
  notices,
  recite,
  repliesOf,
  results,
  step,
  talk,
  toldTo,
} from './ipc-rig.ts'

const send = (to: string, text: string, more = {}) => calls('send_task', { to, text, ...more })
const sendAside = (to: string, text: string) => send(to, text, { return_immediately: 'true' })
const update = (state: string, text = '') => calls('update_task', { state, text })
const complete = (text: string, more = {}) => calls('complete_task', { text, ...more })
const get = (id: string) => calls('get_task', { id })
const cancel = (id: string) => calls('cancel_task', { id })
const look = calls('list_files')
const looks = (n: number) => Array.from({ length: n }, () => [look])

/** Ana asks Ben for a code that only he knows, and writes it down. */
const asking = agents(
  {
    user: 'ana',
    job: 'job-a',
    steps: [
      step('ask', 'agents.task', { to: 'job-b', text: 'Tell me the code.' }, { learns: ['code'] }),
      step('note', 'files.write', { path: 'note.txt', content: '{code}' }, { needs: ['code'] }),
    ],
  },
  {
    user: 'ben',
    job: 'job-b',
    facts: { code: '77' },
    steps: [
      step('look', 'files.read', { path: 'a.txt' }, { effect: 'read' }),
      step('see', 'files.read', { path: 'b.txt' }, { effect: 'read' }),
      step('tell', 'agents.complete', { text: '[[fact:code={code}]]' }, { needs: ['code'] }),
    ],
  },
)

const given = { ...asking, world: { files: { 'a.txt': 'alpha', 'b.txt': 'beta' } } }

describe('a task', () => {
  it('is waited for, and brings back what came of it', async () => {
    const run = await talk(tasks, given)
    expect(repliesOf(run)).toEqual({ 'job-a': 'Done.', 'job-b': 'Done.' })
    expect(run.simulation.world.data().files['note.txt']).toBe('77')
    expect(heard(run, 'job-a')[0]).toBe('task-1 from job-a to job-b: COMPLETED: [[fact:code=77]]')
    expect(toldTo(run, 'job-a')).toEqual([])
    expect(toldTo(run, 'job-b')).toEqual(['Do task-1 for job-a: Tell me the code.'])
  })

  it('goes from SUBMITTED by WORKING and INPUT_REQUIRED to COMPLETED', async () => {
    const run = await recite([tasks], {
      'job-a': [
        [look],
        [sendAside('job-b', 'sum it')],
        ...looks(4),
        [send('job-b', 'all of it', { id: 'task-1' })],
        [get('task-1')],
      ],
      'job-b': [
        ...looks(4),
        [update('INPUT_REQUIRED', 'all or half?')],
        ...looks(4),
        [complete('12')],
      ],
    })
    const all = await tasksOn(run.conversations.get('job-a')?.machine.disk as Disk)
    expect(all).toHaveLength(1)
    expect(all[0]?.updates.map(({ state, by, text }) => `${state} ${by} ${text}`)).toEqual([
      'SUBMITTED job-a sum it',
      'WORKING job-b ',
      'INPUT_REQUIRED job-b all or half?',
      'WORKING job-a all of it',
      'COMPLETED job-b 12',
    ])
    expect(results(run, 'job-a').at(-1)).toBe('task-1 from job-a to job-b: COMPLETED: 12')
    expect(notices(run, 'job-b')).toEqual([
      'Do task-1 for job-a: sum it',
      'Do task-1 for job-a: all of it',
    ])
  })

  it('that asks for something is not waited for any longer', async () => {
    const run = await recite([tasks], {
      'job-a': [[look], [send('job-b', 'pay')], [look]],
      'job-b': [...looks(3), [update('AUTH_REQUIRED', 'may I?')], ...looks(9)],
    })
    expect(results(run, 'job-a')[1]).toBe('task-1 from job-a to job-b: AUTH_REQUIRED: may I?')
  })

  it('that is final stays so, whatever is said to it', async () => {
    const run = await recite([tasks], {
      'job-a': [
        [look],
        [send('job-b', 'sum')],
        [send('job-b', 'more', { id: 'task-1' }), cancel('task-1'), get('task-2')],
      ],
      'job-b': [...looks(3), [complete('12')], [complete('12'), complete('13'), update('FAILED')]],
    })
    expect(results(run, 'job-a').slice(2)).toEqual([
      'Error: UnsupportedOperationError: task-1 is COMPLETED, which is final.',
      'Error: TaskNotCancelableError: task-1 is COMPLETED.',
      "Error: TaskNotFoundError: 'task-2'. Nearest: task-1. All: task-1.",
    ])
    expect(results(run, 'job-b').slice(4)).toEqual([
      'task-1 from job-a to job-b: COMPLETED: 12',
      'Error: UnsupportedOperationError: task-1 is COMPLETED, which is final.',
      'Error: UnsupportedOperationError: task-1 is COMPLETED, which is final.',
    ])
  })

  it('is cancelled by whoever sent it and nobody else, and its worker hears of it', async () => {
    const run = await recite([tasks], {
      'job-a': [[look], [sendAside('job-b', 'sum')], ...looks(2), [cancel('task-1')]],
      'job-b': [...looks(3), [cancel('task-1')], ...looks(3), [complete('12')]],
      'job-c': [...looks(3), [get('task-1'), calls('list_tasks')]],
    })
    expect(results(run, 'job-b')[3]).toBe(
      'Error: TaskNotCancelableError: task-1 was sent by job-a.',
    )
    expect(results(run, 'job-a').at(-1)).toBe('task-1 from job-a to job-b: CANCELED')
    expect(notices(run, 'job-b').at(-1)).toBe('task-1 is CANCELED: sum')
    expect(results(run, 'job-b').at(-1)).toMatch(/UnsupportedOperationError: task-1 is CANCELED/)
    expect(results(run, 'job-c').slice(3)).toEqual([
      "Error: TaskNotFoundError: 'task-1'. There is none.",
      'No tasks.',
    ])
  })

  it('that was not waited for is told of when it is done', async () => {
    const run = await recite([tasks], {
      'job-a': [[look], [sendAside('ben', 'sum')], ...looks(6)],
      'job-b': [...looks(3), [complete('12')]],
    })
    expect(results(run, 'job-a')[1]).toBe('task-1 from job-a to ben: SUBMITTED: sum')
    expect(notices(run, 'job-a')).toEqual(['task-1 is COMPLETED: 12'])
  })

  it('for a user is taken on by one of their jobs', async () => {
    const users = { 'job-a': 'ana', 'job-b': 'ben', 'job-c': 'ben' }
    const scripts = {
      'job-a': [[look], [sendAside('ben', 'sum')]],
      'job-b': looks(5),
      'job-c': looks(5),
    }
    const run = await recite([tasks], scripts, { users, isTogether: true })
    const told = ['job-b', 'job-c'].flatMap((job) => notices(run, job))
    expect(told).toEqual(['Do task-1 for job-a: sum'])
  })

  it('is given up waiting for when its worker has ended, or after so long', async () => {
    const left = await recite([tasks], {
      'job-a': [[look], [send('job-b', 'sum')]],
      'job-b': looks(3),
    })
    expect(results(left, 'job-a')[1]).toBe('task-1 from job-a to job-b: WORKING')
    const slow = await recite([tasks.with({ waitMs: 2000 })], {
      'job-a': [[look], [send('job-b', 'sum')]],
      'job-b': looks(9),
    })
    expect(results(slow, 'job-a')[1]).toBe('task-1 from job-a to job-b: WORKING')
    expect(slow.simulation.now).toBeGreaterThan(left.simulation.now)
  })

  it('moves for one of two at once', async () => {
    let moved: readonly boolean[] = []
    const kernel = serving(async ({ disk }) => {
      const id = await submit(disk, { from: 'a', to: 'b', text: '' })
      const [task] = await tasksOn(disk)
      if (task === undefined) throw new TypeError(`${id} is gone`)
      const to = (state: 'COMPLETED' | 'CANCELED') =>
        follow(disk, task, { state, by: state, text: '' })
      moved = await Promise.all([to('COMPLETED'), to('CANCELED')])
      return (await tasksOn(disk))[0]?.now.state
    })
    const { ending, trace } = await play({ kernel, instance: instanceWith() })
    expect(ending).toEqual({ kind: 'done' })
    expect(moved).toEqual([true, false])
    expect(repliesOf({ trace })['job-1']).toBe('COMPLETED')
  })
})

describe('tasks and a crash, wherever it strikes', async () => {
  const points = crashPoints(await talk([tasks, jsonl], given))
  const states = async (id: string, landed: boolean) => {
    const chance = { [id]: true, [`${id.slice(0, id.lastIndexOf('/'))}/landed`]: landed }
    const run = await talk([tasks, jsonl], given, chance)
    const texts = [...run.simulation.disk].filter(([path]) => path.startsWith('tasks/'))
    return {
      run,
      updates: texts.map(([path, text]) => [path.split('/')[1], JSON.parse(text).state]),
    }
  }

  it('come to one final state each, and what was told to be completed is', async () => {
    expect(points.length).toBeGreaterThan(15)
    for (const id of points)
      for (const landed of [true, false]) {
        const { run, updates } = await states(id, landed)
        expect(['done', 'stuck']).toContain(run.ending?.kind)
        const finals = updates.filter(([, state]) => state === 'COMPLETED').map(([task]) => task)
        expect(new Set(finals).size).toBe(finals.length)
        expect(finals.length).toBeGreaterThan(0)
      }
  })

  it('may be sent a second time, if the answer to the first was lost', async () => {
    const doubled: string[] = []
    for (const id of points) {
      const { updates } = await states(id, true)
      if (new Set(updates.map(([task]) => task)).size > 1) doubled.push(id)
    }
    expect(doubled.length).toBeGreaterThan(0)
  })
})
