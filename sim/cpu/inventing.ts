// Inventing: names of tools that are not offered. From the registry's own vocabulary, as models do: another
// verb for the noun, another noun for the verb, the words the other way round. And names that a text
// suggests, because what stands in it looks like a call.
import { nameOf, wordsOf } from './names.ts'
import type { Toolbox } from './toolbox.ts'

const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    read: ['open', 'get', 'view', 'fetch'],
    write: ['save', 'create', 'put', 'update'],
    make: ['create', 'send', 'execute', 'submit'],
    list: ['show', 'get', 'browse'],
    search: ['find', 'grep', 'lookup', 'query'],
    bash: ['shell', 'run', 'execute'],
    edit: ['modify', 'update', 'patch'],
  }),
)

/** What a plan is made of, step by step. */
const STAGES = [
  ['prepare', 'collect', 'gather'],
  ['validate', 'verify', 'check'],
  ['process', 'convert', 'apply'],
  ['finalize', 'submit', 'confirm'],
] as const

/** How many words of a registry come to mind. */
const WORDS = 8
/** As long as the providers let a name be. */
const LENGTH = 64

const plural = (words: readonly string[]): string[] =>
  words.map((word, i) => (i < words.length - 1 ? word : word.replace(/s?$/, 's')))

/** Names near this one that nobody offers; at least one. */
export function inventedLike(name: string, toolbox: Toolbox): [string, ...string[]] {
  const [verb = 'use', ...rest] = wordsOf(name)
  const { verbs, nouns } = toolbox.vocabulary
  const noun = rest.length > 0 ? rest : (nouns[0] ?? ['file'])
  const others = [...(SYNONYMS.get(verb) ?? []), ...verbs.slice(0, WORDS)]
  const all = [
    ...others.map((other) => [other, ...noun]),
    [...noun, verb],
    ...nouns.slice(0, WORDS).map((other) => [verb, ...other]),
    [verb, ...plural(noun)],
  ].map((words) => nameOf(words, name))
  return absent(all, name, toolbox)
}

/** Names for the n-th step of a plan, counted from 0. */
export function inventedFor(n: number, name: string, toolbox: Toolbox): [string, ...string[]] {
  const noun = wordsOf(name).slice(1)
  const about = noun.length > 0 ? noun : (toolbox.vocabulary.nouns[0] ?? ['task'])
  const stage = STAGES[n % STAGES.length] ?? STAGES[0]
  return absent(
    stage.map((verb) => nameOf([verb, ...about], name)),
    name,
    toolbox,
  )
}

function absent(names: readonly string[], like: string, toolbox: Toolbox): [string, ...string[]] {
  const free = new Set(
    names.filter((name) => name !== like && name.length <= LENGTH && !toolbox.has(name)),
  )
  const [first, ...rest] = free
  if (first !== undefined) return [first, ...rest]
  let name = `${like.slice(0, LENGTH - 8)}_v2`
  for (let n = 3; toolbox.has(name) || name === like; n++)
    name = `${like.slice(0, LENGTH - 8)}_v${n}`
  return [name]
}

/** How many brackets of a text are looked at, of each sort. */
const BRACKETS = 100

const TAG =
  /<(?:invoke|function|function_call|tool_call|tool_use|tool)\b(?:\s+name)?\s*=\s*["']?([A-Za-z_][\w.-]{0,63})/y
const IN_JSON =
  /"(?:name|tool|tool_name|function)"\s*:\s*"([A-Za-z_][\w.-]{0,63})"\s*,\s*"(?:arguments|args|parameters|input)"\s*:/g
const BEFORE_BRACKET = /(?<![\w.>-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/

function* places(text: string, mark: string): Iterable<number> {
  let at = text.indexOf(mark)
  for (let n = 0; at >= 0 && n < BRACKETS; n++) {
    yield at
    at = text.indexOf(mark, at + 1)
  }
}

/** The first name in a text that stands there as if it were called, and is not offered. */
export function calledIn(text: string, toolbox: Toolbox): string | undefined {
  for (const name of namesCalledIn(text)) if (!toolbox.has(name)) return name
  return undefined
}

function* namesCalledIn(text: string): Iterable<string> {
  for (const at of places(text, '<')) {
    TAG.lastIndex = at
    const name = TAG.exec(text)?.[1]
    if (name !== undefined) yield name
  }
  if (text.includes('":') || text.includes('" :'))
    for (const [, name = ''] of text.matchAll(IN_JSON)) yield name
  for (const at of places(text, '(')) {
    const name = BEFORE_BRACKET.exec(text.slice(Math.max(0, at - LENGTH), at))?.[0]
    if (name !== undefined) yield name
  }
}
