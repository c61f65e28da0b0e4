// What a model goes by when it writes: the versions that stand in the window of its request, whoever put them
// there and when (agents act on stale windows). A reading counts when its result was shown to the model, or
// when a tool made a new text of it by itself, as an edit does; what a harness reads for itself does not.
import { jobOf, type Message, type ToolCall, type TraceEvent } from '../../sim/index.ts'
import type { Transaction, Version } from './history.ts'

/** A reading, before it is known whether the model ever saw it. */
export interface Noted {
  readonly by: Transaction
  readonly of: Version
  readonly atMs: number
}

/** Which files there are, before it is known what of it the model saw. */
export interface Scanned {
  readonly by: Transaction
  readonly atMs: number
  /** Place in the trace from which on it saw nothing new. */
  readonly asOf: number
  readonly under: string
  readonly isFlat?: boolean | undefined
  readonly ending?: string | undefined
  readonly query: string | undefined
  /** What the request after it brought; empty where there was none. */
  shown: string
}

type RequestEvent = Extract<TraceEvent, { kind: 'request' }>

interface Shown {
  readonly readings: readonly Noted[]
  /** Those of them that were not shown before. */
  readonly news: readonly Noted[]
}

/** What the writer of a text went by. */
export interface GoneBy {
  /** Of the file that it wrote: what stands in its window, else what it was shown last. */
  readonly basis: readonly Noted[]
  /** Of each file that stands in its window what was read last, whoever read it. */
  readonly context: readonly Noted[]
  /** The model said the text: no tool made it of what it read. */
  readonly isSaid: boolean
}

interface Conversation {
  readonly job: string
  /** The readings in each. */
  messages: (readonly Noted[])[]
  /** Since its last request. */
  fresh: Noted[]
  readonly scans: Scanned[]
  /** What the model said last. */
  calls: readonly ToolCall[]
  hasSpoken: boolean
  /** By path: what it was shown last, which a summary or a note may still tell. */
  readonly last: Map<string, Noted>
}

const MARKS = /[^A-Za-z0-9]+/g
/** Line numbers, wrapping, escapes and the marks of defences are none of the text. */
const letters = (text: string): string => text.replace(MARKS, '')

/** So many letters and digits of a line tell it from others. */
const LETTERS_MIN = 3

/** What names no call is known by its text, and to its job alone: the same words may come of other files. */
const keyOf = ({ callId, content }: Message, { job }: Conversation): string =>
  JSON.stringify(callId === undefined ? ['', job, content] : [callId, content])

const NONE: readonly Noted[] = []

/** The model was told by others than itself. */
const isTold = ({ role }: Message): boolean => role === 'tool' || role === 'user'

export class Windows {
  readonly #conversations = new Map<string, Conversation>()
  /** By message: the readings that it shows, in whatever conversation it comes up again. */
  readonly #known = new Map<string, readonly Noted[]>()
  /** Every reading that a model was shown, in the order in which it was. */
  readonly shown = new Set<Noted>()
  readonly scanned: Scanned[] = []

