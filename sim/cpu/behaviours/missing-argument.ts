// A call without one of the arguments that its tool requires.
import { rate } from '../../core/param.ts'
import { behaviour, odds, type Situation } from '../behaviour.ts'
import type { Bound } from '../dialect.ts'
import { chosen, given, misspeak, withArgs } from '../misspeak.ts'

const isGiven = ({ args }: Bound, name: string): boolean =>
  Object.hasOwn(args, name) && args[name] !== undefined

/** What the tool requires and the call has. */
const required = ({ toolbox }: Situation, bound: Bound): readonly string[] =>
  toolbox.parameters(bound.name).required.filter((name) => isGiven(bound, name))

const fits = ({ toolbox }: Situation, bound: Bound): boolean =>
  toolbox.parameters(bound.name).required.some((name) => isGiven(bound, name))

export default behaviour({
  of: 'call',
  params: { rate: rate('a call lacks an argument that its tool requires', 0.002) },
  weight(situation) {
    const hasOne = situation.bound.some((bound) => fits(situation, bound))
    return hasOne ? odds(situation.params.rate ?? 0) : null
  },
  apply: (utterance, at) =>
    misspeak(utterance, at, {
      fits: (bound) => fits(at, bound),
      says(call, bound) {
        const missing = chosen(at, 'argument', required(at, bound))
        const left = given(bound).filter(([name]) => name !== missing)
        return [withArgs(call, Object.fromEntries(left))]
      },
    }),
})
