// What becomes of a call that cannot be run as spoken: the words of every part, what the history shows
// afterwards, and that nothing is run but by those that say so.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Part } from '../../harnesses/kernel.ts'
import { part } from '../../harnesses/kernel.ts'
import coerceTypes from '../../harnesses/parts/recovery/coerce-types.ts'
import nearestName from '../../harnesses/parts/recovery/nearest-name.ts'
import repairJson from '../../harnesses/parts/recovery/repair-json.ts'
import requery from '../../harnesses/parts/recovery/requery.ts'
import strict from '../../harnesses/parts/recovery/strict.ts'
import terse from '../../harnesses/parts/recovery/terse.ts'
import oneAction from '../../harnesses/parts/turn/one-action.ts'
import { drawn, house, kernelNamed, ofKind, play } from '../machine/rig.ts'
import { call, END, faultsIn, read, says, told, walk } from './scripted.ts'

type Recovery = Part<'recovery'>
const all = (await house.catalog.all('part')) as Map<string, Part>
const parts = [...all].filter(([, { slot }]) => slot === 'recovery') as [string, Recovery][]
const named = (name: string): Recovery => {
  const found = parts.find(([id]) => id === `recovery/${name}`)?.[1]
  if (found === undefined) throw new TypeError(`no part ${name}`)
  return found
}

const SPOKEN = {
  unknown: call('c1', 'write_files', { path: 'b.txt', content: 'x' }),
  case: call('c1', 'Read_File', { path: 'a.txt' }),
  cut: call('c1', 'write_file', '{"path":"b.txt","content":"half a'),
  garbage: call('c1', 'read_file', '{"path": read me, ]}'),
  type: call('c1', 'read_file', { path: { is: 'a.txt' } }),
  missing: call('c1', 'write_file', { path: 'b.txt' }),
} as const
type Case = keyof typeof SPOKEN

/** What a part makes of one bad call: what the model is shown next, what was run, how it ended. */
async function made(recovery: Recovery, of: Case): Promise<string> {
  const { requests, ran, reply, ending, conversation } = await walk({ recovery }, [
    says('', SPOKEN[of]),
  ])
  expect(faultsIn(conversation.messages)).toEqual([])
  const shown = told(requests[1]?.messages ?? [])
  return [...shown, `ran ${ran.join(', ')}`, `${ending?.kind}: ${reply}`].join('\n')
}

