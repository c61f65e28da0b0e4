// Tools over a memory outside of the window. Names observed: conversation_search, archival_memory_search,
// archival_memory_insert, core_memory_append (MemGPT, Letta); memory_search, write_note and their like.
// `memory.search` looks through what was said, `memory.look-up` through what was stored; `memory.note` keeps
// in view, `memory.store` where it has to be searched for.
import type { Tool } from '../../core/message.ts'
import { completed, isWhole, propertiesOf, property } from '../binding.ts'
import { type Args, type Binding, dialect } from '../dialect.ts'
import { isPlain } from '../schema.ts'

const SAID =
  /^(conversation_?search|recall_?(memory_?)?search|search_?(conversation|recall|history)|memory_?search|search_?memor(y|ies)|recall)$/i
const STORED =
  /^(archival_?(memory_?)?search|search_?archival(_?memory)?|archive_?search|(search|read)_?notes?|retrieve(_?memor(y|ies))?)$/i
const NOTES =
  /^(core_?memory_?append|memory_?(append|insert|note|write|add)|(write|add|append|save|take)_?notes?|note_?append)$/i
const STORES =
  /^(archival_?(memory_?)?insert|memory_?(store|save)|(store|save|add)_?memor(y|ies)|remember)$/i
const QUERY = /^(query|search_?query|question|text|term|keywords?|q|name)$/i
const CONTENT = /^(content|contents|note|text|value|memory|new_?str|data)$/i
const LABEL = /^(label|name|block|block_?label|key|title|topic|section|path)$/i

const bound = (tool: Tool, args: (value: unknown) => Args, name: 'query' | 'content') => {
  const of = (given: Args): Args => completed(tool, args(given[name]))
  return isWhole(tool, of({ [name]: '' })) ? of : undefined
}

const searches =
  (names: RegExp): Binding =>
  (tool) => {
    const query = names.test(tool.name) ? property(tool, QUERY) : undefined
    return query === undefined ? undefined : bound(tool, (value) => ({ [query]: value }), 'query')
  }

/** Where it is put: of a core memory's blocks the user's, which is the one for the work. */
function labelled(tool: Tool): Args {
  const name = property(tool, LABEL)
  if (name === undefined) return {}
  const schema = propertiesOf(tool)[name]
  const words: readonly unknown[] = isPlain(schema) && Array.isArray(schema.enum) ? schema.enum : []
  const usual = /^core/i.test(tool.name) ? 'human' : 'notes'
  return { [name]: words.length === 0 || words.includes(usual) ? usual : words[0] }
}

const notes =
  (names: RegExp): Binding =>
  (tool) => {
    const content = names.test(tool.name) ? property(tool, CONTENT) : undefined
    if (content === undefined) return undefined
    const label = labelled(tool)
    return bound(tool, (value) => ({ ...label, [content]: value }), 'content')
  }

export default dialect({
  rank: 1,
  ops: {
    'memory.search': searches(SAID),
    'memory.look-up': searches(STORED),
    'memory.note': notes(NOTES),
    'memory.store': notes(STORES),
  },
})
