// Instead of calling a tool the model says what came of it. Likeliest where the newest result is no error
// and yet says nothing: empty, or JSON that breaks off; a status field in it all but ends this.
import { atom } from '../../core/atoms.ts'
import { factor, rate } from '../../core/param.ts'
import { behaviour, type Occasion, odds, type Situation } from '../behaviour.ts'
import type { Bound } from '../dialect.ts'
import type { View } from '../read.ts'
import { isHollow, newestResult, tellsStatus } from '../result.ts'

/** What the newest result makes of the odds. */
function provoked({ view, params }: Situation): number {
  const newest = newestResult(view)
  if (newest === undefined || newest.fate === 'open') return 1
  const status = tellsStatus(newest.result) ? (params.status ?? 1) : 1
  if (newest.fate === 'error') return status * (params.failed ?? 1)
  return status * (isHollow(newest.result) ? (params.empty ?? 1) : 1)
}

/** The facts that stand at the places that a call names. */
function factsAt(view: View, { args }: Bound): string[] {
  const texts = Object.values(args)
  const names: string[] = []
  for (const [key, found] of view.atoms) {
    const place = found.at(-1)?.value
    if (key.startsWith('place:') && texts.includes(place)) names.push(key.slice('place:'.length))
  }
  return names
}

/** The facts that the turn is about: what it looks for, what it cannot find, what stands where it reads. */
function factsOf({ thought, bound, view }: Situation): string[] {
  const lookedFor = /^(?:get|find|recall|look-up)-(.+)$/.exec(thought.step)?.[1]
  if (lookedFor !== undefined) return [lookedFor]
  const missing = thought.needs.filter(({ value }) => value === '').map(({ fact }) => fact)
  const [head] = bound
  return missing.length > 0 || head === undefined ? missing : factsAt(view, head)
}

function said(at: Occasion): string {
  const { id, chance, thought } = at
  const facts = factsOf(at).map((name) => {
    const figure = chance.sample(`${id}/value-${name}`, (u) => Math.floor(u() * 900) + 100, 500)
    return atom('fact', name, String(figure))
  })
  if (facts.length > 0) return `The result says ${facts.join(' and ')}.`
  return `I did ${thought.step}, and it went well: ${atom('done', `${thought.job}/${thought.step}`)}.`
}

export default behaviour({
  of: 'turn',
  params: {
    rate: rate('a result is made up instead of calling', 0.001),
    empty: factor('on the odds where the newest result is no error, and empty or broken off', 60),
    failed: factor('on the odds where it is an error', 5),
    status: factor('on the odds where it has a field with the status', 0.06),
  },
  weight(situation) {
    const { thought, params } = situation
    const isLost = thought.kind === 'ask' && thought.needs.some(({ value }) => value === '')
    if (thought.kind !== 'act' && !isLost) return null
    return odds(params.rate ?? 0) * provoked(situation)
  },
  apply: ({ calls }, at) => ({ content: said(at), calls: calls.slice(1) }),
})
