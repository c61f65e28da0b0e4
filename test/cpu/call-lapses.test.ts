// How calls go wrong: what makes each lapse likelier or less likely, each effect with its one parameter; and
// what then is said.
import { describe, expect, it } from 'vitest'
import type { Message, ToolCall } from '../../sim/core/message.ts'
import { odds } from '../../sim/cpu/index.ts'
import { house } from '../machine/rig.ts'
import { exchange, TOOLS } from './desk.ts'
import {
  crowd,
  failure,
  forcedAt,
  type Given,
  labelsAt,
  named,
  ONE,
  ORDER,
  paramOf,
  phantom,
  TWO,
  weightsAt,
  withParams,
  withProvokes,
} from './lapse-rig.ts'

const OF_CALLS = [...house.behaviours].filter(([, { of }]) => of === 'call').map(([id]) => id)

/** How many times likelier (odds) a lapse is at one window than at another. */
const times = (
  id: string,
  [here, there]: readonly [readonly Message[], readonly Message[]],
  given: Given = {},
): number => (weightsAt(here, given).get(id) ?? NaN) / (weightsAt(there, given).get(id) ?? NaN)

const argsOf = ({ args }: ToolCall): unknown => JSON.parse(args)

describe('the odds of a phantom', () => {
  const few = [...TOOLS, ...crowd(10 - TOOLS.length)]
  const many = [...TOOLS, ...crowd(100 - TOOLS.length)]
  const at = (tools: typeof TOOLS, set: Record<string, number> = {}): number =>
    weightsAt(ONE, { tools, profile: withParams('phantom-tool', set) }).get('phantom-tool') ?? NaN

  it('are those of its rate among ten tools, and grow with their number', () => {
    expect(at(few)).toBeCloseTo(odds(paramOf('phantom-tool', 'rate')), 12)
    const slope = paramOf('phantom-tool', 'registry')
    expect(at(many) / at(few)).toBeCloseTo(Math.exp(slope * Math.log(10)), 9)
    expect(at(many)).toBeGreaterThan(at(few))
  })

  it('do not, where the slope is 0', () => {
    expect(at(many, { registry: 0 })).toBe(at(few, { registry: 0 }))
  })

  it('are those of its persistence right after one, and of its rate after anything else', () => {
    const after = (messages: readonly Message[]) => weightsAt(messages).get('phantom-tool')
    const persistent = odds(paramOf('phantom-tool', 'persistence'))
    expect(after([ORDER, ...phantom('Error.')])).toBeCloseTo(persistent, 9)
    const parallel = [...phantom('Error.'), ...failure('job-1.look.2')]
    const [call, result, other, answer] = parallel as [Message, Message, Message, Message]
    const together = { ...call, calls: [...(call.calls ?? []), ...(other.calls ?? [])] }
    expect(after([ORDER, together, result, answer])).toBeCloseTo(persistent, 9)
    expect(after([ORDER, ...phantom('Error.'), ...failure('job-1.look.2')])).toBeLessThan(0.1)
  })

  const LISTS = `Unknown tool: open_file. There are: ${TOOLS.map(({ name }) => name).join(', ')}.`
  const ANSWERS: [string, string, string | undefined][] = [
    ['lists the tools', LISTS, 'listed'],
    ['names the nearest', 'Unknown tool: open_file. Did you mean read_file?', 'named'],
    ['names what only contains one', 'Unknown tool: reread_file_now.', undefined],
    ['says nothing', 'Unknown tool: open_file.', undefined],
  ]

  it.each(ANSWERS)('are as its one parameter says where the error %s', (_says, answer, param) => {
    const windows = [phantom(answer), phantom('Error.')].map((last) => [ORDER, ...last])
    const [here = [], there = []] = windows
    const ratio = (set: Record<string, number>): number =>
      times('phantom-tool', [here, there], { profile: withParams('phantom-tool', set) })
    expect(ratio({})).toBeCloseTo(param === undefined ? 1 : paramOf('phantom-tool', param), 9)
    if (param !== undefined) expect(ratio({})).toBeLessThan(1)
    if (param !== undefined) expect(ratio({ [param]: 1 })).toBeCloseTo(1, 9)
  })

  const TEXTS: [string, string, string | undefined][] = [
    ['a call as XML', 'Use <invoke name="send_mail"> here.', 'send_mail'],
    ['a call as a tag', '<function=send_mail>{"to":"x"}</function>', 'send_mail'],
    ['a call as JSON', '{"name": "send_mail", "arguments": {"to": "x"}}', 'send_mail'],
    ['a call as code', 'First call send_mail(to="x").', 'send_mail'],
    ['a call of a tool there is', 'First call read_file(path="x").', undefined],
    ['a bracket in prose', 'The mail (of today) was sent. No send_mail here.', undefined],
    ['a tag of another sort', '<div name="send_mail">', undefined],
  ]

  it.each(TEXTS)('are as its one parameter says after a result with %s', (_of, text, name) => {
    const other = (result: string) => [ORDER, ...exchange('x', result)]
    const windows = [other(text), other('Nothing.')] as const
    const ratio = (set: Record<string, number>): number =>
      times('phantom-tool', windows, { profile: withParams('phantom-tool', set) })
    expect(ratio({ primed: 7 })).toBeCloseTo(name === undefined ? 1 : 7, 9)
    expect(ratio({ primed: 1 })).toBe(1)
    if (name === undefined) return
    const lapse = 'job-1/look/1/phantom-tool'
    const said = forcedAt(windows[0], {
      'job-1/look/1/lapse': 'phantom-tool',
      [`${lapse}/primed-name`]: true,
    })
    expect(said.calls[0]?.name).toBe(name)
    const old = [...windows[0], ...exchange('y', 'Nothing.')]
    expect(times('phantom-tool', [old, windows[1]])).toBe(1)
  })
})

