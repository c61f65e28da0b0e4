// A three-way merge by lines: what it takes over, what it refuses, and what it never does.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { merge } from '../../harnesses/turns/merge.ts'

const BASE = 'a\nb\nc\nd\ne'

describe('a merge', () => {
  it.each([
    ['one side alone', 'a\nB\nc\nd\ne', BASE, 'a\nB\nc\nd\ne'],
    ['two places', 'A\nb\nc\nd\ne', 'a\nb\nc\nd\nE', 'A\nb\nc\nd\nE'],
    ['several places a side', 'A\nb\nc\nd\nE', 'a\nb\nC\nd\ne', 'A\nb\nC\nd\nE'],
    ['lines more and lines less', 'a\nx\ny\nb\nc\nd\ne', 'a\nb\nc\ne', 'a\nx\ny\nb\nc\ne'],
    ['the same on both sides', 'a\nX\nc\nd\ne', 'a\nX\nc\nd\ne', 'a\nX\nc\nd\ne'],
    ['the same, and more', 'a\nX\nc\nd\ne', 'a\nX\nc\nd\nE', 'a\nX\nc\nd\nE'],
  ])('takes over %s', (_name, mine, theirs, merged) => {
    expect(merge(BASE, mine, theirs)).toEqual({ text: merged })
    expect(merge(BASE, theirs, mine)).toEqual({ text: merged })
  })

  it.each([
    ['a line that both changed', 'a\nX\nc\nd\ne', 'a\nY\nc\nd\ne'],
    ['changes that touch', 'a\nX\nc\nd\ne', 'a\nb\nY\nd\ne'],
    ['two ends written to', `${BASE}\nx`, `${BASE}\ny`],
    ['a line changed here and removed there', 'a\nX\nc\nd\ne', 'a\nc\nd\ne'],
  ])('refuses %s', (_name, mine, theirs) => {
    expect(merge(BASE, mine, theirs)).toBeUndefined()
  })

  it('knows of files that are new or gone', () => {
    expect(merge(undefined, 'new', undefined)).toEqual({ text: 'new' })
    expect(merge(BASE, undefined, BASE)).toEqual({ text: undefined })
    expect(merge(BASE, BASE, undefined)).toEqual({ text: undefined })
    expect(merge(BASE, undefined, 'changed')).toBeUndefined()
    expect(merge(undefined, 'mine', 'theirs')).toBeUndefined()
  })

  it('is the same from either side, and loses no side', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 })
    const text = lines.map((some) => some.join('\n'))
    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        expect(merge(base, mine, base)).toEqual({ text: mine })
        expect(merge(base, mine, mine)).toEqual({ text: mine })
        expect(merge(base, mine, theirs)).toEqual(merge(base, theirs, mine))
      }),
      { numRuns: 2000 },
    )
  })

  it('applies changes where no line of one side is near the other', () => {
    const part = fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 4 })
    fc.assert(
      fc.property(part, part, part, part, (top, bottom, mine, theirs) => {
        const text = (a: readonly string[], b: readonly string[]) =>
          [...a, '1', '2', '3', ...b].join('\n')
        const merged = merge(text(top, bottom), text(mine, bottom), text(top, theirs))
        expect(merged).toEqual({ text: text(mine, theirs) })
      }),
      { numRuns: 1000 },
    )
  })
})
