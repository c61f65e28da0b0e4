// Done: what the window shows of a step. By the id of its call, where it came to no error; by a `done`
// atom; because all that it teaches is in view; or, where a harness gives calls ids of its own, by their
// arguments as far as they are known, also within the command of a shell.
import { HEARTBEAT } from './binding.ts'
import { stepOfCall } from './call-id.ts'
import { commandFor, commandIn } from './commands.ts'
import type { Bound } from './dialect.ts'
import { type CallTemplate, callsOf, fill, type Program, type Step } from './program.ts'
import type { CallState, View } from './read.ts'

export interface Since {
  readonly program: Program
  readonly job: string
  /** The place in the window from which on its steps count as done. */
  readonly since: number
}

/** Stands where a value was not known. */
const HOLE = '\u0000'
const SUM = /\{=([a-z0-9+-]+)\}/g

/** A step's arguments as they were known before a message; holes for the rest. */
function argumentsAt(
  view: View,
  job: string,
  template: CallTemplate,
  seq: number,
): Record<string, string> {
  const told = (kind: string, name: string): string =>
    view.atoms.get(`${kind}:${name}`)?.findLast(({ entry }) => entry.seq < seq)?.value ?? HOLE
  const value = (name: string): string => {
    if (name === 'job') return job
    const fact = told('fact', name)
    return fact === HOLE ? told('choice', name) : fact
  }
  const isNumber = (term: string): boolean => /^\d+$/.test(term) || value(term) !== HOLE
  const filled = Object.entries(template.args).map(([name, text]) => {
    const open = text.replace(SUM, (sum: string, terms: string) =>
      terms.split('+').every(isNumber) ? sum : HOLE,
    )
    return [name, fill(open, { value, place: (fact) => told('place', fact) })]
  })
  return Object.fromEntries(filled)
}

function argumentsIn(args: string): [name: string, value: unknown][] {
  try {
    return Object.entries(JSON.parse(args))
  } catch {
    return []
  }
}

/** Whether a command is what the step would say, whatever stands in the holes. */
function isCommandOf(command: string, op: string, args: Record<string, string>): boolean {
  const pieces = commandFor(op, args)?.split(HOLE) ?? []
  let from = pieces.length === 0 ? -1 : 0
  for (const piece of pieces) {
    const at = from < 0 ? -1 : command.indexOf(piece, from)
    from = at < 0 ? -1 : at + piece.length
  }
  return from >= 0
}

/** Whether a call is a step's by its arguments, as far as these were known when it was made. */
export const isOfStep = (view: View, job: string, step: Step, state: CallState): boolean =>
  callsOf(step).some((template) => isOfCall(view, job, template, state))

function isOfCall(
  view: View,
  job: string,
  template: CallTemplate,
  { call, seq }: CallState,
): boolean {
  const command = commandIn(call)
  const count = Object.keys(template.args).length
  const given =
    command === undefined ? argumentsIn(call.args).filter(([name]) => name !== HEARTBEAT) : []
  if (command === undefined && given.length !== count) return false
  const args = argumentsAt(view, job, template, seq)
  const wanted = Object.values(args).filter((text) => text !== '' && !text.includes(HOLE))
  if (command !== undefined)
    return (wanted.length > 0 || count === 0) && isCommandOf(command, template.op, args)
  return wanted.length > 0 && wanted.every((text) => given.some(([, value]) => value === text))
}

/** Whether a call with these arguments, under a foreign id, came to no error since a place in the window. */
export function wasSaid(view: View, { name, args }: Bound, since: number): boolean {
  const isIn = (given: readonly [string, unknown][]): boolean =>
    Object.entries(args).every(([key, value]) =>
      given.some(([own, other]) => own === key && JSON.stringify(other) === JSON.stringify(value)),
    )
  const states = view.renamed.get(name) ?? []
  return states.some(({ call, seq }) => seq >= since && isIn(argumentsIn(call.args)))
}

/** Whether two steps say the very same. */
export const isSameCall = ({ call: a }: Step, { call: b }: Step): boolean =>
  a.op === b.op && Object.entries(a.args).every(([name, text]) => b.args[name] === text)

/** Whether a call under a foreign id is this step's: the second one, for a step that calls alike again. */
function shownByArguments(view: View, { job, since, program }: Since, step: Step): boolean {
  if (view.renamed.size === 0) return false
  let wanted = 1
  for (const other of program.steps) {
    if (other === step) break
    if (isSameCall(other, step)) wanted++
  }
  for (const states of view.renamed.values()) {
    for (const state of states)
      if (state.seq >= since && isOfStep(view, job, step, state) && --wanted === 0) return true
  }
  return false
}

export function isDone(view: View, task: Since, step: Step): boolean {
  const { job, since } = task
  if (view.shows(job, step.id, since)) return true
  const { learns } = step
  if (learns?.every((name) => view.newest('fact', name) !== undefined) === true) return true
  if (step.isOptional && failures(view, job, step) >= 1 + (step.ways ?? []).length) return true
  return shownByArguments(view, task, step)
}

/** Calls of a step in view that came to an error: by their ids, else by their arguments. */
export function failures(view: View, job: string, step: Step): number {
  let count = 0
  if (view.failed === 0) return count
  for (const [id, state] of view.calls) {
    if (state.fate !== 'error') continue
    const named = stepOfCall(id)
    const isOwn = named?.job === job && named.step === step.id
    if (isOwn || (named === undefined && isOfStep(view, job, step, state))) count++
  }
  return count
}