describe('a phantom', () => {
  const LAPSE = { 'job-1/look/1/lapse': 'phantom-tool' }

  const NAME = 'job-1/look/1/phantom-tool/name'

  it('has a name from the vocabulary of the registry, and none that is offered', () => {
    const names = labelsAt(ONE, LAPSE, NAME)
    expect(names).toEqual(expect.arrayContaining(['file_read', 'read_payment', 'read_files']))
    expect(names).toEqual(expect.arrayContaining(['open_file', 'make_file']))
    for (const { name } of TOOLS) expect(names).not.toContain(name)
    for (const name of names)
      expect(forcedAt(ONE, { ...LAPSE, [NAME]: name }).calls[0]?.name).toBe(name)
  })

  it('bears the same name again, or varies it', () => {
    const after = [ORDER, ...phantom('Error.')]
    const same = { ...LAPSE, 'job-1/look/1/phantom-tool/same-name': true }
    expect(forcedAt(after, same).calls[0]?.name).toBe('open_file')
    const other = forcedAt(after, LAPSE).calls[0]?.name
    expect(other).toMatch(/file|open/)
    expect(other).not.toBe('open_file')
  })

  it.each([
    ['readFile', 'listFolders', ['listFile', 'fileRead', 'readFolders', 'readFiles']],
    ['read_file', 'list_folders', ['list_file', 'file_read', 'read_folders', 'read_files']],
    ['read', 'ls', ['ls_file', 'file_read', 'read_files']],
  ])('is written as %s is', (own, other, likely) => {
    const names = labelsAt(ONE, LAPSE, NAME, { tools: [named(own), named(other)] })
    expect(names).toEqual(expect.arrayContaining(likely))
  })

  it('plan is two to four calls, or only written down, of tools that do not exist', () => {
    const lapse = 'job-1/look/1/phantom-plan'
    for (const steps of ['2', '3', '4']) {
      const forced = { 'job-1/look/1/lapse': 'phantom-plan', [`${lapse}/steps`]: steps }
      const { calls } = forcedAt(ONE, forced)
      expect(calls).toHaveLength(Number(steps))
      expect(new Set(calls.map(({ id }) => id)).size).toBe(Number(steps))
      for (const call of calls) {
        expect(TOOLS.map(({ name }) => name)).not.toContain(call.name)
        expect(argsOf(call)).toBeTypeOf('object')
        expect(call.id).not.toMatch(/^job-1\.(look|note|copy)\./)
      }
      const written = forcedAt(ONE, { ...forced, [`${lapse}/form`]: 'written' })
      expect(written.calls).toEqual([])
      for (const { name } of calls) expect(written.content).toContain(`${name}(`)
    }
  })

  it('plan is likelier the more a model reasons', () => {
    const at = (reasoning: number) =>
      weightsAt(ONE, { profile: withParams('phantom-plan', { reasoning }) }).get('phantom-plan')
    expect(at(1)).toBeCloseTo(odds(paramOf('phantom-plan', 'rate')), 12)
    expect((at(5) ?? NaN) / (at(1) ?? NaN)).toBeCloseTo(5, 9)
  })
})

