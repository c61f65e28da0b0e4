// Lapses of turns: what provokes each of them, by the odds that are asked and not by luck; what is said then;
// and answers that are cut off by their length.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Chance, competence, sampled } from '../../sim/core/chance.ts'
import type { Message, Request, Tool } from '../../sim/core/message.ts'
import { tokens } from '../../sim/core/tokens.ts'
import type { Profile, Program } from '../../sim/cpu/index.ts'
import { mostTokens, speak } from '../../sim/cpu/speak.ts'
import type { Utterance } from '../../sim/cpu/thought.ts'
import { house, instanceWith, ofKind, play, serving } from '../machine/rig.ts'
import { type Block, carefulEdits, edited } from './conversations.ts'
import { cpuWith, exchange, flawless, ship, TOOLS, user } from './desk.ts'

const TURNS = [...house.behaviours].flatMap(([id, { of }]) => (of === 'turn' ? [id] : []))

interface Case {
  readonly behaviour: string
  readonly params?: Readonly<Record<string, number>>
  readonly messages: readonly Message[]
  readonly tools?: readonly Tool[]
  readonly temperature?: number
  readonly load?: number
  readonly windowTokens?: number
  readonly programs?: readonly Program[]
  /** Answers to the questions about details, by the last part of their ids. */
  readonly details?: Readonly<Record<string, string | boolean>>
}

/** The behaviour at a rate of one half, its provocations as they are given. */
const lapsing = ({ behaviour, params }: Case): Profile => {
  const usual = Object.entries(house.behaviours.get(behaviour)?.params ?? {})
  const known = Object.fromEntries(usual.map(([name, { usual: value = 0 }]) => [name, value]))
  const of = { ...known, rate: 0.5, ...params }
  return { ...flawless, behaviours: { ...flawless.behaviours, [behaviour]: of } }
}

/** Asks once; the lapse happens where it can. Tells the odds of it, and what was said. */
function asking(of: Case) {
  const { behaviour, messages, tools = TOOLS, load = 0, windowTokens = 128_000, programs } = of
  let odds: number | undefined
  const chance: Chance = {
    flip: (id, p) => of.details?.[id.slice(id.lastIndexOf('/') + 1)] === true || p >= 1,
    pick(id, weighted) {
      const site = id.slice(id.lastIndexOf('/') + 1)
      const isLapse = id.split('/').length === 4 && /^(lapse|words)$/.test(site)
      if (isLapse) odds ??= weighted.find(([label]) => label === behaviour)?.[1]
      const wanted = isLapse ? behaviour : of.details?.[site]
      return weighted.find(([label]) => label === wanted)?.[0] ?? competence.pick(id, weighted)
    },
    sample: (_id, _draw, nominal) => nominal,
  }
  const profile = lapsing(of)
  const cpu = cpuWith({ programs: programs ?? [ship], profile, windowTokens })
  const request: Request = {
    messages,
    tools,
    ...(of.temperature !== undefined && { temperature: of.temperature }),
  }
  const reading = cpu.read('job-1', request)
  if (reading.refusal !== undefined) throw new TypeError(reading.refusal.message)
  const { utterance, thought } = cpu.answer('job-1', request, reading, chance, load)
  const said = utterance.calls.map(({ name, args }) => `${name} ${args}`)
  return { odds, utterance, thought, said }
}

const oddsOf = (behaviour: string, messages: readonly Message[], more: Partial<Case> = {}) =>
  asking({ behaviour, messages, ...more }).odds

const ORDER = user('[[task:ship=job-1]] For [[fact:owner=ana]], see [[place:port=port.txt]].')
const LOOKED = exchange('job-1.look.1', 'port [[fact:port=80]]', { args: { path: 'port.txt' } })
const WROTE = exchange('job-1.write.1', 'Wrote it.', { name: 'write_file' })
const LISTED = exchange('job-1.list.1', 'out.txt', { name: 'list_files' })
const READ = { path: 'port.txt' }
const NOT_THERE = exchange('job-1.look.1', 'Error: busy', { args: READ, isError: true })
const MISREAD = exchange('job-1.look.1', 'Error: no such file: por.txt', {
  args: { path: 'por.txt' },
  isError: true,
})
const prose = (times: number): Message => user('The auditor agreed to it. '.repeat(times))

