// What the users have configured, as gates take it: beside the rules of their own design, never in place of
// them. Where nothing is configured nothing is different.
import type { Conversation, Denial } from '../kernel.ts'
import type { Act } from './acts.ts'
import { forbids, type Rule, ruleOf } from './rules.ts'

type Configured = Pick<Conversation, 'machine'>

export const rulesOf = (texts: readonly string[]): Rule[] => texts.map(ruleOf)

const isUnder = (texts: readonly string[], act: Act): boolean =>
  rulesOf(texts).some((rule) => forbids(rule, act))

/** The first act that the users' own rules deny. */
export const deniedIn = (acts: readonly Act[], { machine }: Configured): Act | undefined =>
  acts.find((act) => isUnder(machine.policy.deny, act))

/** Whether the users want to be asked first. */
export const isAskedIn = (acts: readonly Act[], { machine }: Configured): boolean =>
  acts.some((act) => isUnder(machine.policy.ask, act))

/** For designs that have no words of their own for it. */
export const BY_SETTINGS: Denial = {
  text: "Denied by the user's settings. This call was not run.",
}
