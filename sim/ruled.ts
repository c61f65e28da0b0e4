// What a call that was meant would do, told by the step that it belongs to, so by whatever tool and in whatever
// words it is done: whether the users' rules are about it, and whether the world came to show it.
import { argumentsOf } from './asked.ts'
import type { ToolCall } from './core/message.ts'
import { jobOf, type TraceEvent } from './core/trace.ts'
import { stepOfCall } from './cpu/call-id.ts'
import { commandIn } from './cpu/commands.ts'
import { type Program, readBack } from './cpu/program.ts'
import { toldOf } from './effects.ts'
import type { Instance, Policy } from './instance.ts'
import {
  commandsOf,
  type Effect,
  isAbout,
  isAboutEffect,
  isAboutLine,
  isLike,
  type Rule,
  ruleOf,
} from './policy.ts'
import { normalPath } from './world/files.ts'

export { readsAsError } from './cpu/result.ts'

export interface MeantDeed {
  readonly job: string
  readonly call: ToolCall
  /** What it would leave, as an effect tells it; undefined of what leaves nothing that is told. */
  readonly effect: Pick<Effect, 'op' | 'key' | 'value'> | undefined
  /** Whether an effect is the one that it would have left, whatever values the model went by. */
  isToldBy(effect: Effect): boolean
}

/** Undefined where it belongs to no job of these, or acts on something else than its step should. */
export function meantDeed(
  instance: Instance,
  programs: ReadonlyMap<string, Program>,
  call: ToolCall,
): MeantDeed | undefined {
  const named = stepOfCall(call.id)
  const program = programs.get(named?.job ?? '')
  if (named === undefined || program === undefined) return undefined
  const { job } = named
  const step = program.steps.find(({ id }) => id === named.step)
  const form = step && toldOf(step.call)
  if (step === undefined || form === undefined)
    return { job, call, effect: undefined, isToldBy: () => false }
  const { op } = step.call
  const told = toldOf({ op, args: argumentsOf(step, job, instance) })
  const spelt = told?.key ?? ''
  if (told === undefined || spelt === '' || !spells(call, spelt)) return undefined
  const key = op.startsWith('files.') ? normalPath(spelt) : spelt
  // Where no other step acts on the same thing, what it acts on is enough: its words may have been spoilt.
  const isShared = program.steps.some(
    ({ id, call: { op: also, args } }) =>
      id !== step.id && also === op && toldOf({ op, args })?.key === form.key,
  )
  const isToldBy = (other: Effect): boolean =>
    other.op === op &&
    other.key === key &&
    (!isShared || readBack(form.value, other.value) !== undefined)
  return { job, call, effect: { op, key, value: told.value }, isToldBy }
}

/** The arguments of a call, by name; none where they are no JSON object. */
function given({ args }: Pick<ToolCall, 'args'>): [name: string, value: unknown][] {
  try {
    const parsed: unknown = JSON.parse(args.trim() || '{}')
    return typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
  } catch {
    return []
  }
}

/** The texts among them, and the command line that a shell is given. */
const textsOf = (call: ToolCall): string[] => [
  ...given(call).flatMap(([, value]) => (typeof value === 'string' ? [value] : [])),
  ...[commandIn(call) ?? []].flat(),
]

/** As it is, or as JSON spells it. */
const spells = ({ args }: ToolCall, text: string): boolean =>
  args.includes(text) || args.includes(JSON.stringify(text).slice(1, -1))

/** Whether one of a policy's rules is about it; or could be, where it is not known what it would leave. */
export const isRuledOn = ({ deny, ask }: Policy, deed: MeantDeed): boolean =>
  [...deny, ...ask].some((text) => isUnder(ruleOf(text), deed))

function isUnder(rule: Rule, { call, effect }: MeantDeed): boolean {
  const line = commandIn(call)
  if (line !== undefined && isAboutLine(rule, line)) return true
  if (effect !== undefined) return isAboutEffect(rule, effect)
  const isOf = rule.tool === 'Read' || isLike(call.name.toLowerCase(), rule.tool.toLowerCase())
  if (isOf && textsOf(call).some((text) => isAbout(text, rule.pattern))) return true
  return (
    rule.tool === 'Edit' &&
    line !== undefined &&
    wordsOf(line).some((word) => isAbout(normalPath(word), rule.pattern))
  )
}

const wordsOf = (line: string): string[] =>
  commandsOf(line).flatMap((command) => command.split(/[\s'"=<>]+/))

/** Whether an event is what the world made of a call, whatever tool it was given to. */
export function isMadeOf(event: TraceEvent, call: ToolCall): boolean {
  if (event.kind !== 'call') return false
  const [said, line] = [textsOf(call), commandIn(call)]
  const made = given(event).flatMap(([, value]) => (typeof value === 'string' ? [value] : []))
  if (made.length === 0) return event.name === call.name
  return made.some((text) => said.includes(text) || (line !== undefined && text.includes(line)))
}

/** Whether an event shows that what leaves nothing was done: the call came to no error, or a file was read. */
export function isDoneBy(event: TraceEvent, { job, call }: MeantDeed): boolean {
  if (!('session' in event) || jobOf(event.session) !== job) return false
  if (event.kind === 'read') return textsOf(call).some((text) => normalPath(text) === event.path)
  return isMadeOf(event, call) && !(event.kind === 'call' && event.isError)
}
