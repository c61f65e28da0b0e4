// Which files were read and which were changed, told at the end of a summary in Pi's form (0.73.1,
// dist/core/compaction/utils.js, read in source): no model can lose what no model writes.
import type { Message } from '../kernel.ts'

export interface FileTools {
  readonly readTools: readonly string[]
  readonly changeTools: readonly string[]
}

const listed = (text: string, tag: string): string[] =>
  [...text.matchAll(new RegExp(`<${tag}>\\n([\\s\\S]*?)\\n</${tag}>`, 'g'))].flatMap(
    ([, names = '']) => names.split('\n'),
  )

function pathOf(args: string): string | undefined {
  try {
    const { path } = JSON.parse(args) as { path?: unknown }
    return typeof path === 'string' && path !== '' ? path : undefined
  } catch {
    return undefined
  }
}

const tagged = (tag: string, paths: readonly string[]): string =>
  paths.length === 0 ? '' : `\n\n<${tag}>\n${paths.join('\n')}\n</${tag}>`

/** The lists of these messages and of a summary before them; a file that was changed is not listed as read. */
export function fileLists(messages: readonly Message[], before: string, tools: FileTools): string {
  const read = new Set(listed(before, 'read-files'))
  const changed = new Set(listed(before, 'modified-files'))
  for (const { name, args } of messages.flatMap(({ calls = [] }) => calls)) {
    const path = pathOf(args)
    if (path === undefined) continue
    if (tools.readTools.includes(name)) read.add(path)
    if (tools.changeTools.includes(name)) changed.add(path)
  }
  const only = [...read].filter((path) => !changed.has(path))
  return tagged('read-files', only.toSorted()) + tagged('modified-files', [...changed].toSorted())
}
