// MemGPT, mechanism by mechanism, as its paper has it and as its code was in 2023: the alert, the flush, recursive
// summaries, what is kept outside of the window, and the chain of heartbeats.
import { describe, expect, it } from 'vitest'
import { estimate } from '../../harnesses/history/estimate.ts'
import type { Message, Request } from '../../harnesses/kernel.ts'
import paper from '../../harnesses/kernels/paging.ts'
import code from '../../harnesses/kernels/paging-2023.ts'
import { drawn, house, instanceWith, ofKind } from '../machine/rig.ts'
import { call, faultsIn, read, says, told } from '../parts/scripted.ts'
import { files, isWork, keptOf, numbersIn, reading, sizeOf } from './steps.ts'
import { resultsIn, TOO_LONG, used, type Walked, walk } from './walk.ts'

const NATIVE = 8192
const BEAT = { request_heartbeat: true }

const act = (name: string, args: object = {}) => says('', call('c', name, { ...args, ...BEAT }))
const send = (message: string) => says('I tell.', call('s', 'send_message', { message }))

const systemOf = (request: Request | undefined): string => request?.messages[0]?.content ?? ''
const isAlert = ({ content }: Message): boolean => content.startsWith('System alert, hidden')
const alerts = ({ messages }: Request): number => messages.filter(isAlert).length
const SUMMARY = /^Note: prior messages \((\d+) of (\d+) total messages\) have been hidden/
const summaryIn = ({ messages }: Request): string =>
  messages.find(({ content }) => SUMMARY.test(content))?.content ?? ''

const summed = (_: Request, n: number): Message => says(`Summary ${n}.`)

const world = (windowTokens = NATIVE, absolute = 0) =>
  instanceWith({ windowTokens, params: { absolute }, world: { files: files(40) } })

describe('the window', () => {
  it.each([
    [NATIVE, 0, 2000],
    [2 * NATIVE, 0, 4000],
    [2 * NATIVE, 1, 2000],
  ])('begins with core memory, of so many characters: %d tokens, absolute %d', async (...of) => {
    const [window, absolute, chars] = of
    const note = (content: string) => act('core_memory_append', { label: 'human', content })
    const { requests, conversation } = await walk(
      paper,
      [note('x'.repeat(chars)), note('y'), send('Done.')],
      { instance: world(window, absolute) },
    )
    expect(systemOf(requests[0])).toContain(`<human characters="0/${chars}">`)
    expect(systemOf(requests[1])).toContain(`<human characters="${chars}/${chars}">\nxxx`)
    expect(resultsIn(conversation.messages)[1]).toMatch(
      new RegExp(`^Error: Edit failed: Exceeds ${chars} character limit`),
    )
  })

  it('offers to send, to edit core memory and to search what is outside', async () => {
    const { requests } = await walk(paper, [send('Done.')])
    expect(requests[0]?.tools?.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'send_message',
        'core_memory_append',
        'core_memory_replace',
        'conversation_search',
        'archival_memory_insert',
        'archival_memory_search',
      ]),
    )
  })
})

describe.each([
  ['paper', paper, 0.7],
  ['code of 2023', code, 0.75],
] as const)('memory pressure in the %s', (_name, kernel, share) => {
  it.each([NATIVE, 3 * NATIVE])('is told over its share of %d tokens', async (window) => {
    const level = share * window
    for (const [tokens, isTold] of [
      [level - 60, false],
      [level + 1, true],
    ] as const) {
      const script = [used(Math.ceil(tokens), act('read_file', { path: 'a.txt' })), send('Done.')]
      const { requests } = await walk(kernel, script, { instance: world(window) })
      expect([tokens, alerts(requests[1] ?? { messages: [] })]).toEqual([tokens, isTold ? 1 : 0])
    }
  })

  it('is told once, and again only after a summary', async () => {
    const script = reading(34, summed, { args: BEAT, end: send('Done.') })
    const guarded: typeof script = (request, n) =>
      typeof script === 'function' && sizeOf(request) <= NATIVE ? script(request, n) : TOO_LONG
    const { requests } = await walk(kernel, guarded, { instance: world() })
    const work = requests.filter(isWork)
    let [told, all] = [0, 0]
    let summaries = 0
    for (const [i, request] of work.entries()) {
      const before = work[i - 1]
      if (before === undefined) continue
      if (summaryIn(request) !== summaryIn(before)) {
        summaries++
        told = 0
      }
      const fresh = request.messages.filter(
        (m) => isAlert(m) && !before.messages.includes(m),
      ).length
      told += fresh
      all += fresh
      expect(told).toBeLessThanOrEqual(1)
    }
    expect(summaries).toBeGreaterThan(1)
    expect(all).toBeGreaterThan(1)
  })
})

