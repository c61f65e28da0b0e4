// Letta v3, mechanism by mechanism: no heartbeats, a summary that slides, memory outside of the window, one lock
// for a conversation, and a stop between two steps.
import { describe, expect, it } from 'vitest'
import { estimate } from '../../harnesses/history/estimate.ts'
import type { Completion, Message } from '../../harnesses/kernel.ts'
import letta from '../../harnesses/kernels/letta.ts'
import { drawn, house, instanceWith, ofKind } from '../machine/rig.ts'
import { call, faultsIn, read, says } from '../parts/scripted.ts'
import { usersDoing } from '../parts/users.ts'
import { files, isWork, keptOf, numbersIn, reading, sizeOf } from './steps.ts'
import { refused, resultsIn, TOO_LONG, used, type Walked, walk } from './walk.ts'

const WINDOW = 8000
const OPENER =
  'Note: prior messages have been hidden from view due to conversation memory constraints.'

const world = (of: object = {}) =>
  instanceWith({ windowTokens: WINDOW, world: { files: files(60) }, ...of })

/** Files of so many tokens each. */
const sized = (tokens: readonly number[]) => {
  const text = (n: number): string => 'word '.repeat((n * 4) / 5)
  const docs = tokens.map((n, i) => [`docs/${i + 1}.md`, text(n)])
  return world({ world: { files: Object.fromEntries(docs) } })
}

const summed = (_: unknown, n: number): Message => says(`Summary ${n}.`)

const systemOf = (walked: Walked, n: number): string =>
  walked.requests[n]?.messages[0]?.content ?? ''

describe('a step', () => {
  it('goes on where it calls, and the first answer without a call is the end', async () => {
    const { requests, reply } = await walk(letta, [says('', read('r')), says('It is alpha.')])
    expect([requests.length, reply]).toEqual([2, 'It is alpha.'])
    const names = requests[0]?.tools?.map(({ name }) => name)
    expect(names).not.toContain('send_message')
    expect(JSON.stringify(requests[0]?.tools)).not.toContain('request_heartbeat')
  })

  it('is one of fifty', async () => {
    const { requests, reply } = await walk(letta, () => says('', read('r')))
    expect([requests.length, reply]).toEqual([50, 'Stopped: 50 turns.'])
  })

  it('is told of a tool that there is not by its name alone', async () => {
    const { requests, ran } = await walk(letta, [says('', call('x', 'read_fiel', {}))])
    expect(resultsIn(requests[1]?.messages ?? [])).toEqual(['Tool read_fiel not found'])
    expect(ran).toEqual([])
  })

  it('runs nothing on arguments that break off', async () => {
    const { requests, ran } = await walk(letta, [says('', call('x', 'write_file', '{"path'))])
    expect(resultsIn(requests[1]?.messages ?? [])).toEqual(['Error: invalid arguments'])
    expect(ran).toEqual([])
  })
})

