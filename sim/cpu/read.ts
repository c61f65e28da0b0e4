// Read: from the messages of a request to a view. The model is a stateless reader: a view holds nothing
// that its messages do not. It is kept between requests only so that a turn costs what it changed; a view
// built anew from the same messages is the same (held by a property).
import { type Atom, atomsIn } from '../core/atoms.ts'
import type { Message, ToolCall } from '../core/message.ts'
import type { Tokens } from '../core/tokens.ts'
import { stepOfCall } from './call-id.ts'
import { align, gapAfter, shared, span } from './changes.ts'
import { finisherIn } from './finisher.ts'
import type { Form, Told } from './forms/form.ts'
import { Likes } from './likes.ts'
import { push, remove } from './lists.ts'
import { generationAt } from './noted.ts'
import { fateOf } from './result.ts'
import { pendingAt, problemOf, unanswered } from './strict.ts'

/** Tokens that a provider adds around each message. @see the OpenAI cookbook, "How to count tokens" */
const TOKENS_A_MESSAGE = 4

export interface Occurrence {
  readonly value: string
  /** Grows along the window, from atom to atom. */
  readonly n: number
  readonly entry: Entry
  /** Where in the message: 0 its start, 1 its end. */
  readonly at: number
  /** How many summaries it has been through; 0 where it does not stand in one. */
  readonly summary: number
}

export interface Entry {
  /** Grows along the window; never reused. */
  readonly seq: number
  readonly message: Message
  /** What is known by this message: its own atoms, and those of a call that it shows to have gone well. */
  readonly atoms: Atom[]
  readonly tokens: number
  /** It is a result from its first word to its last, though a user's by its role. */
  readonly isTold: boolean
  /** Running total of tokens to the end of this message; only differences of it mean anything. */
  end: number
  /** Why a provider would refuse a conversation with this message here. */
  problem: string | undefined
}

export interface CallState {
  readonly call: ToolCall
  readonly seq: number
  fate: 'open' | 'ok' | 'error'
  result: string
}

export interface Change {
  /** Places in the old list of what is gone; places in the new list of what is new. Both ascending. */
  readonly dropped: readonly number[]
  readonly added: readonly number[]
  /** Tokens of the equal prefix: what a provider's prompt cache would serve. */
  readonly cached: number
}

export class View {
  readonly entries: Entry[] = []
  /** By `kind:name`, oldest first. */
  readonly atoms = new Map<string, Occurrence[]>()
  /** Task atoms in user and system messages, oldest first. */
  readonly tasks: (Occurrence & { readonly name: string })[] = []
  /** Orders, wherever they stand, oldest first. `chars` is their place in the text; -1 in a call. */
  readonly orders: (Occurrence & { readonly name: string; readonly chars: number })[] = []
  readonly calls = new Map<string, CallState>()
  /** By `job/step`: the places in the window that show the step as done, ascending. */
  readonly proofs = new Map<string, number[]>()
  /** Calls that came to no error, by name, for harnesses that rename the ids of calls. */
  readonly renamed = new Map<string, CallState[]>()
  /** The commands that end the work, as the system or the user has them, oldest first. */
  readonly finishers: { readonly entry: Entry; readonly command: string }[] = []
  readonly likes = new Likes()
  /** Changes with every removal: what was concluded from presence holds until then. */
  removals = 0
  /** The form in which calls and results stand in the text, where the tools are described there. */
  form: Form | undefined
  /** Tokens of the window. */
  tokens = 0
  /** Calls in the window that came to an error. */
  failed = 0

  #tokens: Tokens
  /** Those of the entries: side by side they are compared fastest, and every turn compares them all. */
  readonly #messages: Message[] = []
  #seq = 0
  #end = 0
  #problems = 0
  #learned = 0
  /** Something here would be refused, or an id of a call stands here twice. */
  #irregular = false
  #pending = new Set<string>()
  /** Calls spoken in text that no result was told for, oldest first. */
  #asked: string[] = []

  constructor(tokens: Tokens) {
    this.#tokens = tokens
  }

  get isPrompted(): boolean {
    return this.form !== undefined
  }

  get last(): Message | undefined {
    return this.entries.at(-1)?.message
  }

  /** Tokens between the end of a message and the end of the window. */
  distance(entry: Entry): number {
    return this.#end - entry.end
  }

  /** All atoms by `kind:name`, in the order in which the window first says them. */
  inOrder(): (readonly [key: string, found: readonly Occurrence[]])[] {
    return [...this.atoms].sort(([, a], [, b]) => (a[0]?.n ?? 0) - (b[0]?.n ?? 0))
  }

  /** The newest atom of this name at or after `since`. */
  newest(kind: string, name: string, since = 0): Occurrence | undefined {
    const found = this.atoms.get(`${kind}:${name}`)?.at(-1)
    return found !== undefined && found.entry.seq >= since ? found : undefined
  }

