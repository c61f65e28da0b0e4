// Retrieval without being asked: before every request the archive, and all that was said and is not in view,
// are searched with the newest words of the user and the arguments of the newest calls; the best of what is
// found stands in the system message of that request, and nowhere else. AIOS asks with the user's words alone,
// prepends a system message of its own and leaves out what is less than .5 alike; BM25 has no such measure.
// What a stranger said comes back as the system's words: so memories are poisoned.
import { TOKEN_CHARS } from '../../history/estimate.ts'
import { recalled, textOfMessage } from '../../history/recall.ts'
import { excerpt } from '../../history/search.ts'
import { behindSystem, type Kept, type Store } from '../../kept/store.ts'
import { type Conversation, type Message, part } from '../../kernel.ts'
import { archiveOf } from './archival.ts'

const HEAD =
  '===== MEMORY CONTEXT =====\nThe following are relevant memories from prior interactions with this user:\n'
const END = '\n===== END MEMORY CONTEXT ====='

/** A piece of a memory that is shorter than this is left out; assumed. */
const LEAST_CHARS = 40

const STORES = 'memory.retrieval'

interface Constants {
  readonly maxMemories: number
  readonly maxMemoryTokens: number
}

function queryOf(messages: readonly Message[]): string {
  const user = messages.findLast(({ role }) => role === 'user')
  const spoken = messages.findLast(({ calls = [] }) => calls.length > 0)
  const args = (spoken?.calls ?? []).map((call) => call.args)
  return [user?.content ?? '', ...args].join('\n')
}

/** As many of the best as there is room for; what is in view already is left out. */
function memories(messages: readonly Message[], c: Conversation, constants: Constants): string {
  const { maxMemories, maxMemoryTokens } = constants
  const query = queryOf(messages)
  const shown = new Set(messages.map(textOfMessage))
  const found = new Set<string>()
  for (const store of (c.memo.get(STORES) as readonly Store<Kept>[] | undefined) ?? []) {
    const hits = store.search(query, maxMemories, ({ text }) => !shown.has(text))
    for (const { passage } of hits) found.add(passage.trim())
  }
  const told: string[] = []
  let room = Math.floor(maxMemoryTokens * TOKEN_CHARS * c.scale)
  for (const memory of [...found].slice(0, maxMemories)) {
    if (room < Math.min(memory.length, LEAST_CHARS)) break
    const piece = excerpt(memory, query, room)
    told.push(`- ${piece}`)
    room -= piece.length
  }
  return told.length === 0 ? '' : `\n\n${HEAD}${told.join('\n')}${END}`
}

export default part({
  slot: 'memory',
  about: 'what fits the newest words is put into the system message of each request',
  source: 'AIOS 2155966, memory/context_injector.py: 5 memories, 1,500 tokens (read in source)',
  constants: { maxMemories: 5, maxMemoryTokens: 1500 },
  policy: (constants) => ({
    async open(c) {
      c.memo.set(STORES, [await archiveOf(c), await recalled(c)])
    },
    view: (messages, c) => behindSystem(messages, memories(messages, c, constants)),
    async save(c) {
      await recalled(c)
    },
  }),
})
