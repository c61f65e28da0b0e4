// Drops: where conversations of work lost messages, rebuilt from the trace, and which of the atoms still needed a
// drop took. Told of the whole run, each atom of a job once: by the drop, a drop that takes nothing would count
// as one well done, and whoever replaces a line of status each turn would look the better for it. Titles and
// summaries are conversations of their own.
import { atom, atomsIn, jobOf, type Message, type TraceEvent } from '../sim/index.ts'
import type { MeasuredRun } from './metric.ts'
import { Progress } from './needed.ts'

/** What a window says of an atom last: what the model would use. */
interface Standing {
  readonly value: string
  readonly chars: number
}

type Standings = readonly (readonly [key: string, standing: Standing])[]

interface Loss {
  /** An atom of a job. */
  readonly what: string
  readonly isRecoverable: boolean
}

export interface Drops {
  /** Needed atoms that ever stood in a window. */
  readonly held: ReadonlySet<string>
  /** Whether a window with one of them in it ever lost a message. */
  readonly isTried: boolean
  readonly losses: readonly Loss[]
  /** Messages were lost, whatever was in them. */
  readonly isDropped: boolean
  /** Characters of the windows of all requests, and of what was needed then, each of it counted once a window. */
  readonly chars: number
  readonly neededChars: number
}

type RequestEvent = Extract<TraceEvent, { kind: 'request' }>

export function dropsOf({ instance, trace }: MeasuredRun): Drops {
  const progress = new Progress(instance)
  const windows = new Map<string, Window>()
  const held = new Set<string>()
  const losses: (() => Loss)[] = []
  let [isTried, isDropped, chars, neededChars] = [false, false, 0, 0]
  for (const event of trace) {
    if (event.kind === 'job') progress.arrived(event.job, event.prompt)
    if (event.kind === 'plan') progress.planned(event.session, event.job, event.step)
    if (event.kind !== 'request' || event.purpose !== 'work') continue
    const { session } = event
    const window = windows.get(session) ?? new Window()
    windows.set(session, window)
    const needed = progress.needed(session)
    const before = window.among(needed)
    window.become(event)
    const after = window.among(needed)
    const named = (key: string): string => `${jobOf(session)} ${key}`
    for (const key of [...before.keys(), ...after.keys()]) held.add(named(key))
    chars += window.chars
    for (const standing of after.values()) neededChars += standing.chars
    if (event.dropped.length === 0) continue
    isDropped = true
    isTried ||= before.size > 0
    for (const [key, { value }] of before) {
      if (after.get(key)?.value === value || window.isNews(key)) continue
      const isRecoverable = window.recovery(key, value)
      losses.push(() => ({ what: named(key), isRecoverable: isRecoverable() }))
    }
  }
  return { held, isTried, losses: losses.map((tell) => tell()), isDropped, chars, neededChars }
}

/** The window of one conversation, as it stood in its newest request. */
class Window {
  chars = 0
  #messages: Message[] = []
  #newest = new Map<string, Standing>()
  /** What results told, in their order; and how much of it came with the newest request. */
  readonly #told: (readonly [key: string, value: string])[] = []
  #news = 0
  /** A window is read anew where something left it; what its messages say is not. */
  readonly #known = new Map<Message, Standings>()

  become({ dropped, added }: RequestEvent): void {
    const before = this.#told.length
    for (const [, message] of added) {
      if (message.role !== 'tool') continue
      for (const [key, { value }] of this.#standingIn(message)) this.#told.push([key, value])
    }
    this.#news = this.#told.length - before
    const isLonger =
      dropped.length === 0 && added.every(([at], i) => at === this.#messages.length + i)
    if (isLonger) {
      for (const [, message] of added) this.#read(message)
      return
    }
    const gone = new Set(dropped)
    const messages = this.#messages.filter((_message, place) => !gone.has(place))
    for (const [place, message] of added) messages.splice(place, 0, message)
    this.#messages = []
    this.#newest = new Map()
    this.chars = 0
    for (const message of messages) this.#read(message)
  }

  #read(message: Message): void {
    this.#messages.push(message)
    this.chars += message.content.length
    for (const { name, args } of message.calls ?? []) this.chars += name.length + args.length
    for (const [key, standing] of this.#standingIn(message)) this.#newest.set(key, standing)
  }

  #standingIn(message: Message): Standings {
    const known = this.#known.get(message) ?? standingIn(message)
    this.#known.set(message, known)
    return known
  }

  /** Of these keys those that stand in it. */
  among(keys: ReadonlySet<string>): Map<string, Standing> {
    const found = new Map<string, Standing>()
    for (const key of keys) {
      const standing = this.#newest.get(key)
      if (standing !== undefined) found.set(key, standing)
    }
    return found
  }

  /** Whether what stands there now was told by a result that has just come: nobody changed it but the world. */
  isNews(key: string): boolean {
    const news = this.#told.slice(this.#told.length - this.#news)
    const told = news.findLast(([name]) => name === key)
    return told !== undefined && told[1] === this.#newest.get(key)?.value
  }

  /** To be asked at the end: whether its place is in view now, or a result tells the same value from now on. */
  recovery(key: string, value: string): () => boolean {
    const name = key.slice(key.indexOf(':') + 1)
    const isPlaced = !key.startsWith('place:') && this.#newest.has(`place:${name}`)
    const from = this.#told.length
    return () => isPlaced || this.#told.slice(from).find(([told]) => told === key)?.[1] === value
  }
}

function standingIn({ content, calls = [] }: Message): Standings {
  return [content, ...calls.map(({ args }) => args)].flatMap((text) =>
    atomsIn(text).map(({ kind, name, value }) => {
      const chars = atom(kind, name, value).length
      return [`${kind}:${name}`, { value, chars }] as const
    }),
  )
}
