// The law of reading: a view kept over many requests is the view built anew from the last one.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../sim/core/message.ts'
import { tokens } from '../../sim/core/tokens.ts'
import { View } from '../../sim/cpu/read.ts'
import { type Block, carefulEdits, type Edit, edited, wildEdits } from './conversations.ts'

const counted = tokens()
const SYSTEM: Message = { role: 'system', content: 'You are a helpful agent.' }

/** All that anybody can learn of a view, with places in the window instead of numbers of its own. */
function told(view: View) {
  const place = new Map(view.entries.map(({ seq }, i) => [seq, i]))
  return {
    messages: view.entries.map(({ message }) => message),
    atoms: view
      .inOrder()
      .map(([key, found]) => [
        key,
        found.map(({ value, entry, at, summary }) => [value, place.get(entry.seq), at, summary]),
      ]),
    likes: ['port', 'amount-2', 'amount.x'].map((name) => view.likes.of('fact', name)),
    tasks: view.tasks.map(({ name, value, entry }) => [name, value, place.get(entry.seq)]),
    orders: view.orders.map(({ name, value, entry, chars }) => [
      name,
      value,
      place.get(entry.seq),
      chars,
    ]),
    calls: [...view.calls].map(([id, { call, seq, fate, result }]) => [
      id,
      [call, place.get(seq), fate, result],
    ]),
    proofs: new Map([...view.proofs].map(([key, at]) => [key, at.map((seq) => place.get(seq))])),
    distances: view.entries.map((entry) => view.distance(entry)),
    tokens: view.tokens,
    failed: view.failed,
    lately: view.lately().map(({ call, fate }) => [call.id, fate]),
    problem: view.problem(),
  }
}

function fresh(messages: readonly Message[]): View {
  const view = new View(counted)
  view.update(messages)
  return view
}

const lengthOfPrefix = (a: readonly Message[], b: readonly Message[]): number => {
  let n = 0
  while (n < a.length && n < b.length && JSON.stringify(a[n]) === JSON.stringify(b[n])) n++
  return n
}

function isKept(edits: readonly Edit[]): void {
  const view = new View(counted)
  let conversation: Block[] = []
  let before: readonly Message[] = []
  for (const edit of edits) {
    conversation = edited(conversation, edit)
    const messages = structuredClone([SYSTEM, ...conversation.flat()])
    const { dropped, added, cached } = view.update(messages)
    expect(told(view)).toEqual(told(fresh(messages)))
    expect(cached).toBe(fresh(before.slice(0, lengthOfPrefix(before, messages))).tokens)
    const kept = before.filter((_, i) => !dropped.includes(i))
    for (const at of added) kept.splice(at, 0, messages[at] as Message)
    expect(kept).toEqual(messages)
    before = messages
  }
}

describe('a view', () => {
  it('is the one built anew, whatever a careful harness keeps, drops, replaces and inserts', () => {
    fc.assert(fc.property(carefulEdits, isKept), { numRuns: 300 })
  })

  it('is the one built anew, also after calls lost their results, or are told twice', () => {
    fc.assert(fc.property(wildEdits, isKept), { numRuns: 300 })
  })

  it('finds nothing to refuse in what a careful harness sends', () => {
    fc.assert(
      fc.property(carefulEdits, (edits) => {
        const messages = edits.reduce(edited, [] as Block[]).flat()
        expect(fresh(messages).problem()).toBeUndefined()
      }),
    )
  })
})

const call = (id: string): Message => ({
  role: 'assistant',
  content: '',
  calls: [{ id, name: 'read_file', args: '{}' }],
})
const result = (callId: string): Message => ({ role: 'tool', callId, content: 'text' })
const user: Message = { role: 'user', content: 'Go on.' }

describe('strictness', () => {
  const ORPHAN =
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
  const unanswered = (ids: string): string =>
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids}`

  it.each<[string, Message[], string | undefined]>([
    ['a call with its result', [user, call('a'), result('a')], undefined],
    ['a result without a call', [user, result('a')], ORPHAN],
    ['a result of another call', [user, call('a'), result('b')], ORPHAN],
    ['a result told twice', [user, call('a'), result('a'), result('a')], ORPHAN],
    ['a result after another message', [call('a'), user, result('a')], unanswered('a')],
    ['a call without a result at the end', [user, call('a')], unanswered('a')],
    ['a call without a result in the middle', [call('a'), user], unanswered('a')],
    [
      'one result for two calls',
      [
        { ...call('a'), calls: [...(call('a').calls ?? []), ...(call('b').calls ?? [])] },
        result('a'),
      ],
      unanswered('b'),
    ],
  ])('judges %s as OpenAI does', (_name, messages, problem) => {
    expect(fresh(messages).problem()).toBe(problem)
  })
})
