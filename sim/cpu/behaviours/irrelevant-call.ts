// No offered tool serves, or nothing is left to do, and the model calls one all the same, with arguments
// made up to fit its schema (the relevance tests of the Berkeley function calling leaderboard, 2024).
import { factor, rate } from '../../core/param.ts'
import { behaviour, odds } from '../behaviour.ts'
import { madeUpCall } from '../made-up.ts'
import { chosen } from '../misspeak.ts'

export default behaviour({
  of: 'turn',
  params: {
    rate: rate('a call is made where no tool serves', 0.1),
    done: factor('on the odds where all is done', 0.05),
    again: factor('on the odds where the newest message is no word of the user', 0.3),
  },
  weight({ view, thought, usual, tools, params }) {
    if (usual.calls.length > 0 || tools.length === 0) return null
    const done = thought.kind === 'answer' ? (params.done ?? 1) : 1
    const again = view.last?.role === 'user' ? 1 : (params.again ?? 1)
    return odds(params.rate ?? 0) * done * again
  },
  apply(utterance, at) {
    const { tools, thought } = at
    const name = chosen(at, 'tool', [...new Set(tools.map((tool) => tool.name))])
    const tool = tools.find((one) => one.name === name)
    if (tool === undefined) return utterance
    return { content: '', calls: [madeUpCall(tool, thought.job || 'it', at)] }
  },
})