describe('an error', () => {
  it.each(['give-up', 'false-success'])('makes %s likelier by one factor', (behaviour) => {
    const params = { afterFailure: 7 }
    expect(oddsOf(behaviour, [ORDER], { params })).toBe(1)
    expect(oddsOf(behaviour, [ORDER, ...NOT_THERE], { params })).toBe(7)
    expect(oddsOf(behaviour, [ORDER, ...NOT_THERE], { params: { afterFailure: 1 } })).toBe(1)
    expect(oddsOf(behaviour, [ORDER, ...LOOKED], { params })).toBe(1)
  })

  it('of a call that has to be corrected may be met by the very same call', () => {
    const of = { behaviour: 'repeated-call', params: { rate: 0, afterError: 0.8 } }
    const messages = [ORDER, ...MISREAD]
    const { odds, said, utterance } = asking({ ...of, messages })
    expect(odds).toBeCloseTo(4)
    expect(said).toEqual(['read_file {"path":"por.txt"}'])
    expect(utterance.calls[0]?.id).toBe('job-1.look.job-1-look-1')
    expect(asking({ ...of, behaviour: 'early-stop', messages }).thought?.acts[0]?.args).toEqual(
      READ,
    )
    // Where the call was right, competence makes it again: there is nothing to choose.
    expect(oddsOf('repeated-call', [ORDER, ...NOT_THERE], of)).toBeUndefined()
    expect(oddsOf('repeated-call', [ORDER, ...LOOKED], of)).toBe(0)
  })

  it('of a call that was right may be met by a look, by other arguments, or by words', () => {
    const of = { behaviour: 'detour', params: { rate: 0, afterError: 0.8 } }
    const after = (way: string) =>
      asking({ ...of, messages: [ORDER, ...NOT_THERE], details: { way } })
    expect(after('looks').odds).toBeCloseTo(4)
    expect(after('looks').said).toEqual(['list_files {}'])
    expect(after('looks').utterance.calls[0]?.id).toBe('job-1._detour.look-1')
    expect(after('varies').said).toEqual(['read_file {"path":"port.txtt"}'])
    expect(after('varies').utterance.calls[0]?.id).toBe('job-1.look.1')
    expect(after('tells')).toMatchObject({ said: [], utterance: { content: /How shall I go on/ } })
    expect(oddsOf('detour', [ORDER, ...MISREAD], of)).toBe(0)
    expect(oddsOf('detour', [ORDER, ...LOOKED], of)).toBe(0)
  })

  it('leaves each way the share that its weight gives it', () => {
    const params = { afterError: 1, looks: 6, varies: 1, tells: 3 }
    const messages = [ORDER, ...NOT_THERE]
    const request = { messages, tools: TOOLS }
    const profile = lapsing({ behaviour: 'detour', params, messages })
    const found = { looks: 0, varies: 0, tells: 0 }
    for (let seed = 0; seed < 1000; seed++) {
      const cpu = cpuWith({ programs: [ship], profile })
      const chance = sampled(`${seed}`, ({ id, value }) => {
        if (id.endsWith('/way')) found[value as keyof typeof found]++
      })
      cpu.answer('job-1', request, cpu.read('job-1', request), chance)
    }
    // Within four standard deviations of 600, 100 and 300.
    expect(Math.abs(found.looks - 600)).toBeLessThan(62)
    expect(Math.abs(found.varies - 100)).toBeLessThan(38)
    expect(Math.abs(found.tells - 300)).toBeLessThan(58)
  })
})

