// What a run was asked to do, as the instance has it: jobs, the program of each, and where its facts
// come from. The same for every harness, so it makes a denominator that no harness can shrink.
import { atomsIn, type Instance, type Origin, type Program } from '../sim/index.ts'

export interface Task {
  readonly job: string
  readonly program: Program
}

/** The tasks that a prompt asks for; `job` where its atom does not name one. */
export function tasksIn(prompt: string, job: string, programs: readonly Program[]): Task[] {
  return atomsIn(prompt).flatMap(({ kind, name, value }) => {
    const program = programs.find((candidate) => candidate.name === name)
    return kind === 'task' && program !== undefined ? [{ job: value || job, program }] : []
  })
}

export const tasksOf = ({ users, programs }: Instance): Task[] =>
  users.flatMap(({ jobs }) => jobs.flatMap(({ id, prompt }) => tasksIn(prompt, id, programs)))

export function originOf({ truths, programs }: Instance, fact: string): Origin {
  const declared = programs.find(({ facts }) => facts[fact] !== undefined)?.facts[fact]?.origin
  return truths[fact]?.origin ?? declared ?? 'own'
}
