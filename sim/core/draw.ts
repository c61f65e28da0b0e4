// A seeded stream for worlds. Worlds are drawn from (seed, scenario, instance) and are never on the tape.
import alea from 'seedrandom/lib/alea.js'
import { assert } from './assert.ts'

const CONSONANTS = [...'bdfgklmnprstvz']
const VOWELS = [...'aeiou']

export interface Draw {
  /** Uniform in [0, 1). */
  next(): number
  /** An integer in [min, max], both ends in. */
  int(min: number, max: number): number
  of<T>(choices: readonly T[]): T
  /** A new array with the same members in a random order. */
  shuffled<T>(members: readonly T[]): T[]
  /** `count` different members, in a random order. */
  some<T>(members: readonly T[], count: number): T[]
  /** Lower-case letters, the first one a consonant: pronounceable enough for a name. */
  word(syllables: number): string
}

export function draw(key: string): Draw {
  const next = alea(key)
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  const of = <T>(choices: readonly T[]): T => {
    const choice = choices[int(0, choices.length - 1)]
    assert(choice !== undefined, 'draw.of needs a choice')
    return choice
  }
  const shuffled = <T>(members: readonly T[]): T[] => {
    const deck = [...members]
    for (let i = deck.length - 1; i > 0; i--) {
      const j = int(0, i)
      const held = deck[i] as T
      deck[i] = deck[j] as T
      deck[j] = held
    }
    return deck
  }
  return {
    next,
    int,
    of,
    shuffled,
    some: (members, count) => shuffled(members).slice(0, count),
    word: (syllables) => {
      let word = ''
      for (let i = 0; i < syllables; i++) word += of(CONSONANTS) + of(VOWELS)
      return word
    },
  }
}
