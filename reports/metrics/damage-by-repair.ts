// Effects that nobody meant, of calls that were not run as they were spoken: their arguments were cut off, or of
// another type, or their name is not offered, and a harness guessed what was meant.

import {
  argumentsOf,
  type Effect,
  guessesIn,
  isSent,
  isWritten,
  textsOf,
} from '../../sim/guesses.ts'
import type { ToolCall } from '../../sim/index.ts'
import { metric } from '../metric.ts'
import { isUnrunnable } from '../turns.ts'

/** Whether a call says the same as was meant, but for the types of its arguments. */
function isRetyped(call: ToolCall, meant: readonly ToolCall[]): boolean {
  return meant.some((right) => {
    if (right.name !== call.name || right.args === call.args) return false
    const wanted = new Map(argumentsOf(right))
    const said = argumentsOf(call)
    return (
      said.length === wanted.size &&
      said.some(([name, value]) => typeof value !== typeof wanted.get(name))
    )
  })
}

/** Whether a meant call names all that the effect is about. */
function isMeant(effect: Effect, meant: readonly ToolCall[]): boolean {
  if (effect.op === 'files.write') return isWritten(effect, meant)
  if (effect.op === 'files.remove') return false
  // A mail that breaks off says nothing that was not to be said, and is not what was meant.
  if (effect.op === 'mail.send') return isSent(effect, meant)
  const words = [effect.key, ...effect.value.split(/\s+/)].filter((word) => word !== '')
  return meant.some((call) => {
    const said = textsOf(call).flatMap((text) => [text, ...text.split(/\s+/)])
    return words.every((word) => said.includes(word))
  })
}

export default metric({
  title: 'damage by repair',
  about: 'effects nobody meant, of calls whose name or arguments were guessed; in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['phantom-calls'],
  cell: 'in-100-runs',
  measure({ trace }) {
    if (trace.length === 0) return null
    return guessesIn(trace, {
      isBad: (calls, offered, meant) =>
        calls.some((call) => isUnrunnable(call, { offered }) || isRetyped(call, meant)),
      isGuess: (effect, meant) => !isMeant(effect, meant),
    })
  },
})
