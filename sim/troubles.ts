// What goes wrong outside the model in one run: the faults of its profile, by the occasion on which each
// is asked, in the order of their ids.
import { assert } from './core/assert.ts'
import { type Chance, flipAt } from './core/chance.ts'
import type { Params } from './core/param.ts'
import { type Fault, pass, VERDICTS_ON, type Verdict } from './faults/index.ts'

type Trouble = readonly [id: string, fault: Fault, params: Params]

export class Troubles {
  readonly #on: Readonly<Record<Fault['on'], readonly Trouble[]>>
  readonly #chance: Chance

  constructor(
    faults: ReadonlyMap<string, Fault>,
    params: Readonly<Record<string, Params>>,
    chance: Chance,
  ) {
    const known: Trouble[] = []
    for (const [id, fault] of faults) {
      const own = params[id]
      if (own !== undefined) known.push([id, fault, own])
    }
    const on = (occasion: Fault['on']): Trouble[] => known.filter(([, f]) => f.on === occasion)
    this.#on = { generate: on('generate'), call: on('call'), event: on('event') }
    this.#chance = chance
  }

  /** The first verdict that is not `pass`. `at` is in virtual milliseconds. */
  verdict(on: Fault['on'], key: string, at: number): Verdict {
    const chance = this.#chance
    const scope = `${key}/`
    let asked = ''
    const strikes = (probability: number): boolean => flipAt(chance, scope, asked, probability)
    const event = { key, at, strikes }
    for (const [id, fault, params] of this.#on[on]) {
      asked = id
      const verdict = fault.decide(event, chance, params)
      if (verdict.kind === 'pass') continue
      const possible: readonly string[] = VERDICTS_ON[on]
      assert(possible.includes(verdict.kind), `fault ${id}: ${verdict.kind} cannot befall a ${on}`)
      return verdict
    }
    return pass
  }
}
