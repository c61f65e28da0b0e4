// The file tools of coding agents, recognised by name and schema. Names observed: read, Read, read_file,
// view, open (SWE-agent's ACI); write, Write, write_file, create; grep, Grep, search_dir; ls, LS, list, glob,
// find_file; and one tool with a command for each: str_replace_editor, str_replace_based_edit_tool.
import type { Tool } from '../../core/message.ts'
import { completed, propertiesOf, property } from '../binding.ts'
import { type Args, type Binding, dialect } from '../dialect.ts'
import { isPlain } from '../schema.ts'

const PATH = /^(path|file_?path|file_?name|filename|file|abs_?path|absolute_?path)$/i
const CONTENT = /^(content|contents|text|file_text)$/i

const READ = /^(read|read_?file|view|view_?file|cat|open|open_?file)$/i
const WRITE = /^(write|write_?file|write_?to_?file|create|create_?file)$/i
const SEARCH = /^(grep|search|search_?dir|grep_?search|search_?file_?content)$/i
const LIST = /^(ls|list|list_?dir|list_?directory|list_?files|glob|find_?file)$/i
const EDITOR = /^(str_replace_editor|str_replace_based_edit_tool|text_editor)$/i

/** The words of an enumeration; none where there is none. */
function wordsOf(tool: Tool, name: string): readonly unknown[] {
  const schema = propertiesOf(tool)[name]
  return isPlain(schema) && Array.isArray(schema.enum) ? schema.enum : []
}

/** For an editor that is told what to do: the command that does this. */
function edits(tool: Tool, command: string): Args | undefined {
  if (!EDITOR.test(tool.name)) return undefined
  const name = property(tool, /^command$/i)
  if (name === undefined) return undefined
  const words = wordsOf(tool, name)
  return words.length === 0 || words.includes(command) ? { [name]: command } : undefined
}

const read: Binding = (tool) => {
  const command = edits(tool, 'view')
  if (command === undefined && !READ.test(tool.name)) return undefined
  const path = property(tool, PATH)
  if (path === undefined) return undefined
  return (args) => completed(tool, { ...command, [path]: args.path })
}

const write: Binding = (tool) => {
  const command = edits(tool, 'create')
  if (command === undefined && !WRITE.test(tool.name)) return undefined
  const path = property(tool, PATH)
  const content = property(tool, CONTENT)
  if (path === undefined || content === undefined) return undefined
  return (args) => completed(tool, { ...command, [path]: args.path, [content]: args.content })
}

/** Some tell the files alone, unless they are asked for the lines. */
const grep: Binding = (tool) => {
  if (!SEARCH.test(tool.name)) return undefined
  const pattern = property(tool, /^(pattern|query|regex|search_?term)$/i)
  if (pattern === undefined) return undefined
  const mode = wordsOf(tool, 'output_mode').includes('content') ? { output_mode: 'content' } : {}
  return (args) => completed(tool, { [pattern]: args.query, ...mode })
}

const ls: Binding = (tool) => {
  if (!LIST.test(tool.name)) return undefined
  if (/^glob$/i.test(tool.name)) {
    const pattern = property(tool, /^(pattern|glob)$/i)
    return pattern === undefined ? undefined : () => completed(tool, { [pattern]: '**/*' })
  }
  if (!/^find_?file$/i.test(tool.name)) return () => completed(tool, {})
  const name = property(tool, /^(file_?name|name|pattern)$/i)
  return name === undefined ? undefined : () => completed(tool, { [name]: '*' })
}

export default dialect({
  rank: 1,
  ops: { 'files.read': read, 'files.write': write, 'files.search': grep, 'files.list': ls },
})
