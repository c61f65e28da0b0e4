// Recall search: what was said can be searched for by the words, also what compaction took out of the window
// and what was said in earlier jobs. What holds the query as it stands comes first, the newest first; then
// what shares words with it. The code of 2023 looks for the query as it stands alone; Letta embeds besides.

import { countOf, offering, ownTool, said, textOf } from '../../hands/own-tools.ts'
import { recalled, type Said } from '../../history/recall.ts'
import { excerpt } from '../../history/search.ts'
import type { Store } from '../../kept/store.ts'
import { type Args, type Conversation, part, type Result } from '../../kernel.ts'

const TOOL = 'conversation_search'

/** Searches are not searched, nor what they told: else each would find the one before it. */
const OWN = new RegExp(
  String.raw`(?:^|\n)${TOOL} \{|^\W*(?:Showing\W+\d+\W+of\W+\d+\W+results|No\W+results\W+found)\b`,
)

/** What was found, with the text that it was found by. */
function found(store: Store<Said>, query: string): Map<Said, string> {
  const low = query.toLowerCase()
  const hits = new Map<Said, string>()
  for (const record of store.records.toReversed())
    if (record.text.toLowerCase().includes(low)) hits.set(record, query)
  for (const { record, passage } of store.search(query, Number.POSITIVE_INFINITY))
    if (!hits.has(record)) hits.set(record, passage)
  for (const record of hits.keys()) if (OWN.test(record.text)) hits.delete(record)
  return hits
}

interface Constants {
  readonly limit: number
  readonly resultMaxChars: number
}

async function search(args: Args, c: Conversation, constants: Constants): Promise<Result> {
  const store = await recalled(c)
  const all = [...found(store, textOf(args, 'query'))]
  const limit = Math.max(1, countOf(args, 'limit', constants.limit))
  const page = countOf(args, 'page', 0)
  const hits = all.slice(page * limit, (page + 1) * limit)
  if (hits.length === 0) return said('No results found.')
  const chars = (constants.resultMaxChars * c.scale) / hits.length
  const lines = hits.map(([record, by]) => {
    const { role, job, text } = record
    return `[${store.records.indexOf(record)}] ${job}, ${role}: ${excerpt(text, by, chars)}`
  })
  const last = Math.ceil(all.length / limit) - 1
  const head = `Showing ${hits.length} of ${all.length} results (page ${page}/${last}):`
  return said([head, ...lines].join('\n\n'))
}

export default part({
  slot: 'memory',
  about: 'all that was ever said can be searched for',
  source: 'MemGPT 2023 and Letta: conversation_search, page size 5 (read in source)',
  // Letta cuts what any tool returns at 50,000 characters.
  constants: { limit: 5, resultMaxChars: 50_000 },
  policy: (constants) => ({
    ...offering([
      ownTool({
        name: TOOL,
        description:
          'Search prior conversation history using case-insensitive string matching and words in common.',
        takes: {
          query: 'String to search for.',
          limit: { type: 'integer', description: `Results a page, ${constants.limit} by default.` },
          page: { type: 'integer', description: 'Page of the results, from 0 on.' },
        },
        optional: ['limit', 'page'],
        isReading: true,
        run: (args, c) => search(args, c, constants),
      }),
    ]),
    async save(c) {
      await recalled(c)
    },
  }),
})
