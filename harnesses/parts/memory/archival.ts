// Archival memory: texts that the model stores and searches for, of any number, the user's over all jobs and
// crashes. MemGPT and Letta search by the likeness of embeddings; here by words, BM25.

import { countOf, offering, ownTool, said, textOf } from '../../hands/own-tools.ts'
import { excerpt } from '../../history/search.ts'
import { type Kept, storeOf } from '../../kept/store.ts'
import { type Args, type Conversation, part, type Result } from '../../kernel.ts'

export interface Archived extends Kept {
  readonly tags: readonly string[]
}

export const archiveOf = (c: Conversation) => storeOf<Archived>(c, 'archive')

const tagsOf = ({ tags }: Args): readonly string[] =>
  Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : []

async function insert(args: Args, c: Conversation): Promise<Result> {
  const archive = await archiveOf(c)
  await archive.add({ text: textOf(args, 'content'), tags: tagsOf(args) })
  return said(`Memory ${archive.records.length} is stored.`)
}

interface Constants {
  readonly topK: number
  readonly resultMaxChars: number
}

async function search(args: Args, c: Conversation, constants: Constants): Promise<Result> {
  const archive = await archiveOf(c)
  const wanted = tagsOf(args)
  const isWanted = ({ tags }: Archived): boolean =>
    wanted.length === 0 || wanted.some((tag) => tags.includes(tag))
  const best = new Map<Archived, string>()
  for (const { record, passage } of archive.search(
    textOf(args, 'query'),
    Number.POSITIVE_INFINITY,
    isWanted,
  ))
    if (!best.has(record)) best.set(record, passage)
  const found = [...best].slice(0, Math.max(1, countOf(args, 'top_k', constants.topK)))
  if (found.length === 0) return said('No results found.')
  const chars = (constants.resultMaxChars * c.scale) / found.length
  const lines = found.map(([{ text, tags }, by], i) => {
    const tagged = tags.length === 0 ? '' : ` (${tags.join(', ')})`
    return `${i + 1}.${tagged} ${excerpt(text, by, chars)}`
  })
  return said(lines.join('\n\n'))
}

const tagged = (description: string) => ({ type: 'array', items: { type: 'string' }, description })

export default part({
  slot: 'memory',
  about: 'a store outside the window that the model fills and searches',
  source: 'Letta: archival_memory_insert, archival_memory_search, top_k 10 (read in source)',
  constants: { topK: 10, resultMaxChars: 50_000 },
  policy: (constants) =>
    offering([
      ownTool({
        name: 'archival_memory_insert',
        description:
          'Add to archival memory. Make sure to phrase the memory contents such that it can be easily queried later.',
        takes: {
          content: 'Content to write to the memory.',
          tags: tagged('Tags to associate with it.'),
        },
        optional: ['tags'],
        run: insert,
      }),
      ownTool({
        name: 'archival_memory_search',
        description: 'Search archival memory by the words of a query.',
        takes: {
          query: 'String to search for.',
          tags: tagged('Only memories with one of these tags.'),
          top_k: { type: 'integer', description: `Results, ${constants.topK} by default.` },
        },
        optional: ['tags', 'top_k'],
        isReading: true,
        run: (args, c) => search(args, c, constants),
      }),
    ]),
})
