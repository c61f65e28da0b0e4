// What is still needed: the facts and places of the steps that are not done. A step counts as done when a
// later one of its job has been planned; only the trace is asked, never what a harness says of itself.
import { atomsIn, type Instance, type Program, type Step } from '../sim/index.ts'
import { originOf } from './recall.ts'

/** Keys of atoms, `kind:name`. */
export function needed(instance: Instance, steps: readonly Step[]): ReadonlySet<string> {
  const keys = steps.flatMap(({ needs }) =>
    needs.map((need) => {
      if (need.startsWith('@')) return `place:${need.slice(1)}`
      return `${originOf(instance, need) === 'own' ? 'choice' : 'fact'}:${need}`
    }),
  )
  return new Set(keys)
}

/** `job`, `job~2`, ... are sessions of `job`. */
export const jobOf = (session: string): string => session.split('~')[0] ?? session

/** How far each job has come, and which jobs a session works on. */
export class Progress {
  readonly #programs: ReadonlyMap<string, Program>
  readonly #jobs = new Map<string, Program>()
  /** By job: the place of the last step that was ever planned. */
  readonly #reached = new Map<string, number>()
  readonly #sessions = new Map<string, Set<string>>()

  constructor(programs: readonly Program[]) {
    this.#programs = new Map(programs.map((program) => [program.name, program]))
  }

  arrived(job: string, prompt: string): void {
    for (const { kind, name, value } of atomsIn(prompt)) {
      const program = this.#programs.get(name)
      if (kind === 'task' && program !== undefined) this.#jobs.set(value || job, program)
    }
  }

  planned(session: string, job: string, step: string): void {
    const steps = this.#jobs.get(job)?.steps ?? []
    const place = step === 'answer' ? steps.length : steps.findIndex(({ id }) => id === step)
    this.#reached.set(job, Math.max(this.#reached.get(job) ?? 0, place))
    const jobs = this.#sessions.get(session)
    if (jobs === undefined) this.#sessions.set(session, new Set([job]))
    else jobs.add(job)
  }

  /** Steps not done of the jobs this session has worked on; before its first plan, of its own job. */
  openSteps(session: string): Step[] {
    const jobs = this.#sessions.get(session) ?? [jobOf(session)]
    return [...jobs].flatMap((job) =>
      (this.#jobs.get(job)?.steps ?? []).slice(this.#reached.get(job) ?? 0),
    )
  }
}
