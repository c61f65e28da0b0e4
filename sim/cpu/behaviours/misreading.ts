// What a result says is read wrongly, and said so: the error stands in the window from then on, and later
// steps use it until the source is read again. A wrong value, in contrast, is a slip of one call. This is
// also how a model fails that did not understand: its rate carries how often tasks fail for no other reason.
import { atom } from '../../core/atoms.ts'
import { rate } from '../../core/param.ts'
import { behaviour, odds, type Situation } from '../behaviour.ts'
import { chosen } from '../misspeak.ts'
import { mistaken, mistakes, replaced } from '../mistake.ts'
import type { View } from '../read.ts'
import { newestResult } from '../result.ts'

interface Known {
  readonly name: string
  readonly value: string
}

/** Whether a result said it last, or the model itself: what the user or the system says is not misread. */
function isResult(view: View, fact: string): boolean {
  const entry = view.newest('fact', fact)?.entry
  if (entry === undefined || entry.message.role === 'system') return false
  const { role, content } = entry.message
  const mark = view.form?.mark
  return role !== 'user' || entry.isTold || (mark !== undefined && content.includes(mark))
}

/** The facts that this step uses, as far as they stand in view and came from a result. */
const used = ({ thought, view }: Situation): Known[] =>
  thought.needs
    .filter(({ fact, value }) => value !== '' && isResult(view, fact))
    .map(({ fact, value }) => ({ name: fact, value }))

/** The facts that the newest result says. */
const seen = ({ view }: Situation): readonly Known[] =>
  newestResult(view) === undefined
    ? []
    : (view.entries.at(-1)?.atoms ?? []).filter(
        ({ kind, value }) => kind === 'fact' && value !== '',
      )

/** What can be misread now: what was just read and is used at once, else what is used, else what was read. */
function readable(situation: Situation): readonly Known[] {
  const { thought, usual } = situation
  const read = seen(situation)
  if (thought.kind === 'answer') {
    const words = [usual.content, ...usual.calls.map(({ args }) => args)].join(' ')
    return read.filter(({ value }) => words.includes(value))
  }
  if (thought.kind !== 'act') return []
  const needed = used(situation)
  const both = needed.filter(({ name }) => read.some((one) => one.name === name))
  if (both.length > 0) return both
  return needed.length > 0 ? needed : read
}

/** Whether there is anything to misread, at less cost. */
function canMisread(situation: Situation): boolean {
  const { thought, view } = situation
  if (thought.kind !== 'act') return readable(situation).length > 0
  const isUsed = thought.needs.some(({ fact, value }) => value !== '' && isResult(view, fact))
  if (isUsed || newestResult(view) === undefined) return isUsed
  const atoms = view.entries.at(-1)?.atoms ?? []
  return atoms.some(({ kind, value }) => kind === 'fact' && value !== '')
}

export default behaviour({
  of: 'turn',
  params: {
    rate: rate('a turn that uses what a result said, or just read it, takes it wrongly', 0.005),
  },
  weight: (situation) => (canMisread(situation) ? odds(situation.params.rate ?? 0) : null),
  apply({ content, calls }, at) {
    const known = new Map(readable(at).map(({ name, value }) => [name, value]))
    const name = chosen(at, 'fact', [...known.keys()]) ?? ''
    const value = known.get(name)
    if (value === undefined) return { content, calls }
    const wrong = chosen(at, 'value', mistakes(at.view, value)) ?? value
    const says = `It says ${atom('fact', name, wrong)}.`
    return {
      content: [replaced(content, value, wrong), says].filter((part) => part !== '').join(' '),
      calls: calls.map((call) => ({ ...call, args: mistaken(call.args, value, wrong) })),
    }
  },
})