describe('a lookalike', () => {
  const LAPSE = { 'job-1/look/1/lapse': 'lookalike-tool' }
  const read = TOOLS.filter(({ name }) => name === 'read_file')
  const at = (neighbour: string, set: Record<string, number> = {}) =>
    weightsAt(ONE, {
      tools: [...read, named(neighbour)],
      profile: withParams('lookalike-tool', set),
    }).get('lookalike-tool')

  it('is called for the right tool the likelier, the nearer its name', () => {
    const [far = NaN, near = NaN, nearest = NaN] = ['view_file', 'read_files', 'read_filex'].map(
      (name) => at(name),
    )
    expect(far).toBeLessThan(near)
    expect(near).toBe(nearest)
    expect(at('view_file', { likeness: 0 })).toBe(at('read_files', { likeness: 0 }))
    expect(at('view_file', { likeness: 0 })).toBeCloseTo(odds(paramOf('lookalike-tool', 'rate')))
  })

  it('is not where no name is near', () => {
    expect(at('compute')).toBeUndefined()
    expect(at('compute', { from: 0 })).toBeDefined()
    expect(weightsAt(ONE, { tools: read }).get('lookalike-tool')).toBeUndefined()
  })

  it('gets the arguments that it has, and no others', () => {
    const fileId = { type: 'object' as const, properties: { id: { type: 'string' } } }
    const [own] = forcedAt(ONE, LAPSE, { tools: [...read, named('read_files')] }).calls
    expect([own?.name, own?.args]).toEqual(['read_files', '{"path":"p.txt"}'])
    const other = { name: 'read_files', inputSchema: fileId }
    const [none] = forcedAt(ONE, LAPSE, { tools: [...read, other] }).calls
    expect([none?.name, none?.args]).toEqual(['read_files', '{}'])
  })
})

describe('failures', () => {
  const ok = (id: string) => exchange(id, 'Nothing here.')
  const CLEAN = [ORDER, ...ok('x')]

  it.each(OF_CALLS)('that are kept make the next likelier, by one parameter: %s', (id) => {
    const kept = [ORDER, ...failure(), ...failure('job-1.look.2'), ...ok('x')]
    const profile = withProvokes({ kept: 3, failed: 7 })
    const two = Math.exp(Math.log(3) * Math.log(3))
    if (weightsAt(CLEAN).has(id)) expect(times(id, [kept, CLEAN], { profile })).toBeCloseTo(two, 9)
    const parallel = [...kept, ...exchange('job-1.look.3', '[[fact:port=1]]')]
    const clean = [...CLEAN, ...exchange('job-1.look.3', '[[fact:port=1]]')]
    expect(times(id, [parallel, clean], { profile })).toBeCloseTo(two, 9)
    expect(times(id, [parallel, clean], { profile: withProvokes({ kept: 1 }) })).toBe(1)
  })

  it.each(OF_CALLS)('that are the newest make the next likelier, by one parameter: %s', (id) => {
    const learned = exchange('job-1.look.1', '[[fact:port=1]]')
    const failed = [ORDER, ...learned, ...failure('x')]
    const went = [ORDER, ...learned, ...ok('x')]
    const only = (factor: number) => ({ profile: withProvokes({ kept: 1, failed: factor }) })
    expect(times(id, [failed, went], only(7))).toBeCloseTo(7, 9)
    expect(times(id, [failed, went], only(1))).toBe(1)
    expect(times(id, [[...failed, ...ok('y')], went], only(7))).toBe(1)
  })

  it('are in what was measured after a phantom already', () => {
    const after = [ORDER, ...phantom('Error.')]
    const at = (failed: number) => weightsAt(after, { profile: withProvokes({ kept: 1, failed }) })
    expect(at(7).get('phantom-tool')).toBe(at(1).get('phantom-tool'))
    expect(at(7).get('wrong-value')).toBeCloseTo(7 * (at(1).get('wrong-value') ?? NaN), 9)
  })

  it('can make the next less likely, down to never', () => {
    const never = withProvokes({ kept: 0, failed: 0 })
    const weights = weightsAt([ORDER, ...failure()], { profile: never })
    for (const id of ['malformed-arguments', 'wrong-value']) expect(weights.get(id)).toBe(0)
    expect(weightsAt(CLEAN, { profile: never }).get('wrong-value')).toBeGreaterThan(0)
  })
})

