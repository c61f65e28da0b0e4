// A keyed hash from text to a uniform number. Two 32-bit lanes take a character at a time, the second one
// from the first, and are mixed once at the end as in MurmurHash3 (Appleby, 2011).

/** Uniform in (0, 1), both ends out; the same for the same key, id and salt, on every machine. */
export interface Uniform {
  (id: string, salt?: string): number
  /** The numbers under one id, which is read once: `under(id)(salt)` is `u(id, salt)`. */
  under(id: string): (salt?: string) => number
  /** That of `scope + site`. Many in a row under one scope cost less: it is read once. */
  at(scope: string, site: string): number
}

const finish = (lane: number): number => {
  let h = lane ^ (lane >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** One lane is enough for a salt: there are few under an id. */
function hashOf(salt: string): number {
  let h = salt.length
  for (let i = 0; i < salt.length; i++) h = Math.imul(h ^ salt.charCodeAt(i), 0x27d4eb2f)
  return h ^ (h >>> 15)
}

/** Both lanes as 53 bits; no two states have the same 64. */
function number(a: number, b: number): number {
  const left = finish(a ^ Math.imul(b, 0x165667b1))
  const right = finish(b ^ Math.imul(left, 0x85ebca77))
  return ((left >>> 5) * 67108864 + (right >>> 6) + 0.5) / 9007199254740992
}

/** Both lanes after some text. */
class State {
  readonly a: number
  readonly b: number

  constructor(a: number, b: number) {
    this.a = a
    this.b = b
  }

  after(text: string): State {
    let { a, b } = this
    for (let i = 0; i < text.length; i++) {
      a = Math.imul(a ^ text.charCodeAt(i), 0x9e3779b1)
      b = Math.imul(b ^ a, 0x5f356495)
    }
    return new State(a, b)
  }

  number(salt: string | undefined): number {
    const { a, b } = this
    if (salt === undefined) return number(a, b)
    const h = hashOf(salt)
    return number(Math.imul(a ^ h, 0x27220a95), Math.imul(b ^ 0x1f, 0x2545f491) ^ h)
  }
}

export function uniform(key: string): Uniform {
  const stretch = new State(0x6a09e667, 0x3c6ef372).after(key)
  const word = (salt: string): number => (stretch.number(salt) * 4294967296) | 0
  const root = new State(word('left'), word('right'))
  let scoped = root
  let scopeOf = ''
  return Object.assign((id: string, salt?: string) => root.after(id).number(salt), {
    under(id: string) {
      const state = root.after(id)
      return (salt?: string) => state.number(salt)
    },
    at(scope: string, site: string) {
      if (scope !== scopeOf) {
        scoped = root.after(scope)
        scopeOf = scope
      }
      return scoped.after(site).number(undefined)
    },
  })
}
