// Of a large registry only what fits the prompt is offered: the tools that a harness always has, and the few of the
// others that its search ranks first. RAG-MCP embeds the prompt and the descriptions; here words stand for meaning,
// as in every search of ours. What is not found cannot be called: the search errs, and the job with it.
import { SearchIndex } from '../../history/search.ts'
import { part, type Tool } from '../../kernel.ts'

const told = ({ name, description = '' }: Tool): string =>
  `${name} ${name.replaceAll('_', ' ')} ${description}`

export default part({
  slot: 'tools',
  about: 'a few tools are always offered; of all others those that fit the prompt best',
  source:
    'RAG-MCP (quoted): tools retrieved by the query; tool search of coding agents, which keep their own tools (from memory); the number is assumed',
  constants: { others: 8, always: ['read_file', 'write_file', 'list_files', 'search_files'] },
  policy: ({ others, always }) => ({
    open(c) {
      const own = new Set<string>(always)
      const open = c.tools.filter(({ name }) => !own.has(name))
      const index = new SearchIndex()
      for (const tool of open) index.add(told(tool))
      const found = new Set(index.ranked(c.session.job.prompt).slice(0, others))
      const kept = new Set(open.filter((_, place) => found.has(place)))
      c.tools = c.tools.filter((tool) => own.has(tool.name) || kept.has(tool))
    },
  }),
})