  #of(session: string): Conversation {
    const found = this.#conversations.get(session)
    if (found !== undefined) return found
    const fresh = { fresh: [], scans: [], calls: [], hasSpoken: false, last: new Map() }
    const made: Conversation = { job: jobOf(session), messages: [], ...fresh }
    this.#conversations.set(session, made)
    return made
  }

  read(session: string, reading: Noted): void {
    this.#of(session).fresh.push(reading)
  }

  scan(session: string, scanned: Scanned): void {
    this.#of(session).scans.push(scanned)
  }

  said(session: string, calls: readonly ToolCall[]): void {
    const c = this.#of(session)
    c.calls = calls
    c.hasSpoken = true
  }

  request({ session, purpose, dropped, added }: RequestEvent): void {
    if (purpose !== 'work') return
    const c = this.#of(session)
    const gone = new Set(dropped)
    c.messages = c.messages.filter((_, place) => !gone.has(place))
    const news = added.filter(([, message]) => isTold(message)).map(([, message]) => message)
    const untold = new Set(c.fresh)
    for (const [place, message] of added) {
      const { readings, news: first } = this.#shownBy(message, c)
      for (const reading of readings) untold.delete(reading)
      this.#show(c, first)
      c.messages.splice(place, 0, readings)
    }
    if (!this.#answers(c, news))
      this.#show(
        c,
        [...untold].filter(({ of }) => isAskedFor(of, c)),
      )
    for (const scan of c.scans) {
      scan.shown = news.map(({ content }) => content).join('\n')
      this.scanned.push(scan)
    }
    c.fresh = []
    c.scans.length = 0
  }

  /** The readings in a message: what was read just now and stands in it, and what else it was known to show.
   * Of a result that names its call nothing is new when it comes up again. */
  #shownBy(message: Message, c: Conversation): Shown {
    if (!isTold(message)) return { readings: NONE, news: NONE }
    const key = keyOf(message, c)
    const known = this.#known.get(key)
    if (known !== undefined && (message.callId !== undefined || c.fresh.length === 0))
      return { readings: known, news: NONE }
    const news = c.fresh.filter((one) => isShown(one, message.content, c))
    const paths = new Set(news.map(({ of }) => of.path))
    const readings = [...(known ?? NONE).filter(({ of }) => !paths.has(of.path)), ...news]
    if (readings.length > 0) this.#known.set(key, readings)
    return { readings, news }
  }

  #show(c: Conversation, readings: readonly Noted[]): void {
    for (const reading of readings) {
      c.last.set(reading.of.path, reading)
      this.shown.add(reading)
    }
  }

  /** Results come as messages that name their calls: what none of them shows was not shown. */
  #answers({ calls }: Conversation, news: readonly Message[]): boolean {
    const asked = new Set(calls.map(({ id }) => id))
    return news.some(({ callId }) => callId !== undefined && asked.has(callId))
  }

  goneBy(session: string, path: string, text: string | undefined): GoneBy {
    const c = this.#of(session)
    const isSaid = c.hasSpoken && (text === undefined || isSpoken(c.calls, text))
    // A script that reads one file and writes another went by both.
    if (!isSaid) for (const reading of c.fresh) this.shown.add(reading)
    // Whether there was a file was asked by the tool that wrote it.
    else c.fresh = c.fresh.filter(({ of }) => of.path !== path || isTelling(of))
    const visible = c.messages.flat()
    const found = [...visible, ...(isSaid ? NONE : c.fresh)].filter(({ of }) => of.path === path)
    const last = c.last.get(path)
    const basis = found.length > 0 || last === undefined ? found : [last]
    return { basis, context: newest(visible), isSaid }
  }
}

/** Of each file the one that was read last. */
function newest(readings: readonly Noted[]): Noted[] {
  const found = new Map<string, Noted>()
  for (const reading of readings) {
    const known = found.get(reading.of.path)
    if (known === undefined || known.atMs <= reading.atMs) found.set(reading.of.path, reading)
  }
  return [...found.values()]
}

const isTellingLine = (line: string): boolean => letters(line).length >= LETTERS_MIN

/** It has a line by which it is known again. */
const isTelling = ({ text = '' }: Version): boolean => text.split('\n').some(isTellingLine)

/** By any of its lines, as they stand or by their letters; what has none, by having been asked for. */
function isShown({ of }: Noted, message: string, c: Conversation): boolean {
  if (!isTelling(of)) return isAskedFor(of, c)
  const lines = (of.text ?? '').split('\n')
  if (lines.some((line) => message.includes(line) && isTellingLine(line))) return true
  const bare = letters(message)
  return lines.some((line) => isTellingLine(line) && bare.includes(letters(line)))
}

const isAskedFor = ({ path }: Version, { calls }: Conversation): boolean =>
  calls.some(({ args }) => args.includes(path))

/** The model said the whole text: no tool made it of what it read. */
function isSpoken(calls: readonly ToolCall[], text: string): boolean {
  const asSaid = JSON.stringify(text).slice(1, -1)
  if (calls.some(({ args }) => args.includes(asSaid))) return true
  const bare = letters(text)
  return calls.some(({ args }) => letters(args.replace(/\\[nrt]/g, ' ')).includes(bare))
}
