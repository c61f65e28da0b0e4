// Yes, and do not ask again: what the users want to be asked about is asked once for each of their rules, and
// the yes holds for all that the rule is about, as long as the conversation lasts. Claude Code and opencode offer
// that answer, and neither restores it when a session is resumed. A no holds for one call.

import { type Conversation, part } from '../../kernel.ts'
import { actsOf } from '../../rules/acts.ts'
import { BY_SETTINGS, deniedIn } from '../../rules/configured.ts'
import { forbids, questionOf, ruleOf } from '../../rules/rules.ts'

const GRANTS = 'access.asked-once.grants'

const pathOf = ({ session }: Conversation): string => `grants-${session.job.id}.json`

const grantsIn = ({ memo }: Conversation): ReadonlySet<string> =>
  (memo.get(GRANTS) as ReadonlySet<string> | undefined) ?? new Set()

/** What a machine that went down in the middle of writing left is as good as nothing. */
function parsed(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.map(String) : []
  } catch {
    return []
  }
}

export default part({
  slot: 'access',
  about: 'one question for each rule of the users, whose yes holds for the session',
  source:
    "Claude Code, arXiv 2604.14228, and opencode's `always`: grants of a session, not restored (secondary reading, from memory)",
  constants: {
    restores: 0,
    refused: 'The user did not permit this call. It was not run.',
  },
  policy: ({ restores, refused }) => ({
    async open(c) {
      if (restores === 0) return
      c.memo.set(GRANTS, new Set(parsed((await c.machine.disk.read(pathOf(c))) ?? '')))
    },
    async gate(call, c) {
      const acts = actsOf(call, c)
      if (deniedIn(acts, c) !== undefined) return BY_SETTINGS
      for (const text of c.machine.policy.ask) {
        if (grantsIn(c).has(text) || !acts.some((act) => forbids(ruleOf(text), act))) continue
        const question = `${questionOf(call.name, call.args)} And all that is ${text} from now on.`
        if (!(await c.session.confirm(question))) return { text: refused }
        const grants = [...grantsIn(c), text]
        c.memo.set(GRANTS, new Set(grants))
        if (restores !== 0) await c.machine.disk.write(pathOf(c), JSON.stringify(grants))
      }
      return undefined
    },
  }),
})
