// What a job did that must not be done twice: a log on the disk, a line before each such call and one after,
// so that a reboot knows what was begun. And a tool that shows what such a call leaves behind, if there is one.
import type { Args, Call, Conversation, Tool } from '../kernel.ts'

export interface Entry {
  readonly key: string
  /** `begun`: it is not known whether it took effect. `doubted`: it said so, and nothing showed. */
  readonly state: 'begun' | 'doubted' | 'done'
  /** What was told of it, and what the probe showed before it. */
  readonly text: string
  readonly before: string | undefined
}

const KEY = 'effects.log'

const pathOf = (c: Conversation): string => `${c.session.job.id}.effects`

export async function openLog(c: Conversation): Promise<void> {
  const log = new Map<string, Entry>()
  for (const line of ((await c.machine.disk.read(pathOf(c))) ?? '').split('\n')) {
    try {
      const entry = JSON.parse(line) as Entry
      log.set(entry.key, entry)
    } catch {}
  }
  c.memo.set(KEY, log)
}

export const logOf = (c: Conversation): Map<string, Entry> =>
  (c.memo.get(KEY) as Map<string, Entry> | undefined) ?? new Map()

/** The line feed comes first: whatever stands before it, torn or not, is a line of its own. */
export async function note(c: Conversation, entry: Entry): Promise<void> {
  logOf(c).set(entry.key, entry)
  await c.machine.disk.append(pathOf(c), `\n${JSON.stringify(entry)}`)
}

/** The same call, whatever the order of its arguments. */
export const keyOf = ({ name, args }: Call): string => `${name} ${JSON.stringify(sorted(args))}`

const sorted = (args: Args): Args =>
  Object.fromEntries(Object.entries(args).toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** A tool says of itself that calling it twice does it twice. */
export const isOnce = (name: string, tools: readonly Tool[]): boolean => {
  const { annotations } = tools.find((tool) => tool.name === name) ?? {}
  return annotations?.idempotentHint === false && annotations.readOnlyHint !== true
}

const wordsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .split(/[^a-z]+/)
    .slice(1)
    .map((word) => word.replace(/s$/, ''))

/** A tool that only looks, needs nothing, and is named after the same thing: what `pay` does, `list` shows. */
export function probeOf(name: string, tools: readonly Tool[]): Tool | undefined {
  const words = new Set(wordsOf(name))
  return tools.find(
    (tool) =>
      tool.annotations?.readOnlyHint === true &&
      (tool.inputSchema.required ?? []).length === 0 &&
      wordsOf(tool.name).some((word) => words.has(word)),
  )
}
