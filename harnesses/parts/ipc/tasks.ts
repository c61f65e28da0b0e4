// Tasks from session to session, in A2A's states and errors (read as a specification). Who sends one waits
// until it is done or asks for something; whom it is for hears of it before the next request, which makes it
// WORKING, and completes it by a tool. A final state stays: after it a message is an UnsupportedOperationError,
// a cancel a TaskNotCancelableError. The same update twice is one, so that one whose answer was lost in a
// crash can be made again; a task sent again is a second task. Assumed: how long is waited, that an id may be
// left out, and that a task for a user belongs to the job of theirs that hears of it first.

import { offering, ownTool, textOf } from '../../hands/own-tools.ts'
import { discharge, enlist, namesOf, peersOf } from '../../kept/peers.ts'
import { follow, isFinal, STATES, type Task, tasksOn, workerOf } from '../../kept/task-board.ts'
import { cancel, list, look, send, toldIn, update } from '../../kept/task-calls.ts'
import type { Patience } from '../../kept/until.ts'
import { add, type Conversation, part } from '../../kernel.ts'

/** The newest that somebody else said of it. */
const wordsOf = ({ updates }: Task, me: string): string =>
  updates.findLast(({ by, text }) => by !== me && text !== '')?.text ?? ''

/** Whether it is news: to whom it is for, until it is done; to whom sent it, what others did. */
function isNews(c: Conversation, task: Task, isMine: boolean): boolean {
  const known = toldIn(c).get(task.id)
  if (isMine && known === undefined) return !isFinal(task)
  const { by, state, text } = task.now
  const isBegun = state === 'WORKING' && text === ''
  return by !== c.session.job.id && !isBegun && task.updates.length > (known ?? 0)
}

/** Takes a task on, if nobody else has: not those for a user that another job of theirs works on. */
async function isTaken(c: Conversation, task: Task): Promise<boolean> {
  const { id: me } = c.session.job
  const worker = workerOf(task)
  if (worker === undefined)
    return follow(c.machine.disk, task, { state: 'WORKING', by: me, text: '' })
  if (worker === me || worker === task.from) return true
  return (await peersOf(c)).some(({ job, hasEnded }) => job === worker && hasEnded)
}

/** Tells the model what there is to do, and what became of what it sent. */
async function announce(c: Conversation): Promise<void> {
  const { id: me } = c.session.job
  const lines: string[] = []
  for (const task of await tasksOn(c.machine.disk)) {
    const isMine = namesOf(c).includes(task.to)
    if (!(isMine || task.from === me) || !isNews(c, task, isMine)) continue
    if (isMine && !isFinal(task) && !(await isTaken(c, task))) continue
    toldIn(c).set(task.id, task.updates.length)
    const words = wordsOf(task, me)
    lines.push(
      isMine && !isFinal(task)
        ? `Do ${task.id} for ${task.from}: ${words}`
        : `${task.id} is ${task.now.state}${words && `: ${words}`}`,
    )
  }
  if (lines.length > 0) add(c, { role: 'user', content: lines.join('\n') })
}

const ID = { id: 'id of a task' }

const toolsOf = (patience: Patience) => [
  ownTool({
    name: 'send_task',
    description: 'Give another agent a task, or say more about one; waits for what comes of it.',
    takes: {
      to: 'job or user',
      text: 'what is to be done',
      id: 'of a task that was sent before',
      return_immediately: 'true: do not wait',
    },
    optional: ['id', 'return_immediately'],
    run: (args, c) => send(args, c, patience),
  }),
  ownTool({
    name: 'get_task',
    description: 'See the state of a task, and what was said last.',
    takes: ID,
    isReading: true,
    run: (args, c) => look(textOf(args, 'id'), c),
  }),
  ownTool({
    name: 'list_tasks',
    description: 'List the tasks that you have sent or have to do.',
    isReading: true,
    run: (_args, c) => list(c),
  }),
  ownTool({
    name: 'cancel_task',
    description: 'Cancel a task that you have sent.',
    takes: ID,
    run: cancel,
  }),
  ownTool({
    name: 'update_task',
    description: 'Say how far you are with a task: the oldest, where no id is given.',
    takes: { state: STATES.join(', '), text: 'what is said', ...ID },
    optional: ['text', 'id'],
    run: (args, c) => update(args, c, textOf(args, 'state')),
  }),
  ownTool({
    name: 'complete_task',
    description: 'Complete a task, with what came of it: the oldest, where no id is given.',
    takes: { text: 'what came of it', ...ID },
    optional: ['id'],
    run: (args, c) => update(args, c, 'COMPLETED'),
  }),
]

export default part({
  slot: 'ipc',
  about: 'tasks with states, sent to other sessions and waited for',
  source: 'A2A, a2a.proto of 2026-08-18 (read as a specification)',
  constants: { waitMs: 600_000, pollMs: 500 },
  policy: (patience) => {
    const { open, run } = offering(toolsOf(patience))
    return {
      async open(c) {
        await enlist(c)
        open(c)
      },
      prepare: announce,
      run,
      async close(c) {
        await discharge(c)
        return true
      },
    }
  },
})
