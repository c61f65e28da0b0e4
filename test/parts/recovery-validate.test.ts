// Arguments against a schema: what is found wrong, where, and in which words; what is converted.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coerced, inWords, problemsOf } from '../../harnesses/hands/validate.ts'

const SCHEMA = {
  type: 'object',
  properties: {
    path: { type: 'string' },
    mode: { type: 'string', enum: ['r', 'w'] },
    edits: {
      type: 'array',
      items: { type: 'object', properties: { old: { type: 'string' } }, required: ['old'] },
    },
    limit: { type: ['integer', 'null'] },
  },
  required: ['path'],
  additionalProperties: false,
}

const words = (value: unknown, root?: string): string[] =>
  problemsOf(SCHEMA, value).map((problem) => inWords(problem, root))

describe('problems', () => {
  it('are none where the value fits', () => {
    expect(words({ path: 'a', mode: 'r', edits: [{ old: 'x', more: 1 }], limit: null })).toEqual([])
  })

  it('are told in the words of ajv, at their place', () => {
    expect(words({ mode: 'x', edits: [{ old: 1 }, {}], limit: 1.5, all: true })).toEqual([
      "must have required property 'path'",
      'mode must be equal to one of the allowed values',
      'edits/0/old must be string',
      "edits/1 must have required property 'old'",
      'limit must be integer,null',
      'must NOT have additional properties',
    ])
    expect(words({ path: 1 }, 'params')).toEqual(['params/path must be string'])
    expect(words({}, 'params')).toEqual(["params must have required property 'path'"])
    expect(words('a')).toEqual(['must be object'])
  })

  it('are not fooled by names that every object has', () => {
    expect(words(JSON.parse('{"path":"a","constructor":1,"__proto__":2}'))).toEqual([
      'must NOT have additional properties',
      'must NOT have additional properties',
    ])
    expect(problemsOf({ type: 'object', required: ['toString'] }, {})).toHaveLength(1)
  })
})

describe('coercion', () => {
  it('never throws, keeps what fits, and is done at once', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (schema, value) => {
        expect(() => problemsOf(schema, value)).not.toThrow()
        const once = coerced(SCHEMA, value)
        expect(coerced(SCHEMA, once)).toEqual(once)
        if (problemsOf(SCHEMA, value).length === 0) expect(once).toEqual(value)
        expect(() => coerced(schema, value)).not.toThrow()
      }),
    )
  })

  it('does not go into what no schema speaks of, however deep it is', () => {
    let deep: unknown = 'x'
    for (let i = 0; i < 20_000; i++) deep = [deep]
    expect(coerced({}, deep)).toBe(deep)
    const held = coerced({ properties: { n: { type: 'integer' } } }, { n: '7', deep })
    expect((held as { n: unknown }).n).toBe(7)
  })

  it('takes the first type of several that can be had', () => {
    expect(coerced({ type: ['integer', 'null'] }, '7')).toBe(7)
    expect(coerced({ type: ['integer', 'null'] }, 'null')).toBe(null)
    expect(coerced({ type: ['string', 'integer'] }, '7')).toBe('7')
  })
})
