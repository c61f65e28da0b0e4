// Pi's session file (JSONL v3, session-manager.ts, read in source): entries with an id and the id of their
// parent, only ever appended. A compaction is an entry: before what follows it stand its summary and the
// entries from the first kept one on. Here it can have more at its head than a summary, in `details`.
import type { Message } from '../kernel.ts'

interface Base {
  readonly id: string
  readonly parentId: string | null
}

export type Entry =
  | {
      readonly type: 'session'
      readonly version: 3
      readonly id: string
      readonly timestamp: number
    }
  | (Base & { readonly type: 'message'; readonly message: Message })
  | (Base & {
      readonly type: 'compaction'
      readonly summary: string
      /** Null where nothing before it is kept. */
      readonly firstKeptEntryId: string | null
      readonly tokensBefore: number
      /** All that stands before what is kept, without the system prompt; the summary among it. */
      readonly details: { readonly head: readonly Message[] }
    })
  /** From here on that entry is the newest: of a branch that is not finished nothing is seen. */
  | { readonly type: 'leaf'; readonly targetId: string | null }

type Node = Extract<Entry, Base>

/** A message of the history, and the entry that it stands in; none for what a compaction put there. */
export interface Place {
  readonly message: Message
  readonly id: string | undefined
}

/** What a file comes to. */
export interface Walked {
  /** The newest entry. */
  readonly leaf: string | null
  /** What stands on the way to it. */
  readonly history: readonly Place[]
  /** The newest compaction on the way; empty where there is none. Ids grow, so later ones are after it. */
  readonly compactedAt: string
  /** Of all branches. */
  readonly count: number
}

export const EMPTY: Walked = { leaf: null, history: [], compactedAt: '', count: 0 }

/** The newest entry is the last that follows the newest before it, or that a leaf entry names. */
function leafOf(entries: readonly Entry[]): string | null {
  let leaf: string | null = null
  for (const entry of entries) {
    if (entry.type === 'leaf') leaf = entry.targetId
    else if (entry.type !== 'session' && entry.parentId === leaf) leaf = entry.id
  }
  return leaf
}

/** Walks from the leaf to the root, and tells the history by the newest compaction on the way. */
export function walk(entries: readonly Entry[]): Walked {
  const nodes = new Map<string, Node>()
  for (const entry of entries)
    if (entry.type === 'message' || entry.type === 'compaction') nodes.set(entry.id, entry)
  const leaf = leafOf(entries)
  const path: Node[] = []
  for (let node = nodes.get(leaf ?? ''); node !== undefined; node = nodes.get(node.parentId ?? ''))
    path.unshift(node)
  const at = path.findLastIndex(({ type }) => type === 'compaction')
  const count = nodes.size
  const compaction = path[at]
  if (compaction?.type !== 'compaction')
    return { leaf, history: placesIn(path), compactedAt: '', count }
  const { id: compactedAt, firstKeptEntryId, details } = compaction
  const first = path.findIndex(({ id }) => id === firstKeptEntryId)
  const kept = first < 0 ? [] : placesIn(path.slice(first, at))
  const system = placesIn(path.slice(0, 1)).filter(({ message: { role } }) => role === 'system')
  const head = details.head.map((message) => ({ message, id: undefined }))
  const history = [...system, ...head, ...kept, ...placesIn(path.slice(at + 1))]
  return { leaf, history, compactedAt, count }
}

const placesIn = (path: readonly Node[]): Place[] =>
  path.flatMap((node) => (node.type === 'message' ? [{ message: node.message, id: node.id }] : []))

const idOf = (n: number): string => n.toString(16).padStart(8, '0')

/** What has to be appended so that the file comes to these messages, and what it then comes to. */
export interface Change {
  readonly entries: readonly Entry[]
  readonly walked: Walked
}

export function change(
  before: Walked,
  messages: readonly Message[],
  tokensBefore: () => number,
): Change {
  const { history } = before
  const entries: Entry[] = []
  let { leaf, count, compactedAt } = before
  const add = (added: readonly Message[]): Place[] =>
    added.map((message) => {
      const id = idOf(++count)
      entries.push({ type: 'message', id, parentId: leaf, message })
      leaf = id
      return { message, id }
    })
  const ended = (places: readonly Place[]): Change => ({
    entries,
    walked: { leaf, history: places, compactedAt, count },
  })
  const same = common(history, messages)
  if (same === history.length) return ended([...history, ...add(messages.slice(same))])
  const { from, to, length } = kept(history, messages)
  const isSystemKept = same > 0 && messages[0]?.role === 'system'
  // A compaction writes what stands before what is kept; a fork what stands behind what is the same.
  return isSystemKept && length >= same - 1 ? compact() : fork()

  function compact(): Change {
    const head = messages.slice(1, to)
    const isOld = (message: Message) => history.some((place) => place.message === message)
    compactedAt = idOf(++count)
    entries.push({
      type: 'compaction',
      id: compactedAt,
      parentId: leaf,
      summary: head.find((message) => !isOld(message))?.content ?? '',
      firstKeptEntryId: length === 0 ? null : (history[from]?.id ?? null),
      tokensBefore: tokensBefore(),
      details: { head },
    })
    leaf = compactedAt
    const told = head.map((message) => ({ message, id: undefined }))
    const stays = [...history.slice(0, 1), ...told, ...history.slice(from, from + length)]
    return ended([...stays, ...add(messages.slice(to + length))])
  }

  /** A branch from the newest entry that stands as it was; it counts once its leaf is told. */
  function fork(): Change {
    const stem = stemOf(before, same)
    leaf = stem
    if (stem === null) compactedAt = ''
    const stays = stem === null ? [] : history.slice(0, same)
    const places = [...stays, ...add(messages.slice(stays.length))]
    entries.push({ type: 'leaf', targetId: leaf })
    return ended(places)
  }
}

/** The entry that a branch with so many of the history's messages begins at; null for a new root. */
function stemOf({ history, compactedAt }: Walked, same: number): string | null {
  const last = history[same - 1]?.id
  if (last !== undefined && last > compactedAt) return last
  const next = history[same]?.id
  const isWhole = compactedAt !== '' && next !== undefined && next > compactedAt
  return isWhole ? compactedAt : null
}

/** How many messages stand at the start of both. */
function common(history: readonly Place[], messages: readonly Message[]): number {
  let n = 0
  while (n < history.length && history[n]?.message === messages[n]) n++
  return n
}

/** The longest end of the history, in entries of its own, that stands in the messages: where, and how long. */
function kept(history: readonly Place[], messages: readonly Message[]) {
  const last = history.at(-1)
  let to = last === undefined ? -1 : messages.lastIndexOf(last.message)
  let from = history.length - 1
  if (to < 1 || last?.id === undefined)
    return { from: history.length, to: messages.length, length: 0 }
  const end = to + 1
  while (from > 1 && to > 1) {
    const before = history[from - 1]
    if (before?.id === undefined || before.message !== messages[to - 1]) break
    from--
    to--
  }
  return { from, to, length: end - to }
}