describe('a compaction', () => {
  it.each([
    [200_000, 0],
    [20_000, 0],
    [20_000, 1],
  ])('comes over nine tenths of a window of %d tokens, absolute %d', async (window, absolute) => {
    for (const [tokens, isCompacted] of [
      [0.9 * window - 10, false],
      [0.9 * window + 1, true],
    ] as const) {
      const script = [says('', read('r')), used(tokens, says('', read('s'))), says('Summary.')]
      const { requests } = await walk(letta, script, {
        instance: instanceWith({ windowTokens: window, params: { absolute } }),
      })
      expect([tokens, requests.some((request) => !isWork(request))]).toEqual([tokens, isCompacted])
    }
  })

  it('cuts off four tenths of the messages, down to an answer, and puts a summary first', async () => {
    const docs = sized([...Array(6).fill(900), ...Array(12).fill(150)])
    const { requests } = await walk(letta, reading(18, summed), { instance: docs })
    const at = requests.findIndex((request) => !isWork(request))
    const [before, after] = [requests[at - 1]?.messages ?? [], requests[at + 1]?.messages ?? []]
    // One more round stands there by then.
    const whole = before.length + 2
    const cut = whole - (after.length - 2)
    expect(after[1]?.content).toBe(
      `${OPENER}\nThe following is a summary of the previous messages:\nSummary 1.`,
    )
    expect(after[2]?.role).toBe('assistant')
    expect(cut).toBeLessThanOrEqual(Math.round(0.4 * whole))
    expect(cut).toBeGreaterThan(Math.round(0.4 * whole) - 2)
    expect(keptOf(before.slice(1), after.slice(1))).toBe(before.length - cut)
    expect(faultsIn(after)).toEqual([])
  })

  it('cuts off more, a tenth at a time, until less than seven tenths of the window are left', async () => {
    // The newer half weighs more.
    const docs = sized([...Array(8).fill(50), ...Array(7).fill(900)])
    const { requests } = await walk(letta, reading(15, summed), { instance: docs })
    const at = requests.findIndex((request) => !isWork(request))
    const after = requests[at + 1]?.messages ?? []
    const whole = (requests[at - 1]?.messages.length ?? 0) + 2
    const kept = after.slice(2)
    expect(1.3 * estimate(kept)).toBeLessThan(0.7 * WINDOW)
    expect(kept.length / whole).toBeLessThan(0.5)
    // A tenth of the messages, up to two rounds, would have been too much.
    expect(1.3 * (estimate(kept) + 2 * 900)).toBeGreaterThan(0.7 * WINDOW)
  })

  it('may leave the newest round alone, but never half of one', async () => {
    // At nine tenths of these messages the two large ones are left, and are too much.
    const docs = sized([...Array(12).fill(10), 2700, 3900])
    const { requests } = await walk(letta, reading(14, summed), { instance: docs })
    const at = requests.findIndex((request) => !isWork(request))
    expect(requests[at]?.messages[0]?.content).toContain(
      'from the BEGINNING of your context window',
    )
    expect(requests[at + 1]?.messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
    ])
  })

  it('takes all of it where no share is enough', async () => {
    const docs = sized([400, 6500])
    const { requests } = await walk(letta, reading(2, summed), { instance: docs })
    const at = requests.findIndex((request) => !isWork(request))
    expect(requests[at]?.messages[0]?.content).toMatch(/^The conversation so far is being evicted/)
    expect(requests[at]?.messages[0]?.content).toContain('under 500 words')
    expect(requests[at + 1]?.messages.map(({ role }) => role)).toEqual(['system', 'user'])
  })

  it('asks for at most 300 words, with hints by which the rest can be found again', async () => {
    const { requests } = await walk(letta, reading(13, summed), { instance: world() })
    const asked = requests.find((request) => !isWork(request))
    expect(asked?.messages[0]?.content).toContain('6. **Lookup hints**')
    expect(asked?.messages[0]?.content).toContain('under 300 words')
    const told = numbersIn(asked?.messages ?? [])
    expect(told).toEqual(told.map((_, i) => i + 1))
    expect(told.length).toBeGreaterThan(3)
  })

  it('summarises the summary before it along with what is new', async () => {
    const { requests } = await walk(letta, reading(25, summed), { instance: world() })
    const asides = requests
      .filter((request) => !isWork(request))
      .map(({ messages }) => messages.at(-1)?.content ?? '')
    expect(asides.length).toBeGreaterThan(1)
    expect(asides[1]).toContain('Summary 1.')
    expect(asides[1]).not.toContain('Number 1.')
    expect(
      requests.at(-1)?.messages.filter(({ content }) => content.startsWith(OPENER)),
    ).toHaveLength(1)
  })

  it('cuts off a summary of more than 50,000 characters, scaled', async () => {
    const long = (): Message => says('s'.repeat(60_000))
    for (const [window, chars] of [
      [200_000, 50_000],
      [20_000, 5000],
    ] as const) {
      const script = [used(window, says('', read('r'))), long(), says('Done.')]
      const { requests } = await walk(letta, script, {
        instance: instanceWith({ windowTokens: window }),
      })
      const [, summary] = requests.at(-1)?.messages ?? []
      expect(summary?.content.match(/s{100,}/)?.[0]).toHaveLength(chars)
      expect(summary?.content).toMatch(/\.\.\. \[summary truncated to fit\]$/)
    }
  })

  it('comes after a refusal for length, three times at most', async () => {
    const looks = Array.from({ length: 12 }, (_, i) => says('', read(`r${i}`)))
    let summaries = 0
    const { requests, reply } = await walk(
      letta,
      (request, n): Message | Completion | undefined => {
        if (!isWork(request)) return says(`Summary ${++summaries}.`)
        return looks[n - 1] ?? TOO_LONG
      },
    )
    expect(reply).toBe('Stopped: too long')
    expect(summaries).toBe(3)
    expect(requests.filter(isWork)).toHaveLength(12 + 4)
  })

  it('that fails leaves the history as it was', async () => {
    const script = [used(7900, says('', read('r'))), refused(400), refused(400), says('Done.')]
    const { requests, reply } = await walk(letta, script, { instance: world() })
    expect(requests.at(-1)?.messages).toHaveLength(4)
    expect(reply).toBe('Done.')
  })
})

