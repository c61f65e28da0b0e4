// Bounds on what a job, a user and the machine may use: when each strikes, what it counts, and what it does not.
import { describe, expect, it } from 'vitest'
import { limitOf } from '../../harnesses/kept/groups.ts'
import { count, meterOf, shown } from '../../harnesses/kept/meter.ts'
import { kernel, type Part, part } from '../../harnesses/kernel.ts'
import micro from '../../harnesses/kernels/micro.ts'
import answer from '../../harnesses/parts/budget/answer.ts'
import cost from '../../harnesses/parts/budget/cost.ts'
import group from '../../harnesses/parts/budget/group.ts'
import time from '../../harnesses/parts/budget/time.ts'
import tokens from '../../harnesses/parts/budget/tokens.ts'
import turns from '../../harnesses/parts/budget/turns.ts'
import keepRecent from '../../harnesses/parts/context/keep-recent.ts'
import { drawn, ofKind, play as playOn } from '../machine/rig.ts'
import {
  ANSWER_MS,
  calls,
  crashPoints,
  type Recital,
  recite,
  repliesOf,
  results,
  type Scripts,
} from './ipc-rig.ts'
import { call, read, says, told, walk } from './scripted.ts'

const look = calls('list_files')
const looks = (n: number) => Array.from({ length: n }, () => [look])
const A = { 'job-a': looks(20) }

/** An answer takes 110 tokens here, 40 of its 100 of input cached; the window is 1/25 of the native one. */
const scaled = (n: number): number => n * 25

const play = (part: Part, scripts: Scripts = A, of: Recital = {}) => recite([part], scripts, of)

describe('a budget of one job', () => {
  it('of turns, of tokens, of input, of output, ends it before the next request', async () => {
    const bounded: [Part, number, string][] = [
      [turns.with({ turns: 4 }), 4, '4 turns'],
      [tokens.with({ maxTokens: scaled(500) }), 5, '550 of 500 tokens'],
      [tokens.with({ maxTokens: 0, maxInputTokens: scaled(300) }), 3, '300 of 300 input tokens'],
      [tokens.with({ maxTokens: 0, maxOutputTokens: scaled(61) }), 7, '70 of 61 output tokens'],
    ]
    for (const [part, made, why] of bounded) {
      const run = await play(part)
      expect([results(run, 'job-a').length, repliesOf(run)['job-a']]).toEqual([
        made,
        `Stopped: ${why}.`,
      ])
    }
  })

  it('of tokens scales with the window, unless it is taken as it stands', async () => {
    const part = tokens.with({ maxTokens: 500 })
    const scaledDown = await play(part)
    expect(repliesOf(scaledDown)['job-a']).toBe('Stopped: 110 of 20 tokens.')
    const run = await play(part, A, { params: { absolute: 1 } })
    expect(repliesOf(run)['job-a']).toBe('Stopped: 550 of 500 tokens.')
  })

  it('of 0 is none', async () => {
    for (const part of [tokens.with({ maxTokens: 0 }), cost.with({ maxUsd: 0 })])
      expect(repliesOf(await play(part))['job-a']).toBe('Done.')
  })

  it('of money counts what was cached at its own price', async () => {
    const prices = { inputUsdPerMillion: 3, cachedUsdPerMillion: 0.3, outputUsdPerMillion: 15 }
    const usd = (60 * 3 + 40 * 0.3 + 10 * 15) / 1_000_000
    const run = await play(cost.with({ ...prices, maxUsd: 3.5 * usd }))
    expect(results(run, 'job-a')).toHaveLength(4)
    expect(repliesOf(run)['job-a']).toMatch(/^Stopped: \$0\.00 of \$0\.00\.$/)
    const c = run.conversations.get('job-a')
    expect(c && shown(c).cost).toEqual({ usd: expect.closeTo(4 * usd, 9), of: 3.5 * usd })
  })

  it('of time bounds a command, so many late ones in a row, all commands, and the job', async () => {
    const whole = await play(time)
    expect(repliesOf(whole)['job-a']).toBe('Done.')
    const job = await play(time.with({ jobMs: 5 * ANSWER_MS }))
    expect(repliesOf(job)['job-a']).toBe('Stopped: 5 s.')
    expect(results(job, 'job-a').length).toBeLessThan(6)
    const calledMs = whole.conversations.get('job-a')?.account.get('budget.clock') as {
      calledMs: number
    }
    const all = await play(time.with({ commandsMs: calledMs.calledMs / 4 }))
    expect(results(all, 'job-a')).toHaveLength(5)
  })

  it('of time gives up a late command, and the job after three in a row', async () => {
    const late = (n: number) => ({ [`job-a/call#${n}/tool-timeout`]: true })
    const some = await play(time.with({ commandMs: 20_000 }), A, {
      chance: { ...late(1), ...late(2), ...late(4) },
    })
    expect(repliesOf(some)['job-a']).toBe('Done.')
    expect(results(some, 'job-a')[0]).toMatch(/'list_files' was cancelled because .* 20 seconds/)
    expect(some.unreached).toEqual([])
    const row = await play(time, A, { chance: { ...late(2), ...late(3), ...late(4) } })
    expect(repliesOf(row)['job-a']).toBe('Stopped: 3 timeouts in a row.')
    expect(results(row, 'job-a')).toHaveLength(4)
  })
})

