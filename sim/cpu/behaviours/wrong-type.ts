// An argument of a kind that its schema does not admit: "5" for 5, a list for one value, an object around
// it, nothing. Where the schema leaves it open there is no such slip.
import { rate, weight } from '../../core/param.ts'
import { behaviour, odds, type Situation } from '../behaviour.ts'
import type { Bound } from '../dialect.ts'
import { chosen, given, misspeak, someGiven, withArgs } from '../misspeak.ts'
import { type Kinds, kindOf } from '../schema.ts'

type Form = 'converted' | 'in-a-list' | 'in-an-object' | 'null'

const NUMBER = /^-?\d{1,15}(?:\.\d+)?$/

/** The same, as another kind: a text for what is none, what the text says for a text. */
function converted(value: unknown): unknown {
  if (typeof value !== 'string') return typeof value === 'object' ? undefined : String(value)
  if (NUMBER.test(value)) return Number(value)
  return value === 'true' || value === 'false' ? value === 'true' : undefined
}

const FORMS: Readonly<Record<Form, (value: unknown) => unknown>> = {
  converted: (value) =>
    typeof value === 'object' && value !== null ? JSON.stringify(value) : converted(value),
  'in-a-list': (value) => [value],
  'in-an-object': (value) => ({ value }),
  null: () => null,
}
const NAMES = Object.keys(FORMS) as Form[]

/** The forms in which a value is not what its schema admits. */
function formsOf(value: unknown, kinds: Kinds | undefined): Form[] {
  if (kinds === undefined) return []
  return NAMES.filter((form) => {
    const said = FORMS[form](value)
    return said !== undefined && kindOf(said) !== kindOf(value) && !kinds.has(kindOf(said))
  })
}

/** Whether an argument can be of a wrong kind; null is one wherever it is not admitted. */
function fits({ toolbox }: Situation, bound: Bound): boolean {
  const { kinds } = toolbox.parameters(bound.name)
  if (kinds.size === 0) return false
  return someGiven(bound, (value, name) => {
    const admitted = kinds.get(name)
    if (admitted === undefined) return false
    return (value !== null && !admitted.has('null')) || formsOf(value, admitted).length > 0
  })
}

/** The arguments that can be of a wrong kind. */
function open({ toolbox }: Situation, bound: Bound): string[] {
  const { kinds } = toolbox.parameters(bound.name)
  return given(bound).flatMap(([name, value]) =>
    formsOf(value, kinds.get(name)).length > 0 ? [name] : [],
  )
}

export default behaviour({
  of: 'call',
  params: {
    rate: rate('a call has an argument of a wrong kind', 0.005),
    converted: weight('share of the same as text, or of what a text says', 4),
    wrapped: weight('share of a list around it, and of an object', 1),
    emptied: weight('share of null', 1),
  },
  weight(situation) {
    const isOpen = situation.bound.some((bound) => fits(situation, bound))
    return isOpen ? odds(situation.params.rate ?? 0) : null
  },
  apply: (utterance, at) =>
    misspeak(utterance, at, {
      fits: (bound) => fits(at, bound),
      says(call, bound) {
        const name = chosen(at, 'argument', open(at, bound))
        if (name === undefined) return [call]
        const { converted = 1, wrapped = 1, emptied = 1 } = at.params
        const shares = { converted, 'in-a-list': wrapped, 'in-an-object': wrapped, null: emptied }
        const forms = formsOf(bound.args[name], at.toolbox.parameters(bound.name).kinds.get(name))
        const [first = 'null'] = forms
        const form = at.chance.pick<Form | ''>(`${at.id}/form`, [
          ['', 0],
          ...forms.map((one) => [one, shares[one]] as const),
        ])
        const say = FORMS[form === '' ? first : form]
        const args = given(bound).map(([n, value]) => [n, n === name ? say(value) : value] as const)
        return [withArgs(call, Object.fromEntries(args))]
      },
    }),
})
