// Arbitrary conversations, and what harnesses do to them between two requests.
import fc from 'fast-check'
import { atom } from '../../sim/core/atoms.ts'
import type { Message, ToolCall } from '../../sim/core/message.ts'

/** Messages that belong together: a text, or calls with their results. */
export type Block = readonly Message[]

const names = fc.constantFrom('port', 'owner', 'rate', 'amount-1')
const values = fc.constantFrom('1', '22', '333')
const atoms = fc.oneof(
  fc.tuple(names, values).map(([name, value]) => atom('fact', name, value)),
  fc.tuple(names, values).map(([name, value]) => atom('place', name, value)),
  fc
    .tuple(fc.constantFrom('pay', 'note'), values)
    .map(([name, job]) => atom('task', name, `job-${job}`)),
  fc
    .tuple(fc.constantFrom('pay', 'note'), values)
    .map(([name, job]) => atom('order', name, `errand-${job}`)),
  fc
    .tuple(values, fc.constantFrom('a', 'b'))
    .map(([job, step]) => atom('done', `job-${job}/${step}`)),
  fc.constantFrom('The auditor agreed.', 'Nothing to see here.', ''),
)
const texts = fc.array(atoms, { maxLength: 4 }).map((parts) => parts.join(' '))

const errors = fc.constantFrom('Error: no such file', 'Validation failed for tool "write"')
const results = fc.oneof(
  fc.record({ content: texts, isError: fc.constantFrom(undefined, false, true) }),
  fc.record({ content: errors, isError: fc.constantFrom(undefined, true) }),
)

const callIds = fc.oneof(
  fc
    .tuple(values, fc.constantFrom('a', 'b', 'c'), fc.nat())
    .map(([job, step, n]) => `job-${job}.${step}.${n}`),
  fc.nat().map((n) => `call_${n}`),
)
const calls = fc.record({
  id: callIds,
  name: fc.constantFrom('read_file', 'write_file'),
  args: fc.oneof(
    texts.map((content) => JSON.stringify({ content })),
    fc.constant('{"path": "cut o'),
  ),
})

const exchanges: fc.Arbitrary<Block> = fc
  .tuple(
    texts,
    fc.uniqueArray(fc.tuple(calls, results), {
      minLength: 1,
      maxLength: 3,
      selector: ([{ id }]) => id,
    }),
  )
  .map(([content, turns]) => [
    { role: 'assistant', content, calls: turns.map(([call]): ToolCall => call) },
    ...turns.map(([call, result]): Message => ({ role: 'tool', callId: call.id, ...result })),
  ])

const says = (role: 'user' | 'assistant') => texts.map((content): Block => [{ role, content }])

export const blocks: fc.Arbitrary<Block> = fc.oneof(
  { weight: 3, arbitrary: exchanges },
  { weight: 1, arbitrary: says('user') },
  { weight: 1, arbitrary: says('assistant') },
)

/** What is done to a conversation; the numbers choose the place. */
export type Edit =
  | { readonly kind: 'append'; readonly block: Block }
  | { readonly kind: 'drop'; readonly at: number; readonly count: number }
  | { readonly kind: 'replace-tail'; readonly count: number; readonly block: Block }
  | { readonly kind: 'summarise'; readonly count: number; readonly text: string }
  | { readonly kind: 'insert'; readonly at: number; readonly block: Block }
  | { readonly kind: 'break'; readonly at: number }
  | { readonly kind: 'repeat'; readonly at: number }

const places = fc.nat({ max: 20 })
const counts = fc.integer({ min: 1, max: 4 })
const regular: fc.Arbitrary<Edit>[] = [
  fc.record({ kind: fc.constant('append' as const), block: blocks }),
  fc.record({ kind: fc.constant('drop' as const), at: fc.constant(0), count: counts }),
  fc.record({ kind: fc.constant('drop' as const), at: places, count: counts }),
  fc.record({ kind: fc.constant('replace-tail' as const), count: counts, block: blocks }),
  fc.record({ kind: fc.constant('summarise' as const), count: counts, text: texts }),
  fc.record({ kind: fc.constant('insert' as const), at: places, block: blocks }),
]
const wild: fc.Arbitrary<Edit>[] = [
  fc.record({ kind: fc.constant('break' as const), at: places }),
  fc.record({ kind: fc.constant('repeat' as const), at: places }),
]

const some = (edits: fc.Arbitrary<Edit>[]): fc.Arbitrary<Edit[]> =>
  fc.array(fc.oneof(...edits), { minLength: 2, maxLength: 14 })

/** What a careful harness does: whole blocks only. */
export const carefulEdits = some([...regular, ...regular.slice(0, 1), ...regular.slice(0, 1)])
/** Messages lost from the middle of a block, blocks told twice. */
export const wildEdits = some([...regular, ...wild])

export function edited(conversation: readonly Block[], edit: Edit): Block[] {
  const all = [...conversation]
  switch (edit.kind) {
    case 'append':
      return [...all, edit.block]
    case 'drop':
      all.splice(edit.at % (all.length + 1), edit.count)
      return all
    case 'replace-tail':
      return [...all.slice(0, -edit.count), edit.block]
    case 'summarise':
      return [[{ role: 'user', content: `(summary 1) ${edit.text}` }], ...all.slice(edit.count)]
    case 'insert':
      all.splice(edit.at % (all.length + 1), 0, edit.block)
      return all
    case 'break': {
      const at = edit.at % Math.max(1, all.length)
      all[at] = (all[at] ?? []).slice(edit.at % 2, edit.at % 2 === 0 ? -1 : undefined)
      return all
    }
    case 'repeat':
      return [...all, all[edit.at % Math.max(1, all.length)] ?? []]
  }
}