describe('what the machine grants', () => {
  const budget = { jobTokens: 300, userTokens: 700, allTokens: 1000 }
  const jobs = { 'job-a': looks(6), 'job-b': looks(6), 'job-c': looks(6), 'job-d': looks(6) }
  const users = { 'job-a': 'ana', 'job-b': 'ana', 'job-c': 'ana', 'job-d': 'ben' }
  const made = (run: Awaited<ReturnType<typeof play>>): number[] =>
    Object.keys(jobs).map((job) => results(run, job).length)

  it('to a job holds where it is tighter than the own bound, whatever the window', async () => {
    const bounds: [number, string][] = [
      [0, '330 of 300 tokens'],
      [scaled(10_000), '330 of 300 tokens'],
      [scaled(200), '220 of 200 tokens'],
    ]
    for (const [maxTokens, why] of bounds) {
      const run = await play(tokens.with({ maxTokens }), A, { budget })
      expect(repliesOf(run)['job-a']).toBe(`Stopped: ${why}.`)
    }
    expect(repliesOf(await play(tokens.with({ maxTokens: 0 })))['job-a']).toBe('Done.')
  })

  it.each(['throttle', 'kill'] as const)(
    'to a job, its user and all ends what goes over, beside limits of its own: %s',
    async (onExceed) => {
      const run = await play(group.with({ onExceed }), jobs, { users, budget })
      // 110 tokens each: three for a job, seven for ana, and ten for all, or what was under way.
      const [a = 0, b = 0, c = 0, d = 0] = made(run)
      expect([a, b, d]).toEqual([3, 3, 3])
      expect(c).toBe(1)
      const why = Object.values(repliesOf(run))
      expect(why.every((text) => text.startsWith('Stopped: the group is over its budget'))).toBe(
        true,
      )
    },
  )

  it('is nothing where it grants all', async () => {
    expect(made(await play(group, jobs, { users }))).toEqual([6, 6, 6, 6])
  })
})