describe('a made-up result', () => {
  const of = { params: { empty: 30, failed: 3, status: 0.1 } }
  const after = (result: string, isError = false) =>
    oddsOf('fabricated-result', [ORDER, ...exchange('job-1.look.1', result, { isError })], of)

  it.each([
    ['', 30],
    ['  \n', 30],
    ['{}', 30],
    ['null', 30],
    ['{"rows": [{"port": 8', 30],
    ['[{"port": 80}, {"po', 30],
    ['port [[fact:other=80]]', 1],
    ['[[fact:other=80]] it says', 1],
    ['{"port": 80}', 1],
    ['[1] a note\n[2] another', 1],
    ['No matches.', 1],
  ])('is as likely after %j as its factor says', (result, odds) => {
    expect(after(result)).toBe(odds)
  })

  it('is less likely after an error than after a result that says ok and nothing', () => {
    expect(after('Error: busy', true)).toBe(3)
    expect(after('Error: busy', true)).toBeLessThan(after('') ?? 0)
  })

  it.each(['{"status": "empty", "rows": [', '{"ok": true, "rows"', '{"exit_code": 0, "out": "'])(
    'is kept from by a field with the status: %j',
    (result) => {
      expect(after(result)).toBeCloseTo(3)
    },
  )

  it('states what was looked for, or what stands where it would have read', () => {
    const messages = [ORDER]
    const { utterance, said } = asking({ behaviour: 'fabricated-result', messages })
    expect(utterance.content).toBe('The result says [[fact:port=500]].')
    expect(said).toEqual([])
    const shipping = [ORDER, ...LOOKED]
    const done = asking({ behaviour: 'fabricated-result', messages: shipping }).utterance.content
    expect(done).toContain('[[done:job-1/write]]')
  })

  it('is believed by the model itself from then on', () => {
    const { utterance } = asking({ behaviour: 'fabricated-result', messages: [ORDER, ...LOOKED] })
    const messages = [
      ORDER,
      ...LOOKED,
      { role: 'assistant' as const, ...utterance },
      user('Go on.'),
    ]
    expect(asking({ behaviour: 'none', messages }).thought?.step).toBe('list')
  })
})

describe('drift', () => {
  const before = [user('[[task:ship=job-0]] [[fact:port=1]] [[fact:owner=eve]]')]
  const older = [...before, ...exchange('job-0.write.1', 'Wrote it.', { name: 'write_file' })]
  const done = user('[[done:job-0/look]] [[done:job-0/list]]')
  const at = (...messages: Message[]) => oddsOf('drift', [...older, done, ...messages], drifting)
  const drifting = { params: { distance: 1 } }

  it('needs an older goal in view', () => {
    expect(oddsOf('drift', [ORDER], drifting)).toBeUndefined()
    expect(at(ORDER)).toBeGreaterThan(0)
    const others = exchange('job-9.write.1', 'Wrote it.', { name: 'write_file' })
    expect(oddsOf('drift', [...others, ORDER], drifting)).toBeGreaterThan(0)
  })

  it('grows with the distance from where the task was said last, and ends where it is said again', () => {
    const [near = 0, far = 0, farther = 0] = [0, 1000, 4000].map((n) => at(ORDER, prose(n)))
    expect(near).toBeCloseTo(1, 1)
    expect(far).toBeGreaterThan(near * 1.5)
    expect(farther).toBeGreaterThan(far * 1.5)
    const system: Message = { role: 'system', content: ORDER.content }
    const said = [system, ...older, done]
    expect(oddsOf('drift', [...said, prose(4000)], drifting)).toBeGreaterThan(far)
    expect(at(ORDER, prose(4000), user('Remember: [[task:ship=job-1]].'))).toBeCloseTo(1, 1)
    const own: Message = { role: 'assistant', content: 'I am to do [[task:ship=job-1]].' }
    expect(at(ORDER, prose(4000), own, user('Go on.'))).toBeCloseTo(1, 1)
    const flat = { params: { distance: 0 } }
    expect(oddsOf('drift', [...older, done, ORDER, prose(4000)], flat)).toBe(1)
  })

  it('counts distance in a small window as it does in a large one', () => {
    const messages = [...older, done, ORDER, prose(200)]
    const small = oddsOf('drift', messages, { ...drifting, windowTokens: 12_800 })
    const large = oddsOf('drift', [...older, done, ORDER, prose(2000)], drifting)
    expect(small).toBeCloseTo(large ?? 0, 1)
  })

  it('makes a call of the older task again, under its own step', () => {
    const { utterance } = asking({ behaviour: 'drift', messages: [...older, done, ORDER] })
    expect(utterance.content).toBe('Back to job-0.')
    expect(utterance.calls).toMatchObject([
      { id: 'job-0.write.job-1-look-1', name: 'write_file', args: '{}' },
    ])
  })
})

