// A mailbox on disk, as in OpenHarness (swarm/mailbox.py and in_process.py, read in source): a message is a
// JSON file in the inbox of whom it is for, there as a whole or not at all, in the order of arrival, and
// marked as read before it is handed over: a crash between the two loses it. With `mark: 'after'` it is marked
// when the turn is saved: a crash then brings it again. A `shutdown` is for the harness: the session ends
// before its next request. There mail is put into the conversation, and the leader hears when an agent ends;
// here the model is told of mail and fetches it, and whoever wrote hears of the end. Sizes and waits: assumed.

import { failed, offering, ownTool, said, textOf } from '../../hands/own-tools.ts'
import { inboxOf, type Letter, post, waiting, writersTo } from '../../kept/mail.ts'
import { choice, discharge, enlist, misaddressed, peersOf } from '../../kept/peers.ts'
import { claim, unread } from '../../kept/spool.ts'
import { type Patience, until } from '../../kept/until.ts'
import { type Args, add, type Conversation, part, type Result } from '../../kernel.ts'

const SHUTDOWN = 'shutdown'

interface Bounds extends Patience {
  readonly types: readonly string[]
  readonly maxUnread: number
  readonly mark: 'before' | 'after'
}

/** Paths of mail, by what became of it: announced, handed over and not marked yet, to be heeded. */
interface State {
  readonly told: Set<string>
  readonly handed: Set<string>
  readonly shutdowns: Map<string, Letter>
}

function stateOf({ memo }: Conversation): State {
  const known = memo.get('ipc.mailbox') as State | undefined
  if (known !== undefined) return known
  const state: State = { told: new Set(), handed: new Set(), shutdowns: new Map() }
  memo.set('ipc.mailbox', state)
  return state
}

/** What is for the model; what is for the harness is noted. */
async function incoming(c: Conversation): Promise<Letter[]> {
  const { handed, shutdowns } = stateOf(c)
  const mail = await waiting(c)
  for (const letter of mail) if (letter.type === SHUTDOWN) shutdowns.set(letter.path, letter)
  return mail.filter(({ type, path }) => type !== SHUTDOWN && !handed.has(path))
}

async function send(args: Args, c: Conversation, { types, maxUnread }: Bounds): Promise<Result> {
  const to = textOf(args, 'to')
  const type = textOf(args, 'type') || 'user_message'
  if (!types.includes(type)) return failed(`no type '${type}'. ${choice(type, types)}`)
  const wrong = await misaddressed(c, to)
  if (wrong !== undefined) return wrong
  const { length } = await unread(c.machine.disk, inboxOf(to))
  if (length >= maxUnread) return failed(`the inbox of ${to} is full, with ${length} messages.`)
  return said(`Message ${await post(c, to, type, textOf(args, 'text'))} sent to ${to}.`)
}

async function check(c: Conversation, { mark, ...patience }: Bounds): Promise<Result> {
  const { handed, shutdowns } = stateOf(c)
  const found = await until(c.machine.clock, patience, async () => {
    const mail = await incoming(c)
    return mail.length > 0 || shutdowns.size > 0 ? mail : undefined
  })
  const own: Letter[] = []
  for (const letter of found ?? []) {
    if (mark === 'after') handed.add(letter.path)
    else if (!(await claim(c.machine.disk, letter.path, c.session.id))) continue
    own.push(letter)
  }
  if (own.length === 0) return failed(`no message within ${patience.waitMs / 1000} s.`)
  return said(own.map(({ from, type, text }) => `From ${from} (${type}): ${text}`).join('\n\n'))
}

/** Tells the model of mail that it has not heard of. */
async function announce(c: Conversation): Promise<void> {
  const { told, handed } = stateOf(c)
  // The turn in which these were handed over is saved by now.
  for (const path of handed) {
    await claim(c.machine.disk, path, c.session.id)
    handed.delete(path)
  }
  const fresh = (await incoming(c)).filter(({ path }) => !told.has(path))
  if (fresh.length === 0) return
  for (const { path } of fresh) told.add(path)
  const from = fresh.map((letter) => `${letter.type} from ${letter.from}`).join(', ')
  add(c, { role: 'user', content: `You have new messages: ${from}. Use check_inbox.` })
}

async function end(c: Conversation): Promise<void> {
  const { handed, shutdowns } = stateOf(c)
  const done = [...handed, ...shutdowns.keys()]
  for (const path of done) await claim(c.machine.disk, path, c.session.id)
  await discharge(c)
  const writers = await writersTo(c)
  for (const { job, hasEnded } of await peersOf(c))
    if (!hasEnded && writers.has(job))
      await post(c, job, 'idle_notification', `${c.session.job.id} has ended.`)
}

const toolsOf = (of: Bounds) => [
  ownTool({
    name: 'send_message_to_agent',
    description: 'Send a message to another agent, by its job or its user.',
    takes: { to: 'job or user', type: of.types.join(', '), text: 'the message' },
    optional: ['type', 'text'],
    run: (args, c) => send(args, c, of),
  }),
  ownTool({
    name: 'check_inbox',
    description: 'Read the messages that other agents have sent to you; waits for one.',
    run: (_args, c) => check(c, of),
  }),
]

const TYPES: readonly string[] = [
  ...['user_message', 'permission_request', 'permission_response'],
  ...['sandbox_permission_request', 'sandbox_permission_response'],
  ...[SHUTDOWN, 'idle_notification'],
]

const MARK: Bounds['mark'] = 'before'

export default part({
  slot: 'ipc',
  about: 'typed messages in an inbox on disk: announced, fetched by a tool, read once',
  source: 'OpenHarness 09bc641, swarm/mailbox.py, in_process.py (read in source)',
  constants: { types: TYPES, maxUnread: 100, mark: MARK, waitMs: 60_000, pollMs: 500 },
  policy: (of) => {
    const { open, run } = offering(toolsOf(of))
    return {
      async open(c) {
        await enlist(c)
        open(c)
        await incoming(c)
      },
      spent(c) {
        const [letter] = stateOf(c).shutdowns.values()
        return letter && `shut down by ${letter.from}`
      },
      prepare: announce,
      run,
      save: async (c) => void (await incoming(c)),
      async close(c) {
        await end(c)
        return true
      },
    }
  },
})