/** The work before and after each summary, with the request for it. */
function flushes({ requests }: Walked) {
  return requests.flatMap((request, i) => {
    if (isWork(request)) return []
    const before = requests.slice(0, i).findLast(isWork)
    const after = requests.slice(i).find(isWork)
    return before && after ? [{ request, before, after }] : []
  })
}

describe('the flush of the paper', async () => {
  const walked = await walk(paper, reading(30, summed, { args: BEAT, end: send('Done.') }), {
    instance: world(),
  })
  const [first, second] = flushes(walked)

  it('comes when the window is full, and not before', () => {
    expect(first).toBeDefined()
    for (const request of walked.requests.filter(isWork))
      expect(sizeOf(request)).toBeLessThanOrEqual(NATIVE)
    expect(sizeOf(first?.before ?? { messages: [] })).toBeGreaterThan(NATIVE - 700)
  })

  it('takes the oldest half of the window, the task first, and keeps the rest as it is', () => {
    const { before, after } = first ?? { before: { messages: [] }, after: { messages: [] } }
    const kept = keptOf(before.messages.slice(1), after.messages.slice(1))
    const evicted = before.messages.slice(1, before.messages.length - kept)
    expect(estimate(evicted)).toBeLessThanOrEqual(NATIVE / 2)
    expect(estimate(evicted)).toBeGreaterThan(NATIVE / 2 - 600)
    expect(evicted[0]?.content).toBe('Hello.')
    expect(numbersIn(evicted)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(after.messages[1]?.content).toMatch(SUMMARY)
    expect(faultsIn(after.messages)).toEqual([])
  })

  it('says how many messages are hidden, and what they were', () => {
    const { before, after } = first ?? { before: { messages: [] }, after: { messages: [] } }
    const kept = keptOf(before.messages.slice(1), after.messages.slice(1))
    const evicted = before.messages.length - 1 - kept
    const [, hidden, total] = SUMMARY.exec(summaryIn(after)) ?? []
    expect(summaryIn(after)).toMatch(
      new RegExp(`The following is a summary of the previous ${evicted} messages:\\nSummary 1\\.$`),
    )
    expect([Number(hidden), Number(total) - Number(hidden)]).toEqual([
      1 + evicted,
      after.messages.length - 2,
    ])
  })

  it('makes a summary of the summary before it', () => {
    const asked = second?.request.messages.at(-1)?.content ?? ''
    expect(asked).toContain('Summary 1.')
    expect(asked).toContain('Number 8.')
    expect(asked).not.toContain('Number 1.')
    expect(summaryIn(second?.after ?? { messages: [] })).toMatch(/Summary 2\.$/)
    expect(summaryIn(second?.after ?? { messages: [] })).not.toContain('Summary 1.')
  })
})

describe('the summary of 2023', async () => {
  const script = reading(20, summed, { args: BEAT, end: send('Done.') })
  const walked = await walk(
    code,
    (request, n) =>
      typeof script === 'function' && sizeOf(request) <= NATIVE ? script(request, n) : TOO_LONG,
    { instance: world() },
  )
  const [first] = flushes(walked)
  const { before, after, request } = first ?? {
    before: { messages: [] },
    after: { messages: [] },
    request: { messages: [] },
  }

  it('comes only after the provider refused', () => {
    expect(sizeOf(before)).toBeGreaterThan(NATIVE)
    const refusedAt = walked.requests.indexOf(before)
    expect(walked.requests[refusedAt + 1]).toBe(request)
    expect(walked.requests[refusedAt + 2]).toBe(after)
  })

  it('takes three quarters of the queue, but its last three messages', () => {
    const queue = before.messages.slice(1)
    const kept = keptOf(queue, after.messages.slice(1))
    const share = estimate(queue.slice(0, queue.length - kept)) / estimate(queue)
    expect(kept).toBeGreaterThanOrEqual(3)
    expect(share).toBeLessThanOrEqual(0.75)
    expect(share).toBeGreaterThan(0.65)
    expect(request.messages[0]?.content).toContain('Keep it under 100 words.')
  })

  it('leaves the last three messages, however little else there is', async () => {
    const script = [act('read_file', { path: 'a.txt' }), TOO_LONG, says('Short.'), send('Done.')]
    const { requests } = await walk(code, script)
    const [, refused, , again] = requests.map(({ messages }) => messages)
    expect(refused?.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
      'user',
    ])
    expect(again?.[1]?.content).toMatch(SUMMARY)
    expect(again?.slice(2)).toEqual(refused?.slice(2))
  })
})

