// An argument with a wrong value: another one of its kind that stands in the window, else a slip of digits.

import { rate } from '../../core/param.ts'
import { behaviour, odds } from '../behaviour.ts'
import type { Args } from '../dialect.ts'
import type { View } from '../read.ts'

/** Values of facts in view that are used nowhere in the call, newest first. */
function distractors(view: View, args: string): string[] {
  const values = new Set<string>()
  for (const [key, found] of view.inOrder()) {
    const value = found.at(-1)?.value ?? ''
    if (key.startsWith('fact:') && value !== '' && !args.includes(value)) values.add(value)
  }
  return [...values].reverse().slice(0, 8)
}

/** Two digits swapped, else the last one wrong, else a letter too many. */
const slip = (value: string): string => {
  const swapped = value.replace(/(\d)(?!\1)(\d)(?!.*\d\d)/, '$2$1')
  if (swapped !== value) return swapped
  const counted = value.replace(/\d(?!.*\d)/, (digit) => String((Number(digit) + 1) % 10))
  return counted !== value ? counted : value + value.slice(-1)
}

export default behaviour({
  of: 'call',
  params: { rate: rate('a call has a wrong value in it', 0.01) },
  weight({ thought, params }) {
    return thought.needs.length === 0 ? null : odds(params.rate ?? 0)
  },
  apply({ content, calls }, { id, chance, thought, view }) {
    const [head, ...rest] = calls
    const used = thought.needs.find((need) => need.value !== '' && head?.args.includes(need.value))
    if (head === undefined || used === undefined) return { content, calls }
    const slipped = slip(used.value)
    const others = distractors(view, head.args).filter((other) => other !== slipped)
    const wrong = chance.pick(`${id}/value`, [[slipped, 1], ...others.map((o) => [o, 1] as const)])
    const args = JSON.parse(head.args) as Args
    const told = Object.entries(args).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll(used.value, wrong) : value,
    ])
    return {
      content,
      calls: [{ ...head, args: JSON.stringify(Object.fromEntries(told)) }, ...rest],
    }
  },
})