describe('a bound on an answer', () => {
  const endless = (text: string) =>
    ({
      kind: 'message',
      message: says(text),
      finish: 'length',
      usage: { input: 100, cached: 0, output: 50 },
    }) as const
  const part = answer.with({ answerTokens: 25 * 40 })

  it('is told to the provider, and scales with the window', async () => {
    const { requests } = await walk({ budget: part }, [])
    expect(requests.map(({ maxTokens }) => maxTokens)).toEqual([40])
  })

  it('drops an answer that was cut off, asks again, and counts what it cost', async () => {
    const budget = [part, tokens.with({ maxTokens: 25 * 1000 })]
    const run = await walk({ budget }, [endless('and again'), says('', read('a'))])
    const last = run.requests.map(({ messages }) => messages.at(-1)?.content)
    expect(last[1]).toMatch(/was cut off/)
    expect(told(run.conversation.messages)).toEqual([
      'assistant:  (read_file {"path":"a.txt"})',
      'tool: alpha',
      'assistant: Done.',
    ])
    expect(meterOf(run.conversation)).toMatchObject({ answers: 3, output: 50 + 10 + 10 })
  })

  it('stops the job after so many in a row', async () => {
    const row = Array.from({ length: 9 }, () => endless('and again'))
    const run = await walk({ budget: part }, row)
    expect(run.requests).toHaveLength(4)
    expect(run.reply).toBe('Stopped: the answers do not end.')
    const two = [...row.slice(0, 3), says('', read('a')), ...row.slice(0, 3)]
    expect((await walk({ budget: part }, two)).reply).toBe('Done.')
  })

  it('leaves a call that was cut off to whoever reads it', async () => {
    const cut = { ...endless(''), message: says('', call('a', 'read_file', '{"path":"a')) }
    const run = await walk({ budget: part }, [cut])
    expect(run.requests).toHaveLength(2)
    expect(told(run.conversation.messages)[1]).toMatch(/^tool: /)
  })
})

describe('a meter', () => {
  it('counts an answer once, whoever sees it, and nothing that was refused', () => {
    const c = { account: new Map() }
    const usage = { input: 5, cached: 1, output: 2 }
    const message = { role: 'assistant', content: '' } as const
    const answer = { kind: 'message', message, finish: 'stop', usage } as const
    count(c, answer)
    count(c, { ...answer, finish: 'length' })
    count(c, { kind: 'refused', status: 500, code: '', message: '' })
    count(c, { ...answer, usage: { ...usage } })
    expect(meterOf(c)).toMatchObject({ answers: 2, input: 10, cached: 2, output: 4 })
  })
})

describe('what a summary takes', () => {
  it('is counted and charged like an answer', async () => {
    const instance = await drawn('compaction/ledger', { distance: 6000, window: 4000 })
    const slots = { ...micro.page.slots, context: keepRecent, budget: group }
    const { trace, simulation } = await playOn({
      kernel: kernel({ ...micro.page, slots }),
      instance,
    })
    const purposes = ofKind(trace, 'request').map(({ purpose }) => purpose)
    expect(purposes).toContain('compaction')
    const used = ofKind(trace, 'generation').reduce(
      (sum, { usage: u }) => sum + u.input + u.output,
      0,
    )
    const lines = simulation.disk.get('budget/ledger.jsonl')?.trim().split('\n') ?? []
    const charged = lines.map((line): number => JSON.parse(line).tokens)
    expect(charged.reduce((sum, n) => sum + n, 0)).toBe(used)
  })
})

