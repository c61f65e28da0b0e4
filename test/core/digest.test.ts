// The digest: equal data, equal digests, and no two others alike, whatever kinds and fields there will be.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Digest } from '../../sim/core/digest.ts'

function digestOf(...values: readonly unknown[]): string {
  const digest = new Digest()
  for (const value of values) digest.add(value)
  return digest.end()
}

/** Short and long, said once or again and again, in any alphabet, broken surrogates too. */
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('a'.repeat(23), 'a'.repeat(24), 'a'.repeat(25), 'b'.repeat(24), '\ud800'),
  fc.string({ minLength: 24, maxLength: 40 }),
)
const { tree: data } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    texts,
    fc.integer({ min: -3, max: 300 }),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.dictionary(texts, tie('tree'), { maxKeys: 5 }),
  ),
}))

/** The data with one leaf changed, or one field or member gone: the nth way to do so. */
function* changed(value: unknown): Iterable<unknown> {
  if (Array.isArray(value)) {
    for (const i of value.keys()) {
      yield value.toSpliced(i, 1)
      for (const other of changed(value[i])) yield value.with(i, other)
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, own] of Object.entries(value)) {
      const { [name]: _, ...rest } = value as Record<string, unknown>
      yield rest
      for (const other of changed(own)) yield { ...value, [name]: other }
    }
  } else yield typeof value === 'number' ? value + 1 : [value]
}

describe('a digest', () => {
  it('is equal where the JSON is, and nowhere else', () => {
    fc.assert(
      fc.property(data, data, (a, b) => {
        expect(digestOf(a) === digestOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
        expect(digestOf(structuredClone(a))).toBe(digestOf(a))
      }),
    )
  })

  it('leaves no field out, whatever its name and however deep', () => {
    const event = {
      kind: 'never-heard-of',
      at: 0.1,
      added: [[3, { role: 'tool', callId: 'a', calls: [{ id: 'b', args: '{"x":1}' }] }]],
      usage: { input: 1, cached: 0, output: 2 ** 31 },
      note: null,
      isError: false,
      long: 'x'.repeat(5000),
    }
    const digests = [event, ...changed(event)].map((value) => digestOf(value))
    expect(digests.length).toBeGreaterThan(20)
    expect(new Set(digests).size).toBe(digests.length)
    fc.assert(
      fc.property(data, (value) => {
        for (const other of changed(value)) {
          if (JSON.stringify(other) !== JSON.stringify(value))
            expect(digestOf(other)).not.toBe(digestOf(value))
        }
      }),
      { numRuns: 30 },
    )
  })

  it('knows where one value ends and the next begins', () => {
    const sequences = fc.array(fc.array(texts, { maxLength: 4 }), { maxLength: 4 })
    fc.assert(
      fc.property(sequences, sequences, (a, b) => {
        expect(digestOf(...a) === digestOf(...b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      }),
    )
    expect(digestOf('ab', 'c')).not.toBe(digestOf('a', 'bc'))
    expect(digestOf([1], 2)).not.toBe(digestOf([1, 2]))
    expect(digestOf({ a: 1 }, 'b', 2)).not.toBe(digestOf({ a: 1, b: 2 }))
  })

  it('does not depend on where the text is cut into chunks', () => {
    const seen = new Set<string>()
    for (let length = 3970; length < 4030; length++) {
      const text = 'é'.repeat(length)
      seen
        .add(digestOf(text))
        .add(digestOf(`${text}x`))
        .add(digestOf('x', text))
        .add(digestOf([text, text]))
    }
    expect(seen.size).toBe(240)
  })

  it('takes what is no plain data as JSON does', () => {
    class Point {
      x = 1
      note = undefined
    }
    const date = new Date(0)
    const odd = { at: date, point: new Point(), f: () => 1, none: undefined, list: [undefined] }
    expect(digestOf(odd)).toBe(digestOf({ at: date.toJSON(), point: { x: 1 }, list: [null] }))
    expect(digestOf(Object.assign(Object.create(null), { a: 1 }))).toBe(digestOf({ a: 1 }))
    expect(digestOf({ a: -0 })).toBe(digestOf({ a: 0 }))
    expect(() => digestOf({ a: 1n })).toThrow('plain data')
  })

  it('has not changed since it was written', () => {
    const value = { s: 'ü€😀', n: [0, 1, -1, 0.1, 1e300, Number.NaN], t: [true, false, null] }
    expect(digestOf(value, value).slice(0, 16)).toMatchInlineSnapshot(`"dc81fc4859135f6f"`)
  })
})
