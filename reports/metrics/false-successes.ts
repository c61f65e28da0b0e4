// Jobs whose answer says that all is done although an effect of theirs never happened. Told from the answer and
// the world's effects alone: what a step would have acted on is known where its path, payee or recipient is.

import { toldOf } from '../../sim/effects.ts'
import { type CallTemplate, callsOf, type TraceEvent, type Truth, WORLD } from '../../sim/index.ts'
import { stoodIn } from '../../sim/stood.ts'
import { metric } from '../metric.ts'
import { tasksOf } from '../tasks.ts'

type Effect = Extract<TraceEvent, { kind: 'effect' }>

const HOLE = /\{[^{}]*\}/
/** All texts that a template may have become, as far as truths tell; none where they do not. */
function textsOf(template: string, truths: Readonly<Record<string, Truth>>): string[] {
  const hole = HOLE.exec(template)
  if (hole === null) return [template]
  const values = truths[hole[0].slice(1, -1)]?.values ?? []
  return values.flatMap(({ value }) =>
    textsOf(
      template.replace(HOLE, () => value),
      truths,
    ),
  )
}

/** What a tool of some world can do, and its effects do not tell. */
const UNTOLD = /^(?:shell|web|memory|agents|files|mail|payments)\./

/** Undefined where nobody can tell; what no world has a tool for was never done. */
function wasDone(
  call: CallTemplate,
  effects: readonly Effect[],
  truths: Readonly<Record<string, Truth>>,
): boolean | undefined {
  const { op } = call
  const told = toldOf(call)
  if (told === undefined) return UNTOLD.test(op) ? undefined : false
  const keys = textsOf(told.key, truths)
  if (keys.length === 0) return effects.some((effect) => effect.op === op)
  return effects.some((effect) => effect.op === op && keys.includes(effect.key))
}

const claims = (text: string, answer: string): boolean =>
  answer.split(HOLE).every((piece) => text.includes(piece))

export default metric({
  title: 'false successes',
  about: 'jobs said to be done with an effect missing that they had to have; in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  cell: 'in-100-runs',
  detail: true,
  measure({ instance, trace }) {
    if (trace.length === 0) return null
    const tasks = new Map(tasksOf(instance).map(({ job, program }) => [job, program]))
    const effects: Effect[] = []
    let found = 0
    for (const event of stoodIn(trace)) {
      if (event.kind === 'effect' && event.session !== WORLD) effects.push(event)
      if (event.kind !== 'reply') continue
      const program = tasks.get(event.job)
      tasks.delete(event.job)
      if (program === undefined || !claims(event.text, program.answer)) continue
      const isMissing = program.steps.some((step) => {
        if (step.effect === 'read' || step.isOptional === true) return false
        const ways = callsOf(step).map((call) => wasDone(call, effects, instance.truths))
        return !ways.includes(undefined) && !ways.includes(true)
      })
      if (isMissing) found++
    }
    return found
  },
})
