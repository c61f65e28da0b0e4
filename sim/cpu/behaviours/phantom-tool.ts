// A call of a tool that is not offered, under a name from the registry's own vocabulary. A two-state
// chain, as counted on ToolBench traces: after a phantom the next call is far likelier to be one, unless
// what the harness answered helps; `logit p = a + b ln(N/10)` in the number N of tools.
import { factor, logit, probability, rate } from '../../core/param.ts'
import { behaviour, odds, type Situation } from '../behaviour.ts'
import { calledIn, inventedLike } from '../inventing.ts'
import { chosen, misspeak } from '../misspeak.ts'
import type { CallState } from '../read.ts'
import type { Toolbox } from '../toolbox.ts'

/** The one among the calls of the model's last turn whose name is not offered, with what was answered. */
const phantomIn = (calls: readonly CallState[], { toolbox }: Situation): CallState | undefined =>
  calls.findLast(({ call, fate }) => fate !== 'open' && !toolbox.has(call.name))

/** A name that looks as if it were called, in what was answered, and that is not offered. */
function suggestedIn(calls: readonly CallState[], { toolbox }: Situation): string | undefined {
  for (const { result } of calls) {
    const name = calledIn(result, toolbox)
    if (name !== undefined) return name
  }
  return undefined
}

/** How many of the tools an answer mentions, by whole words. */
function mentioned(answer: string, { tools }: Toolbox): number {
  const words = new Set(answer.match(/[\w./:-]*\w/g))
  return tools.filter(({ name }) => words.has(name)).length
}

function helped({ result }: CallState, { toolbox, params }: Situation): number {
  const count = mentioned(result, toolbox)
  if (count === 0) return 1
  return (count === toolbox.tools.length ? params.listed : params.named) ?? 1
}

export default behaviour({
  of: 'call',
  params: {
    rate: rate('a call is a phantom, after none', 0.004),
    persistence: rate('a call is a phantom, right after one that was answered without help', 0.33),
    sameName: probability('a phantom after a phantom bears the same name', 0.55),
    registry: logit('what each e-fold of the number of tools above ten adds, after none', 0.3),
    listed: factor('on the odds where the answer lists the tools there are', 0.1),
    named: factor('on the odds where the answer names one of them', 0.2),
    prompted: factor('on the odds where tools are called by prompt, after none', 9),
    primed: factor('on the odds where the newest result has a call of no tool in its text', 3),
    primedName: probability('a phantom after such a text bears the name in it', 0.7),
  },
  weight(situation) {
    const { toolbox, params, view } = situation
    const calls = view.lately()
    const phantom = phantomIn(calls, situation)
    if (phantom !== undefined) return odds(params.persistence ?? 0) * helped(phantom, situation)
    const usual = odds(params.rate ?? 0) * (view.isPrompted ? (params.prompted ?? 1) : 1)
    if (usual === 0) return 0
    const size = Math.exp((params.registry ?? 0) * Math.log(Math.max(toolbox.tools.length, 1) / 10))
    const { primed = 1 } = params
    return usual * size * (primed !== 1 && suggestedIn(calls, situation) !== undefined ? primed : 1)
  },
  countsFailures: (situation) => phantomIn(situation.view.lately(), situation) !== undefined,
  apply(utterance, at) {
    const { id, chance, toolbox, params, view } = at
    const calls = view.lately()
    const before = phantomIn(calls, at)?.call.name
    const again =
      before !== undefined && chance.flip(`${id}/same-name`, params.sameName ?? 0)
        ? before
        : undefined
    const said = before === undefined ? suggestedIn(calls, at) : undefined
    const primed =
      said !== undefined && chance.flip(`${id}/primed-name`, params.primedName ?? 0)
        ? said
        : undefined
    return misspeak(utterance, at, {
      fits: () => true,
      says(call) {
        const own = inventedLike(before ?? call.name, toolbox)
        return [{ ...call, name: again ?? primed ?? chosen(at, 'name', own) ?? own[0] }]
      },
    })
  },
})
