// What a run changed in the world, in the order in which all could see it, and for which job. What stands on a
// branch changes the world at its commit. Whose a change is, is told by what it acts on: the job whose program
// writes that file. A session's name tells it only of what no program writes, or several: a kernel has hands of its
// own, and may do all of a user's work in one session.
import { atomsIn } from './core/atoms.ts'
import { jobOf, type TraceEvent, WORLD } from './core/trace.ts'
import { readBack } from './cpu/program.ts'
import type { Instance } from './instance.ts'

type Tasks = Pick<Instance, 'users' | 'programs'>
type Effect = Extract<TraceEvent, { kind: 'effect' }>
type Commit = Extract<TraceEvent, { kind: 'branch' }>

export interface Change {
  /** Virtual milliseconds. */
  readonly at: number
  /** Place in the trace of the effect or the commit that showed it. */
  readonly event: number
  /** As of an effect: `files.write`, `files.remove`, `payments.pay`, ... */
  readonly op: string
  /** A path, a payee, an address. */
  readonly key: string
  /** What a file has in it since then; undefined where it went, and of all that is no file. */
  readonly text: string | undefined
  /** By the only program that writes there, else by the sessions that did it. */
  isFor(job: string): boolean
  /** Whether it could be the job's work, whoever did it: its program writes there. */
  suits(job: string): boolean
}

/** Which jobs' programs write a path. */
function writersOf({ users, programs }: Tasks): (path: string) => readonly string[] {
  const known = new Map<string, readonly string[]>()
  const templates = users.flatMap(({ jobs }) =>
    jobs.flatMap(({ id, prompt }) => {
      const atoms = atomsIn(prompt)
      const place = (name: string): string =>
        atoms.find((one) => one.kind === 'place' && one.name === name)?.value ?? ''
      const tasks = atoms.filter(({ kind }) => kind === 'task').map(({ name }) => name)
      return (
        programs
          .filter(({ name }) => tasks.includes(name))
          .flatMap(({ steps }) => steps.map(({ call }) => call))
          .filter(({ op }) => op === 'files.write')
          .map(({ args: { path = '' } }) =>
            path
              .replaceAll('{job}', id)
              .replaceAll(/\{@([a-z0-9-]+)\}/g, (_all, name: string) => place(name)),
          )
          // A path that is nothing but a value could be any.
          .filter((path) => path.replaceAll(/\{[^}]*\}/g, '') !== '')
          .map((path) => ({ id, path }))
      )
    }),
  )
  return (path) => {
    const found = known.get(path) ?? [
      ...new Set(
        templates.flatMap((one) => (readBack(one.path, path) === undefined ? [] : [one.id])),
      ),
    ]
    known.set(path, found)
    return found
  }
}

/** What stands on a branch, and by whom. */
interface Apart {
  readonly text: string | undefined
  readonly by: readonly string[]
}

const textOf = ({ op, value }: Effect): string | undefined =>
  op === 'files.write' ? value : undefined

/** Reads a trace once. */
class Reader {
  readonly changes: Change[] = []
  readonly #writers: (path: string) => readonly string[]
  readonly #branches = new Map<number | undefined, Map<string, Apart>>()

  constructor(tasks: Tasks) {
    this.#writers = writersOf(tasks)
  }

  see(event: TraceEvent, place: number): void {
    if (event.kind === 'branch' && event.move === 'commit') this.#commit(event, place)
    if (event.kind !== 'effect') return
    const { key, branch, session } = event
    if (branch === undefined) this.#show(event, place, { text: textOf(event), by: [session] })
    else this.#keep(branch, key, { text: textOf(event), by: [session] })
  }

  #on(branch: number | undefined): Map<string, Apart> {
    const found = this.#branches.get(branch) ?? new Map<string, Apart>()
    this.#branches.set(branch, found)
    return found
  }

  #keep(branch: number, path: string, { text, by }: Apart): void {
    const files = this.#on(branch)
    files.set(path, { text, by: [...(files.get(path)?.by ?? []), ...by] })
  }

  #commit({ at, session, paths, branch, from }: Commit, place: number): void {
    for (const key of paths) {
      const { text, by = [] } = this.#on(branch).get(key) ?? {}
      const file = { text, by: [...by, session] }
      const op = text === undefined ? 'files.remove' : 'files.write'
      if (from === undefined) this.#show({ at, op, key }, place, file)
      else this.#keep(from, key, file)
    }
  }

  #show({ at, op, key }: Pick<Effect, 'at' | 'op' | 'key'>, event: number, { text, by }: Apart) {
    const isTheirs = op.startsWith('files.') && !by.includes(WORLD)
    const writers = isTheirs ? this.#writers(key) : []
    const jobs = writers.length === 1 ? writers : by.map(jobOf)
    this.changes.push({
      ...{ at, event, op, key, text },
      isFor: (job) => jobs.includes(job),
      suits: (job) => writers.includes(job),
    })
  }
}

/** The world's own moves are among them. */
export function changesIn(tasks: Tasks, trace: readonly TraceEvent[]): readonly Change[] {
  const reader = new Reader(tasks)
  for (const [place, event] of trace.entries()) reader.see(event, place)
  return reader.changes
}
