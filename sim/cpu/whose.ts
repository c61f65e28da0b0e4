// Whose a call is where its id says nothing: a step's whose arguments it has, as far as these were known when
// it was made, also within the command of a shell; or by a slip one's of which it says all but one thing, or
// whose only argument it mistakes for another.
import { HEARTBEAT } from './binding.ts'
import { commandFor, commandIn } from './commands.ts'
import { slip } from './mistake.ts'
import { type CallTemplate, callsOf, fill, readBack, type Step } from './program.ts'
import type { CallState, View } from './read.ts'

type Texts = Readonly<Record<string, string>>

/** Stands where a value was not known. */
const HOLE = '\u0000'
const SUM = /\{=([a-z0-9+-]+)\}/g

/** A step's arguments as they were known before a message, else as they came to be; holes for the rest. */
function argumentsAt(view: View, job: string, template: CallTemplate, seq: number): Texts {
  const told = (kind: string, name: string): string => {
    const found = view.atoms.get(`${kind}:${name}`)
    return (found?.findLast(({ entry }) => entry.seq < seq) ?? found?.[0])?.value ?? HOLE
  }
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

export function argumentsIn(args: string): [name: string, value: unknown][] {
  try {
    return Object.entries(JSON.parse(args))
  } catch {
    return []
  }
}

/** Whether a text has these pieces in it, in order. */
function hasPieces(text: string, pieces: readonly string[]): boolean {
  let from = 0
  for (const piece of pieces) {
    const at = text.indexOf(piece, from)
    if (at < 0) return false
    from = at + piece.length
  }
  return true
}

/** Whether a value is what was wanted, whatever stands in the holes. */
function isOfForm(value: unknown, wanted: string): boolean {
  if (!wanted.includes(HOLE)) return value === wanted
  if (typeof value !== 'string') return false
  const pieces = wanted.split(HOLE)
  return (
    value.startsWith(pieces[0] ?? '') &&
    value.endsWith(pieces.at(-1) ?? '') &&
    hasPieces(value, pieces)
  )
}

/** Whether a command is what a call would say, whatever stands in the holes. */
function isCommandOf(command: string, op: string, args: Texts): boolean {
  const said = commandFor(op, args)
  return said !== undefined && hasPieces(command, said.split(HOLE))
}

const isKnown = (text: string): boolean => text !== '' && !text.includes(HOLE)

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
  const texts = Object.values(args)
  const isAnyKnown = texts.some(isKnown)
  if (command !== undefined)
    return (isAnyKnown || count === 0) && isCommandOf(command, template.op, args)
  const wanted = texts.filter((text) => text !== '')
  return isAnyKnown && wanted.every((text) => given.some(([, value]) => isOfForm(value, text)))
}

/** Whether a call is a step's by a slip. It may be another one's as it is. */
export const isLapseOf = (view: View, job: string, step: Step, state: CallState): boolean =>
  callsOf(step).some((template) => {
    const args = argumentsAt(view, job, template, state.seq)
    const command = commandIn(state.call)
    return command === undefined
      ? isSlipOf(view, { ...template, known: args }, state)
      : isSlipIn(view, { ...template, known: args }, command)
  })

/** A template, with the arguments as they were known. */
interface Meant extends CallTemplate {
  readonly known: Texts
}

/** All but one as it should be, and that one mistaken, or not said at all. */
function isSlipOf(view: View, { args, known }: Meant, { call }: CallState): boolean {
  const names = Object.keys(args)
  const said = new Map(argumentsIn(call.args))
  const wrong = names.filter((name) => !isSaid(said.get(name), known[name] ?? ''))
  const [one] = wrong
  // A number that says what the text does is as it should be, and still no call as it was meant.
  if (one === undefined) return names.some((name) => isKnown(known[name] ?? ''))
  if (wrong.length > 1 || (names.length === 1 && !said.has(one))) return false
  const isAnyRight = names.some((name) => name !== one && isKnown(known[name] ?? ''))
  if (names.length > 1 && !(isAnyRight && said.has(one))) return isAnyRight
  return isMistake(view, { template: args[one] ?? '', right: known[one] ?? '' }, said.get(one))
}

/** A number says what a text of its digits does. */
const isSaid = (value: unknown, wanted: string): boolean =>
  isOfForm(typeof value === 'number' ? String(value) : value, wanted)

/** In a command, all but one as it should be; where there is only one, that is mistaken. */
function isSlipIn(view: View, { op, args, known }: Meant, command: string): boolean {
  const names = Object.keys(args)
  const [only] = names
  if (only !== undefined && names.length === 1) {
    const said = between(command, commandFor(op, { [only]: HOLE }) ?? '')
    return isMistake(view, { template: args[only] ?? '', right: known[only] ?? '' }, said)
  }
  return names.some((wrong) => {
    const isAnyRight = names.some((name) => name !== wrong && isKnown(known[name] ?? ''))
    // A text that ends a line still does.
    const hole = known[wrong]?.endsWith('\n') === true ? `${HOLE}\n` : HOLE
    return isAnyRight && isCommandOf(command, op, { ...known, [wrong]: hole })
  })
}

/** What stands in a text in the place of the hole. */
function between(text: string, around: string): string | undefined {
  const [before = '', after = ''] = around.split(HOLE)
  const from = text.indexOf(before)
  if (before === '' || from < 0) return undefined
  const rest = text.slice(from + before.length)
  const end = rest.indexOf(after)
  return end < 0 ? undefined : rest.slice(0, end)
}

/**
 * Whether a value is what an argument can be mistaken for: with a slip of the pen, or cut off; a text that says
 * another thing in its holes; a fact that is another one's.
 */
function isMistake(
  view: View,
  { template, right }: { readonly template: string; readonly right: string },
  value: unknown,
): boolean {
  if (typeof value !== 'string' || value === '' || value === right || !isKnown(right)) return false
  if (value === slip(right) || right.startsWith(value)) return true
  const isAllHole = /^\{[^{}]*\}$/.test(template)
  return isAllHole ? isFactIn(view, value) : readBack(template, value) !== undefined
}

function isFactIn(view: View, value: string): boolean {
  for (const [key, found] of view.atoms)
    if (key.startsWith('fact:') && found.at(-1)?.value === value) return true
  return false
}
