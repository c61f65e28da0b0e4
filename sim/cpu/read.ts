// Read: from the messages of a request to a view. The model is a stateless reader: a view holds nothing
// that its messages do not. It is kept between requests only so that a turn costs what it changed; a view
// built anew from the same messages is the same (held by a property).
import { type Atom, atomsIn } from '../core/atoms.ts'
import type { Message, ToolCall } from '../core/message.ts'
import type { Tokens } from '../core/tokens.ts'

/** Tokens that a provider adds around each message. @see the OpenAI cookbook, "How to count tokens" */
const TOKENS_A_MESSAGE = 4

export interface Occurrence {
  readonly value: string
  /** Grows along the window, from atom to atom. */
  readonly n: number
  readonly entry: Entry
}

export interface Entry {
  /** Grows along the window; never reused. */
  readonly seq: number
  readonly message: Message
  /** What is known by this message: its own atoms, and those of a call that it shows to have gone well. */
  readonly atoms: Atom[]
  readonly tokens: number
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

const ERROR_WORDS =
  /^\W*(tool_use_error\W*)?(error|failed|failure|invalid|unknown|unsupported|no such|not found|cannot|could not|unable|validation failed|exception|traceback|tool \S+ (was )?not found|tool '[^']*' not found|permission denied|denied)\b/i

/** What the first words of a result say, where a protocol has no flag. */
export const readsAsError = (text: string): boolean => ERROR_WORDS.test(text.slice(0, 160))

/** `scope.step.occurrence`, as the model puts it into the ids of its calls; a scope is `job`, `job~2` or
 * `session+job`. */
export function stepOfCall(id: string): { job: string; step: string } | undefined {
  const [scope, step, occurrence] = id.split('.')
  if (scope === undefined || step === undefined || occurrence === undefined) return undefined
  const own = scope.slice(scope.indexOf('+') + 1)
  const tilde = own.indexOf('~')
  return { job: tilde < 0 || own !== scope ? own : own.slice(0, tilde), step }
}

function same(a: Message, b: Message): boolean {
  if (a === b) return true
  if (a.role !== b.role || a.content !== b.content || a.callId !== b.callId) return false
  const left = a.calls ?? []
  const right = b.calls ?? []
  if (left.length !== right.length || (a.isError ?? false) !== (b.isError ?? false)) return false
  return left.every((call, i) => {
    const other = right[i]
    return call.id === other?.id && call.name === other.name && call.args === other.args
  })
}

const keyOf = (m: Message): string =>
  `${m.role}\0${m.content}\0${m.callId ?? ''}\0${m.calls === undefined ? '' : JSON.stringify(m.calls)}`

export class View {
  readonly entries: Entry[] = []
  /** By `kind:name`, oldest first. */
  readonly atoms = new Map<string, Occurrence[]>()
  /** Task atoms in user and system messages, oldest first. */
  readonly tasks: (Occurrence & { readonly name: string })[] = []
  readonly calls = new Map<string, CallState>()
  /** By `job/step`: the places in the window that show the step as done, ascending. */
  readonly proofs = new Map<string, number[]>()
  /** Calls that came to no error, by name, for harnesses that rename the ids of calls. */
  readonly renamed = new Map<string, CallState[]>()
  /** Changes with every removal: what was concluded from presence holds until then. */
  removals = 0
  /** Tokens of the window. */
  tokens = 0

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

  constructor(tokens: Tokens) {
    this.#tokens = tokens
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

  /** What a provider would refuse this conversation for: its first problem. */
  problem(): string | undefined {
    if (this.#problems > 0) {
      for (const entry of this.entries) if (entry.problem !== undefined) return entry.problem
    }
    return this.#pending.size > 0 ? unanswered(this.#pending) : undefined
  }

  /** Makes this the view of `messages`, at a cost that grows with what differs from before. */
  update(messages: readonly Message[]): Change {
    const { entries } = this
    const p = this.#shared(messages)
    const cached = p === 0 ? 0 : this.tokens - this.distance(entries[p - 1] as Entry)
    if (p === entries.length) {
      for (let i = p; i < messages.length; i++) this.#append(messages[i] as Message)
      return { dropped: [], added: span(p, messages.length), cached }
    }
    if (this.#irregular) return { ...this.#anew(p, messages), cached }
    const gap = this.#gapAfter(p, messages)
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
    for (const map of [this.atoms, this.calls, this.proofs, this.renamed]) map.clear()
    this.tasks.length = 0
    this.#pending.clear()
    this.removals++
    this.tokens = this.#end = this.#problems = 0
    this.#irregular = false
    for (const message of messages) this.#append(message)
    return align(old.slice(p), messages, p)
  }

  /** How many messages at the start are as before. */
  #shared(messages: readonly Message[]): number {
    const old = this.#messages
    const most = Math.min(old.length, messages.length)
    let p = 0
    // Four at a time, as nearly all are the very same objects.
    while (
      p + 4 <= most &&
      old[p] === messages[p] &&
      old[p + 1] === messages[p + 1] &&
      old[p + 2] === messages[p + 2] &&
      old[p + 3] === messages[p + 3]
    )
      p += 4
    while (p < most && (old[p] === messages[p] || same(old[p] as Message, messages[p] as Message)))
      p++
    return p
  }

  /** How many messages were dropped right after the first `p`, where that is all that was dropped. */
  #gapAfter(p: number, messages: readonly Message[]): number {
    const old = this.#messages
    const next = messages[p]
    if (next === undefined || next.role === 'tool') return 0
    if (old[p]?.role === 'tool' || (p > 0 && old[p - 1]?.calls?.length)) return 0
    // A message may be said twice: the first one like it is not always the one that is next.
    for (let j = Math.max(p + 1, old.length - (messages.length - p)); j < old.length; j++) {
      let i = j
      while (i < old.length && same(old[i] as Message, messages[i - j + p] as Message)) i++
      if (i === old.length) return j - p
    }
    return 0
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
      end: this.#end,
      problem: this.#strict(message),
    }
    if (entry.problem !== undefined) this.#problems++
    this.#irregular ||= entry.problem !== undefined
    this.entries.push(entry)
    this.#messages.push(message)
    this.tokens += tokens
    for (const atom of atomsIn(content)) this.#learn(atom, entry)
    for (const call of calls ?? []) {
      this.#irregular ||= this.calls.has(call.id)
      this.calls.set(call.id, { call, seq, fate: 'open', result: '' })
    }
    if (message.role === 'tool' && callId !== undefined) this.#settle(callId, entry)
  }

