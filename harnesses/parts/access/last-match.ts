// opencode's gate: of all rules in their order the last one that is about an act decides, however narrow it
// is; where none is, the user is asked. A call is denied where one of its acts is. What a user refuses ends the
// job; what a rule denies is told to the model. Commands are looked at one by one; of the paths in them only
// whether they lead out of the workspace, as opencode does it: that permission is `external_directory`. What
// the users have configured comes last, what they deny behind what is to be asked. A call that holds more than is
// looked at is denied where a rule that denies could be about it.

import { type Call, type Conversation, part } from '../../kernel.ts'
import { type Act, actsOf } from '../../rules/acts.ts'
import { isAbout, questionOf, ruleOf as wordsOf } from '../../rules/rules.ts'

const ACTIONS = ['allow', 'ask', 'deny'] as const

interface Rule {
  readonly permission: string
  readonly pattern: string
  readonly action: (typeof ACTIONS)[number]
}

/** `deny edit prod/*`: what is to be done, the permission, the pattern; the pattern may hold blanks. */
function ruleOf(text: string): Rule {
  const [, said, permission = '*', pattern = '*'] =
    /^\s*(\S+)(?:\s+(\S+)(?:\s+(\S[\s\S]*))?)?$/.exec(text) ?? []
  const action = ACTIONS.find((known) => known === said)
  if (action === undefined)
    throw new TypeError(`'${text}': a rule begins with one of ${ACTIONS.join(', ')}`)
  return { permission, pattern: pattern.trim(), action }
}

/** `Edit(prod/*)`, as it stands in this design's configuration. */
function configured(text: string, action: Rule['action']): Rule {
  const { tool, pattern } = wordsOf(text)
  const isKind = tool === 'Read' || tool === 'Edit' || tool === 'Bash'
  return { permission: isKind ? tool.toLowerCase() : tool, pattern, action }
}

/** What is asked of the rules: a permission, and what it is for. */
type Wanted = readonly [permission: string, on: string]

function wantedBy({ kind, tool, on, isAside, isOutside }: Act): Wanted[] {
  const isPath = kind === 'read' || kind === 'edit'
  const wanted: Wanted[] = []
  if (!isAside) wanted.push([kind === 'run' ? 'bash' : isPath ? kind : tool, on])
  if (isOutside && isPath) wanted.push(['external_directory', on])
  return wanted
}

const wantedFor = (call: Call, c: Conversation): Wanted[] => actsOf(call, c).flatMap(wantedBy)

const lastOf = (rules: readonly Rule[], [permission, on]: Wanted): Rule | undefined =>
  rules.findLast((rule) => isAbout(permission, rule.permission) && isAbout(on, rule.pattern))

/** What a tool may do that is not seen: all that is done by kind, and what goes by its name. */
const mayBeDenied = (rules: readonly Rule[], tool: string): boolean =>
  rules.some(
    ({ action, permission }) =>
      action === 'deny' &&
      ['read', 'edit', 'bash', tool].some((wanted) => isAbout(wanted, permission)),
  )

export default part({
  slot: 'access',
  about: 'the last rule that matches decides; else the user is asked',
  source: 'opencode: permission/next.ts, findLast ?? ask; agent defaults (read in source)',
  constants: {
    rules: [
      'allow * *',
      'ask external_directory *',
      'ask read *.env',
      'ask read *.env.*',
      'allow read *.env.example',
    ],
    onReject: 'stop',
  },
  policy({ rules: texts, onReject }) {
    const own = texts.map(ruleOf)
    const rulesIn = ({ machine: { policy } }: Conversation): Rule[] => [
      ...own,
      ...policy.ask.map((text) => configured(text, 'ask')),
      ...policy.deny.map((text) => configured(text, 'deny')),
    ]
    return {
      open(c) {
        const rules = rulesIn(c)
        const isOff = (name: string): boolean =>
          wantedFor({ id: '', name, args: {} }, c).some(([permission]) => {
            const last = rules.findLast((rule) => isAbout(permission, rule.permission))
            return last?.pattern === '*' && last.action === 'deny'
          })
        c.tools = c.tools.filter(({ name }) => !isOff(name))
      },
      async gate(call, c) {
        const rules = rulesIn(c)
        const isUnseen = actsOf(call, c).some((act) => act.isUnseen)
        const actionFor = (wanted: Wanted): Rule['action'] =>
          isUnseen && mayBeDenied(rules, call.name)
            ? 'deny'
            : (lastOf(rules, wanted)?.action ?? 'ask')
        const decided = wantedFor(call, c).map((wanted) => ({ wanted, action: actionFor(wanted) }))
        const against = decided.find(({ action }) => action === 'deny')
        if (against !== undefined) {
          const [permission] = against.wanted
          const relevant = rules.filter((rule) => isAbout(permission, rule.permission))
          return {
            text: `The user has specified a rule which prevents you from using this specific tool call. Here are some of the relevant rules ${JSON.stringify(relevant)}`,
          }
        }
        if (decided.every(({ action }) => action === 'allow')) return undefined
        if (await c.session.confirm(questionOf(call.name, call.args))) return undefined
        const text = 'The user rejected permission to use this specific tool call.'
        return { text, ends: onReject === 'stop' }
      },
    }
  },
})
