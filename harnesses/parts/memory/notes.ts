// Notes: the model writes down what it must not forget, and the newest notes of the job stand in the system
// message of every request, whatever else is dropped. They outlive a crash, not the job. The bounds are those
// of OpenHarness's session memory, which condenses by itself; what is older than they reach is on the disk, and
// no longer shown.

import { offering, ownTool, said, textOf } from '../../hands/own-tools.ts'
import { behindSystem, type Kept, type Store, storeOf } from '../../kept/store.ts'
import { type Conversation, part } from '../../kernel.ts'

const STORE = 'memory.notes'

const notesOf = ({ memo }: Conversation): Store<Kept> | undefined =>
  memo.get(STORE) as Store<Kept> | undefined

interface Constants {
  readonly maxLines: number
  readonly maxChars: number
}

/** The newest whole lines that there is room for; of one that is longer than that, its end. */
function shown(c: Conversation, { maxLines, maxChars }: Constants): string {
  const room = Math.max(1, Math.floor(maxChars * c.scale))
  const notes = notesOf(c)?.records ?? []
  const lines = notes.slice(-maxLines).flatMap(({ text }) => text.split('\n'))
  const kept: string[] = []
  let chars = 0
  for (const line of lines.slice(-maxLines).toReversed()) {
    chars += line.length + 1
    if (chars > room && kept.length > 0) break
    kept.unshift(line.slice(-room))
  }
  return kept.join('\n')
}

export default part({
  slot: 'memory',
  about: 'notes of the job that stand in the system message',
  source:
    'ours; 48 lines and 4,000 characters as of OpenHarness 09bc641, whose session memory is no tool (secondary reading)',
  constants: { maxLines: 48, maxChars: 4000 },
  policy(constants) {
    const { open, run } = offering([
      ownTool({
        name: 'write_note',
        description: 'Write down what must not be forgotten. Notes stay in view.',
        takes: { text: 'The note.' },
        async run(args, c) {
          await notesOf(c)?.add({ text: textOf(args, 'text') })
          return said('Noted.')
        },
      }),
      ownTool({
        name: 'read_notes',
        description: 'Read the notes of this session.',
        isReading: true,
        run: async (_, c) => said(shown(c, constants) || 'No notes yet.'),
      }),
    ])
    return {
      run,
      async open(c) {
        c.memo.set(STORE, await storeOf(c, `notes/${c.session.job.id}`))
        open(c)
      },
      view(messages, c) {
        const notes = shown(c, constants)
        return behindSystem(messages, notes === '' ? '' : `\n\n# Notes\n${notes}`)
      },
    }
  },
})
