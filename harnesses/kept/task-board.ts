// Tasks between sessions, as A2A has them (a2a.proto of 2026-08-18, read as a specification): each is a folder
// of updates on the disk, the newest of which is its state. An update is filed under the next number, which
// one alone can have: of two that move a task at once one is told that it has moved, so a final state stays.
import type { Disk } from '../../sim/index.ts'
import { failed } from '../hands/own-tools.ts'
import type { Result } from '../kernel.ts'
import { choice } from './peers.ts'
import { fileAs, filed, load } from './spool.ts'

const FINAL = ['COMPLETED', 'FAILED', 'CANCELED', 'REJECTED'] as const
const INTERRUPTED = ['INPUT_REQUIRED', 'AUTH_REQUIRED'] as const
export const STATES = ['SUBMITTED', 'WORKING', ...INTERRUPTED, ...FINAL] as const

export type State = (typeof STATES)[number]

export interface Update {
  readonly state: State
  /** A job. */
  readonly by: string
  readonly text: string
}

export interface Task {
  readonly id: string
  readonly from: string
  /** A job or a user. */
  readonly to: string
  readonly updates: readonly Update[]
  /** Numbers that are taken: also by what a crash has torn. */
  readonly filed: number
  /** The newest. */
  readonly now: Update
}

type First = Update & Pick<Task, 'from' | 'to'>

const FOLDER = 'tasks'

export const isFinal = ({ now }: Task): boolean => FINAL.some((state) => state === now.state)

export const isInterrupted = ({ now }: Task): boolean =>
  INTERRUPTED.some((state) => state === now.state)

/** Who works on it: the first who said so. */
export const workerOf = ({ updates }: Task): string | undefined =>
  updates.find(({ state }) => state === 'WORKING')?.by

async function taskAt(disk: Disk, id: string): Promise<Task | undefined> {
  const paths = await filed(disk, `${FOLDER}/${id}`)
  const [first, ...moves] = await Promise.all(paths.map((path) => load<Update>(disk, path)))
  // Of one that was torn as it was handed over nobody knows what it is.
  if (first === undefined) return undefined
  const updates = [first, ...moves.flatMap((move) => move ?? [])]
  const { from, to } = first as First
  return { id, from, to, updates, filed: paths.length, now: updates.at(-1) ?? first }
}

/** The numbers of all tasks, the oldest first. */
async function numbersOf(disk: Disk): Promise<number[]> {
  const found = (await disk.list()).map((path) => /^tasks\/task-(\d+)\//.exec(path)?.[1])
  return [...new Set(found.flatMap((n) => n ?? []))].map(Number).sort((a, b) => a - b)
}

export async function tasksOn(disk: Disk): Promise<Task[]> {
  const ids = (await numbersOf(disk)).map((n) => `task-${n}`)
  const tasks = await Promise.all(ids.map((id) => taskAt(disk, id)))
  return tasks.flatMap((task) => task ?? [])
}

/** @returns the id of a new task. */
export async function submit(
  disk: Disk,
  of: { readonly from: string; readonly to: string; readonly text: string },
): Promise<string> {
  const first: First = { ...of, by: of.from, state: 'SUBMITTED' }
  let n = ((await numbersOf(disk)).at(-1) ?? 0) + 1
  while (!(await fileAs(disk, `${FOLDER}/task-${n}`, 1, first))) n++
  return `task-${n}`
}

/** Files an update behind those that were seen. False where somebody was quicker. */
export const follow = (disk: Disk, { id, filed }: Task, update: Update): Promise<boolean> =>
  fileAs(disk, `${FOLDER}/${id}`, filed + 1, update)

/** Tasks that are not this one's are not found, as the specification has it. */
export async function found(disk: Disk, id: string, names: readonly string[]) {
  const own = (await tasksOn(disk)).filter(
    ({ from, to }) => names.includes(from) || names.includes(to),
  )
  const task = own.find((one) => one.id === id)
  if (task !== undefined) return { kind: 'task', task } as const
  const ids = own.map((one) => one.id)
  return { kind: 'none', result: failed(`TaskNotFoundError: '${id}'. ${choice(id, ids)}`) } as const
}

/** Moves a task, however often others are quicker: what may be done is asked anew each time. */
export async function move(
  disk: Disk,
  id: string,
  names: readonly string[],
  decide: (task: Task) => Update | Result,
): Promise<Task | Result> {
  for (;;) {
    const seen = await found(disk, id, names)
    if (seen.kind === 'none') return seen.result
    const update = decide(seen.task)
    if ('isError' in update) return update
    if (!(await follow(disk, seen.task, update))) continue
    const { updates, filed: count } = seen.task
    return { ...seen.task, updates: [...updates, update], filed: count + 1, now: update }
  }
}