describe('memory outside of the window', () => {
  const solved = async (scenario: string, set: Readonly<Record<string, number>>) => {
    const instance = await drawn(scenario, set)
    const played = await walk(letta, undefined, { instance })
    const after = played.simulation.world.data()
    const { check } = await house.scenario(scenario)
    expect(check({ instance, before: instance.world, after, trace: played.trace })).toEqual([])
    const calls = ofKind(played.trace, 'generation').flatMap((said) => said.calls)
    return {
      searches: calls.filter(({ name }) => name === 'conversation_search').length,
      summaries: played.requests.filter((request) => !isWork(request)).length,
    }
  }

  it.each([
    ['compaction/ledger', { distance: 3000, window: 4000, items: 5 }],
    ['compaction/exactly-once', { distance: 3000, window: 2500, invoices: 5 }],
  ])('is where a model that forgets nothing finds what was evicted: %s', async (id, set) => {
    const { searches, summaries } = await solved(id, set)
    expect(searches).toBeGreaterThan(0)
    expect(summaries).toBeGreaterThan(1)
  })

  it('holds 20,000 characters in a block of core memory', async () => {
    const walked = await walk(letta, [], { instance: instanceWith({ windowTokens: 200_000 }) })
    expect(systemOf(walked, 0)).toContain('<human characters="0/20000">')
  })
})

describe('the lock', () => {
  const two = usersDoing([{ writes: ['a'] }, { writes: ['b'], arrivesMs: 1 }], {
    windowTokens: 200_000,
  })

  it('lets one job at a time act, in one conversation after the other', async () => {
    const { trace } = await walk(letta, undefined, { instance: two })
    const asked = ofKind(trace, 'request').map(({ session }) => session)
    expect(asked).toEqual(['job-1', 'job-1', 'job-2', 'job-2'])
  })

  it('of the dead is taken after its 300 s', async () => {
    const { trace, ending } = await walk(letta, undefined, {
      instance: two,
      chance: { 'job-1/generate#1/crash': true },
    })
    expect(ending).toEqual({ kind: 'done' })
    const [crash] = ofKind(trace, 'crash')
    const again = ofKind(trace, 'request').find(({ at }) => at > (crash?.at ?? 0))
    expect(Math.floor((again?.at ?? 0) / 1000)).toBe(300)
  })
})

describe('a job that is taken back', () => {
  const script = [says('', call('w', 'write_file', { path: 'b', content: 'b' })), says('Never.')]
  const takenBack = (withdrawnMs: number) =>
    walk(letta, script, {
      instance: instanceWith({
        users: [{ id: 'ana', jobs: [{ id: 'job-1', prompt: 'Go.', arrivesMs: 0, withdrawnMs }] }],
      }),
    })

  it('stops before its next request: the step under way is finished', async () => {
    const { trace } = await takenBack(60_000)
    const called = ofKind(trace, 'call')[0]?.at ?? 0
    const { requests, reply, simulation, conversation } = await takenBack(Math.floor(called))
    expect([requests.length, reply]).toEqual([1, 'Stopped: the user took it back.'])
    expect(simulation.world.data().files.b).toBe('b')
    expect(faultsIn(conversation.messages)).toEqual([])
  })

  it('asks nothing where it had not begun, and gives the lock back', async () => {
    const { requests, simulation } = await takenBack(1)
    expect(requests).toEqual([])
    const locks = [...simulation.disk].filter(([path]) => path.startsWith('locks/'))
    expect(locks.map(([, until]) => until)).toEqual(['0'])
  })
})

describe('a crash', () => {
  it('leaves the conversation as of its last whole step', async () => {
    const script = [says('', read('r1')), says('', read('r2')), says('', read('r3')), says('Done.')]
    const { requests } = await walk(letta, script, { chance: { 'job-1/call#2/crash': true } })
    expect(requests[2]?.messages.slice(2).map(({ role }) => role)).toEqual(['assistant', 'tool'])
    expect(sizeOf(requests[2] ?? { messages: [] })).toBe(sizeOf(requests[1] ?? { messages: [] }))
  })
})
