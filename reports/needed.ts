// What is still needed: the facts and places of the steps that are not done. A step counts as done
// when a later one of its job has been planned; only the trace is asked, never what a harness says
// of itself.
import { type Instance, jobOf, type Program, type Step } from '../sim/index.ts'
import { originOf, tasksIn } from './tasks.ts'

/** How far each job has come, and which jobs a session works on. */
export class Progress {
  readonly #instance: Instance
  readonly #jobs = new Map<string, Program>()
  /** By job: the place of the last step that was ever planned. */
  readonly #reached = new Map<string, number>()
  readonly #sessions = new Map<string, Set<string>>()
  readonly #keys = new Map<Step, readonly string[]>()

  constructor(instance: Instance) {
    this.#instance = instance
  }

  arrived(job: string, prompt: string): void {
    for (const task of tasksIn(prompt, job, this.#instance.programs))
      this.#jobs.set(task.job, task.program)
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
   * Keys of atoms, `kind:name`, that steps not done need of the jobs this session has worked on; before its first
   * plan, of its own job.
   */
  needed(session: string): ReadonlySet<string> {
    const needed = new Set<string>()
    for (const job of this.#sessions.get(session) ?? [jobOf(session)]) {
      const steps = this.#jobs.get(job)?.steps ?? []
      for (let i = this.#reached.get(job) ?? 0; i < steps.length; i++)
        for (const key of this.#keysOf(steps[i] as Step)) needed.add(key)
    }
    return needed
  }

  #keysOf(step: Step): readonly string[] {
    const known = this.#keys.get(step)
    if (known !== undefined) return known
    const keys = step.needs.map((need) => {
      if (need.startsWith('@')) return `place:${need.slice(1)}`
      return `${originOf(this.#instance, need) === 'own' ? 'choice' : 'fact'}:${need}`
    })
    this.#keys.set(step, keys)
    return keys
  }
}
