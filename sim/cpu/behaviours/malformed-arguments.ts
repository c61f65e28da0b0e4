// Arguments that are not JSON: cut off inside a string or before the brackets, a comma too many, keys or
// values without quotes. Which harness repairs what, and runs it, is the question.

import { rate, weight } from '../../core/param.ts'
import { behaviour, odds } from '../behaviour.ts'

/** Cuts inside the longest string value, after a share of it. */
function cutInString(args: string, share: number): string {
  let longest = { start: -1, length: 0 }
  for (const match of args.matchAll(/:\s*"((?:[^"\\]|\\.)*)"/g)) {
    const text = match[1] ?? ''
    if (text.length > longest.length)
      longest = { start: match.index + match[0].length - 1 - text.length, length: text.length }
  }
  if (longest.start < 0) return args.slice(0, Math.max(1, Math.floor(args.length * share)))
  const inside = Math.max(1, Math.floor(longest.length * share))
  const cut = args.slice(0, longest.start + inside)
  return cut.endsWith('\\') ? cut.slice(0, -1) : cut
}

const SHAPES = {
  'cut-in-a-string': cutInString,
  'cut-before-the-brackets': (args: string) => args.replace(/[}\]\s]+$/, ''),
  'trailing-comma': (args: string) => args.replace(/\}$/, ',}'),
  unquoted: (args: string) =>
    args.replaceAll(/"([A-Za-z_]\w*)"\s*:\s*"((?:[^"\\]|\\.)*)"/g, '$1: $2'),
} as const

type Shape = keyof typeof SHAPES

export default behaviour({
  of: 'call',
  params: {
    rate: rate('the arguments of a call are no JSON', 0.005),
    cutInString: weight('share of this shape', 3),
    cutBeforeBrackets: weight('share of this shape', 1),
    trailingComma: weight('share of this shape', 1),
    unquoted: weight('share of this shape', 1),
  },
  weight: ({ params }) => odds(params.rate ?? 0),
  apply({ content, calls }, { id, chance, params }) {
    const [head, ...rest] = calls
    if (head === undefined) return { content, calls }
    const shape = chance.pick<Shape | ''>(`${id}/shape`, [
      ['', 0],
      ['cut-in-a-string', params.cutInString ?? 1],
      ['cut-before-the-brackets', params.cutBeforeBrackets ?? 1],
      ['trailing-comma', params.trailingComma ?? 1],
      ['unquoted', params.unquoted ?? 1],
    ])
    const share = shape === 'cut-in-a-string' ? chance.sample(`${id}/share`, (u) => u(), 0.5) : 0.5
    const args = SHAPES[shape === '' ? 'cut-in-a-string' : shape](head.args, share)
    return { content, calls: [{ ...head, args }, ...rest] }
  },
})
