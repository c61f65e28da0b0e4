// The arguments of a call are no JSON. Shapes seen on real models: cut off in a string, cut off before the
// closing brackets, a comma too many, single quotes, no quotes, fenced as in Markdown, said twice. Whether
// they can be repaired without guessing is the harness's question.
import { factor, rate, weight } from '../../core/param.ts'
import { behaviour, odds } from '../behaviour.ts'
import { misspeak } from '../misspeak.ts'
import { isPlain } from '../schema.ts'

/** Cuts inside the longest string value, after a share of it. */
function cutInString(args: string, share: number): string {
  let longest = { start: -1, length: 0 }
  for (const match of args.matchAll(/:\s*"((?:[^"\\]|\\.)*)"/g)) {
    const text = match[1] ?? ''
    if (text.length > longest.length)
      longest = { start: match.index + match[0].length - 1 - text.length, length: text.length }
  }
  const part = (length: number): number =>
    Math.max(1, Math.min(length - 1, Math.floor(length * share)))
  if (longest.start < 0) return args.slice(0, part(args.length))
  const inside = part(longest.length)
  const cut = args.slice(0, longest.start + inside)
  return cut.endsWith('\\') ? cut.slice(0, -1) : cut
}

/** JSON but for the quotes. */
function quotedBy(quote: (text: string) => string, value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `[${value.map((one) => quotedBy(quote, one)).join(',')}]`
  if (!isPlain(value)) return JSON.stringify(value)
  const entries = Object.entries(value).map(
    ([name, one]) => `${quote(name)}:${quotedBy(quote, one)}`,
  )
  return `{${entries.join(',')}}`
}

const single = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

const SHAPES = {
  'cut-in-a-string': cutInString,
  'cut-before-the-brackets': (args: string) => args.replace(/[}\]\s]+$/, ''),
  'trailing-comma': (args: string) => args.replace(/\}$/, ',}'),
  'single-quotes': (args: string) => quotedBy(single, JSON.parse(args)),
  unquoted: (args: string) => quotedBy((text) => text, JSON.parse(args)),
  fenced: (args: string) => `\`\`\`json\n${args}\n\`\`\``,
  doubled: (args: string) => args + args,
} as const satisfies Record<string, (args: string, share: number) => string>

type Shape = keyof typeof SHAPES

/** Without a name or a text in it, these leave an object as it is. */
const OF_TEXT: readonly Shape[] = ['single-quotes', 'unquoted']

export default behaviour({
  of: 'call',
  params: {
    rate: rate('the arguments of a call are no JSON', 0.005),
    prompted: factor('on the odds where tools are called by prompt', 5),
    cutInString: weight('share of this shape', 3),
    cutBeforeBrackets: weight('share of this shape', 1),
    trailingComma: weight('share of this shape', 1),
    singleQuotes: weight('share of this shape', 0.5),
    unquoted: weight('share of this shape', 1),
    fenced: weight('share of this shape', 1),
    doubled: weight('share of this shape', 0.5),
  },
  weight: ({ params, view }) =>
    odds(params.rate ?? 0) * (view.isPrompted ? (params.prompted ?? 1) : 1),
  apply(utterance, at) {
    const { id, chance, params } = at
    const shares: readonly (readonly [Shape, number | undefined])[] = [
      ['cut-in-a-string', params.cutInString],
      ['cut-before-the-brackets', params.cutBeforeBrackets],
      ['trailing-comma', params.trailingComma],
      ['single-quotes', params.singleQuotes],
      ['unquoted', params.unquoted],
      ['fenced', params.fenced],
      ['doubled', params.doubled],
    ]
    return misspeak(utterance, at, {
      fits: () => true,
      says(call) {
        const hasText = call.args.includes('"')
        const broken = shares.filter(([shape]) => hasText || !OF_TEXT.includes(shape))
        const picked = chance.pick<Shape | ''>(`${id}/shape`, [
          ['', 0],
          ...broken.map(([shape, share = 1]) => [shape, share] as const),
        ])
        const shape = picked === '' ? 'cut-in-a-string' : picked
        const share =
          shape === 'cut-in-a-string' ? chance.sample(`${id}/share`, (u) => u(), 0.5) : 0.5
        return [{ ...call, args: SHAPES[shape](call.args, share) }]
      },
    })
  },
})