describe('other words', () => {
  const of = { params: { hot: 2, load: 0.5, rate: 0.5 } }
  const ask = (more: Partial<Case>) => oddsOf('divergent-wording', [ORDER], { ...of, ...more })

  it('are likelier the hotter it is, and happen at temperature 0', () => {
    expect(ask({ temperature: 0 })).toBe(1)
    expect(ask({ temperature: 0.5 })).toBeCloseTo(Math.E)
    expect(ask({})).toBe(ask({ temperature: 1 }))
    expect(ask({ temperature: 1, params: { hot: 0 } })).toBe(1)
  })

  it('are likelier the more generations are under way', () => {
    expect(ask({ temperature: 0, load: 3 })).toBeCloseTo(2)
    expect(ask({ temperature: 0, load: 15 })).toBeCloseTo(4)
    expect(ask({ temperature: 0, load: 15, params: { load: 0 } })).toBe(1)
  })

  const messages = [ORDER, ...LOOKED, ...WROTE, ...LISTED]
  const answer = (details: Case['details'] = {}) =>
    asking({ behaviour: 'divergent-wording', messages, details }).utterance

  it('say the same, each in its way, and call the same', () => {
    expect(answer({ words: 'certainly' }).content).toBe('Certainly. Shipped job-1 to ana.')
    expect(answer({ words: 'that-is-it' }).content).toBe('Shipped job-1 to ana. That is it.')
    const of = { behaviour: 'divergent-wording', messages: [ORDER, ...LOOKED] }
    const { utterance, said } = asking(of)
    expect(said).toEqual(asking({ ...of, behaviour: 'none' }).said)
    expect(utterance.content).not.toBe(asking({ ...of, behaviour: 'none' }).utterance.content)
  })

  it('say another value in a share of the answers', () => {
    expect(answer({ answer: true }).content).toBe('Certainly. Shipped job-1 to anaa.')
  })

  it('are the same for a byte-identical request, as often as sameness says', () => {
    const said = (sameness: number): Set<string> => {
      const profile = { ...lapsing({ behaviour: 'divergent-wording', messages }) }
      const cpu = cpuWith({ programs: [ship], profile: { ...profile, sampling: { sameness } } })
      const request = { messages, tools: TOOLS }
      const chance = sampled('key', () => {})
      const texts = Array.from({ length: 20 }, () => {
        const { utterance } = cpu.answer('job-1', request, cpu.read('job-1', request), chance)
        return utterance.content
      })
      return new Set(texts)
    }
    expect(said(1).size).toBe(1)
    expect(said(0).size).toBeGreaterThan(3)
  })
})

describe('a misreading', () => {
  const write = (port: string) =>
    `write_file {"path":"out.txt","content":"${port} ana north ${Number(port) + 1}"}`
  const failed = (utterance: Utterance): Message[] => [
    { role: 'assistant', ...utterance },
    ...utterance.calls.map(({ id }) => ({
      role: 'tool' as const,
      callId: id,
      content: 'Error: disk full',
      isError: true,
    })),
  ]
  const next = (...messages: Message[]) => asking({ behaviour: 'none', messages }).said

  it('is said, acted on, and used by later steps, until the source is read again', () => {
    const messages = [ORDER, ...LOOKED]
    const { utterance, said } = asking({ behaviour: 'misreading', messages })
    expect(utterance.content).toContain('It says [[fact:port=08]].')
    expect(said[0]).toContain('"08 ana north')
    const after = [...messages, ...failed(utterance)]
    expect(next(...after)).toEqual(['write_file {"path":"out.txt","content":"08 ana north 9"}'])
    const again = exchange('job-1.again.1', 'port [[fact:port=80]]')
    expect(next(...after, ...again)).toEqual([write('80')])
  })

  it('is what a wrong value is not: that one is gone with its call', () => {
    const messages = [ORDER, ...LOOKED]
    const { utterance, said } = asking({ behaviour: 'wrong-value', messages })
    expect(said).not.toEqual([write('80')])
    expect(next(...messages, ...failed(utterance))).toEqual([write('80')])
  })

  it('may take another value of its shape that stands in view', () => {
    const messages = [user(`${ORDER.content} The old one: [[fact:was=8080]].`), ...LOOKED]
    const details = { fact: 'port', value: '8080' }
    const { said } = asking({ behaviour: 'misreading', messages, details })
    expect(said).toEqual(['write_file {"path":"out.txt","content":"8080 ana north 81"}'])
  })

  it('happens where a fact is used or was just read, and nowhere else', () => {
    expect(oddsOf('misreading', [ORDER])).toBeUndefined()
    expect(oddsOf('misreading', [ORDER, ...LOOKED])).toBe(1)
    expect(oddsOf('misreading', [ORDER, ...LOOKED, ...WROTE])).toBeUndefined()
    const seen = exchange('job-1.write.1', 'Wrote [[fact:size=12]].', { name: 'write_file' })
    expect(oddsOf('misreading', [ORDER, ...LOOKED, ...seen])).toBe(1)
  })
})

