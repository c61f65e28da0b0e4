// A stretch of work as scenarios of memory have it: documents to go through, each with a figure in the middle
// of its prose, and beside them facts of the four origins that have to outlive it.
import {
  atom,
  type Draw,
  type Fact,
  type Reaction,
  type Step,
  type Truth,
} from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import type { Parameter } from '../scenario.ts'
import { reading, writing } from './steps.ts'

/** What a world holds of some facts, and what the user says of where they stand. */
export interface Known {
  readonly files: Readonly<Record<string, string>>
  readonly facts: Readonly<Record<string, Fact>>
  readonly truths: Readonly<Record<string, Truth>>
  readonly places: readonly string[]
}

export const LABELS = ['north', 'harbour', 'meadow', 'quarry'] as const

/** So many different names: a word and a number in [least, most]. */
export function names(draw: Draw, count: number, least = 10, most = 99): string[] {
  const found = new Set<string>()
  while (found.size < count) found.add(`${draw.word(2)}-${draw.int(least, most)}`)
  return [...found]
}

/** How a record has a fact, so that whoever reads it again knows it: `[[fact:NAME={NAME}]]`. */
export const told = (name: string, kind: 'fact' | 'choice' = 'fact'): string =>
  `[[${kind}:${name}={${name}}]]`

/** A text of about so many tokens with a line of its own in the middle. */
export const amid = (draw: Draw, tokens: number, line: string): string => {
  const [before, behind] = [prose(draw, tokens / 2), prose(draw, tokens / 2)]
  return `${before}\n\n${line}\n\n${behind}\n`
}

/** A document for each item, `docs/ITEM.md`, that tells `amount-ITEM`; `tokens` in all. */
export function documents(draw: Draw, items: readonly string[], tokens: number): Known {
  const files: Record<string, string> = {}
  const facts: Record<string, Fact> = {}
  const truths: Record<string, Truth> = {}
  const places: string[] = []
  for (const item of items) {
    const [name, path] = [`amount-${item}`, `docs/${item}.md`]
    const amount = String(draw.int(100, 999))
    files[path] = amid(draw, tokens / items.length, `Amount: ${atom('fact', name, amount)}`)
    truths[name] = { origin: 'stable', values: [{ value: amount }] }
    facts[name] = { origin: 'stable' }
    places.push(atom('place', name, path))
  }
  return { files, facts, truths, places }
}

export interface Origins extends Known {
  /** What the user says once. */
  readonly account: string
  /** The rate changes as the world moves, where it does. */
  moves(draw: Draw): Reaction[]
}

export const MOVING: Parameter = {
  default: 1,
  min: 0,
  max: 1,
  simplest: 0,
  about: '1: the rate changes while the work is under way',
}

/**
 * `account`, said once; `terms`, which stay; `rate`, which changes at the first write of `trigger` unless
 * `moving` is 0; `label`, which the model chooses.
 */
export function origins(draw: Draw, trigger: string, moving = 1): Origins {
  const account = `${draw.int(1000, 9999)}-${draw.word(1)}`
  const [terms, rate, later] = draw.some(
    Array.from({ length: 80 }, (_, i) => `${i + 11}`),
    3,
  ) as [string, string, string]
  const files = {
    'terms.md': `${prose(draw, 120)}\n\nThe terms are ${atom('fact', 'terms', terms)} days.\n`,
    'rate.md': `${sentence(draw)} The rate is ${atom('fact', 'rate', rate)}.\n`,
  }
  const truths: Record<string, Truth> = {
    account: { origin: 'user', values: [{ value: account }] },
    terms: { origin: 'stable', values: [{ value: terms }] },
    rate: {
      origin: 'changing',
      values: [{ value: rate }, ...(moving < 1 ? [] : [{ value: later, afterWriteOf: trigger }])],
    },
  }
  const facts: Record<string, Fact> = {
    account: { origin: 'user' },
    terms: { origin: 'stable', semantic: true },
    rate: { origin: 'changing' },
    label: { origin: 'own', options: draw.shuffled(LABELS) },
  }
  const places = [atom('place', 'terms', 'terms.md'), atom('place', 'rate', 'rate.md')]
  const moves = (move: Draw): Reaction[] => {
    const text = `${sentence(move)} The rate is ${atom('fact', 'rate', later)}.\n`
    return moving < 1 ? [] : [{ onWriteOf: trigger, path: 'rate.md', text }]
  }
  return { files, facts, truths, places, account, moves }
}

/** A look at what may have changed: it teaches nothing that could make it needless. */
export const looking = (id: string, place: string): Step => ({ ...reading(place, []), id })

/** How the work with the four origins begins. */
export const OPENING: readonly Step[] = [reading('terms'), looking('look-at-rate', 'rate')]

/** How it ends: the rate is read again, and all four are needed at once, with what else `says`. */
export const closing = (id: string, path: string, says = '', needs: readonly string[] = []) => [
  looking('check-rate', 'rate'),
  writing(
    id,
    ['account', 'terms', 'rate', 'label', ...needs],
    path,
    `Account {account}, terms {terms}, rate {rate}, label {label}.\n${says}`,
  ),
]
