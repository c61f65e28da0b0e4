// Snapshots, as opencode takes them (snapshot/index.ts, read in source): before each step the files are stored
// by their hash, so that a step can be undone, and the conversation with them. opencode undoes when it is
// asked; with `revert: 1` a step that a crash broke off is undone: its messages go and the files are what they
// were. What others wrote meanwhile goes too, and what was done elsewhere (a payment) stays done. The files are
// read as the kernel's own look at what all share; with `files: 'own'`, for branches, as the session's.

import { addedTo, linesOf, parsed, resume } from '../../kept/replay.ts'
import { capture, checkout, type Store } from '../../kept/snapshots.ts'
import { type Conversation, type Message, part } from '../../kernel.ts'

type Line =
  | { readonly type: 'step'; readonly tree: string }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'done' }
  /** So many messages are left. */
  | { readonly type: 'undone'; readonly left: number }

interface State extends Store {
  /** The messages that stand in the file as they are. */
  saved: readonly Message[] | undefined
  /** The turn whose step has begun. */
  turn: number
  isTorn: boolean
}

const pathOf = ({ session }: Conversation): string => `${session.job.id}.steps.jsonl`

function stateOf({ memo }: Conversation): State {
  const known = memo.get('checkpoint.snapshot') as State | undefined
  if (known !== undefined) return known
  const store: Store = { hashed: new Map(), stored: new Set() }
  const state: State = { ...store, saved: undefined, turn: -1, isTorn: false }
  memo.set('checkpoint.snapshot', state)
  return state
}

/** The messages of all lines, and the step that has no end: its files, and how many messages it began with. */
function told(lines: readonly Line[]) {
  const messages: Message[] = []
  let broken: { readonly tree: string; readonly from: number } | undefined
  for (const line of lines) {
    if (line.type === 'message') messages.push(line.message)
    else broken = line.type === 'step' ? { tree: line.tree, from: messages.length } : undefined
    if (line.type === 'undone') messages.length = Math.min(messages.length, line.left)
  }
  return { messages, broken }
}

async function append(c: Conversation, lines: readonly Line[]): Promise<void> {
  const state = stateOf(c)
  await c.machine.disk.append(pathOf(c), (state.isTorn ? '\n' : '') + linesOf(lines))
  state.isTorn = false
}

const messageLines = (messages: readonly Message[]): Line[] =>
  messages.map((message) => ({ type: 'message', message }))

const FILES: 'shared' | 'own' = 'shared'

export default part({
  slot: 'checkpoint',
  about:
    'the files by their hash before each step, and the conversation; a broken step can be undone',
  source: 'opencode, packages/opencode/src/snapshot (read in source); undone at a crash: assumed',
  // The bound on a file is opencode's, and does not scale with the window.
  constants: { revert: 0 as number, files: FILES as 'shared' | 'own', maxFileBytes: 2_097_152 },
  policy: ({ revert, files, maxFileBytes }) => {
    const seen = ({ machine, session }: Conversation) =>
      files === 'own' ? session.workspace : machine.workspace
    return {
      async open(c) {
        const { disk } = c.machine
        const { values, isTorn } = parsed<Line>((await disk.read(pathOf(c))) ?? '')
        const { messages, broken } = told(values)
        const state = stateOf(c)
        state.isTorn = isTorn
        if (broken !== undefined && revert === 1) {
          messages.length = broken.from
          await checkout(disk, c.session.workspace, broken.tree, maxFileBytes)
          await append(c, [{ type: 'undone', left: broken.from }])
        }
        if (resume(c, messages) && !state.isTorn) state.saved = messages
      },
      async prepare(c) {
        const state = stateOf(c)
        if (state.turn === c.turns) return
        state.turn = c.turns
        const tree = await capture(c.machine.disk, seen(c), state, maxFileBytes)
        await append(c, [{ type: 'step', tree }])
      },
      async save(c) {
        const state = stateOf(c)
        const { messages } = c
        const added = addedTo(state.saved, messages)
        state.saved = undefined
        const done: Line = { type: 'done' }
        if (added !== undefined) await append(c, [...messageLines(added), done])
        else {
          await c.machine.disk.write(pathOf(c), linesOf([...messageLines(messages), done]))
          state.isTorn = false
        }
        state.saved = messages
      },
    }
  },
})