describe('a call that serves nothing', () => {
  const of = { params: { done: 0.01, again: 0.1 } }
  const ask = (messages: readonly Message[], tools: readonly Tool[] = TOOLS) =>
    asking({ behaviour: 'irrelevant-call', messages, tools, ...of, details: { tool: 'weather' } })
  const weather: Tool = {
    name: 'weather',
    inputSchema: {
      type: 'object',
      properties: {
        city: { type: 'string' },
        unit: { enum: ['celsius', 'kelvin'] },
        days: { type: 'integer', minimum: 2 },
        parts: { type: 'array', items: { type: 'boolean' } },
        spare: { type: 'string' },
      },
      required: ['city', 'unit', 'days', 'parts'],
    },
  }

  it('is made where no tool serves, less often after a result, and seldom when all is done', () => {
    expect(ask([user('Hi.')]).odds).toBe(1)
    expect(ask([ORDER], [weather]).odds).toBe(1)
    expect(ask([ORDER, ...LOOKED], [weather]).odds).toBe(0.1)
    expect(ask([ORDER, ...LOOKED, ...WROTE, ...LISTED, user('Well?')]).odds).toBe(0.01)
    expect(ask([ORDER]).odds).toBeUndefined()
    expect(ask([ORDER], []).odds).toBeUndefined()
  })

  it('has arguments that fit the schema, and an id that proves no step', () => {
    const { utterance } = ask([ORDER], [weather])
    expect(utterance.calls).toEqual([
      {
        id: 'job-1._irrelevant_call.look-1',
        name: 'weather',
        args: '{"city":"job-1","unit":"celsius","days":2,"parts":[false]}',
      },
    ])
  })
})

describe('a call made again', () => {
  it('is the last that went well, under its own step', () => {
    const messages = [ORDER, ...LOOKED]
    const { said, utterance } = asking({ behaviour: 'repeated-call', messages })
    expect(said).toEqual(['read_file {"path":"port.txt"}'])
    expect(utterance.calls[0]?.id).toBe('job-1.look.job-1-write-1')
  })

  it('under an id that the harness gave is no proof of the step at hand', () => {
    const messages = [ORDER, ...exchange('call_1', 'port [[fact:port=80]]', { args: READ })]
    const { utterance } = asking({ behaviour: 'repeated-call', messages })
    expect(utterance.calls[0]?.id).toBe('job-1._repeated_call.write-1')
  })
})

