// Virtual time: one queue of events, fired one at a time. Nothing here knows of real time.
// Events of the same instant fire in order of insertion, unless a decision puts one behind its peers.
import { assert } from './assert.ts'

/** Every run starts at this instant of virtual history: 2026-01-01T09:00:00Z, in Unix time. */
export const EPOCH_MS = 1_767_258_000_000

export interface Event {
  /** Virtual milliseconds since the run began. */
  readonly at: number
  /** `session/operation#n`: unique in a run, and the scope of the decisions about this event. */
  readonly key: string
  readonly fire: () => void
}

interface Entry<E extends Event> {
  readonly event: E
  readonly order: number
  /** It was asked already whether it yields. */
  readonly asked: boolean
}

const before = (a: Entry<Event>, b: Entry<Event>): boolean =>
  a.event.at < b.event.at || (a.event.at === b.event.at && a.order < b.order)

/** A binary heap by (instant, order of insertion). */
export class Queue<E extends Event = Event> {
  #heap: Entry<E>[] = []
  #order = 0
  #now = 0

  /** Virtual milliseconds. */
  get now(): number {
    return this.#now
  }

  get size(): number {
    return this.#heap.length
  }

  /** When the next event is due; undefined where there is none. */
  get nextAt(): number | undefined {
    return this.#heap[0]?.event.at
  }

  /** All that is to come, the next first. */
  pending(): E[] {
    return this.#heap.toSorted((a, b) => (before(a, b) ? -1 : 1)).map(({ event }) => event)
  }

  push(event: E): void {
    assert(event.at >= this.#now, `event ${event.key} lies in the past`)
    this.#insert({ event, order: this.#order++, asked: false })
  }

  #insert(entry: Entry<E>): void {
    const heap = this.#heap
    let i = heap.length
    heap.push(entry)
    while (i > 0) {
      const parent = (i - 1) >> 1
      const above = heap[parent] as Entry<E>
      if (!before(entry, above)) break
      heap[i] = above
      i = parent
    }
    heap[i] = entry
  }

  /** Takes the next event and moves time to it. `yields` may put it, once, behind the peers of its instant. */
  next(yields: (event: E, peer: E) => boolean): E | undefined {
    for (;;) {
      const entry = this.#pop()
      if (entry === undefined) return undefined
      const { event } = entry
      const peer = this.#heap[0]
      if (!entry.asked && peer?.event.at === event.at) {
        const order = yields(event, peer.event) ? this.#order++ : entry.order
        this.#insert({ event, order, asked: true })
        continue
      }
      this.#now = event.at
      return event
    }
  }

  /** Drops the events for which `doomed` holds, in no order that anybody may rely on. */
  drop(doomed: (event: E) => boolean): void {
    const kept = this.#heap
      .filter(({ event }) => !doomed(event))
      .sort((a, b) => (before(a, b) ? -1 : 1))
    this.#heap = kept
  }

  #pop(): Entry<E> | undefined {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    if (top === undefined || last === undefined || heap.length === 0) return top
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      const right = heap[child + 1]
      if (right !== undefined && before(right, heap[child] as Entry<E>)) child++
      const candidate = heap[child] as Entry<E>
      if (!before(candidate, last)) break
      heap[i] = candidate
      i = child
    }
    heap[i] = last
    return top
  }
}

/** Events of one session are in order among themselves: only others' can be overtaken. */
export const isRival = (event: Event, peer: Event): boolean =>
  event.key.slice(0, event.key.indexOf('/')) !== peer.key.slice(0, peer.key.indexOf('/'))
