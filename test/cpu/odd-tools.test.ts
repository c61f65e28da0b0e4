// Tools come from outside, with schemas that may be anything: no behaviour throws at them, and a lapse of
// calls is always one that can be seen.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampled } from '../../sim/core/chance.ts'
import type { Tool } from '../../sim/core/message.ts'
import { tokens } from '../../sim/core/tokens.ts'
import type { Occasion } from '../../sim/cpu/behaviour.ts'
import type { Bound } from '../../sim/cpu/dialect.ts'
import { calledIn, inventedLike } from '../../sim/cpu/inventing.ts'
import { likeness, nameOf, wordsOf } from '../../sim/cpu/names.ts'
import { View } from '../../sim/cpu/read.ts'
import { KINDS, kindOf, kindsOf } from '../../sim/cpu/schema.ts'
import { Toolbox } from '../../sim/cpu/toolbox.ts'
import { house } from '../machine/rig.ts'
import { exchange, user } from './desk.ts'

const counted = tokens()
const typical = await house.profile('typical')

const ORDINARY = ['read_file', 'readFile', 'read-file', 'write_file', 'mcp__x__read', 'ls']
const names = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ORDINARY) },
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', ''),
)
const json = fc.jsonValue({ maxDepth: 2 })

const schemas: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ type: fc.oneof(fc.constantFrom(...KINDS, 'integer', 'date', 7), fc.array(json)) }),
    fc.record({ enum: fc.oneof(fc.array(json), json) }),
    fc.record({ const: json }),
    fc.record({ anyOf: fc.array(tie('schema'), { maxLength: 3 }) }),
    fc.record({ oneOf: tie('schema'), allOf: fc.array(tie('schema'), { maxLength: 2 }) }),
    fc.record({ $ref: fc.string() }),
    fc.anything({ maxDepth: 1 }),
  ),
})).schema

const inputs = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(names, schemas, { maxKeys: 4 }),
        required: fc.oneof(fc.array(names, { maxLength: 4 }), json),
        additionalProperties: fc.anything(),
      },
      { requiredKeys: ['type'] },
    ),
  },
  fc.anything({ maxDepth: 2 }),
)

/** As a request can bring them: nobody checked the schema. */
const tools = fc.array(
  fc.record({ name: names, inputSchema: inputs }).map((tool) => tool as Tool),
  { maxLength: 6 },
)

/** What is meant is always bound to a tool that there is. */
const meant = fc.array(
  fc.record({ name: names, args: fc.dictionary(names, json, { maxKeys: 4 }), inputSchema: inputs }),
  { minLength: 1, maxLength: 3 },
)

const results = fc.oneof(
  fc.constantFrom('Unknown tool.', '{"name": "x", "arguments": {}}', 'Try open_it(1).'),
  fc.string({ maxLength: 60 }),
)

const occasions = fc
  .record({ tools, meant, result: results, isError: fc.boolean(), key: fc.string() })
  .map(({ tools: others, meant, result, isError, key }) => {
    const bound: Bound[] = meant.map(({ name, args }) => ({ name, args }))
    const own = meant.map(({ name, inputSchema }) => ({ name, inputSchema }) as Tool)
    const offered = [...own, ...others]
    const view = new View(counted)
    view.update([user('[[fact:port=80]]'), ...exchange('job-1.look.1', result, { isError })])
    const calls = bound.map(({ name, args }, n) => ({
      id: `job-1.s${n}.1`,
      name,
      args: JSON.stringify(args),
    }))
    return (id: string): Occasion => ({
      view,
      thought: {
        kind: 'act',
        job: 'job-1',
        step: 's0',
        occurrence: 1,
        acts: bound.map(({ args }, n) => ({ op: 'x', args, step: `s${n}`, occurrence: 1 })),
        says: '',
        needs: [{ fact: 'port', status: 'usable', value: '80' }],
        effect: 'read',
      },
      usual: { content: '', calls },
      bound,
      tools: offered,
      toolbox: new Toolbox(offered),
      params: typical.behaviours[id] ?? {},
      temperature: 1,
      load: 0,
      scale: 1,
      id: `job-1/s0/1/${id}`,
      chance: sampled(key, () => {}),
    })
  })

