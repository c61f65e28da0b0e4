// What a conversation refers to, as far as a harness can tell: paths in its texts and arguments of its calls.
// A round is referenced by each later call that names what it named. Read from the transcript, so that a
// reference counts after the round that made it is gone.
import type { Conversation, Message, ToolCall } from '../kernel.ts'
import type { Round } from './rounds.ts'

/** Arguments longer than this are contents, not names; the paths in them count. */
const NAME_MAX_CHARS = 200

/** What looks like the path of a file: with a slash between its parts, or with an extension. */
export function pathsIn(text: string): string[] {
  const paths: string[] = []
  for (const [token] of text.matchAll(/[\w./-]+/g)) {
    const path = token.replace(/^(?:\.?\/)+|[./-]+$/g, '')
    if (/\w\/\w|\w\.[a-z]\w{0,4}$/i.test(path)) paths.push(path)
  }
  return paths
}

/** The texts in the arguments of a call; what is no JSON is one text. */
function textsOf({ args }: ToolCall): string[] {
  const texts: string[] = []
  try {
    JSON.parse(args, (_, value: unknown) => void (typeof value === 'string' && texts.push(value)))
    return texts
  } catch {
    return [args]
  }
}

/** What a call names: its arguments, and the paths in them. */
export const namesIn = (call: ToolCall): string[] =>
  textsOf(call).flatMap((text) => [
    ...(text !== '' && text.length <= NAME_MAX_CHARS ? [text] : []),
    ...pathsIn(text),
  ])

interface Named {
  /** Messages of the transcript that were read. */
  read: number
  /** Answers with calls so far. */
  turn: number
  readonly turnOf: Map<string, number>
  /** The turns whose calls named it, ascending. */
  readonly turns: Map<string, number[]>
  readonly of: WeakMap<Message, readonly string[]>
}

const MEMO = 'context.references'

function named(c: Conversation): Named {
  const known = c.memo.get(MEMO) as Named | undefined
  const it = known ?? { read: 0, turn: 0, turnOf: new Map(), turns: new Map(), of: new WeakMap() }
  c.memo.set(MEMO, it)
  for (; it.read < c.transcript.length; it.read++) {
    const { calls = [] } = c.transcript[it.read] ?? {}
    if (calls.length === 0) continue
    it.turn++
    for (const call of calls) {
      it.turnOf.set(call.id, it.turn)
      for (const name of new Set(namesIn(call))) {
        const turns = it.turns.get(name)
        if (turns === undefined) it.turns.set(name, [it.turn])
        else if (turns.at(-1) !== it.turn) turns.push(it.turn)
      }
    }
  }
  return it
}

function namesOf(message: Message, { of }: Named): readonly string[] {
  const names = of.get(message) ?? [
    ...new Set([...pathsIn(message.content), ...(message.calls ?? []).flatMap(namesIn)]),
  ]
  of.set(message, names)
  return names
}

/** Answers with calls so far: what the turns of `Access` are counted in. */
export const turnNow = (c: Conversation): number => named(c).turn

export const isNamed = (c: Conversation, name: string): boolean => named(c).turns.has(name)

export interface Access {
  readonly round: Round
  /** When it was said, and when it was last referenced: not before it was said. */
  readonly born: number
  readonly last: number
  /** Turns that referenced it, the one that it was said in included. */
  readonly hits: number
}

/** When each round was referenced, oldest round first. */
export function accesses(rounds: readonly Round[], c: Conversation): Access[] {
  const it = named(c)
  let now = 0
  return rounds.map((round) => {
    const [call] = round.messages[0]?.calls ?? []
    now = it.turnOf.get(call?.id ?? '') ?? now
    const born = now
    const turns = new Set([born])
    for (const message of round.messages)
      for (const name of namesOf(message, it)) {
        const all = it.turns.get(name) ?? []
        for (let i = all.length - 1; (all[i] ?? 0) > born; i--) turns.add(all[i] ?? 0)
      }
    return { round, born, last: Math.max(...turns), hits: turns.size }
  })
}

/** Whether a tool only looks: by its MCP annotation, else by its name. */
export function onlyReads({ tools }: Pick<Conversation, 'tools'>, name: string): boolean {
  const tool = tools.find((candidate) => candidate.name === name)
  return tool?.annotations?.readOnlyHint ?? READS.test(name)
}

const READS = /^(?:read|open|view|cat|ls|list|find|glob|grep|search|get|show|fetch|goto|scroll)/i
