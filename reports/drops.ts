// Drops: where a conversation of work lost messages, with its window before and after, rebuilt from
// the trace, and what was still needed then. Titles, summaries and sub-agents are conversations of
// their own.
import { type AtomKind, atomsIn, type Message } from '../sim/index.ts'
import type { MeasuredRun } from './metric.ts'
import { needed, Progress } from './needed.ts'

export interface WindowAtom {
  /** `kind:name`. */
  readonly key: string
  readonly kind: AtomKind
  readonly value: string
}

export interface Drop {
  /** In the order of the window, oldest first. */
  readonly before: readonly WindowAtom[]
  readonly after: readonly WindowAtom[]
  /** Of the whole window after it. */
  readonly afterChars: number
  /** Keys of the atoms that steps not yet done need. */
  readonly needed: ReadonlySet<string>
  /** The value of an atom as a result in this conversation told it after the drop, for the first time. */
  later(key: string): string | undefined
}

export function dropsOf({ instance, trace }: MeasuredRun): Drop[] {
  const progress = new Progress(instance.programs)
  const windows = new Map<string, Message[]>()
  const known = new Map<Message, WindowAtom[]>()
  const atoms = (window: readonly Message[]): WindowAtom[] =>
    window.flatMap((message) => {
      const found = known.get(message) ?? atomsOf(message)
      known.set(message, found)
      return found
    })
  const drops: Drop[] = []
  /** By session: what results told, in their order. */
  const told = new Map<string, WindowAtom[]>()
  for (const event of trace) {
    if (event.kind === 'job') progress.arrived(event.job, event.prompt)
    if (event.kind === 'plan') progress.planned(event.session, event.job, event.step)
    if (event.kind !== 'request' || event.purpose !== 'work') continue
    const before = windows.get(event.session) ?? []
    const after = rebuilt(before, event.dropped, event.added)
    windows.set(event.session, after)
    const results = told.get(event.session) ?? []
    told.set(event.session, results)
    for (const [, message] of event.added)
      if (message.role === 'tool') results.push(...atoms([message]))
    if (event.dropped.length === 0) continue
    const open = progress.openSteps(event.session)
    const from = results.length
    drops.push({
      before: atoms(before),
      after: atoms(after),
      afterChars: charsOf(after),
      needed: needed(instance, open),
      later: (key) => results.slice(from).find((atom) => atom.key === key)?.value,
    })
  }
  return drops
}

function rebuilt(
  before: readonly Message[],
  dropped: readonly number[],
  added: readonly (readonly [place: number, message: Message])[],
): Message[] {
  const gone = new Set(dropped)
  const after = before.filter((_message, place) => !gone.has(place))
  for (const [place, message] of added) after.splice(place, 0, message)
  return after
}

function charsOf(window: readonly Message[]): number {
  let chars = 0
  for (const { content, calls = [] } of window) {
    chars += content.length
    for (const { name, args } of calls) chars += name.length + args.length
  }
  return chars
}

function atomsOf({ content, calls = [] }: Message): WindowAtom[] {
  const texts = [content, ...calls.map(({ args }) => args)]
  return texts.flatMap((text) =>
    atomsIn(text).map(({ kind, name, value }) => ({ key: `${kind}:${name}`, kind, value })),
  )
}

/** The newest value by key: the one that the model would use. */
export const newest = (atoms: readonly WindowAtom[]): ReadonlyMap<string, string> =>
  new Map(atoms.map(({ key, value }) => [key, value]))
