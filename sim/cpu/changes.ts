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
