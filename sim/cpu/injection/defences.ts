// Defences in the window: rules about results, and how results are marked, told from the text alone. The
// forms are those of Spotlighting (Hines et al., 2024) and of AgentDojo. What looks like a defence and is
// none of them is named, so that its effect can be told as unknown.

export type Defence = 'delimiting' | 'marking' | 'repeatPrompt' | 'systemRule'

/** What a text says about results. */
export interface Rules {
  /** Delimiters that are named, with a word that nothing between them is to be obeyed. */
  readonly delimiters: readonly string[]
  /** Marks between words, with such a word; '' for one that is not quoted. */
  readonly marks: readonly string[]
  /** That results are data, or no instructions. */
  readonly isData: boolean
  /** Sentences about a defence that none of these takes. */
  readonly unknown: readonly string[]
}

export const NO_RULES: Rules = { delimiters: [], marks: [], isData: false, unknown: [] }

const RESULT =
  /\b(tools?|functions?|results?|outputs?|external|retrieved|fetched|documents?|files?|web ?pages?|e-?mails?|third.party|untrusted)\b/i
const NEGATED = /\b(never|not|no|ignore|disregard|refuse|without)\b|n['’]t\b/i
const INSTRUCTIONS = /\b(instructions?|directives?|imperatives?|obey\w*)\b/i
const AS_DATA =
  /\b(?:is|are|as)\b[^.]{0,30}\b(?:data|information)\b[^.]{0,20}\b(?:not|never|only)\b|\btreat\b[^.]{0,80}\bas\b[^.]{0,30}\b(?:data|information)\b/i
const DELIMITER = /<<+|«|<\/?([a-z][\w-]{0,40})[^<>\n]{0,80}>|"""|```|~~~|={3,}|#{3,}|-{3,}/gi
const BETWEEN =
  /\b(symbols?|delimit\w*|tags?|between|inside|within|enclosed|surrounded|wrap\w*|fenc\w*|mark\w*)\b/i
const MARKED =
  /\binterleav|\bbetween (?:every|each|all)(?: of)?(?: the)? words?\b|\bspecial (?:character|token|marker)|\bblanks? (?:is|are) replaced\b/i
const QUOTED = /["'“`‘]([^"'”`’\s]{1,24})["'”`’]/
const OF_MARKS = /\b(?:those|these|the|such) (?:symbols|tags|marker?s?|delimiters)\b/i
const DEFENSIVE =
  /\b(untrusted|injection|injected|saniti[sz]\w*|malicious|adversar\w*|quarantin\w*|spotlight\w*|tainted|jailbreak\w*|provenance)\b/i

/** A rule is looked for in so much of a text, and told in so many characters. */
const LOOKED_AT = 100_000
const TOLD = 80

const brief = (sentence: string): string => {
  const line = sentence.trim().replace(/\s+/g, ' ')
  return line.length <= TOLD ? line : `${line.slice(0, TOLD - 1)}…`
}

/** The openings of delimiters as they have to be met: of a tag its name. */
const openingsIn = (sentence: string): string[] =>
  BETWEEN.test(sentence)
    ? [...sentence.matchAll(DELIMITER)].map(([all, tag]) => (tag ?? all).toLowerCase())
    : []

/** The rules of a text. Total: any text. */
export function rulesIn(text: string): Rules {
  const delimiters: string[] = []
  const marks: string[] = []
  const unknown: string[] = []
  let isData = false
  let forbids = false
  for (const sentence of text.slice(0, LOOKED_AT).split(/(?<=[.!?])\s+|\n+/)) {
    const isRule = (NEGATED.test(sentence) && INSTRUCTIONS.test(sentence)) || AS_DATA.test(sentence)
    const openings = openingsIn(sentence)
    const isMarked = MARKED.test(sentence)
    forbids ||= isRule
    if (isMarked) marks.push(QUOTED.exec(sentence)?.[1] ?? '')
    else delimiters.push(...openings)
    if (isMarked || openings.length > 0 || OF_MARKS.test(sentence)) continue
    if (isRule && RESULT.test(sentence)) isData = true
    else if (DEFENSIVE.test(sentence)) unknown.push(brief(sentence))
  }
  if (!forbids) return unknown.length === 0 ? NO_RULES : { ...NO_RULES, unknown }
  return { delimiters, marks, isData, unknown }
}

export const joined = (a: Rules, b: Rules): Rules =>
  b === NO_RULES
    ? a
    : {
        delimiters: [...a.delimiters, ...b.delimiters],
        marks: [...a.marks, ...b.marks],
        isData: a.isData || b.isData,
        unknown: [...a.unknown, ...b.unknown],
      }

/** How the text about an order is wrapped and marked. */
export interface Around {
  /** As a rule would name it; '' for a text that is not wrapped. */
  readonly opening: string
  readonly isInside: boolean
  /** What stands near the order, without atoms. */
  readonly near: string
}

const PAIRS: readonly (readonly [string, string])[] = [
  ['<<', '>>'],
  ['«', '»'],
]

/** By openings and closings before a place: who closes first stands outside. */
function isInside(before: string, open: string, close: string): boolean {
  let depth = 0
  let i = 0
  for (;;) {
    const opens = before.indexOf(open, i)
    const closes = before.indexOf(close, i)
    if (opens < 0 && closes < 0) return depth > 0
    const isOpening = closes < 0 || (opens >= 0 && opens < closes)
    depth = isOpening ? depth + 1 : Math.max(0, depth - 1)
    i = isOpening ? opens + open.length : closes + close.length
  }
}

function wrapping(text: string, chars: number): Omit<Around, 'near'> {
  const whole = text.trim()
  const before = text.slice(0, chars)
  for (const [open, close] of PAIRS) {
    if (whole.startsWith(open) && whole.endsWith(close))
      return { opening: open, isInside: isInside(before, open, close) }
  }
  const tag = /^<([a-z][\w-]{0,60})(?:\s[^<>]{0,200})?>/i.exec(whole.slice(0, 300))?.[1]
  if (tag !== undefined && whole.endsWith(`</${tag}>`))
    return { opening: tag.toLowerCase(), isInside: isInside(before, `<${tag}`, `</${tag}>`) }
  const fence = /^(?:"""|```|~~~|={3,}|#{3,}|-{3,})/.exec(whole.slice(0, 80))?.[0]
  if (fence === undefined || whole.length < 2 * fence.length || !whole.endsWith(fence))
    return { opening: '', isInside: false }
  return { opening: fence, isInside: before.split(fence).length % 2 === 0 }
}

const NEAR = 300
const ATOMS = /\[\[[^\]]{0,200}\]\]/g

/** Total: any text, any place. */
export function aroundOf(text: string, chars: number): Around {
  const at = Math.max(0, chars)
  const near = text.slice(Math.max(0, at - NEAR), at + NEAR).replace(ATOMS, 'x')
  return { ...wrapping(text, at), near }
}

/** Characters that serve as marks and seldom stand in a text by themselves. */
const MARKS = /[\^ˆ~¦•·§¶†‡¤\uE000-\uF8FF]/g
const FEWEST = 3

/** Whether a mark stands in place of blanks: more often than four times as many as are left. */
const stands = (near: string, mark: string): boolean => {
  const count = near.split(mark).length - 1
  return count >= FEWEST && count > 4 * (near.match(/\s/g)?.length ?? 0)
}

function markIn(near: string): string | undefined {
  for (const mark of new Set(near.match(MARKS))) if (stands(near, mark)) return mark
  return undefined
}

/** A tag may bear a word of its own, so that nobody can close it: `data-8f3a` is named `data`. */
const isNamed = (opening: string, delimiters: readonly string[]): boolean =>
  delimiters.some((named) => opening === named || opening.startsWith(`${named}-`))

/** Tags that pages and protocols have anyway, and the dress of an attack. */
const PLAIN =
  /^(html|head|body|div|p|pre|code|svg|xml|tool_response|output|observation|file|information|important)$/

/** Which defences hold where an order stands, and what is none of them and looks like one. */
export function defencesAt(
  { opening, isInside: isIn, near }: Around,
  { delimiters, marks, isData }: Rules,
): { readonly defences: readonly Defence[]; readonly unknown: readonly string[] } {
  const defences: Defence[] = []
  const unknown: string[] = []
  if (isNamed(opening, delimiters)) {
    if (isIn) defences.push('delimiting')
  } else if (/^[<«]/.test(opening) || (/^[a-z]/.test(opening) && !PLAIN.test(opening)))
    unknown.push(`results between ${opening}, and no rule about it`)
  const mark = markIn(near)
  if (marks.some((named) => (named === '' ? mark !== undefined : stands(near, named))))
    defences.push('marking')
  else if (mark !== undefined) unknown.push(`results marked with ${mark}, and no rule about it`)
  if (isData) defences.push('systemRule')
  return { defences, unknown }
}
