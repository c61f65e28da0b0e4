// A digest of plain data: equal data have equal digests, on every machine, and others have not. What is hashed
// can be read back in one way only: each value is its sort and its size, or itself where it is small, and
// then its content. A long text that was written before is told by its number.
import { createHash } from 'node:crypto'
import { assert } from './assert.ts'

const SORT = { word: 0, int: 1, double: 2, text: 3, known: 4, list: 5, fields: 6 } as const
const WORD = { null: 0, false: 1, true: 2, nan: 3, end: 4 } as const

/** Integers below are written as such, and all others as doubles. */
const INT_END = 1 << 28
/** From so many characters on a text is looked up; shorter ones are written faster than found. */
const LONG = 24
/** Bytes that are hashed at once: each call of the hash has its price, and so has a large buffer. */
const CHUNK = 4000
/** Bytes that one step writes at most. */
const STEP = 16

/** An object whose fields are all that it is. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

export class Digest {
  readonly #hash = createHash('sha256')
  readonly #bytes = Buffer.allocUnsafe(CHUNK)
  #size = 0
  readonly #known = new Map<string, number>()

  /** Takes the next value, as JSON would: functions are no data, and a `Date` is its text. */
  add(value: unknown): void {
    if (typeof value === 'string') this.#text(value)
    else if (typeof value === 'number') this.#number(value)
    else if (typeof value === 'boolean') this.#head(SORT.word, value ? WORD.true : WORD.false)
    else if (typeof value !== 'object' || value === null) {
      assert(typeof value !== 'bigint', 'a trace holds plain data')
      this.#head(SORT.word, WORD.null)
    } else if (Array.isArray(value)) {
      this.#head(SORT.list, value.length)
      for (let i = 0; i < value.length; i++) this.add(value[i])
    } else if (isPlain(value)) this.#fields(value as Readonly<Record<string, unknown>>)
    else this.add(JSON.parse(JSON.stringify(value) ?? 'null'))
  }

  /** 64 hexadecimal digits. */
  end(): string {
    this.#flush()
    return this.#hash.digest('hex')
  }

  #fields(fields: Readonly<Record<string, unknown>>): void {
    this.#head(SORT.fields, 0)
    // A plain object inherits nothing that is listed, so this is Object.keys without its array.
    for (const name in fields) {
      const value = fields[name]
      if (value === undefined || typeof value === 'function' || typeof value === 'symbol') continue
      this.#name(name)
      this.add(value)
    }
    this.#head(SORT.word, WORD.end)
  }

  #number(value: number): void {
    if (value >= 0 && value < INT_END && Number.isInteger(value)) this.#head(SORT.int, value)
    // The bytes of NaN differ from machine to machine.
    else if (Number.isNaN(value)) this.#head(SORT.word, WORD.nan)
    else {
      this.#head(SORT.double, 0)
      this.#size = this.#bytes.writeDoubleLE(value, this.#size)
    }
  }

  /** Whether a text was written before, and then by its number. */
  #told(text: string): boolean {
    const number = this.#known.get(text)
    if (number === undefined) this.#known.set(text, this.#known.size)
    else this.#head(SORT.known, number)
    return number !== undefined
  }

  /** The names of fields are few, and come again and again. */
  #name(name: string): void {
    if (!this.#told(name)) this.#write(name)
  }

  #text(text: string): void {
    if (text.length < LONG || !this.#told(text)) this.#write(text)
  }

  #write(text: string): void {
    const { length } = text
    this.#head(SORT.text, length)
    const bytes = this.#bytes
    let size = this.#size
    for (let i = 0; i < length; i++) {
      if (size > CHUNK - STEP) {
        this.#size = size
        this.#flush()
        size = 0
      }
      let code = text.charCodeAt(i)
      for (; code > 127; code >>>= 7) bytes[size++] = (code & 127) | 128
      bytes[size++] = code
    }
    this.#size = size
  }

  /** Seven bits a byte, the lowest first; the last one is below 128. */
  #head(sort: number, n: number): void {
    if (this.#size > CHUNK - STEP) this.#flush()
    let rest = ((n << 3) | sort) >>> 0
    for (; rest > 127; rest >>>= 7) this.#bytes[this.#size++] = (rest & 127) | 128
    this.#bytes[this.#size++] = rest
  }

  #flush(): void {
    this.#hash.update(this.#bytes.subarray(0, this.#size))
    this.#size = 0
  }
}
