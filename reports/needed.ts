// What is still needed: the facts and places of the steps that are not done. A step counts as done
// when a later one of its job has been planned; only the trace is asked, never what a harness says
// of itself.
import { type Instance, jobOf, type Program, type Step } from '../sim/index.ts'
import { originOf, tasksIn } from './tasks.ts'

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

/** How far each job has come, and which jobs a session works on. */
export class Progress {
  readonly #programs: readonly Program[]
  readonly #jobs = new Map<string, Program>()
  /** By job: the place of the last step that was ever planned. */
  readonly #reached = new Map<string, number>()
  readonly #sessions = new Map<string, Set<string>>()

  constructor(programs: readonly Program[]) {
    this.#programs = programs
  }

  arrived(job: string, prompt: string): void {
    for (const task of tasksIn(prompt, job, this.#programs)) this.#jobs.set(task.job, task.program)
  }

  planned(session: string, job: string, step: string): void {
    const steps = this.#jobs.get(job)?.steps ?? []
    const place = step === 'answer' ? steps.length : steps.findIndex(({ id }) => id === step)
    this.#reached.set(job, Math.max(this.#reached.get(job) ?? 0, place))
    const jobs = this.#sessions.get(session)
    if (jobs === undefined) this.#sessions.set(session, new Set([job]))
    else jobs.add(job)
  }

  /**
   * Steps not done of the jobs this session has worked on; before its first plan, of its own job.
   */
  openSteps(session: string): Step[] {
    const jobs = this.#sessions.get(session) ?? [jobOf(session)]
    return [...jobs].flatMap((job) =>
      (this.#jobs.get(job)?.steps ?? []).slice(this.#reached.get(job) ?? 0),
    )
  }
}
