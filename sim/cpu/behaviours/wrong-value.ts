// An argument with a wrong value: where a fact is used, another one of its shape that stands in the window or
// a slip of the pen; elsewhere a slip. The call is spoken wrongly, what is known stays right.
import { rate } from '../../core/param.ts'
import { behaviour, odds, type Situation } from '../behaviour.ts'
import type { Bound } from '../dialect.ts'
import { chosen, given, misspeak, someGiven, withArgs } from '../misspeak.ts'
import { mistaken, mistakes, replaced, slip } from '../mistake.ts'

/** As long as a value may be for a slip: whole texts are not mistyped. */
const LENGTH = 100

/** The facts that a call really says, by name. */
function factsIn({ thought }: Situation, bound: Bound): Map<string, string> {
  const facts = new Map<string, string>()
  for (const { fact, value } of thought.needs) {
    const isSaid = given(bound).some(
      ([, said]) => typeof said === 'string' && replaced(said, value, '') !== said,
    )
    if (isSaid) facts.set(fact, value)
  }
  return facts
}

const isSlippery = (value: unknown): boolean =>
  typeof value === 'string' ? value !== '' && value.length <= LENGTH : Number.isSafeInteger(value)

/** The arguments in which the pen can slip. */
const slippery = (bound: Bound): string[] =>
  given(bound).flatMap(([name, value]) => (isSlippery(value) ? [name] : []))

const fits = (situation: Situation, bound: Bound): boolean =>
  someGiven(bound, isSlippery) || factsIn(situation, bound).size > 0

export default behaviour({
  of: 'call',
  params: { rate: rate('a call has a wrong value in it', 0.01) },
  weight: (situation) =>
    situation.bound.some((bound) => fits(situation, bound))
      ? odds(situation.params.rate ?? 0)
      : null,
  apply: (utterance, at) =>
    misspeak(utterance, at, {
      fits: (bound) => fits(at, bound),
      says(call, bound) {
        const facts = factsIn(at, bound)
        const right = facts.get(chosen(at, 'fact', [...facts.keys()]) ?? '')
        if (right !== undefined) {
          const wrong = chosen(at, 'value', mistakes(at.view, right)) ?? slip(right)
          return [{ ...call, args: mistaken(call.args, right, wrong) }]
        }
        const name = chosen(at, 'argument', slippery(bound))
        const args = given(bound).map(([other, value]) => [
          other,
          other === name ? slipped(value) : value,
        ])
        return [withArgs(call, Object.fromEntries(args))]
      },
    }),
})

const slipped = (value: unknown): unknown =>
  typeof value === 'number' ? value + 1 : slip(String(value))
