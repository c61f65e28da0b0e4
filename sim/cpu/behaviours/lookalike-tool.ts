// A call goes to another tool that is offered and whose name is near the right one. It can succeed, and then
// nothing tells the model of it. Likelier the more alike the names are; no such neighbour, no such lapse.
import { logit, probability, rate } from '../../core/param.ts'
import { behaviour, odds, type Situation } from '../behaviour.ts'
import type { Bound } from '../dialect.ts'
import { given, misspeak, withArgs } from '../misspeak.ts'
import type { Neighbour } from '../toolbox.ts'

const near = ({ toolbox, params }: Situation, { name }: Bound): readonly Neighbour[] =>
  toolbox.neighbours(name).filter(({ likeness }) => likeness >= (params.from ?? 0))

/** The nearest of all, if it is near enough. */
function nearest({ toolbox, params }: Situation, { name }: Bound): Neighbour | undefined {
  const [first] = toolbox.neighbours(name)
  return first !== undefined && first.likeness >= (params.from ?? 0) ? first : undefined
}

/** On the odds, against a likeness of one half. */
const times = ({ params }: Situation, { likeness }: Neighbour): number =>
  Math.exp((params.likeness ?? 0) * (likeness - 0.5) * 10)

export default behaviour({
  of: 'call',
  params: {
    rate: rate('a call goes to a neighbour of a likeness of one half', 0.002),
    likeness: logit('what each tenth of likeness above one half adds', 0.5),
    from: probability('likeness of names, in [0, 1], from which on they are mistaken', 0.5),
  },
  weight(situation) {
    let most: number | null = null
    for (const bound of situation.bound) {
      const one = nearest(situation, bound)
      if (one !== undefined) most = Math.max(most ?? 0, times(situation, one))
    }
    return most === null ? null : odds(situation.params.rate ?? 0) * most
  },
  apply: (utterance, at) =>
    misspeak(utterance, at, {
      fits: (bound) => nearest(at, bound) !== undefined,
      says(call, bound) {
        const weighted = near(at, bound).map((one) => [one.tool.name, times(at, one)] as const)
        const name = at.chance.pick(`${at.id}/tool`, [['', 0], ...weighted])
        const { kinds } = at.toolbox.parameters(name)
        const carried = given(bound).filter(([parameter]) => kinds.has(parameter))
        return [{ ...withArgs(call, Object.fromEntries(carried)), name }]
      },
    }),
})
