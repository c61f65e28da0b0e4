// A call with an argument that its tool does not have: another tool's, or one that such tools often have.
import { rate } from '../../core/param.ts'
import { behaviour, odds, type Situation } from '../behaviour.ts'
import type { Bound } from '../dialect.ts'
import { chosen, given, misspeak, withArgs } from '../misspeak.ts'

const COMMON = ['limit', 'recursive', 'encoding', 'timeout', 'verbose', 'force'] as const
const VALUES = new Map<string, unknown>([
  ['limit', 100],
  ['encoding', 'utf-8'],
  ['timeout', 30],
])

/** How many names come to mind. */
const NAMES = 12

/** Names that the tool does not have, those of other tools first; never none, as a schema is finite. */
function foreign({ toolbox }: Situation, { name, args }: Bound): string[] {
  const { kinds } = toolbox.parameters(name)
  const all = [...toolbox.vocabulary.parameters, ...COMMON]
  const free = all.filter((other) => !kinds.has(other) && !Object.hasOwn(args, other))
  return [...new Set(free)].slice(0, NAMES)
}

export default behaviour({
  of: 'call',
  params: { rate: rate('a call has an argument that its tool does not have', 0.0005) },
  weight: ({ params }) => odds(params.rate ?? 0),
  apply: (utterance, at) =>
    misspeak(utterance, at, {
      fits: () => true,
      says(call, bound) {
        const name = chosen(at, 'argument', foreign(at, bound)) ?? unheardOf(at, bound)
        const value = VALUES.get(name) ?? true
        return [withArgs(call, Object.fromEntries([...given(bound), [name, value]]))]
      },
    }),
})

/** Where a tool has every name that comes to mind. */
function unheardOf({ toolbox }: Situation, { name, args }: Bound): string {
  const { kinds } = toolbox.parameters(name)
  let other = 'options'
  while (kinds.has(other) || Object.hasOwn(args, other)) other += '_'
  return other
}
