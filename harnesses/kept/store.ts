// What a user's agents keep outside of every window: records in a log on the disk, so that they outlive jobs
// and crashes, read once a boot and searched by words. A record that was torn by a crash is passed over.

import { passagesOf, SearchIndex } from '../history/search.ts'
import type { Conversation, Message } from '../kernel.ts'

export interface Kept {
  readonly text: string
}

export interface Hit<R extends Kept> {
  readonly record: R
  /** The passage of its text that was found. */
  readonly passage: string
}

export class Store<R extends Kept> {
  readonly #append: (text: string) => Promise<void>
  readonly #records: R[] = []
  readonly #texts = new Set<string>()
  readonly #index = new SearchIndex()
  /** Of each passage of the index. */
  readonly #passages: Hit<R>[] = []
  #indexed = 0

  constructor(log: string, append: (text: string) => Promise<void>) {
    this.#append = append
    for (const line of log.split('\n')) {
      const record = parsed(line)
      if (record !== undefined) this.#hold(record as R)
    }
  }

  /** Oldest first. */
  get records(): readonly R[] {
    return this.#records
  }

  has(text: string): boolean {
    return this.#texts.has(text)
  }

  /** Known at once; on the disk when it resolves. A new line first: what was torn spoils no other record. */
  async add(...records: readonly R[]): Promise<void> {
    for (const record of records) this.#hold(record)
    if (records.length > 0)
      await this.#append(records.map((record) => `\n${JSON.stringify(record)}`).join(''))
  }

  /** The best passages for the words of a query, best first. */
  search(query: string, most: number, admits: (record: R) => boolean = () => true): Hit<R>[] {
    for (; this.#indexed < this.#records.length; this.#indexed++) {
      const record = this.#records[this.#indexed] as R
      for (const passage of passagesOf(record.text)) {
        this.#passages.push({ record, passage })
        this.#index.add(passage)
      }
    }
    const hits: Hit<R>[] = []
    for (const place of this.#index.ranked(query)) {
      const hit = this.#passages[place]
      if (hit !== undefined && admits(hit.record) && hits.push(hit) === most) break
    }
    return hits
  }

  #hold(record: R): void {
    this.#records.push(record)
    this.#texts.add(record.text)
  }
}

/** A record of a log; nothing where it is torn or none of ours. A part of a JSON object is no JSON. */
function parsed(line: string): Kept | undefined {
  try {
    const record: unknown = JSON.parse(line)
    const isKept = typeof record === 'object' && record !== null && 'text' in record
    return isKept && typeof record.text === 'string' ? (record as Kept) : undefined
  } catch {
    return undefined
  }
}

/** A user's store of this name: one a boot, whoever asks. */
export function storeOf<R extends Kept>(c: Conversation, name: string): Promise<Store<R>> {
  const path = `memory/${c.session.job.user}/${name}.jsonl`
  const { disk } = c.machine
  const known = c.shared.get(path) as Promise<Store<R>> | undefined
  const store =
    known ??
    disk.read(path).then((log) => new Store<R>(log ?? '', (text) => disk.append(path, text)))
  c.shared.set(path, store)
  return store
}

/** The messages with more behind the system prompt: how what is kept is shown, and only for a request. */
export function behindSystem(messages: readonly Message[], more: string): readonly Message[] {
  const [system, ...rest] = messages
  if (system?.role !== 'system' || more === '') return messages
  return [{ ...system, content: system.content + more }, ...rest]
}
