// The plain parts of the spine: worlds' draws, tapes as data, the trace's digest, and token counts.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../sim/core/assert.ts'
import { draw } from '../../sim/core/draw.ts'
import { fromData, toData } from '../../sim/core/tape.ts'
import { tokens } from '../../sim/core/tokens.ts'
import { Trace } from '../../sim/core/trace.ts'

describe('a draw', () => {
  it('is the same stream for the same key, on every machine', () => {
    const stream = draw('1|compaction/ledger|0')
    expect([
      stream.next(),
      stream.int(1, 6),
      stream.word(3),
      stream.of('abc'.split('')),
    ]).toMatchInlineSnapshot(`
      [
        0.9587325959000736,
        5,
        "rivadi",
        "a",
      ]
    `)
    expect(stream.shuffled([1, 2, 3, 4, 5])).toMatchInlineSnapshot(`
      [
        3,
        5,
        2,
        4,
        1,
      ]
    `)
  })

  it('takes both ends of an integer range, and members without repetition', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat({ max: 9 }), fc.nat({ max: 9 }), (key, min, more) => {
        const stream = draw(key)
        const value = stream.int(min, min + more)
        expect(value).toBeGreaterThanOrEqual(min)
        expect(value).toBeLessThanOrEqual(min + more)
        const members = Array.from({ length: 10 }, (_, i) => i)
        expect(new Set(stream.some(members, more)).size).toBe(more)
        expect(stream.shuffled(members).toSorted()).toEqual(members)
      }),
    )
    const stream = draw('dice')
    const seen = new Set(Array.from({ length: 200 }, () => stream.int(1, 6)))
    expect([...seen].toSorted()).toEqual([1, 2, 3, 4, 5, 6])
  })
})

describe('a tape as data', () => {
  it('is read as it was written', () => {
    const value = fc.oneof(
      fc.boolean(),
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    const id = fc.stringMatching(/^[a-z]+\/[a-z]+\/[1-9]\/[a-z]+$/)
    fc.assert(
      fc.property(fc.dictionary(id, value), (decisions) => {
        const list = Object.entries(decisions).map(([key, v]) => ({ id: key, value: v, p: null }))
        const tape = fromData(toData('a run', list), 'a file')
        expect(tape.run).toBe('a run')
        expect(tape.decisions).toEqual(new Map(Object.entries(decisions)))
      }),
    )
  })

  it.each([
    [null, 'a.yaml: expected a tape'],
    [[], 'a.yaml: expected a tape'],
    ['text', 'a.yaml: expected a tape'],
    [{ run: 'r', decisions: {} }, 'a.yaml: enosys: expected 1, got undefined'],
    [{ enosys: 2, run: 'r', decisions: {} }, 'a.yaml: enosys: expected 1, got 2'],
    [{ enosys: 1, decisions: {} }, 'a.yaml: run: expected a RUN_ID'],
    [{ enosys: 1, run: '', decisions: {} }, 'a.yaml: run: expected a RUN_ID'],
    [{ enosys: 1, run: 'r' }, 'a.yaml: decisions: expected a mapping'],
    [{ enosys: 1, run: 'r', decisions: [] }, 'a.yaml: decisions: expected a mapping'],
    [{ enosys: 1, run: 'r', decisions: { 'a/b': null } }, 'a.yaml: decisions.a/b: expected true'],
    [{ enosys: 1, run: 'r', decisions: { 'a/b': [1] } }, 'got [1]'],
    [{ enosys: 1, run: 'r', decisions: { 'a/b': Number.NaN } }, 'a.yaml: decisions.a/b: expected'],
  ])('%j is refused in words: %s', (data, words) => {
    expect(() => fromData(data, 'a.yaml')).toThrow(UsageError)
    expect(() => fromData(data, 'a.yaml')).toThrow(words)
  })
})

describe('a trace', () => {
  it('has a digest of all its events and their order, the same on every machine', () => {
    const trace = new Trace()
    expect(trace.digest()).toMatchInlineSnapshot(`"e3b0c44298fc1c14"`)
    trace.add({ kind: 'boot', at: 0, boot: 1, user: 'ana' })
    trace.add({ kind: 'reply', at: 12.5, job: 'pay-1', text: 'Bezahlt: 3 €' })
    expect(trace.digest()).toMatchInlineSnapshot(`"bd999d332517a127"`)
    const turned = new Trace()
    for (const event of trace.events.toReversed()) turned.add(event)
    expect(turned.digest()).not.toBe(trace.digest())
  })
})

describe('token counts', () => {
  it('are those of o200k_base', () => {
    const { count } = tokens()
    expect(count('')).toBe(0)
    expect(count('hello world')).toBe(2)
    expect(count('The review board confirmed the delivery note.')).toBe(8)
    expect(count('[[fact:port=8080]]')).toMatchInlineSnapshot(`8`)
  })

  it('take the name of a special token for text', () => {
    expect(tokens().count('a file that says <|endoftext|>')).toBeGreaterThan(8)
  })

  it('do not depend on what was counted before, nor on the room for it', () => {
    const [roomy, small] = [tokens(), tokens(200)]
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 20 })), (texts) => {
        for (const text of [...texts, ...texts]) expect(small.count(text)).toBe(roomy.count(text))
      }),
      { numRuns: 30 },
    )
  })
})