  /** Whether a message at or after `since` shows the step as done. */
  shows(job: string, step: string, since: number): boolean {
    const last = this.proofs.get(`${job}/${step}`)?.at(-1)
    return last !== undefined && last >= since
  }

  /** The calls that were made when the model last spoke, with what came of them. */
  lately(): CallState[] {
    const found: CallState[] = []
    const entry = this.entries.findLast(({ message }) => message.role === 'assistant')
    if (entry === undefined) return found
    for (const { id } of entry.message.calls ?? []) {
      const state = this.calls.get(id)
      if (state !== undefined) found.push(state)
    }
    if (!this.isPrompted) return found
    for (let n = 0; ; n++) {
      const state = this.calls.get(inTextAs(entry.seq, n))
      if (state === undefined) return found
      found.push(state)
    }
  }

  /** What a provider would refuse this conversation for: its first problem. */
  problem(): string | undefined {
    if (this.#problems > 0) {
      for (const entry of this.entries) if (entry.problem !== undefined) return entry.problem
    }
    return this.#pending.size > 0 ? unanswered(this.#pending) : undefined
  }

  /** Makes this the view of `messages`, at a cost that grows with what differs from before. */
  update(messages: readonly Message[], form?: Form): Change {
    const { entries } = this
    const p = shared(this.#messages, messages)
    const cached = p === 0 ? 0 : this.tokens - this.distance(entries[p - 1] as Entry)
    const isSameForm = form === this.form
    this.form = form
    if (!isSameForm && entries.length > 0) return { ...this.#anew(p, messages), cached }
    if (p === entries.length) {
      for (let i = p; i < messages.length; i++) this.#append(messages[i] as Message)
      return { dropped: [], added: span(p, messages.length), cached }
    }
    if (this.#irregular) return { ...this.#anew(p, messages), cached }
    const gap = gapAfter(p, this.#messages, messages)
    if (gap > 0) {
      this.#cut(p, gap)
      const from = entries.length
      for (let i = from; i < messages.length; i++) this.#append(messages[i] as Message)
      return { dropped: span(p, p + gap), added: span(from, messages.length), cached }
    }
    const old = this.#messages.slice(p)
    while (entries.length > p) this.#pop()
    for (let i = p; i < messages.length; i++) this.#append(messages[i] as Message)
    return { ...align(old, messages, p), cached }
  }

  /** Reads all again, where what one message means depends on others that may be gone. */
  #anew(p: number, messages: readonly Message[]): Pick<Change, 'dropped' | 'added'> {
    const old = this.#messages.splice(0)
    this.entries.length = 0
    for (const map of [this.atoms, this.calls, this.proofs, this.renamed, this.likes]) map.clear()
    this.tasks.length = this.orders.length = this.finishers.length = 0
    this.#pending.clear()
    this.#asked = []
    this.removals++
    this.tokens = this.#end = this.#problems = this.failed = 0
    this.#irregular = false
    for (const message of messages) this.#append(message)
    return align(old.slice(p), messages, p)
  }

  #cut(p: number, gap: number): void {
    this.#messages.splice(p, gap)
    const gone = this.entries.splice(p, gap)
    let tokens = 0
    for (const entry of gone) {
      tokens += entry.tokens
      this.#forget(entry)
    }
    for (let i = 0; i < p; i++) (this.entries[i] as Entry).end += tokens
  }

  #pop(): void {
    const entry = this.entries.pop()
    if (entry === undefined) return
    this.#messages.pop()
    this.#end -= entry.tokens
    this.#forget(entry)
    this.#pending = pendingAt(this.#messages)
  }

  #append(message: Message): void {
    const { content, calls, callId } = message
    let tokens = TOKENS_A_MESSAGE + this.#tokens.count(content)
    for (const call of calls ?? []) {
      tokens += this.#tokens.count(call.name) + this.#tokens.count(call.args)
    }
    this.#end += tokens
    const seq = this.#seq++
    const entry: Entry = {
      seq,
      message,
      atoms: [],
      tokens,
      isTold: this.form?.isWhole === true && message.role === 'user' && this.#asked.length > 0,
      end: this.#end,
      problem: problemOf(message, this.#pending),
    }
    if (entry.problem !== undefined) this.#problems++
    this.#irregular ||= entry.problem !== undefined
    this.entries.push(entry)
    this.#messages.push(message)
    this.tokens += tokens
    for (const atom of atomsIn(content)) this.#learn(atom, entry, content)
    for (const call of calls ?? []) this.#open(call, seq)
    if (message.role === 'tool' && callId !== undefined) this.#settle(callId, content, entry)
    else if (message.role === 'system' || message.role === 'user') this.#findEnd(entry)
    if (this.form !== undefined) this.#readText(entry, this.form)
  }

  /** What a result says of it counts for nothing. */
  #findEnd(entry: Entry): void {
    const { content } = entry.message
    const mark = this.form?.mark
    if (entry.isTold || (mark !== undefined && content.includes(mark))) return
    const command = finisherIn(content)
    if (command !== undefined) this.finishers.push({ entry, command })
  }

