// What a helpful error costs: the tokens of answers to calls that could not be run, where they list the tools
// there are, at least half of them. They stay in the history.
import type { Message } from '../../sim/index.ts'
import { metric } from '../metric.ts'
import { isUnrunnable, type Turn, turnsOf } from '../turns.ts'

/** As clients estimate them; so a metric needs no tokeniser. */
const CHARS_A_TOKEN = 4
/** A list of one or two names is a hint. */
const FEWEST = 3

function isCatalogue({ content }: Message, { offered }: Turn): boolean {
  const words = new Set(content.match(/[\w./:-]*\w/g))
  const named = [...offered].filter((name) => words.has(name)).length
  return named >= FEWEST && 2 * named >= offered.size
}

export default metric({
  title: 'catalogue tokens',
  about:
    'tokens, at four characters each, of lists of tools that errors put into the history, a run',
  unit: 'tokens',
  better: 'less',
  restsOn: 'calibrated',
  families: ['phantom-calls'],
  detail: true,
  measure({ trace }) {
    if (trace.length === 0) return null
    const bad = turnsOf(trace).filter((turn) => turn.calls.some((call) => isUnrunnable(call, turn)))
    const lists = bad.flatMap((turn) => turn.told.filter((message) => isCatalogue(message, turn)))
    return lists.reduce((sum, { content }) => sum + Math.ceil(content.length / CHARS_A_TOKEN), 0)
  },
})
