// What the model can do with tasks: send, look, move, cancel. Errors are A2A's, by their names.

import { failed, said, textOf } from '../hands/own-tools.ts'
import type { Args, Conversation } from '../kernel.ts'
import type { Result } from '../policy.ts'
import { choice, misaddressed, namesOf, peersOf } from './peers.ts'
import {
  found,
  isFinal,
  isInterrupted,
  move,
  STATES,
  type State,
  submit,
  type Task,
  tasksOn,
  type Update,
} from './task-board.ts'
import { type Patience, until } from './until.ts'

const lineOf = ({ id, from, to, now: { state, text } }: Task): string =>
  `${id} from ${from} to ${to}: ${state}${text && `: ${text}`}`

const told = (moved: Task | Result): Result => ('isError' in moved ? moved : said(lineOf(moved)))

const unsupported = (task: Task): Result =>
  failed(`UnsupportedOperationError: ${task.id} is ${task.now.state}, which is final.`)

const movedTo = (c: Conversation, state: State, text: string): Update => ({
  state,
  by: c.session.job.id,
  text,
})

/** How many updates of each task the model was told of. */
export function toldIn({ memo }: Conversation): Map<string, number> {
  const told = (memo.get('ipc.tasks') as Map<string, number> | undefined) ?? new Map()
  memo.set('ipc.tasks', told)
  return told
}

/** A further message to a task, or a new one; and then, where it is wanted, what comes of it. */
export async function send(args: Args, c: Conversation, patience: Patience): Promise<Result> {
  const { disk, clock } = c.machine
  const to = textOf(args, 'to')
  const text = textOf(args, 'text')
  const earlier = textOf(args, 'id')
  const wrong = earlier === '' ? await misaddressed(c, to) : undefined
  if (wrong !== undefined) return wrong
  if (earlier !== '') {
    const message = movedTo(c, 'WORKING', text)
    const moved = await move(disk, earlier, namesOf(c), (task) =>
      isFinal(task) ? unsupported(task) : message,
    )
    if ('isError' in moved) return moved
  }
  const id = earlier || (await submit(disk, { from: c.session.job.id, to, text }))
  if (textOf(args, 'return_immediately') !== 'true')
    await until(clock, patience, async () => {
      const seen = await found(disk, id, namesOf(c))
      if (seen.kind === 'none' || isFinal(seen.task) || isInterrupted(seen.task)) return true
      const isAlone = (await peersOf(c)).some(
        ({ job, hasEnded }) => job === seen.task.to && hasEnded,
      )
      return isAlone || undefined
    })
  return look(id, c)
}

export async function look(id: string, c: Conversation): Promise<Result> {
  const seen = await found(c.machine.disk, id, namesOf(c))
  if (seen.kind === 'none') return seen.result
  toldIn(c).set(id, seen.task.updates.length)
  return said(lineOf(seen.task))
}

/** All that this session has sent, or has to do. */
export async function list(c: Conversation): Promise<Result> {
  const names = namesOf(c)
  const own = (await tasksOn(c.machine.disk)).filter(
    ({ from, to }) => names.includes(from) || names.includes(to),
  )
  return said(own.length === 0 ? 'No tasks.' : own.map(lineOf).join('\n'))
}

/** The task that is meant: by its id, else the oldest that this session has to do. */
async function meant(id: string, c: Conversation): Promise<string> {
  if (id !== '') return id
  const own = (await tasksOn(c.machine.disk)).filter(({ to }) => namesOf(c).includes(to))
  return (own.find((task) => !isFinal(task)) ?? own.at(-1))?.id ?? ''
}

/** States that whoever works on a task can put it into. */
const OPEN_TO_WORKER = STATES.filter((state) => state !== 'SUBMITTED' && state !== 'CANCELED')

export async function update(args: Args, c: Conversation, name: string): Promise<Result> {
  const state = OPEN_TO_WORKER.find((known) => known === name)
  if (state === undefined) return failed(`no state '${name}'. ${choice(name, OPEN_TO_WORKER)}`)
  const next = movedTo(c, state, textOf(args, 'text'))
  const id = await meant(textOf(args, 'id'), c)
  return told(
    await move(c.machine.disk, id, namesOf(c), (task) => {
      if (!namesOf(c).includes(task.to))
        return failed(`UnsupportedOperationError: ${task.id} is for ${task.to}.`)
      const { now } = task
      const isSame = now.state === next.state && now.by === next.by && now.text === next.text
      if (isSame) return said(lineOf(task))
      return isFinal(task) ? unsupported(task) : next
    }),
  )
}

export async function cancel(args: Args, c: Conversation): Promise<Result> {
  const next = movedTo(c, 'CANCELED', '')
  return told(
    await move(c.machine.disk, textOf(args, 'id'), namesOf(c), (task) => {
      const isOwn = task.from === c.session.job.id
      if (isOwn && !isFinal(task)) return next
      const why = isOwn ? `is ${task.now.state}` : `was sent by ${task.from}`
      return failed(`TaskNotCancelableError: ${task.id} ${why}.`)
    }),
  )
}
