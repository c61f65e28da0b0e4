// Steps that fill a window: files of a known size, one read a turn, with usage told as it is estimated; and what
// became of the history from one request to the next.
import { estimate } from '../../harnesses/history/estimate.ts'
import type { Message, Request } from '../../harnesses/kernel.ts'
import { call, says } from '../parts/scripted.ts'
import { type Script, used } from './walk.ts'

/** Estimated tokens of a file, less its first words. */
export const FILE_TOKENS = 500

export const files = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `docs/${i + 1}.md`,
      `Number ${i + 1}. ${'word '.repeat((FILE_TOKENS * 4) / 5)}`,
    ]),
  )

export const sizeOf = ({ messages, tools = [] }: Request): number =>
  estimate(messages) + estimate(tools)

/** The numbers of the files that stand there, in order. */
export const numbersIn = (messages: readonly Message[]): number[] =>
  messages.flatMap(({ content }) =>
    [...content.matchAll(/Number (\d+)\./g)].map(([, n]) => Number(n)),
  )

/** Requests for a summary are those without tools. */
export const isWork = ({ tools = [] }: Request): boolean => tools.length > 0

/** Reads `docs/1.md`, `docs/2.md`, ..., so many; then `end`. Other requests are answered by `aside`. */
export function reading(
  count: number,
  aside: (request: Request, n: number) => Message,
  { args = {}, end = says('Done.') }: { readonly args?: object; readonly end?: Message } = {},
): Script {
  let [read, asides] = [0, 0]
  return (request) => {
    if (!isWork(request)) return aside(request, ++asides)
    if (read >= count) return end
    const path = `docs/${++read}.md`
    return used(sizeOf(request), says('', call(`r${read}`, 'read_file', { path, ...args })))
  }
}

/** How many of the newest messages of a history stand at the end of the next one as they were. */
export function keptOf(before: readonly Message[], after: readonly Message[]): number {
  for (let count = before.length; count > 0; count--) {
    const tail = before.slice(-count)
    const at = after.indexOf(tail[0] as Message)
    if (at >= 0 && tail.every((message, i) => after[at + i] === message)) return count
  }
  return 0
}
