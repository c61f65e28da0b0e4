// Rules of a policy, `Tool(pattern)` or `Tool`: how they are read, what a pattern says, and which effects and
// commands they are about. What becomes of them is a kernel's; here they are what its deeds are judged by.
import type { TraceEvent } from './core/trace.ts'

export interface Rule {
  readonly tool: string
  readonly pattern: string
}

/** Total: what is no rule is about a tool of that name. */
export function ruleOf(text: string): Rule {
  const [, tool, pattern] = /^([^()]*)\(([\s\S]*)\)$/.exec(text.trim()) ?? []
  if (tool === undefined) return { tool: text.trim(), pattern: '*' }
  const spelt = (pattern ?? '*').replace(/:\*$/, '*').replace(/^\.\//, '')
  return { tool: tool.trim(), pattern: spelt }
}

/** Whether a text is as a pattern with `*` and `?` says. In time of the product of their lengths, at worst. */
export function isLike(text: string, pattern: string): boolean {
  let [at, of] = [0, 0]
  let [star, from] = [-1, 0]
  while (at < text.length) {
    const wanted = pattern[of]
    if (wanted === '*') {
      star = of++
      from = at
    } else if (wanted === '?' || wanted === text[at]) {
      at++
      of++
    } else if (star >= 0) {
      of = star + 1
      at = ++from
    } else return false
  }
  while (pattern[of] === '*') of++
  return of === pattern.length
}

/** `rm *` is about `rm`, too. */
export const isAbout = (text: string, pattern: string): boolean =>
  isLike(text, pattern) || (pattern.endsWith(' *') && text === pattern.slice(0, -2))

export type Effect = Extract<TraceEvent, { kind: 'effect' }>

/** What an effect is done by, as rules call it. */
const TOOLS: Readonly<Record<string, readonly string[]>> = {
  'files.write': ['Edit', 'write_file'],
  'files.remove': ['Edit'],
  'payments.pay': ['make_payment'],
  'mail.send': ['send_email'],
}

/** Whether a rule is about an effect on the world: a path that changed, a payment, an email. */
export function isAboutEffect(
  { tool, pattern }: Rule,
  { op, key, value }: Pick<Effect, 'op' | 'key' | 'value'>,
): boolean {
  const isOf = (TOOLS[op] ?? []).some((name) => name === tool || isLike(name, tool.toLowerCase()))
  const texts = op.startsWith('files.') ? [key] : [key, ...value.split(/\s/), `${key} ${value}`]
  return isOf && texts.some((text) => isAbout(text, pattern))
}

/** Without its here-documents: they are written, not run. */
function withoutDocuments(script: string): string {
  const kept: string[] = []
  let end: string | undefined
  for (const line of script.split('\n')) {
    if (end === undefined) {
      kept.push(line)
      end = /<<-?[ \t]*['"\\]?(\w+)/.exec(line)?.[1]
    } else if (line.trim() === end) end = undefined
  }
  return kept.join('\n')
}

/** As far as the next separator outside of quotes. */
const PIECE = /(?:'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[\s\S]|[^;&|\n'"\\])+/g

/** The commands of a line, roughly: what is joined by `;`, `&&`, `||`, `|` and line ends. */
export const commandsOf = (line: string): string[] =>
  [...withoutDocuments(line).matchAll(PIECE)]
    .map(([piece]) => piece.trim())
    .filter((piece) => piece !== '')

/** Whether a rule is about one of the commands of a line that was run. */
export const isAboutLine = ({ tool, pattern }: Rule, line: string): boolean =>
  tool === 'Bash' && commandsOf(line).some((command) => isAbout(command, pattern))
