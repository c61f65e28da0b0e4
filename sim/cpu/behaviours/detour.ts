// Something else first: instead of the planned call the model looks around with another tool; and where
// that call has just come to an error, it may also vary its arguments, or turn to the user. What follows an
// error was counted on ToolBench (GPT-3.5) and tau-bench airline (gpt-4o) traces.
import type { Tool, ToolCall } from '../../core/message.ts'
import { rate, weight } from '../../core/param.ts'
import { behaviour, type Occasion, odds, type Situation } from '../behaviour.ts'
import type { Bound } from '../dialect.ts'
import { madeUpCall } from '../made-up.ts'
import { chosen, given } from '../misspeak.ts'
import { mistaken, mistakes } from '../mistake.ts'
import { wordsOf } from '../names.ts'
import type { CallState } from '../read.ts'
import { failedLately, isSaid } from '../result.ts'
import type { Utterance } from '../thought.ts'

const LOOKS = ['list', 'search', 'find', 'ls', 'grep', 'glob', 'browse', 'query', 'status']

const isLook = (name: string): boolean => wordsOf(name).some((word) => LOOKS.includes(word))

/** The failed call that is planned again as it was, if any. */
const failedAsPlanned = ({ view, usual }: Situation): CallState | undefined =>
  failedLately(view).find(({ call }) => isSaid(usual, call))

/** The texts among a call's arguments, shortest first; those that the answer quotes, if any. */
function textsOf(bound: Bound, answer: string): string[] {
  const texts = given(bound)
    .flatMap(([, value]) => (typeof value === 'string' && value !== '' ? [value] : []))
    .toSorted((a, b) => a.length - b.length)
  const quoted = texts.filter((text) => answer.includes(text))
  return quoted.length > 0 ? quoted : texts
}

function looked(looks: readonly Tool[], at: Occasion): Utterance {
  const name = chosen(at, 'tool', [...new Set(looks.map((tool) => tool.name))])
  const tool = looks.find((one) => one.name === name)
  const [bound] = at.bound
  const about = bound === undefined ? undefined : textsOf(bound, '')[0]
  const hint = about?.split('\n')[0]?.slice(0, 40) ?? at.thought.step
  const calls = tool === undefined ? [] : [madeUpCall(tool, hint, at)]
  return { content: 'Let me look around first.', calls }
}

/** The failed call once more, with its shortest text, or the one that the error quotes, otherwise. */
function varied({ content, calls }: Utterance, text: string, failed: CallState, at: Occasion) {
  const wrong = chosen(at, 'value', mistakes(at.view, text)) ?? text
  const vary = (call: ToolCall): ToolCall =>
    call.args === failed.call.args ? { ...call, args: mistaken(call.args, text, wrong) } : call
  return { content, calls: calls.map(vary) }
}

export default behaviour({
  of: 'turn',
  params: {
    rate: rate('a look around, though nothing is missing', 0.002),
    afterError: rate('a call that was right and failed is not simply made again', 0.2),
    looks: weight('it looks around with another tool', 4),
    varies: weight('it varies the arguments', 1),
    tells: weight('it tells the user, and asks', 2),
  },
  weight(situation) {
    const { usual, params } = situation
    if (usual.calls.length === 0) return null
    const isAgain = failedAsPlanned(situation) !== undefined
    return odds((isAgain ? params.afterError : params.rate) ?? 0)
  },
  apply(usual, at) {
    const { id, chance, params, tools, bound } = at
    const failed = failedAsPlanned(at)
    const place = usual.calls.findIndex((call) => call.args === failed?.call.args)
    const own = bound[place]
    const [text] = own === undefined ? [] : textsOf(own, failed?.result ?? '')
    const names = usual.calls.map(({ name }) => name)
    const looks = tools.filter(({ name }) => !names.includes(name) && isLook(name))
    const way = chance.pick(`${id}/way`, [
      ['', 0],
      ['looks', looks.length === 0 ? 0 : failed ? (params.looks ?? 1) : 1],
      ['varies', text === undefined ? 0 : (params.varies ?? 1)],
      ['tells', failed ? (params.tells ?? 1) : Number(looks.length === 0)],
    ])
    if (way === 'looks') return looked(looks, at)
    if (way === 'varies' && failed && text !== undefined) return varied(usual, text, failed, at)
    const says = failed ? 'This came to an error' : 'I am not sure of the next step'
    return { content: `${says}: ${at.thought.step}. How shall I go on?`, calls: [] }
  },
})
