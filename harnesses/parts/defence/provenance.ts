// Provenance: whose words a call is made of, CaMeL in little. A call that reaches others is denied where one of
// its values stands in no words but a stranger's. What the user's prompt names the path of is as good as the
// user asked for it to be: its values pass, but only beside one that is in the user's own words, so that no text
// has a call made of nothing but itself (`anchored`). `named` drops that condition; `user` takes the user's own
// words alone, which is CaMeL's default, and denies paying the amount that stands in the invoice. Looking, and
// changing files of the workspace, reaches nobody. Values are known by their words, not by their flow: who speaks
// in a named file and uses a word of the user's passes, and so does what is encoded; a common word that only a
// stranger used, and what a search found, are denied wrongly; what a crash took from the window is not known.

import { type Call, type Conversation, type Message, part, type ToolCall } from '../../kernel.ts'
import { type Act, actsOf, isBeyond, leavesOf } from '../../rules/acts.ts'
import { Labels, type Source } from '../../rules/labels.ts'
import { isNamedIn } from '../../rules/paths.ts'
import { isAbout, isLike } from '../../rules/rules.ts'

const TRUSTS = ['anchored', 'named', 'user'] as const

/** What was shown to the model till now. */
interface Shown {
  readonly labels: Labels
  readonly messages: WeakSet<Message>
  readonly texts: Set<string>
  readonly calls: Map<string, ToolCall>
}

const SHOWN = 'defence.provenance'

function shownIn({ memo, session }: Conversation): Shown {
  const known = memo.get(SHOWN) as Shown | undefined
  if (known !== undefined) return known
  const labels = new Labels()
  labels.learn(session.job.prompt, 'user')
  const shown = { labels, messages: new WeakSet(), texts: new Set<string>(), calls: new Map() }
  memo.set(SHOWN, shown)
  return shown
}

function argsOf({ args }: ToolCall): unknown {
  try {
    return JSON.parse(args)
  } catch {
    return {}
  }
}

/** Of a result: whether all paths that were read for it are named by the user, and there are any. */
function sourceOf(called: ToolCall | undefined, c: Conversation): Source {
  if (called === undefined) return 'other'
  const call = { id: called.id, name: called.name, args: argsOf(called) as Call['args'] }
  const read = actsOf(call, c).filter(({ kind, on }) => kind === 'read' && on !== '')
  const isNamed = ({ on }: Act): boolean => isNamedIn(c.session.job.prompt, on)
  return read.length > 0 && read.every(isNamed) ? 'named' : 'other'
}

function learn(message: Message, c: Conversation, { labels, texts, calls }: Shown): void {
  const { role, content, callId = '' } = message
  for (const call of message.calls ?? []) calls.set(call.id, call)
  const key = `${role} ${callId} ${content}`
  if (role === 'assistant' || texts.has(key)) return
  texts.add(key)
  const own = c.messages[0]?.role === 'system' ? c.messages[0].content : ''
  if (role === 'tool') labels.learn(content, sourceOf(calls.get(callId), c))
  else if (role === 'system' && content.startsWith(own)) {
    labels.learn(own, 'design')
    labels.learn(content.slice(own.length), 'other')
  } else if (content !== c.session.job.prompt) labels.learn(content, 'other')
}

interface Constants {
  readonly trusts: string
  readonly exempt: readonly string[]
  readonly publicCommands: readonly string[]
  readonly leastChars: number
}

/** The values of a call that reach others, each with the name it stands under. */
function reaching(call: Call, c: Conversation, { exempt, publicCommands }: Constants) {
  const reaches = ({ kind, tool, on }: Act): boolean => {
    if (kind === 'other') return !exempt.some((name) => isLike(tool, name))
    return kind === 'run' && publicCommands.some((one) => isAbout(on, one))
  }
  return actsOf(call, c)
    .filter((act) => reaches(act) && !(act.kind === 'other' && act.isLooking))
    .flatMap(({ kind, tool, on }) =>
      kind === 'other' && tool === call.name
        ? leavesOf(call.args)
        : Object.entries({ command: on }),
    )
}

/** The name of the first value that may not be used; nothing where all may. */
function strange(call: Call, c: Conversation, constants: Constants): string | undefined {
  const { labels } = shownIn(c)
  let isAnchored = constants.trusts === 'named'
  let borrowed: string | undefined
  const values = reaching(call, c, constants)
  if (values.length > 0 && isBeyond(call.args)) return 'too many to look at'
  for (const [name, value] of values)
    for (const [, source] of labels.of(value, constants.leastChars)) {
      if (source === 'other' || (source === 'named' && constants.trusts === 'user')) return name
      if (source === 'named') borrowed ??= name
      if (source === 'user') isAnchored = true
    }
  return isAnchored ? undefined : borrowed
}

export default part({
  slot: 'defence',
  about: 'a call that reaches others may not be made of the words of strangers',
  source: 'CaMeL, arXiv 2503.18813 (read in source); words for its interpreter, anchors are ours',
  constants: {
    trusts: 'anchored',
    // Memories and notes; and what is told to the user.
    exempt: [
      'core_memory_*',
      'archival_memory_*',
      '*_note',
      'exit_*',
      'send_message',
      'submit',
      'finish',
      'attempt_completion',
      'task_complete',
    ],
    publicCommands: ['curl *', 'wget *', 'ssh *', 'scp *', 'nc *', 'mail *', 'git push *'],
    leastChars: 4,
  },
  policy(constants) {
    if (!TRUSTS.some((known) => known === String(constants.trusts)))
      throw new TypeError(`trusts: '${constants.trusts}' is none of ${TRUSTS.join(', ')}`)
    return {
      ask(request, c, next) {
        const shown = shownIn(c)
        for (const message of request.messages) {
          if (shown.messages.has(message)) continue
          shown.messages.add(message)
          learn(message, c, shown)
        }
        return next(request)
      },
      gate(call, c) {
        const name = strange(call, c, constants)
        if (name === undefined) return undefined
        return {
          text: `Denied: ${call.name} reaches others, and the value of '${name}' comes from data, not from the user. It was not run.`,
        }
      },
    }
  },
})
