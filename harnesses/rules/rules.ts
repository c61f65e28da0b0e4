// Rules: which acts a line of text is about, `Tool(pattern)` or `Tool` as Claude Code writes them. `Read`, `Edit`
// and `Bash` stand for all tools of that kind, any other word for the tools of that name; `*` stands for any
// characters, in paths too, and `?` for one, and as in opencode `rm *` is about `rm`, too. A pattern is no regular
// expression: it takes no long time.
import { isAbout, isLike, ruleOf as parsed, type Rule } from '../../sim/policy.ts'
import type { Act } from './acts.ts'
import { atHome } from './paths.ts'

export { isAbout, isLike, type Rule } from '../../sim/policy.ts'

/** With the user's own folder spelt out. Total: what is no rule is about a tool of that name. */
export function ruleOf(text: string): Rule {
  const { tool, pattern } = parsed(text)
  return { tool, pattern: atHome(pattern) }
}

const KINDS: Readonly<Record<string, Act['kind']>> = { Read: 'read', Edit: 'edit', Bash: 'run' }

/** What a command does aside is a rule's by its kind alone: of the tool itself it is the command. */
const isOf = ({ kind, tool, isAside }: Act, { tool: wanted }: Rule): boolean =>
  KINDS[wanted] === kind || (!isAside && isLike(tool.toLowerCase(), wanted.toLowerCase()))

/** Of what cannot be looked at only the tool is known: that may do whatever tools do. */
const mayBeOf = ({ tool }: Act, { tool: wanted }: Rule): boolean =>
  Object.hasOwn(KINDS, wanted) || isLike(tool.toLowerCase(), wanted.toLowerCase())

/** Whether a rule that forbids is about an act, however it is spelt; or could be, where that is not seen. */
export const forbids = (rule: Rule, act: Act): boolean =>
  act.isUnseen === true
    ? mayBeOf(act, rule)
    : isOf(act, rule) && [act.on, ...act.also].some((text) => isAbout(text, rule.pattern))

/** Whether a rule that permits is about an act, as it is when it is resolved. */
export const permits = (rule: Rule, act: Act): boolean =>
  isOf(act, rule) && isAbout(act.on, rule.pattern)

/** What the user is asked: the tool, and as much of what it is called with as one reads. */
export function questionOf(name: string, args: unknown): string {
  const told = JSON.stringify(args) ?? ''
  return `Allow ${name} ${told.length <= READ_CHARS ? told : `${told.slice(0, READ_CHARS)}...`}?`
}

const READ_CHARS = 500