describe.each(parts)('%s', (name, recovery) => {
  it('says what it says', async () => {
    for (const of of Object.keys(SPOKEN) as Case[])
      expect(await made(recovery, of)).toMatchSnapshot(of)
  })

  it('leaves what a strict provider takes, whatever a model says', async () => {
    const hostile = await house.profile('hostile')
    const id = name.replace('/', '=')
    for (const base of ['loop', 'micro'])
      for (const chance of ['1', '2', '3']) {
        const kernel = await kernelNamed(`${base}+${id}`)
        const instance = await drawn('phantom-calls/malformed')
        const { trace, ending } = await play({ kernel, instance, profile: hostile, chance })
        const refused = ofKind(trace, 'refusal').filter(({ status }) => status === 400)
        expect(refused.filter(({ code }) => code === 'invalid_request_error')).toEqual([])
        if (name !== 'recovery/throws') expect(['done', 'stuck']).toContain(ending?.kind)
      }
  })

  it('runs nothing that was cut off, but where it repairs', async () => {
    const { ran, trace } = await walk({ recovery }, [says('', SPOKEN.cut)])
    expect(ran.length).toBe(name === 'recovery/repair-json' ? 1 : 0)
    expect(ofKind(trace, 'effect').length).toBe(ran.length)
  })

  it.skipIf(name === 'recovery/throws')('never throws, whatever is said', async () => {
    const word = fc.oneof(fc.constantFrom('read_file', 'constructor', '__proto__', ''), fc.string())
    const args = fc.oneof(
      fc.json(),
      fc.string(),
      fc.json().map((text) => text.slice(0, -1)),
      fc.constantFrom('{"__proto__":1}', '{"constructor":{}}', 'null', '[]', ''),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(word, args), { maxLength: 3 }), async (spoken) => {
        const calls = spoken.map(([tool, text], i) => call(`c${i}`, tool, text))
        const { ending, conversation } = await walk({ recovery }, [says('', ...calls)])
        expect(ending).toEqual({ kind: 'done' })
        expect(faultsIn(conversation.messages)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('list-tools, catalogue-once, catalogue-each-time', () => {
  const twice = [1, 2, 3].map((n) => says('', call(`c${n}`, 'save')))
  const lengths = async (name: string): Promise<number[]> => {
    const { conversation } = await walk({ recovery: named(name) }, twice)
    const results = conversation.messages.filter(({ role }) => role === 'tool')
    return results.map(({ content }) => content.length)
  }

  it('tell the names each time, the catalogue once, the catalogue each time', async () => {
    const [first = 0, ...others] = await lengths('catalogue-once')
    expect(new Set(others).size).toBe(1)
    expect(first).toBeGreaterThan(2 * (others[0] ?? 0))
    expect(new Set(await lengths('list-tools')).size).toBe(1)
    const each = await lengths('catalogue-each-time')
    expect(new Set(each).size).toBe(1)
    expect(each[0]).toBeGreaterThan(first)
  })

  it('tell it once to an answer with two unknown tools, and anew to another job', async () => {
    const [both] = [says('', call('c1', 'save'), call('c2', 'load'))]
    const { conversation } = await walk({ recovery: named('catalogue-once') }, [both])
    const results = conversation.messages.filter(({ role }) => role === 'tool')
    expect(results.map(({ content }) => content.includes('- read_file: '))).toEqual([true, false])
  })
})

describe('nearest-name', () => {
  const suggested = async (name: string, suggestions = 3): Promise<string> => {
    const recovery = nearestName.with({ suggestions })
    const { requests } = await walk({ recovery }, [says('', call('c1', name))])
    return requests[1]?.messages.at(-1)?.content.split('registered.')[1] ?? ''
  }

  it('names those that share words and first letters', async () => {
    expect(await suggested('write_files')).toMatch(/^ Did you mean one of: "write_file", /)
    expect(await suggested('fileWrite')).toMatch(/^ Did you mean one of: "write_file", /)
    expect(await suggested('readfile')).toMatch(/^ Did you mean one of: "read_file", /)
    expect(await suggested('list_payment')).toMatch(/^ Did you mean one of: "list_payments", /)
  })

  it('names so many as it is told to', async () => {
    expect(await suggested('write_files', 1)).toBe(' Did you mean "write_file"?')
    expect(await suggested('write_files', 0)).toBe('')
  })
})

describe('requery', () => {
  const bad = (id: string) => says('I write.', call(id, 'write_files', {}))
  const submitting = part({
    slot: 'tools',
    about: 'the world and a tool to hand the work in',
    source: 'none',
    policy: {
      open(c) {
        c.tools = [...c.tools, { name: 'submit', inputSchema: { type: 'object', properties: {} } }]
      },
      run: (one, _, next) =>
        one.name === 'submit' ? Promise.resolve({ text: 'diff', isError: false }) : next(one),
    },
  })

  it('asks again with the bad answer in text and what was wrong, and keeps neither', async () => {
    const { requests, conversation, ran } = await walk({ recovery: requery }, [
      bad('c1'),
      says('', read('c2')),
    ])
    expect(told(requests[1]?.messages ?? [])).toEqual([
      'assistant: I write.',
      "user: Your action could not be parsed properly: Command 'write_files' not found in list of available commands..",
    ])
    expect(told(conversation.messages)).toEqual([
      'assistant:  (read_file {"path":"a.txt"})',
      'tool: alpha',
      `assistant: ${END}`,
    ])
    expect([ran.length, conversation.turns]).toEqual([1, 2])
  })

  it('shows the newest bad answer alone, not those before it', async () => {
    const { requests } = await walk({ recovery: requery }, [bad('c1'), bad('c2'), says(END)])
    expect(requests.map(({ messages }) => messages.length)).toEqual([2, 4, 4])
  })

  it('ends the job at the third bad answer in a row, and counts anew after a good one', async () => {
    const three = await walk({ recovery: requery }, [bad('c1'), bad('c2'), bad('c3')])
    expect([three.reply, three.requests.length]).toEqual(['Stopped: exit due to format error', 3])
    const parted = [bad('c1'), bad('c2'), says('', read('r')), bad('c3'), bad('c4')]
    expect((await walk({ recovery: requery }, parted)).reply).toBe(END)
    const two = await walk({ recovery: requery.with({ maxRequeries: 2 }) }, [bad('c1'), bad('c2')])
    expect(two.requests.length).toBe(2)
  })

  it('knows six codes', async () => {
    const slots = { recovery: requery, tools: submitting, turn: oneAction }
    const wrong = async (
      ...calls: Parameters<typeof says> extends [string, ...infer C] ? C : never
    ) => (await walk(slots, [says('Hm.', ...calls)])).requests[1]?.messages.at(-1)?.content
    expect(await wrong()).toMatch(/^Your last output did not use any tool calls!\n/)
    expect(await wrong(read('a'), read('b'))).toBe(
      'Your last output included multiple tool calls!\nPlease make sure your output includes a thought and exactly _ONE_ function call.',
    )
    expect(await wrong(call('a', 'look'))).toMatch(/Command 'look' not found in list/)
    expect(await wrong(call('a', 'read_file', '{"path'))).toMatch(/are not valid JSON\.\.$/)
    expect(await wrong(call('a', 'write_file', { path: 'b' }))).toMatch(
      /: Required argument\(s\) missing: content\.$/,
    )
    expect(await wrong(call('a', 'read_file', { path: 'b', all: true }))).toMatch(
      /: Unexpected argument\(s\): all\.\nMake sure your function call doesn't include any extra/,
    )
  })

  it('takes an answer without a call for bad only where work can be handed in', async () => {
    expect((await walk({ recovery: requery }, [says('All done.')])).reply).toBe('All done.')
    const { reply, requests } = await walk({ recovery: requery, tools: submitting }, [
      says('1'),
      says('2'),
      says('3'),
    ])
    expect([reply, requests.length]).toEqual(['Stopped: exit due to format error', 3])
  })
})

describe('reroute', () => {
  it('leaves a call of `invalid` in the history that says what was asked for', async () => {
    const { conversation } = await walk({ recovery: named('reroute') }, [says('', SPOKEN.unknown)])
    const [shown] = conversation.messages[2]?.calls ?? []
    expect([shown?.id, shown?.name]).toEqual(['c1', 'invalid'])
    expect(JSON.parse(shown?.args ?? '')).toMatchObject({ tool: 'write_files' })
  })
})

describe('coerce-types', () => {
  const typed = part({
    slot: 'tools',
    about: 'one tool with all types',
    source: 'none',
    policy: {
      open(c) {
        const of = (type: string | string[]) => ({ type })
        const properties = {
          n: of('number'),
          i: of('integer'),
          b: of('boolean'),
          s: of('string'),
          u: of(['string', 'null']),
          many: { type: 'array', items: of('integer') },
          o: { type: 'object', properties: { n: of('number') } },
        }
        c.tools = [{ name: 'take', inputSchema: { type: 'object', properties } }]
      },
      run: async ({ args }) => ({ text: JSON.stringify(args), isError: false }),
    },
  })
  const taken = async (args: unknown, recovery: Part<'recovery'> | Part<'recovery'>[]) => {
    const { conversation } = await walk({ recovery, tools: typed }, [
      says('', call('c', 'take', args)),
    ])
    const [spoken, result] = conversation.messages.slice(2)
    return { kept: spoken?.calls?.[0]?.args, got: result?.content ?? '' }
  }

  it('converts what can be converted, inside lists and objects too', async () => {
    const { got } = await taken(
      { n: '5.5', i: '5.7', b: 'true', s: 7, u: 'x', many: ['1', 2], o: { n: '3' } },
      coerceTypes,
    )
    expect(JSON.parse(got)).toEqual({
      n: 5.5,
      i: 5,
      b: true,
      s: '7',
      u: 'x',
      many: [1, 2],
      o: { n: 3 },
    })
    expect(
      JSON.parse((await taken({ n: true, i: false, b: 0, s: false }, coerceTypes)).got),
    ).toEqual({
      n: 1,
      i: 0,
      b: false,
      s: 'false',
    })
  })

  it('leaves alone what cannot be, and what no schema speaks of', async () => {
    const odd = { n: 'five', i: '', b: 'yes', s: { a: 1 }, many: 'x', other: '5' }
    expect(JSON.parse((await taken(odd, coerceTypes)).got)).toEqual(odd)
  })

  it('stands around another part, and keeps what that shows', async () => {
    const { kept, got } = await taken('{"n":"5","s":"whole","b":"tr', [repairJson, coerceTypes])
    expect(JSON.parse(kept ?? '')).toEqual({ n: '5', s: 'whole', b: 'tr' })
    expect(JSON.parse(got)).toEqual({ n: 5, s: 'whole', b: 'tr' })
    expect((await taken('{"n":"5","s":"wh', [strict, coerceTypes])).got).toMatch(/^Error: the arg/)
    expect((await taken('{', [terse, coerceTypes])).got).toBe('Error: invalid arguments')
  })
})

describe('what is JSON and no object', () => {
  it.each(['null', '[]', '["a.txt"]', '"a.txt"', '7'])('is not run: %s', async (args) => {
    for (const slots of [{ recovery: strict }, {}]) {
      const { ran, conversation } = await walk(slots, [says('', call('c', 'read_file', args))])
      expect(ran).toEqual([])
      const [result] = conversation.transcript.filter(({ role }) => role === 'tool')
      expect(result).toMatchObject({ isError: true })
      expect(result?.content).toMatch(/not an object|^Error: invalid arguments/)
    }
  })
})

describe('known faults', () => {
  it('silent-end ends without a word where arguments are no JSON', async () => {
    const { reply, conversation, ran } = await walk({ recovery: named('silent-end') }, [
      says('', SPOKEN.cut),
    ])
    expect([reply, ran, conversation.turns]).toEqual(['', [], 1])
    expect(told(conversation.messages)).toEqual(['assistant: '])
  })

  it('silent-end forgets the bad call where another one is good', async () => {
    const { conversation, ran } = await walk({ recovery: named('silent-end') }, [
      says('', read('c0'), SPOKEN.cut),
    ])
    expect(ran).toEqual(['read_file {"path":"a.txt"}'])
    expect(told(conversation.messages)[0]).toBe('assistant:  (read_file {"path":"a.txt"})')
  })

  it('throws crashes the harness at an unknown tool', async () => {
    const { ending, reply } = await walk({ recovery: named('throws') }, [says('', SPOKEN.unknown)])
    expect(ending).toEqual({
      kind: 'crash',
      reason: 'threw: Tool write_files not found in agent Agent.',
    })
    expect(reply).toBe('')
  })

  it('runs-nearest takes any unknown name for the nearest one, and shows it so', async () => {
    const { ran, conversation } = await walk({ recovery: named('runs-nearest') }, [
      says('', call('c', 'fetch_file', '{"path":"a.txt"}')),
      says('', call('d', 'read_file', '{"path":')),
    ])
    expect(ran).toEqual(['read_file {"path":"a.txt"}'])
    const lines = told(conversation.messages)
    expect(lines[0]).toBe('assistant:  (read_file {"path":"a.txt"})')
    expect(lines.join('\n')).toContain('not valid JSON')
  })
})