  #learn(atom: Atom, entry: Entry): void {
    const { kind, name, value } = atom
    entry.atoms.push(atom)
    const occurrence = { value, entry, n: this.#learned++ }
    push(this.atoms, `${kind}:${name}`, occurrence)
    if (kind === 'done') push(this.proofs, name, entry.seq)
    const { role } = entry.message
    if (kind === 'task' && (role === 'user' || role === 'system'))
      this.tasks.push({ name, ...occurrence })
  }

  #settle(callId: string, entry: Entry): void {
    const { message, seq } = entry
    const state = this.calls.get(callId)
    if (state === undefined) return
    state.result = message.content
    state.fate = (message.isError ?? readsAsError(message.content)) ? 'error' : 'ok'
    if (state.fate === 'error') return
    for (const atom of atomsIn(state.call.args)) this.#learn(atom, entry)
    const named = stepOfCall(callId)
    if (named === undefined) push(this.renamed, state.call.name, state)
    else push(this.proofs, `${named.job}/${named.step}`, seq)
  }

  /** The rules of the chat protocols: every call answered, at once, and nothing answered that was not asked. */
  #strict({ role, callId, calls }: Message): string | undefined {
    const pending = this.#pending
    if (role === 'tool') {
      if (callId !== undefined && pending.delete(callId)) return undefined
      return "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
    }
    const problem = pending.size > 0 ? unanswered(pending) : undefined
    if (problem !== undefined) pending.clear()
    for (const call of calls ?? []) pending.add(call.id)
    return problem
  }

  #forget(entry: Entry): void {
    const { seq, message, atoms } = entry
    this.removals++
    this.tokens -= entry.tokens
    if (entry.problem !== undefined) this.#problems--
    for (const { kind, name } of atoms) {
      remove(this.atoms, `${kind}:${name}`, (o) => o.entry === entry)
      if (kind === 'done') remove(this.proofs, name, (s) => s === seq)
    }
    for (const call of message.calls ?? []) {
      const state = this.calls.get(call.id)
      if (state?.seq !== seq) continue
      remove(this.renamed, call.name, (s) => s === state)
      this.calls.delete(call.id)
    }
    if (atoms.some(({ kind }) => kind === 'task')) this.#forgetTasks(entry)
    if (message.role !== 'tool' || message.callId === undefined) return
    const state = this.calls.get(message.callId)
    const named = stepOfCall(message.callId)
    if (named !== undefined) remove(this.proofs, `${named.job}/${named.step}`, (s) => s === seq)
    if (state === undefined) return
    remove(this.renamed, state.call.name, (s) => s === state)
    state.fate = 'open'
    state.result = ''
  }

  #forgetTasks(entry: Entry): void {
    for (let i = this.tasks.length - 1; i >= 0; i--) {
      if (this.tasks[i]?.entry === entry) this.tasks.splice(i, 1)
    }
  }
}

const span = (from: number, to: number): number[] => {
  const numbers: number[] = []
  for (let i = from; i < to; i++) numbers.push(i)
  return numbers
}

function unanswered(ids: ReadonlySet<string>): string {
  return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...ids].join(', ')}`
}

/** The calls that the tail of a conversation leaves open. */
function pendingAt(messages: readonly Message[]): Set<string> {
  const answered = new Set<string>()
  for (let i = messages.length - 1; i >= 0; i--) {
    const { role, callId, calls } = messages[i] as Message
    if (role !== 'tool') {
      return new Set((calls ?? []).map((call) => call.id).filter((id) => !answered.has(id)))
    }
    if (callId !== undefined) answered.add(callId)
  }
  return new Set()
}

/** Which messages of the old tail are gone and which of the new tail are new: a greedy match in order. */
function align(
  old: readonly Message[],
  messages: readonly Message[],
  p: number,
): { dropped: number[]; added: number[] } {
  const places = new Map<string, number[]>()
  for (const [i, message] of old.entries()) push(places, keyOf(message), i)
  const kept = new Set<number>()
  const added: number[] = []
  let cursor = -1
  for (let i = p; i < messages.length; i++) {
    const place = places.get(keyOf(messages[i] as Message))?.find((j) => j > cursor)
    if (place === undefined) added.push(i)
    else {
      kept.add(place)
      cursor = place
    }
  }
  const dropped = span(0, old.length).filter((i) => !kept.has(i))
  return { dropped: dropped.map((i) => i + p), added }
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

/** Removes one matching member; looks at the head first, as the oldest goes first. */
function remove<V>(map: Map<string, V[]>, key: string, matches: (value: V) => boolean): void {
  const list = map.get(key)
  if (list === undefined) return
  const i = list.findIndex(matches)
  if (i === 0) list.shift()
  else if (i > 0) list.splice(i, 1)
  if (list.length === 0) map.delete(key)
}
