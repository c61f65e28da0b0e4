// What changed between two lists of messages: by what they say, as a stateless reader sees it.
import type { Message } from '../core/message.ts'

export function same(a: Message, b: Message): boolean {
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

/** How many messages at the start are as before. */
export function shared(old: readonly Message[], messages: readonly Message[]): number {
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
export function gapAfter(p: number, old: readonly Message[], messages: readonly Message[]): number {
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

export const span = (from: number, to: number): number[] => {
  const numbers: number[] = []
  for (let i = from; i < to; i++) numbers.push(i)
  return numbers
}

/** Which messages of the old tail are gone and which of the new tail are new: a greedy match in order. */
export function align(
  old: readonly Message[],
  messages: readonly Message[],
  p: number,
): { dropped: number[]; added: number[] } {
  const places = new Map<string, number[]>()
  for (const [i, message] of old.entries()) {
    const found = places.get(keyOf(message))
    if (found === undefined) places.set(keyOf(message), [i])
    else found.push(i)
  }
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
