// Plan mode: the model may look, and nothing else, until it has told a plan and the user said yes; from then
// on all is permitted. It leaves plan mode by a tool of its own. A model that does not know that would be stuck:
// here its first try at an effect is taken for the end of its looking around, and the plan is asked for in a
// request of its own. In Claude Code it is only told that it is planning. The users' own rules outlast the plan.

import { offering, ownTool, said, textOf } from '../../hands/own-tools.ts'
import { written } from '../../history/summarise.ts'
import { behindSystem } from '../../kept/store.ts'
import { type Conversation, type Denial, part } from '../../kernel.ts'
import { type Act, actsOf } from '../../rules/acts.ts'
import { BY_SETTINGS, deniedIn, isAskedIn } from '../../rules/configured.ts'
import { questionOf } from '../../rules/rules.ts'

export const PLANNING =
  'Plan mode is active. The user indicated that they do not want you to execute yet -- you MUST NOT make any edits, run any non-readonly tools (including changing configs or making commits), or otherwise make any changes to the system. This supercedes any other instructions you have received.'

const APPROVED = 'User has approved your plan. You can now start coding.'
const REFUSED = 'The user did not permit this call. It was not run.'
const REJECTED = 'The user did not approve the plan. Plan mode is still active.'
const ASKS =
  'Before anything is changed: tell the steps that you are going to take, in a few words. Do not call tools.'

const LEFT = 'access.plan-mode.left'
const EXIT = 'exit_plan_mode'

const isLeft = ({ memo }: Conversation): boolean => memo.has(LEFT)

async function approved(plan: string, c: Conversation): Promise<boolean> {
  const isApproved = await c.session.confirm(`Would you like to proceed?\n\n${plan}`)
  if (isApproved) c.memo.set(LEFT, true)
  return isApproved
}

/** Asks for the plan, and the user about it. */
async function asked(c: Conversation): Promise<Denial | undefined> {
  const messages = [...c.messages, { role: 'user', content: ASKS } as const]
  const plan = await written(c, { messages })
  if (plan.kind === 'nothing') return { text: PLANNING }
  return (await approved(plan.text, c)) ? undefined : { text: REJECTED }
}

const looks = ({ isAside, isLooking }: Act): boolean => isAside || isLooking

const { open, run } = offering([
  ownTool({
    name: EXIT,
    description:
      'Use this tool when you are in plan mode and have finished presenting your plan and are ready to code.',
    takes: { plan: 'The plan you came up with, that you want to run by the user for approval.' },
    run: async (args, c) => said((await approved(textOf(args, 'plan'), c)) ? APPROVED : REJECTED),
  }),
])

export default part({
  slot: 'access',
  about: 'looks only, until a plan is told and the user says yes',
  source: 'Claude Code: plan mode, ExitPlanMode; texts as observed (secondary reading)',
  policy: {
    open,
    run,
    view: (messages, c) => (isLeft(c) ? messages : behindSystem(messages, `\n\n${PLANNING}`)),
    async gate(call, c) {
      if (call.name === EXIT) return undefined
      const acts = actsOf(call, c)
      if (deniedIn(acts, c) !== undefined) return BY_SETTINGS
      const denial = isLeft(c) || acts.every(looks) ? undefined : await asked(c)
      if (denial !== undefined || !isAskedIn(acts, c)) return denial
      const isPermitted = await c.session.confirm(questionOf(call.name, call.args))
      return isPermitted ? undefined : { text: REFUSED }
    },
  },
})
