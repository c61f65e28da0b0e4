// Acts: what a call would do, as far as its arguments tell: paths that it reads or changes, commands that it
// runs, or what it asks of a tool that is neither. What rules are about. Never throws, whatever is called with.

import { onlyReads } from '../history/references.ts'
import type { Call, Conversation } from '../kernel.ts'
import { type Command, commandsIn, onlyLooks, pathsOf } from './commands.ts'
import { placeOf } from './paths.ts'

export interface Act {
  readonly kind: 'read' | 'edit' | 'run' | 'other'
  /** The tool that is called. */
  readonly tool: string
  /** A path, resolved; a command, its words; else the arguments. */
  readonly on: string
  /** Other ways to say it: what is denied is denied in all of them. */
  readonly also: readonly string[]
  /** It changes nothing. */
  readonly isLooking: boolean
  /** It reaches out of the workspace. */
  readonly isOutside: boolean
  /** A command does it beside other things: what may be run may do it, unless it is denied. */
  readonly isAside: boolean
  /** The call holds more than is looked at: this stands for anything that it might do. */
  readonly isUnseen?: boolean
}

/** The tools there are. */
export type Offering = Pick<Conversation, 'tools'>

const PATH =
  /^(?:paths?|files?|file_?paths?|file_?names?|dir|directory|folder|notebook_path|(?:old|new|target|source|destination)_?(?:path|file))$/i
const COMMAND = /^(?:commands?|cmd|script|keystrokes)$/i
/** Tools that change the file that is open, as far as their names tell. */
const EDITS = /^(?:edit|write|create|insert|append|replace|str_replace|apply_patch|undo)/i
const PATCH = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$/gm

/** So many values of a call are looked at. */
const VALUES = 10_000

/** Whether a call holds more values than are looked at. */
export function isBeyond(args: unknown): boolean {
  const open: unknown[] = [args]
  for (let seen = 0; open.length > 0; seen++) {
    if (seen + open.length > VALUES) return true
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    const inner: unknown[] = Object.values(value)
    if (inner.length > VALUES) return true
    open.push(...inner)
  }
  return false
}

/** The values in arguments, each with the name it stands under; lists of words under `command` are one. */
export function leavesOf(args: unknown): [name: string, text: string][] {
  const leaves: [string, string][] = []
  const open: [string, unknown][] = Object.entries({ '': args })
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [name, value] = next
    if (leaves.length + open.length > VALUES) break
    if (Array.isArray(value)) {
      const isLine = COMMAND.test(name) && value.every((word) => typeof word === 'string')
      if (isLine) leaves.push([name, lineOf(value)])
      else for (const item of value.slice(0, VALUES).toReversed()) open.push([name, item])
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).slice(0, VALUES)
      for (const entry of entries.toReversed()) open.push(entry)
    } else if (value !== undefined && value !== null) leaves.push([name, String(value)])
  }
  return leaves
}

const lineOf = (words: readonly string[]): string =>
  words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')

/** What a call runs: one script an argument. */
const scriptsIn = (leaves: readonly (readonly [string, string])[]): string[] =>
  leaves.filter(([name]) => COMMAND.test(name)).map(([, text]) => text)

/** All commands of a call, those in its scripts among them. */
export const commandsOf = ({ args }: Call): Command[] =>
  scriptsIn(leavesOf(args)).flatMap((script) => commandsIn(script))

interface Means {
  readonly tool: string
  readonly isAside: boolean
}

function onPath(path: string, kind: 'read' | 'edit', { tool, isAside }: Means): Act {
  const { path: on, kept, absolute, isOutside } = placeOf(path)
  const also = [path, kept, absolute]
  return { kind, tool, on, also, isLooking: kind === 'read', isOutside, isAside }
}

/** All its words, and what is left of them from each word on that stands before the command itself. */
function behind(spoken: readonly string[], left: number): string[] {
  // Slices of one text: however many words stand there, the text is there once.
  const whole = spoken.join(' ')
  const texts = [whole]
  let at = 0
  for (const word of spoken.slice(0, spoken.length - left)) {
    at += word.length + 1
    texts.push(whole.slice(at))
  }
  return texts
}

/** What may hold anything: an edit outside, for rules of paths, and a call, for those of tools. */
const unseen = (tool: string): Act[] =>
  (['edit', 'other'] as const).map((kind) => ({
    ...{ kind, tool, on: '/', also: [] },
    ...{ isLooking: false, isOutside: true, isAside: false, isUnseen: true },
  }))

/** A tool of the world may stand in a terminal as a program: then it is that tool. */
function acting(command: Command, tool: string, c: Offering): Act[] {
  const { words, spoken } = command
  const { reads, writes } = pathsOf(command)
  const aside = [
    ...reads.map((path) => onPath(path, 'read', { tool, isAside: true })),
    ...writes.map((path) => onPath(path, 'edit', { tool, isAside: true })),
  ]
  const isOutside = aside.some((act) => act.isOutside)
  const on = words.join(' ')
  const [name = ''] = words
  const own = { on, also: behind(spoken, words.length), isOutside, isAside: false }
  if (name !== tool && c.tools.some((one) => one.name === name)) {
    const also = [...own.also, ...words.slice(1)]
    return [{ ...own, kind: 'other', tool: name, also, isLooking: onlyReads(c, name) }, ...aside]
  }
  return [{ ...own, kind: 'run', tool, isLooking: onlyLooks(command) }, ...aside]
}

/** What a call would do: at least one act. */
export function actsOf(call: Call, c: Offering): readonly Act[] {
  const { name: tool } = call
  if (isBeyond(call.args)) return unseen(tool)
  const leaves = leavesOf(call.args)
  const scripts = scriptsIn(leaves)
  if (scripts.length > 0) {
    const acts = commandsOf(call).flatMap((one) => acting(one, tool, c))
    if (acts.length > 0) return acts
  }
  const isLooking = onlyReads(c, tool)
  const named = leaves.filter(([name]) => PATH.test(name)).map(([, text]) => text)
  const patched = isLooking
    ? []
    : leaves.flatMap(([, text]) => [...text.matchAll(PATCH)].map(([, path = '']) => path))
  const kind = isLooking ? 'read' : 'edit'
  const acts = [...named, ...patched].map((path) => onPath(path, kind, { tool, isAside: false }))
  if (acts.length > 0) return acts
  const texts = leaves.map(([, text]) => text)
  const on = texts.join(' ')
  const own = { tool, on, also: texts, isLooking, isOutside: false, isAside: false }
  const inPlace = EDITS.test(tool) ? 'edit' : 'other'
  return [{ ...own, kind: isLooking ? 'read' : inPlace }]
}
