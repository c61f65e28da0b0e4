// Recall storage: all that was ever said to a user and by their agents, a record a message, whatever any
// window lost of it (MemGPT, arXiv 2310.08560, section 2.1). What is said twice in the same words is kept once.

import { type Kept, type Store, storeOf } from '../kept/store.ts'
import type { Conversation, Message } from '../kernel.ts'

export interface Said extends Kept {
  readonly role: Message['role']
  readonly job: string
}

/** A message as it is recorded: what it says, and what it calls. */
export const textOfMessage = ({ content, calls = [] }: Message): string =>
  [content, ...calls.map(({ name, args }) => `${name} ${args}`)]
    .filter((text) => text !== '')
    .join('\n')

const RECALLED = 'memory.recalled'

/** The user's recall storage, with all that was said in this conversation till now. */
export async function recalled(c: Conversation): Promise<Store<Said>> {
  const store = await storeOf<Said>(c, 'recall')
  const from = Number(c.memo.get(RECALLED) ?? 0)
  c.memo.set(RECALLED, c.transcript.length)
  const fresh = new Map<string, Said>()
  for (const message of c.transcript.slice(from)) {
    const text = textOfMessage(message)
    if (text === '' || message.role === 'system' || store.has(text)) continue
    fresh.set(text, { role: message.role, job: c.session.job.id, text })
  }
  await store.add(...fresh.values())
  return store
}
