// The file tools of coding agents, recognised by name and schema.
// Names observed: read, Read, read_file, view; write, Write, write_file.
import type { Tool } from '../../core/message.ts'
import { type Binding, dialect } from '../dialect.ts'

const property = (tool: Tool, names: RegExp): string | undefined =>
  Object.keys(tool.inputSchema.properties ?? {}).find((name) => names.test(name))

const PATH = /^(path|file_?path|file_?name|filename|file)$/i
const CONTENT = /^(content|contents|text|file_text)$/i

const read: Binding = (tool) => {
  if (!/^(read|read_?file|view|cat|open_file)$/i.test(tool.name)) return undefined
  const path = property(tool, PATH)
  return path === undefined ? undefined : (args) => ({ [path]: args.path })
}

const write: Binding = (tool) => {
  if (!/^(write|write_?file|create_?file)$/i.test(tool.name)) return undefined
  const path = property(tool, PATH)
  const content = property(tool, CONTENT)
  if (path === undefined || content === undefined) return undefined
  return (args) => ({ [path]: args.path, [content]: args.content })
}

const grep: Binding = (tool) => {
  if (!/^(grep|search)$/i.test(tool.name)) return undefined
  const pattern = property(tool, /^(pattern|query|regex)$/i)
  return pattern === undefined ? undefined : (args) => ({ [pattern]: args.query })
}

const ls: Binding = (tool) => (/^(ls|list|list_?dir)$/i.test(tool.name) ? () => ({}) : undefined)

export default dialect({
  rank: 1,
  ops: { 'files.read': read, 'files.write': write, 'files.search': grep, 'files.list': ls },
})