describe('what was evicted', () => {
  it('is found again by a search of what was said, and nowhere in the window', async () => {
    const files1 = { ...files(40), 'docs/2.md': `The port is 4711. ${files(2)['docs/2.md']}` }
    const found: string[] = []
    const script = reading(20, summed, {
      args: BEAT,
      end: act('conversation_search', { query: 'the port is' }),
    })
    await walk(
      paper,
      (request, n) => {
        const result = request.messages.findLast(({ role }) => role === 'tool')?.content ?? ''
        if (isWork(request) && result.startsWith('Showing')) {
          found.push(result)
          expect(request.messages.slice(0, -2).some((m) => m.content.includes('4711'))).toBe(false)
          return send('Done.')
        }
        return typeof script === 'function' ? script(request, n) : undefined
      },
      { instance: instanceWith({ windowTokens: NATIVE, world: { files: files1 } }) },
    )
    expect(found[0]).toContain('The port is 4711.')
  })

  it('is no loss to a model that forgets nothing: what it was warned of it noted', async () => {
    const set = { distance: 9000, window: NATIVE, items: 8 }
    const instance = await drawn('compaction/ledger', set)
    for (const kernel of [paper, code]) {
      const played = await walk(kernel, undefined, { instance })
      const { check } = await house.scenario('compaction/ledger')
      const after = played.simulation.world.data()
      expect(check({ instance, before: instance.world, after, trace: played.trace })).toEqual([])
      expect(flushes(played).length).toBeGreaterThan(0)
      const calls = ofKind(played.trace, 'generation').flatMap((said) => said.calls)
      expect(calls.map(({ name }) => name)).toContain('core_memory_append')
    }
  })
})

describe('the chain of events', () => {
  const event = (reason: string) =>
    `[This is an automated system message hidden from the user] ${reason}`

  it('goes on where a call asks for a heartbeat, and yields where none does', async () => {
    const { requests, reply } = await walk(paper, [
      act('read_file', { path: 'a.txt' }),
      send('It says alpha.'),
      says('Never asked.'),
    ])
    expect(requests).toHaveLength(2)
    expect(requests[1]?.messages.at(-1)?.content).toContain(
      event('Function called using request_heartbeat=true, returning control'),
    )
    expect(reply).toBe('It says alpha.')
    expect((await walk(paper, [says('', read('r'))])).requests).toHaveLength(1)
  })

  it.each([
    ['read_fiel', '{}', 'No function named read_fiel'],
    ['read_file', '{"path', `Error parsing JSON for function 'read_file' arguments: {"path`],
  ])('is kept up by a failure: %s %s', async (name, args, why) => {
    const { requests, ran } = await walk(paper, [says('', call('x', name, args)), send('Well.')])
    expect(told(requests[1]?.messages ?? []).slice(1)).toEqual([
      `tool: ${why}`,
      expect.stringContaining(event('Function call failed, returning control')),
    ])
    expect(ran).toEqual([])
  })

  it('knows no end to failures', async () => {
    const script = [...Array(60).fill(says('', call('x', 'no', {}))), send('At last.')]
    expect((await walk(paper, script)).reply).toBe('At last.')
  })
})

describe('a crash', () => {
  it('leaves the conversation, core memory and what was said', async () => {
    const script = [
      act('core_memory_append', { label: 'human', content: 'Port 4711.' }),
      act('read_file', { path: 'a.txt' }),
      act('read_file', { path: 'docs/1.md' }),
      act('conversation_search', { query: 'alpha' }),
      send('Done.'),
    ]
    const { requests, trace } = await walk(paper, script, {
      instance: instanceWith({ world: { files: { ...files(1), 'a.txt': 'alpha' } } }),
      chance: { 'job-1/call#2/crash': true },
    })
    expect(ofKind(trace, 'crash')).toHaveLength(1)
    expect(systemOf(requests[3])).toContain('\nPort 4711.\n')
    // The two calls before it stand there; the one in flight was not written down.
    expect(resultsIn(requests[3]?.messages ?? [])).toEqual([
      expect.stringMatching(/^human: /),
      'alpha',
    ])
    expect(resultsIn(requests[4]?.messages ?? []).at(-1)).toContain('alpha')
  })
})