describe('arguments', () => {
  const lapse = (id: string, details: Record<string, string | number> = {}) =>
    Object.fromEntries([
      ['job-1/note/1/lapse', id],
      ...Object.entries(details).map(([site, value]) => [`job-1/note/1/${id}/${site}`, value]),
    ])
  const GOOD = { path: 'note.txt', content: 'port 8080' }
  const first = (id: string, details: Record<string, string | number> = {}) =>
    forcedAt(TWO, lapse(id, { call: 'note', ...details })).calls

  it.each([
    ['cut-in-a-string', '{"path":"note.txt","content":"port'],
    ['cut-before-the-brackets', '{"path":"note.txt","content":"port 8080"'],
    ['trailing-comma', '{"path":"note.txt","content":"port 8080",}'],
    ['single-quotes', "{'path':'note.txt','content':'port 8080'}"],
    ['unquoted', '{path:note.txt,content:port 8080}'],
    ['fenced', '```json\n{"path":"note.txt","content":"port 8080"}\n```'],
    [
      'doubled',
      '{"path":"note.txt","content":"port 8080"}{"path":"note.txt","content":"port 8080"}',
    ],
  ])('are malformed: %s', (shape, args) => {
    const [call, other] = first('malformed-arguments', { shape })
    expect(call?.args).toBe(args)
    expect(() => JSON.parse(args)).toThrow()
    expect(other?.args).toBe('{"path":"copy.txt","content":"port 8080 again"}')
  })

  it('have the wrong value of a fact, where they say one', () => {
    const [call] = first('wrong-value')
    expect(call && argsOf(call)).toEqual({ ...GOOD, content: 'port 8800' })
    const rivals = [...TWO, ...exchange('x', 'Also [[fact:other-port=9999]].')]
    const forced = lapse('wrong-value', { call: 'note', value: '9999' })
    expect(forcedAt(rivals, forced).calls.map(argsOf)[0]).toEqual({ ...GOOD, content: 'port 9999' })
  })

  it('have a slip where they say no fact', () => {
    const { calls } = forcedAt(ONE, { 'job-1/look/1/lapse': 'wrong-value' })
    expect(calls.map(argsOf)).toEqual([{ path: 'p.txtt' }])
  })

  it.each([
    ['in-a-list', ['port 8080']],
    ['in-an-object', { value: 'port 8080' }],
    ['null', null],
  ])('are of the wrong type: %s', (form, content) => {
    const [call] = first('wrong-type', { argument: 'content', form })
    expect(call && argsOf(call)).toEqual({ ...GOOD, content })
  })

  it('are one too few, or one too many', () => {
    const [fewer] = first('missing-argument', { argument: 'path' })
    expect(fewer && argsOf(fewer)).toEqual({ content: GOOD.content })
    const [more] = first('extra-argument', { argument: 'encoding' })
    expect(more && argsOf(more)).toEqual({ ...GOOD, encoding: 'utf-8' })
    const [foreign] = first('extra-argument', { argument: 'payee' })
    expect(foreign && argsOf(foreign)).toEqual({ ...GOOD, payee: true })
  })

  it.each(['note', 'copy'])('%s of two calls is not made, and comes later', (step) => {
    const other = step === 'note' ? 'copy' : 'note'
    const { calls } = forcedAt(TWO, lapse('dropped-parallel-call', { call: step }))
    expect(calls.map(({ id }) => id)).toEqual([`job-1.${other}.1`])
    expect(weightsAt(ONE).get('dropped-parallel-call')).toBeUndefined()
    const done = exchange(`job-1.${other}.1`, 'Wrote it.', { name: 'write_file' })
    expect(forcedAt([...TWO, ...done], {}).calls.map(({ id }) => id)).toEqual([`job-1.${step}.1`])
  })
})
