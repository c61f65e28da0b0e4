// A whole plan of two to four steps on tools that do not exist, called in one turn or only written down.
// Reasoning makes it likelier: "The Reasoning Trap" (arXiv 2510.22977) found tool hallucination to grow
// with reasoning strength; how much for a model is its profile's to say.
import type { ToolCall } from '../../core/message.ts'
import { factor, rate, weight } from '../../core/param.ts'
import { behaviour, odds } from '../behaviour.ts'
import { inventedFor } from '../inventing.ts'
import { madeUpId } from '../made-up.ts'
import { chosen } from '../misspeak.ts'

const written = (calls: readonly ToolCall[]): string =>
  ['This is my plan:', ...calls.map(({ name, args }, n) => `${n + 1}. ${name}(${args})`)].join('\n')

export default behaviour({
  of: 'call',
  params: {
    rate: rate('a turn is a plan on tools that do not exist', 0.0005),
    reasoning: factor('on the odds, for how much the model reasons: 1 for one that does not', 1),
    called: weight('share of plans whose steps are called', 2),
    written: weight('share of plans that are only written', 1),
  },
  weight: ({ params }) => odds(params.rate ?? 0) * (params.reasoning ?? 1),
  apply({ content }, at) {
    const { id, chance, bound, thought, toolbox, params } = at
    const { name = '', args = {} } = bound[0] ?? {}
    const count = Number(chosen(at, 'steps', ['2', '3', '4']))
    const calls: ToolCall[] = []
    for (let n = 0; n < count; n++) {
      const names = inventedFor(n, name, toolbox)
      const before = calls.at(-1)
      calls.push({
        id: madeUpId({ id: `${id}-${n + 1}`, thought }),
        name: chosen(at, `name-${n + 1}`, names) ?? names[0],
        args: JSON.stringify(before === undefined ? args : { input: `result of ${before.name}` }),
      })
    }
    const form = chance.pick(`${id}/form`, [
      ['', 0],
      ['called', params.called ?? 1],
      ['written', params.written ?? 1],
    ])
    return form === 'written' ? { content: written(calls), calls: [] } : { content, calls }
  },
})
