// A file seen through a window of so many lines, as SWE-agent 1.x shows it (tools/windowed, read in source).

import type { Args, Conversation } from '../kernel.ts'
import { type Desk, Failure } from './desk.ts'
import { numberIn, textIn } from './toolset.ts'

export interface View {
  readonly path: string
  /** Lines above the window. */
  readonly first: number
}

/** The lines of a text; what ends in a line end has no further one. */
export const linesOf = (text: string): string[] => {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Within the file. */
export const bounded = (first: number, total: number, window: number): number =>
  Math.max(0, Math.min(Math.floor(first), total - window))

/** A line stands at a sixth of the window. */
export const around = (line: number, total: number, window: number): number =>
  bounded(line - 1 - window / 6, total, window)

export function windowOn(text: string, { path, first }: View, window: number): string {
  const lines = linesOf(text)
  const shown = lines.slice(first, first + window)
  const below = lines.length - first - shown.length
  return [
    `[File: ${path} (${lines.length} lines total)]`,
    ...(first > 0 ? [`(${first} more lines above)`] : []),
    ...shown.map((line, i) => `${first + i + 1}:${line}`),
    ...(below > 0 ? [`(${below} more lines below)`] : []),
  ].join('\n')
}

/** What is wrong with a file by its form, where that is known: JSON. A file without text has no form yet. */
export function lint(path: string, text: string): string | undefined {
  if (!/\.json$/i.test(path) || text.trim() === '') return undefined
  try {
    JSON.parse(text)
    return undefined
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    return why.replace(/ \(line \d+ column \d+\)$/, '')
  }
}

const OPEN = 'tools.open'
const RULER = '------------------------------------------------'

/** The open file, and its text. @throws {Failure} */
export async function opened(desk: Desk, { memo }: Conversation): Promise<View & { text: string }> {
  const view = memo.get(OPEN) as View | undefined
  if (view === undefined) throw new Failure('No file open. Use the open command first.')
  const text = await desk.find(view.path)
  if (text === undefined) throw new Failure(`Error: File ${view.path} not found`)
  return { ...view, text }
}

export function show(c: Conversation, view: View, text: string, window: number): string {
  const { path, first } = view
  c.memo.set(OPEN, { path, first })
  return windowOn(text, view, window)
}

/** Moves the window of the open file. */
export const moved =
  (window: number, to: (first: number, total: number, args: Args) => number) =>
  async (args: Args, desk: Desk, c: Conversation): Promise<string> => {
    const { path, first, text } = await opened(desk, c)
    const total = linesOf(text).length
    return show(c, { path, first: bounded(to(first, total, args), total, window) }, text, window)
  }

function guarded(path: string, before: string, after: string, first: number, window: number): void {
  const error = lint(path, after)
  if (error === undefined || lint(path, before) !== undefined) return
  const shown = (title: string, text: string): string =>
    [title, RULER, windowOn(text, { path, first }, window), RULER].join('\n')
  throw new Failure(
    [
      'Your proposed edit has introduced new syntax error(s). Please read this error message carefully and then retry editing the file.',
      `ERRORS:\n- ${error}`,
      shown('This is how your edit would have looked if applied', after),
      shown('This is the original code before your edit', before),
      'Your changes have NOT been applied. Please fix your edit command and try again.\nDO NOT re-run the same failed edit command. Running it again will lead to the same error.',
    ].join('\n\n'),
  )
}

/** Puts lines in the place of others; linted, it is undone where that brings a new error. @throws {Failure} */
export async function edit(
  args: Args,
  desk: Desk,
  c: Conversation,
  { window, lints }: { readonly window: number; readonly lints: boolean },
): Promise<string> {
  const { path, first, text } = await opened(desk, c)
  const [start, end] = [numberIn(args, 'start_line') ?? 1, numberIn(args, 'end_line') ?? 1]
  const replacement = textIn(args, 'replacement_text').replace(/\n$/, '')
  const lines = text.split('\n')
  lines.splice(start - 1, end - start + 1, ...(replacement === '' ? [] : replacement.split('\n')))
  const after = lines.join('\n')
  if (lints) guarded(path, text, after, first, window)
  await desk.write(path, after)
  const view = { path, first: around(start, linesOf(after).length, window) }
  return `File updated. Please review the changes and make sure they are correct\n(correct indentation, no duplicate lines, etc). Edit the file again if necessary.\n${show(c, view, after, window)}`
}
