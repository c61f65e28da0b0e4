// Claude Code's gate: what a rule denies without a pattern is not even offered; a rule that denies goes before
// one that asks, that before one that allows, however broad or narrow they are; what none is about is for the
// mode. `plan` permits looking alone, `acceptEdits` changes within the workspace too, `dontAsk` denies what
// would be asked, `bypassPermissions` asks nothing; the mode with a classifier is left out. The paths of a
// command count as far as its words tell; what holds more than is looked at is denied where a rule that denies
// could be about it. Why a call is denied is told to the model, and the work goes on. The users' own rules stand
// beside those of the page.

import { type Conversation, type Denial, part } from '../../kernel.ts'
import { type Act, actsOf } from '../../rules/acts.ts'
import { rulesOf } from '../../rules/configured.ts'
import { forbids, permits, questionOf, type Rule } from '../../rules/rules.ts'
import { PLANNING } from './plan-mode.ts'

const MODES = ['default', 'acceptEdits', 'plan', 'dontAsk', 'bypassPermissions'] as const

type Mode = (typeof MODES)[number]

const REJECTED =
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file). STOP what you are doing and wait for the user to tell you how to proceed."

/** What a call may do without a rule. */
const isFree = ({ isLooking, isOutside, kind }: Act, mode: Mode): boolean =>
  !isOutside && (isLooking || (mode === 'acceptEdits' && kind === 'edit'))

const denied = (name: string, act: Act | undefined): Denial => {
  const command = act?.kind === 'run' ? ` with command ${act.on}` : ''
  return { text: `Permission to use ${name}${command} has been denied.` }
}

export default part({
  slot: 'access',
  about: 'rules that deny, that ask, that allow, in this order; else by the mode',
  source: 'Claude Code, arXiv 2604.14228, permissions; texts as observed (secondary reading)',
  constants: {
    mode: 'acceptEdits',
    deny: ['Read(*.env)', 'Read(~/.ssh/*)', 'Edit(.git/*)', 'Bash(sudo *)'],
    ask: [],
    allow: ['make_payment', 'core_memory_*', 'archival_memory_insert', 'write_note'],
  },
  policy(constants) {
    const mode = MODES.find((known) => known === String(constants.mode))
    if (mode === undefined)
      throw new TypeError(`mode: '${constants.mode}' is none of ${MODES.join(', ')}`)
    const denyIn = ({ machine }: Conversation): Rule[] =>
      rulesOf([...constants.deny, ...machine.policy.deny])
    const askIn = ({ machine }: Conversation): Rule[] =>
      rulesOf([...constants.ask, ...machine.policy.ask])
    const allow = rulesOf(constants.allow)
    return {
      open(c) {
        const whole = denyIn(c).filter(({ pattern }) => pattern === '*')
        const isDenied = (name: string): boolean =>
          actsOf({ id: '', name, args: {} }, c).some((act) => whole.some((r) => forbids(r, act)))
        c.tools = c.tools.filter(({ name }) => !isDenied(name))
      },
      async gate(call, c) {
        const acts = actsOf(call, c)
        const deny = denyIn(c)
        const against = acts.find((act) => deny.some((rule) => forbids(rule, act)))
        if (against !== undefined) return denied(call.name, against)
        const ask = askIn(c)
        const isAsked = acts.some((act) => ask.some((rule) => forbids(rule, act)))
        const own = acts.filter(({ isAside }) => !isAside)
        const isAllowed = (act: Act): boolean =>
          isFree(act, mode) || (mode !== 'plan' && allow.some((rule) => permits(rule, act)))
        if (mode === 'bypassPermissions' || (!isAsked && own.every(isAllowed))) return undefined
        if (mode === 'plan') return { text: PLANNING }
        if (mode === 'dontAsk')
          return denied(
            call.name,
            own.find((act) => !isAllowed(act)),
          )
        const isPermitted = await c.session.confirm(questionOf(call.name, call.args))
        return isPermitted ? undefined : { text: REJECTED }
      },
    }
  },
})