  #open(call: ToolCall, seq: number): void {
    const before = this.calls.get(call.id)
    if (before !== undefined) this.#come(before, 'open', '')
    this.#irregular ||= before !== undefined
    this.calls.set(call.id, { call, seq, fate: 'open', result: '' })
  }

  /** Which call a told result answers depends on what stands before it: what leaves is not undone here. */
  #readText(entry: Entry, form: Form): void {
    const { message, seq } = entry
    if (message.role === 'assistant') {
      const spoken = form.callsIn(message.content, (n) => inTextAs(seq, n))
      if (spoken.length === 0) return
      this.#irregular = true
      this.#asked = spoken.map(({ id }) => id)
      for (const call of spoken) this.#open(call, seq)
      return
    }
    const asked = this.#asked.flatMap((id) => this.calls.get(id)?.call ?? [])
    const results = form.resultsIn(message, asked)
    for (const [i, id] of this.#asked.splice(0, results.length).entries()) {
      const { text, isError } = results[i] as Told
      this.#settle(id, text, entry, isError)
    }
  }

  /** What a call tells is known where its result begins. */
  #learn(atom: Atom, entry: Entry, text: string): void {
    const { kind, name, value, at: place } = atom
    entry.atoms.push(atom)
    const at = text === entry.message.content ? place / text.length : 0
    const summary = generationAt(text, place)
    const occurrence = { value, entry, n: this.#learned++, at, summary }
    const key = `${kind}:${name}`
    if (!this.atoms.has(key)) this.likes.count(kind, name, 1)
    push(this.atoms, key, occurrence)
    if (kind === 'done') push(this.proofs, name, entry.seq)
    const { role } = entry.message
    if (kind === 'task' && (role === 'user' || role === 'system') && !entry.isTold)
      this.tasks.push({ name, ...occurrence })
    if (kind === 'order')
      this.orders.push({ name, ...occurrence, chars: text === entry.message.content ? place : -1 })
  }

  /** `isError` is what the form says, where it says it; else it is read from what a shell or a tool says. */
  #settle(callId: string, result: string, entry: Entry, isError?: boolean): void {
    const { message, seq } = entry
    const state = this.calls.get(callId)
    if (state === undefined) return
    const read = isError === undefined ? fateOf(state.call, result, message.isError) : undefined
    this.#come(state, read ?? (isError === true ? 'error' : 'ok'), result)
    if (state.fate === 'error') return
    const { args } = state.call
    for (const atom of atomsIn(args)) this.#learn(atom, entry, args)
    const named = stepOfCall(callId)
    if (named === undefined) push(this.renamed, state.call.name, state)
    else push(this.proofs, `${named.job}/${named.step}`, seq)
  }

  #forget(entry: Entry): void {
    const { seq, message, atoms } = entry
    this.removals++
    this.tokens -= entry.tokens
    if (entry.problem !== undefined) this.#problems--
    for (const { kind, name } of atoms) {
      const key = `${kind}:${name}`
      remove(this.atoms, key, (o) => o.entry === entry)
      if (!this.atoms.has(key)) this.likes.count(kind, name, -1)
      if (kind === 'done') remove(this.proofs, name, (s) => s === seq)
    }
    for (const call of message.calls ?? []) {
      const state = this.calls.get(call.id)
      if (state?.seq !== seq) continue
      remove(this.renamed, call.name, (s) => s === state)
      this.#come(state, 'open', '')
      this.calls.delete(call.id)
    }
    if (atoms.some(({ kind }) => kind === 'task' || kind === 'order')) this.#forgetTasks(entry)
    if (this.finishers.length > 0) leave(this.finishers, entry)
    if (message.role !== 'tool' || message.callId === undefined) return
    const state = this.calls.get(message.callId)
    const named = stepOfCall(message.callId)
    if (named !== undefined) remove(this.proofs, `${named.job}/${named.step}`, (s) => s === seq)
    if (state === undefined) return
    remove(this.renamed, state.call.name, (s) => s === state)
    this.#come(state, 'open', '')
  }

  /** What came of a call, or that it is not known any more. */
  #come(state: CallState, fate: CallState['fate'], result: string): void {
    if (state.fate === 'error') this.failed--
    if (fate === 'error') this.failed++
    state.fate = fate
    state.result = result
  }

  #forgetTasks(entry: Entry): void {
    for (const list of [this.tasks, this.orders]) leave(list, entry)
  }
}

function leave(list: { readonly entry: Entry }[], entry: Entry): void {
  for (let i = list.length - 1; i >= 0; i--) if (list[i]?.entry === entry) list.splice(i, 1)
}

/** The id of a call that was spoken as text, which has none. */
const inTextAs = (seq: number, n: number): string => `text-${seq}-${n}`
