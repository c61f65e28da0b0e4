// A keyed hash from text to a uniform number: two 32-bit lanes, mixed per character and finished as in
// MurmurHash3 (Appleby, 2011). The key is stretched once by Alea (seedrandom), ids are mixed under it.
import alea from 'seedrandom/lib/alea.js'

/** Uniform in (0, 1), both ends out; the same for the same key, id and salt, on every machine. */
export interface Uniform {
  (id: string, salt?: string): number
  /** That of `scope + site`. Many in a row under one scope cost less: it is mixed once. */
  at(scope: string, site: string): number
}

const finish = (lane: number): number => {
  let h = lane ^ (lane >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function value(a: number, b: number): number {
  const high = finish(a ^ Math.imul(b, 0x165667b1)) >>> 5
  const low = finish(b ^ Math.imul(a, 0x85ebca77)) >>> 6
  return (high * 67108864 + low + 0.5) / 9007199254740992
}

export function uniform(key: string): Uniform {
  const stretch = alea(key)
  const left = stretch.int32()
  const right = stretch.int32()
  const of = (id: string, salt?: string): number => {
    let a = left
    let b = right
    const eat = (text: string): void => {
      for (let i = 0; i < text.length; i++) {
        const c = text.charCodeAt(i)
        a = Math.imul(a ^ c, 0x9e3779b1)
        b = Math.imul(b ^ c, 0x5f356495)
        a ^= b >>> 15
        b ^= a >>> 13
      }
    }
    eat(id)
    if (salt !== undefined) {
      a = Math.imul(a ^ 0x1f, 0x27d4eb2f)
      eat(salt)
    }
    return value(a, b)
  }
  let known = ''
  let knownLeft = left
  let knownRight = right
  const at = (scope: string, site: string): number => {
    const isKnown = scope === known
    let a = isKnown ? knownLeft : left
    let b = isKnown ? knownRight : right
    for (let part = isKnown ? 1 : 0; part < 2; part++) {
      const text = part === 0 ? scope : site
      for (let i = 0; i < text.length; i++) {
        const c = text.charCodeAt(i)
        a = Math.imul(a ^ c, 0x9e3779b1)
        b = Math.imul(b ^ c, 0x5f356495)
        a ^= b >>> 15
        b ^= a >>> 13
      }
      if (part > 0) break
      known = scope
      knownLeft = a
      knownRight = b
    }
    return value(a, b)
  }
  return Object.assign(of, { at })
}
