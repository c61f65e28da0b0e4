// What SWE-agent's tools do with files beside the open one, and what they say (1.x: tools/windowed,
// tools/search, read in source).

import type { Args, Conversation, Result } from '../kernel.ts'
import { type Desk, Failure, folderOf } from './desk.ts'
import { globbed } from './glob.ts'
import { numberIn, textIn } from './toolset.ts'
import { around, linesOf, opened, show } from './window.ts'

export async function searchFile(args: Args, desk: Desk, c: Conversation): Promise<string> {
  const [term, file] = [textIn(args, 'search_term'), textIn(args, 'file')]
  const path = file === '' ? (await opened(desk, c)).path : file
  const text = await desk.find(path)
  if (text === undefined)
    throw new Failure(`Error: File name ${path} not found. Please provide a valid file name.`)
  const hits = linesOf(text).flatMap((l, i) => (l.includes(term) ? [`Line ${i + 1}:${l}`] : []))
  if (hits.length === 0) return `No matches found for "${term}" in ${path}`
  if (hits.length > 100)
    return `More than ${hits.length} lines matched for "${term}" in ${path}. Please narrow your search.`
  return `Found ${hits.length} matches for "${term}" in ${path}:\n${hits.join('\n')}\nEnd of matches for "${term}" in ${path}`
}

export async function searchDir(args: Args, desk: Desk): Promise<string> {
  const [term, dir] = [textIn(args, 'search_term'), textIn(args, 'dir') || '.']
  const hits = await desk.search(term, dir)
  const counts = new Map<string, number>()
  for (const hit of hits) {
    const path = hit.slice(0, hit.indexOf(':'))
    counts.set(path, (counts.get(path) ?? 0) + 1)
  }
  if (hits.length === 0) return `No matches found for "${term}" in ${dir}`
  if (counts.size > 100)
    return `More than ${counts.size} files matched for "${term}" in ${dir}. Please narrow your search.`
  const told = [...counts].map(([path, count]) => `${path} (${count} matches)`).join('\n')
  return `Found ${hits.length} matches for "${term}" in ${dir}:\n${told}\nEnd of matches for "${term}" in ${dir}`
}

export async function open(
  args: Args,
  desk: Desk,
  c: Conversation,
  window: number,
): Promise<string> {
  const path = textIn(args, 'path')
  const text = await desk.find(path)
  if (text === undefined) throw new Failure(`Error: File ${path} not found`)
  const first = around(numberIn(args, 'line_number') ?? 1, linesOf(text).length, window)
  return show(c, { path, first }, text, window)
}

export async function create(
  args: Args,
  desk: Desk,
  c: Conversation,
  window: number,
): Promise<string> {
  const path = textIn(args, 'filename')
  if ((await desk.find(path)) !== undefined)
    throw new Failure(`Error: File '${path}' already exists.`)
  await desk.write(path, '\n')
  return show(c, { path, first: 0 }, '\n', window)
}

export async function findFile(args: Args, desk: Desk): Promise<string> {
  const [name, start] = [textIn(args, 'file_name'), folderOf(textIn(args, 'dir'))]
  const isWanted = globbed(name)
  const found = (await desk.list()).filter((path) => path.startsWith(start) && isWanted(path))
  const where = start.slice(0, -1) || '/workspace'
  if (found.length === 0) return `No matches found for "${name}" in ${where}`
  return `Found ${found.length} matches for "${name}" in ${where}:\n${found.join('\n')}`
}

/** Its output alone: their environment does not look at exit codes (`check="ignore"`). */
export async function bash(args: Args, desk: Desk, timeoutMs: number): Promise<Result> {
  const { output, exitCode } = await desk.run(textIn(args, 'command'), timeoutMs)
  if (exitCode === 124)
    throw new Failure(
      `The command '${textIn(args, 'command')}' was cancelled because it took more than ${timeoutMs / 1000} seconds. Please try a different command that completes more quickly.`,
    )
  const text = output || 'Your command ran successfully and did not produce any output.'
  return { text, isError: undefined }
}