describe('a budget of groups', () => {
  const two = { 'job-a': looks(6), 'job-b': looks(6) }
  const limits = (...texts: string[]) => ({ limits: texts, periodMs: 60_000 })

  it('is read from words, and other words are a mistake', () => {
    expect(limitOf('user:ana tokens=5 requests=2')).toMatchObject({
      scope: 'user',
      name: 'ana',
      tokens: 5,
      requests: 2,
    })
    for (const odd of [
      '',
      'user',
      'team tokens=3',
      'all tokens=many',
      'all:x tokens=3',
      'all turns=3',
    ])
      expect(() => limitOf(odd), odd).toThrow(TypeError)
    expect(() => group.with(limits('everybody tokens=1'))).toThrow(TypeError)
  })

  it.each([true, false])(
    'makes all wait for a period with room, in one boot: %s',
    async (isTogether) => {
      const part = group.with(limits('all requests=4'))
      const run = await play(part, two, { isTogether })
      expect(repliesOf(run)).toEqual({ 'job-a': 'Done.', 'job-b': 'Done.' })
      const ledger = run.simulation.disk.get('budget/ledger.jsonl')?.trim().split('\n') ?? []
      const at = ledger.map((line): number => JSON.parse(line).atMs)
      expect(at).toHaveLength(14)
      // What was under way together may go over: one more for the other user.
      for (const [i, ms] of at.entries())
        expect(ms - (at[i - 5] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThan(58_000)
      expect(run.simulation.now).toBeGreaterThan(2 * 60_000)
    },
  )

  it('does not hold a job whose request is cut off', async () => {
    const aborts = new AbortController()
    const cutting = part({
      slot: 'interrupt',
      about: 'cuts off what waits after five seconds',
      source: 'none',
      policy: {
        open(c) {
          c.signal = aborts.signal
          void c.machine.clock.sleep(5000).then(() => aborts.abort())
        },
      },
    })
    const held = group.with({ limits: ['all requests=1'], periodMs: 600_000 })
    const run = await recite([cutting, held], { 'job-a': looks(6) })
    expect(run.simulation.now).toBeLessThan(60_000)
  })

  it('stops the jobs of a group that is over, and no others', async () => {
    const users = { 'job-a': 'ana', 'job-b': 'ben', 'job-c': 'ana' }
    const part = group.with({
      limits: [`user:ana tokens=${scaled(330)}`],
      onExceed: 'kill',
      periodMs: 0,
    })
    const scripts = { ...two, 'job-c': looks(6) }
    const run = await play(part, scripts, { users })
    const why = `Stopped: the group is over its budget: user:ana tokens=${scaled(330)}.`
    expect(repliesOf(run)).toEqual({ 'job-a': why, 'job-b': 'Done.', 'job-c': why })
    expect(results(run, 'job-a')).toHaveLength(3)
    expect(results(run, 'job-c')).toEqual([])
  })

  it('holds a child by its parent: the machine over, everybody stops', async () => {
    const limit = { limits: ['all requests=5', 'user requests=100'], onExceed: 'kill' as const }
    const run = await play(group.with({ ...limit, periodMs: 0 }), two)
    const made = ['job-a', 'job-b'].map((job) => results(run, job).length)
    expect(made.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(6)
    expect(Object.values(repliesOf(run)).every((text) => text.startsWith('Stopped: '))).toBe(true)
  })

  it('outlives a crash, a torn line and all', async () => {
    const part = group.with({ limits: ['all requests=4'], onExceed: 'kill', periodMs: 0 })
    const scripts = { 'job-a': looks(9) }
    const points = crashPoints(await play(part, scripts)).filter((id) => id.includes('/write#'))
    expect(points.length).toBeGreaterThan(3)
    for (const id of points) {
      const key = id.slice(0, id.lastIndexOf('/'))
      const chance = { [id]: true, [`${key}/landed`]: true, [`${key}/torn`]: true }
      const run = await play(part, scripts, { chance })
      // The job begins anew: both its lives have four answers together, and one whose line was torn.
      const answers = ({ asked }: typeof run) =>
        asked.filter((ask) => /\/sleep#\d+\/crash$/.test(ask.id)).length
      expect(answers(run)).toBe(5)
      // A second crash, at the fifth answer, costs that one alone: behind a torn line all is whole.
      const twice = { ...chance, 'ana/sleep#5/crash': true }
      expect(answers(await play(part, scripts, { chance: twice }))).toBe(6)
      expect(repliesOf(run)['job-a']).toMatch(/^Stopped: the group/)
    }
  })
})

describe('a job that is done again', () => {
  const refused = part({
    slot: 'isolation',
    about: 'keeps nothing',
    source: 'a test',
    policy: { close: () => false },
  })

  it('has no more to spend than one that is done once', async () => {
    const instance = await drawn('compaction/exactly-once', { invoices: 2, distance: 100 })
    const requests = async (budget: Part<'budget'>): Promise<number> => {
      const { page } = micro
      const slots = { ...page.slots, budget, isolation: refused }
      const { trace } = await playOn({ kernel: kernel({ ...page, slots }), instance })
      return ofKind(trace, 'request').length
    }
    expect(await requests(turns.with({ turns: 1000 }))).toBeGreaterThan(12)
    expect(await requests(turns.with({ turns: 7 }))).toBe(7)
    expect(await requests(cost.with({ maxUsd: 1e-9 }))).toBe(1)
  })
})