describe('every lapse of a turn', () => {
  const steps = ['a', 'b'].map((id) => ({
    id,
    needs: ['port', '@owner'],
    call: { op: 'files.write', args: { path: '{@owner}', content: '{port}' } },
    effect: 'idempotent' as const,
  }))
  const programs = ['pay', 'note'].map((name) => ({ name, facts: {}, steps, answer: 'Is {port}.' }))

  it.each(TURNS)('%s: is said about any window, with ids of its own', (behaviour) => {
    fc.assert(
      fc.property(carefulEdits, (edits) => {
        const messages = edits.reduce(edited, [] as Block[]).flat()
        if (messages.length === 0) return
        const made = messages.flatMap(({ calls }) => calls ?? [])
        const before = made.map(({ args }) => args)
        const { utterance, odds } = asking({ behaviour, messages, programs })
        expect(odds === undefined || odds >= 0).toBe(true)
        for (const { id, args } of utterance.calls) {
          expect(made.map((call) => call.id)).not.toContain(id)
          if (!before.includes(args)) expect(() => JSON.parse(args)).not.toThrow()
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('an answer that is too long', () => {
  const counted = tokens()
  const call = (n: number) => ({
    id: `c${n}`,
    name: 'write_file',
    args: JSON.stringify({ path: `${n}.txt`, content: 'naïve 🙂 '.repeat(5) }),
  })
  const whole: Utterance = { content: 'I write them all, now. 🙂', calls: [call(1), call(2)] }
  const say = (most: number, utterance = whole) =>
    speak(utterance, { id: 'x', most }, { profile: flawless, tokens: counted }, competence)
  const textOf = ({ content, calls = [] }: Message): string =>
    [content, ...calls.flatMap(({ name, args }) => [name, args])].join('')

  it('ends at any token: first the calls are cut, then the text', () => {
    const all = say(10_000)
    expect(all.finish).toBe('tool_calls')
    for (let most = 0; most < all.outputTokens; most++) {
      const { message, finish, outputTokens } = say(most)
      expect(finish).toBe('length')
      expect(outputTokens).toBe(most)
      expect(counted.count(message.content)).toBeLessThanOrEqual(most)
      expect(textOf(all.message).startsWith(textOf(message))).toBe(true)
      expect(textOf(say(most + 1).message).startsWith(textOf(message))).toBe(true)
      if (message.calls !== undefined) expect(message.content).toBe(whole.content)
    }
    const cut = say(all.outputTokens - 5).message.calls ?? []
    expect(cut[0]).toEqual(whole.calls[0])
    expect(() => JSON.parse(cut[1]?.args ?? '{}')).toThrow()
    expect(say(counted.count(whole.content)).message).not.toHaveProperty('calls')
    expect(say(all.outputTokens).finish).toBe('tool_calls')
  })

  it('is one that is longer than was asked for, and than the model can say in its window', () => {
    const profile = { ...flawless, window: { ...flawless.window, native: 100_000, output: 10_000 } }
    expect(mostTokens({}, profile, 100_000)).toBe(10_000)
    expect(mostTokens({}, profile, 50_000)).toBe(5000)
    expect(mostTokens({ maxTokens: 700 }, profile, 100_000)).toBe(700)
    expect(mostTokens({ maxTokens: 70_000 }, profile, 100_000)).toBe(10_000)
    expect(mostTokens({}, profile, 1000)).toBe(512)
  })

  const program = {
    name: 'write',
    facts: {},
    steps: [
      {
        id: 'write',
        needs: [],
        call: { op: 'files.write', args: { path: 'out.txt', content: 'all of it '.repeat(20) } },
        effect: 'idempotent' as const,
        says: 'Now I write.',
      },
    ],
    answer: 'Written.',
  }
  const heard = async (max_tokens: number | undefined, tape: Record<string, string> = {}) => {
    let told: unknown
    const kernel = serving(async (machine, job) => {
      const session = machine.open({ job })
      const { tools } = await session.tools.listTools()
      const functions = tools.map(({ name, inputSchema: parameters }) => ({
        type: 'function',
        function: { name, parameters },
      }))
      const messages = [{ role: 'user', content: '[[task:write=job-1]] Write.' }]
      const body = JSON.stringify({ model: 'any', messages, tools: functions, max_tokens })
      const url = 'http://model.test/v1/chat/completions'
      const headers = { 'content-type': 'application/json' }
      told = await (await session.fetch(url, { method: 'POST', headers, body })).json()
    })
    const { ending, trace } = await play({
      kernel,
      instance: instanceWith({ programs: [program] }),
      chance: tape,
    })
    expect(ending).toEqual({ kind: 'done' })
    return { told, spoken: ofKind(trace, 'generation')[0] }
  }

  it('says so on the wire, with a call that breaks off', async () => {
    const { told, spoken } = await heard(25)
    expect(told).toMatchObject({
      choices: [{ finish_reason: 'length', message: { content: 'Now I write.' } }],
      usage: { completion_tokens: 25 },
    })
    expect(spoken?.calls).toHaveLength(1)
    expect(() => JSON.parse(spoken?.calls[0]?.args ?? '{}')).toThrow()
    expect((await heard(undefined)).told).toMatchObject({
      choices: [{ finish_reason: 'tool_calls' }],
    })
  })

  it('may be one that does not end by itself', async () => {
    const { told, spoken } = await heard(undefined, { 'job-1/write/1/lapse': 'runaway-generation' })
    expect(told).toMatchObject({ choices: [{ finish_reason: 'length' }] })
    expect(spoken?.content).toMatch(/^Now I write\.( and again)+$/)
    const short = await heard(30, { 'job-1/write/1/lapse': 'runaway-generation' })
    expect(short.told).toMatchObject({ usage: { completion_tokens: 30 } })
  })

  it('goes on for as many tokens as the profile says, scaled with the window', () => {
    const of = { behaviour: 'runaway-generation', params: { tokens: 4000 }, messages: [ORDER] }
    const length = (windowTokens: number): number =>
      counted.count(asking({ ...of, windowTokens }).utterance.content)
    expect(Math.abs(length(128_000) - 4000)).toBeLessThan(10)
    expect(Math.abs(length(32_000) - 1000)).toBeLessThan(10)
    expect(asking(of).said).toEqual([])
  })
})
