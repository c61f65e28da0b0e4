// Rules: which acts a line of text is about, `Tool(pattern)` or `Tool` as Claude Code writes them. `Read`, `Edit`
// and `Bash` stand for all tools of that kind, any other word for the tools of that name; `*` stands for any
// characters, in paths too, and `?` for one. A pattern is no regular expression: it takes no long time.
import type { Act } from './acts.ts'
import { atHome } from './paths.ts'

export interface Rule {
  readonly tool: string
  readonly pattern: string
}

/** Total: what is no rule is about a tool of that name. */
export function ruleOf(text: string): Rule {
  const [, tool, pattern] = /^([^()]*)\(([\s\S]*)\)$/.exec(text.trim()) ?? []
  if (tool === undefined) return { tool: text.trim(), pattern: '*' }
  const spelt = (pattern ?? '*').replace(/:\*$/, '*').replace(/^\.\//, '')
  return { tool: tool.trim(), pattern: atHome(spelt) }
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

/** As in opencode, `rm *` is about `rm`, too. */
export const isAbout = (text: string, pattern: string): boolean =>
  isLike(text, pattern) || (pattern.endsWith(' *') && text === pattern.slice(0, -2))

const KINDS: Readonly<Record<string, Act['kind']>> = { Read: 'read', Edit: 'edit', Bash: 'run' }

/** What a command does aside is a rule's by its kind alone: of the tool itself it is the command. */
const isOf = ({ kind, tool, isAside }: Act, { tool: wanted }: Rule): boolean =>
  KINDS[wanted] === kind || (!isAside && isLike(tool.toLowerCase(), wanted.toLowerCase()))

/** Whether a rule that forbids is about an act, however it is spelt. */
export const forbids = (rule: Rule, act: Act): boolean =>
  isOf(act, rule) && [act.on, ...act.also].some((text) => isAbout(text, rule.pattern))

/** Whether a rule that permits is about an act, as it is when it is resolved. */
export const permits = (rule: Rule, act: Act): boolean =>
  isOf(act, rule) && isAbout(act.on, rule.pattern)

/** What the user is asked: the tool, and as much of what it is called with as one reads. */
export function questionOf(name: string, args: unknown): string {
  const told = JSON.stringify(args) ?? ''
  return `Allow ${name} ${told.length <= READ_CHARS ? told : `${told.slice(0, READ_CHARS)}...`}?`
}

const READ_CHARS = 500
