// Misspeak: one call of a turn is said otherwise. Which one is a decision of its own where several could be.
import type { ToolCall } from '../core/message.ts'
import type { Occasion } from './behaviour.ts'
import type { Args, Bound } from './dialect.ts'
import type { Utterance } from './thought.ts'

/** What is said in a call's stead; nothing where it is not made. */
export interface Slip {
  /** Whether this call could be said otherwise at all. */
  fits(bound: Bound): boolean
  says(call: ToolCall, bound: Bound): readonly ToolCall[]
}

/** The utterance with one of its calls as the slip has it. Asks for `<id>/call`, by the call's step. */
export function misspeak({ content, calls }: Utterance, at: Occasion, slip: Slip): Utterance {
  const { bound, thought, id, chance } = at
  const places = [...bound.keys()].filter((i) => slip.fits(bound[i] as Bound))
  const stepAt = (i: number): string => thought.acts[i]?.step ?? `${i + 1}`
  const step =
    places.length < 2
      ? undefined
      : chance.pick(`${id}/call`, [['', 0], ...places.map((i) => [stepAt(i), 1] as const)])
  const place = places.find((i) => step === undefined || stepAt(i) === step)
  const said = calls.flatMap((call, i) =>
    i === place ? slip.says(call, bound[i] as Bound) : [call],
  )
  return { content, calls: said }
}

/** One of several, by a decision; undefined where there is none. */
export function chosen<K extends string>(
  { id, chance }: Pick<Occasion, 'id' | 'chance'>,
  site: string,
  among: readonly K[],
): K | undefined {
  const [only] = among
  if (among.length < 2) return only
  const pick = chance.pick<K | ''>(`${id}/${site}`, [['', 0], ...among.map((k) => [k, 1] as const)])
  return pick === '' ? only : pick
}

/** A call with other arguments. */
export const withArgs = (call: ToolCall, args: Args): ToolCall => ({
  ...call,
  args: JSON.stringify(args),
})

/** Whether one of the arguments that are really said is such. Asked every turn: nothing is made for it. */
export function someGiven({ args }: Bound, is: (value: unknown, name: string) => boolean): boolean {
  for (const name in args) {
    if (!Object.hasOwn(args, name)) continue
    const value = args[name]
    if (value !== undefined && is(value, name)) return true
  }
  return false
}

/** The arguments that are really said: what is undefined is not. */
export const given = ({ args }: Bound): [name: string, value: unknown][] =>
  Object.entries(args).filter(([, value]) => value !== undefined)