describe.each([...house.behaviours])('%s, whatever tools are offered', (id, behaviour) => {
  it('has odds or does not apply; as a lapse of calls it says something else', () => {
    fc.assert(
      fc.property(occasions, (at) => {
        const occasion = at(id)
        const weight = behaviour.weight(occasion)
        if (weight === null) return
        expect(weight).toBeGreaterThanOrEqual(0)
        expect(weight).toBeLessThan(Number.POSITIVE_INFINITY)
        const said = behaviour.apply(occasion.usual, occasion)
        expect(said.content).toBeTypeOf('string')
        for (const call of said.calls) {
          expect([call.id, call.name, call.args].map((part) => typeof part)).toEqual(
            Array(3).fill('string'),
          )
        }
        if (behaviour.of === 'call') expect(said).not.toEqual(occasion.usual)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a malformed call', () => {
  it('is never JSON, whatever its arguments', () => {
    fc.assert(
      fc.property(occasions, (at) => {
        const occasion = at('malformed-arguments')
        const { calls } = occasion.usual
        const said = house.behaviours.get('malformed-arguments')?.apply(occasion.usual, occasion)
        const changed = said?.calls.filter(({ args }, i) => args !== calls[i]?.args) ?? []
        expect(changed).toHaveLength(1)
        for (const { args } of changed) expect(() => JSON.parse(args)).toThrow()
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a wrong type', () => {
  it('is a kind that the schema does not admit', () => {
    fc.assert(
      fc.property(occasions, (at) => {
        const occasion = at('wrong-type')
        const behaviour = house.behaviours.get('wrong-type')
        if (behaviour === undefined || behaviour.weight(occasion) === null) return
        const said = behaviour.apply(occasion.usual, occasion)
        const [changed, ...more] = said.calls.flatMap((call, i) =>
          call.args === occasion.usual.calls[i]?.args ? [] : [{ call, bound: occasion.bound[i] }],
        )
        expect(more).toEqual([])
        const args = new Map<string, unknown>(Object.entries(JSON.parse(changed?.call.args ?? '')))
        const { kinds } = occasion.toolbox.parameters(changed?.call.name ?? '')
        const wrong = Object.entries(changed?.bound?.args ?? {}).filter(
          ([name, value]) => JSON.stringify(args.get(name)) !== JSON.stringify(value),
        )
        expect(wrong).toHaveLength(1)
        for (const [name] of wrong) expect(kinds.get(name)?.has(kindOf(args.get(name)))).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    [{ type: 'string' }, ['string']],
    [{ type: ['integer', 'null'] }, ['number', 'null']],
    [{ enum: ['a', 1] }, ['string', 'number']],
    [{ anyOf: [{ type: 'string' }, { type: 'array' }] }, ['string', 'array']],
    [{ allOf: [{ description: 'x' }, { const: true }] }, ['boolean']],
    [{ anyOf: [{ type: 'string' }, { $ref: '#/x' }] }, undefined],
    [{}, undefined],
    [true, undefined],
  ])('reads %j', (schema, kinds) => {
    const found = kindsOf(schema)
    expect(found && [...found]).toEqual(kinds)
  })
})

describe('names', () => {
  it('that are invented are never offered', () => {
    fc.assert(
      fc.property(names, tools, (name, offered) => {
        const box = new Toolbox(offered)
        for (const other of inventedLike(name, box)) {
          expect(box.has(other)).toBe(false)
          expect(other).not.toBe(name)
        }
      }),
    )
  })

  it('that are read in a text as called are not offered', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), tools, (text, offered) => {
        const box = new Toolbox(offered)
        const name = calledIn(`${text} read_file( ${text}`, box)
        if (name !== undefined) expect(box.has(name)).toBe(false)
        expect(name === undefined).toBe(box.has('read_file') && name === undefined)
      }),
    )
  })

  it('are alike by letters or words, alike both ways, and most like themselves', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        expect(likeness(a, b)).toBeCloseTo(likeness(b, a), 12)
        expect(likeness(a, a)).toBe(1)
        expect(likeness(a, b)).toBeGreaterThanOrEqual(0)
        expect(likeness(a, b)).toBeLessThanOrEqual(1)
      }),
    )
    expect(likeness('read_file', 'file_read')).toBe(1)
    expect(likeness('read_file', 'read_files')).toBeCloseTo(0.9, 12)
    expect(likeness('ls', 'compute')).toBe(0)
  })

  it('are made of words, and put together again as they were', () => {
    expect(wordsOf('mcp__gitHub-readFile2')).toEqual(['mcp', 'git', 'hub', 'read', 'file2'])
    for (const name of ['read_file', 'readFile', 'read-file'])
      expect(nameOf(wordsOf(name), name)).toBe(name)
  })
})
