// OpenHarness (HKUDS) as `openharness`: what was read in its source (engine/query.py, services/compact,
// permissions/checker.py, api/client.py).
import { describe, expect, it } from 'vitest'
import openharness from '../../harnesses/kernels/openharness.ts'
import type { Request } from '../../sim/index.ts'
import { instanceWith, ofKind } from '../machine/rig.ts'
import { call, END, faultsIn, says } from '../parts/scripted.ts'
import { BATCH, crashed, takenBack, written } from './broken-off.ts'
import { refused, resultsIn, TOO_LONG, used, walk } from './walk.ts'

const read = (id: string, path = 'a.txt') => call(id, 'Read', { file_path: path })
const reads = (n: number) => Array.from({ length: n }, (_, i) => says('', read(`c${i + 1}`)))
const SUMMARY = says('<analysis>I THINK</analysis><summary>THE SUMMARY</summary>')
const CLEARED = '[Old tool result content cleared]'
const isForSummary = ({ messages }: Request): boolean =>
  messages.at(-1)?.content.startsWith('CRITICAL: Respond with TEXT ONLY.') === true

/** One file of about so many tokens. */
const absolute = (tokens = 1) =>
  instanceWith({
    windowTokens: 200_000,
    params: { absolute: 1 },
    world: { files: { 'a.txt': `${'x'.repeat(999)}\n`.repeat(Math.ceil(tokens / 250)) } },
  })

describe('compaction', () => {
  it('clears all results but five first, beyond the window less 33,000', async () => {
    const told = async (n: number) => {
      const { requests } = await walk(openharness, reads(n), { instance: absolute(24_000) })
      expect(requests.some(isForSummary)).toBe(false)
      return resultsIn(requests.at(-1)?.messages ?? []).map((text) => text === CLEARED)
    }
    expect(await told(6)).toEqual(Array(6).fill(false))
    expect(await told(7)).toEqual([...Array(2).fill(true), ...Array(5).fill(false)])
  })

  it('shows long texts before the newest six messages by 900 and 500 characters', async () => {
    const told = async (tokens: number) => {
      const { requests } = await walk(openharness, reads(5), { instance: absolute(tokens) })
      expect(requests.some(isForSummary)).toBe(false)
      return resultsIn(requests.at(-1)?.messages ?? [])
    }
    const [first = '', second = '', ...newest] = await told(36_000)
    expect(first).toMatch(/\n\.\.\.\[collapsed \d+ chars\]\.\.\.\n/)
    expect(first.length).toBeGreaterThan(1400)
    expect(first.length).toBeLessThan(1440)
    expect(second.length).toBe(first.length)
    expect(newest.map(({ length }) => length > 140_000)).toEqual([true, true, true])
    expect((await told(30_000)).every(({ length }) => length > 110_000)).toBe(true)
  })

  it.each([
    ['absolute', 200_000, 1, 166_000, 167_000, 20_000],
    ['scaled', 8000, 0, 6500, 6680, 800],
  ])(
    'asks for a summary without tools, %s',
    async (_how, windowTokens, absolute, low, high, most) => {
      const instance = instanceWith({ windowTokens, params: { absolute } })
      const script = (input: number) => [...reads(4), used(input, says('', read('c5'))), SUMMARY]
      expect((await walk(openharness, script(low), { instance })).requests.some(isForSummary)).toBe(
        false,
      )
      const { requests, reply } = await walk(openharness, script(high), { instance })
      const asked = requests[5]
      expect(asked?.tools).toBeUndefined()
      expect(asked?.maxTokens).toBe(most)
      // What is kept is not summarised.
      const idsIn = (request: Request | undefined) =>
        request?.messages.flatMap(({ calls = [] }) => calls.map(({ id }) => id))
      expect(idsIn(asked)).toEqual(['c1', 'c2'])
      const next = requests[6]
      expect(next?.messages.map(({ role }) => role).slice(0, 2)).toEqual(['system', 'user'])
      expect(next?.messages[1]?.content).toContain('THE SUMMARY')
      expect(next?.messages[1]?.content).not.toContain('I THINK')
      expect(next?.messages).toHaveLength(2 + 6)
      expect(idsIn(next)).toEqual(['c3', 'c4', 'c5'])
      expect(faultsIn(next?.messages ?? [])).toEqual([])
      expect(reply).toBe(END)
    },
  )

  it('never parts a call from its results', async () => {
    const two = says('', read('c1'), read('c2'), read('c3'), read('c4'), read('c5'), read('c6'))
    const script = [says('', read('c0')), used(180_000, two), SUMMARY]
    const { requests } = await walk(openharness, script, { instance: absolute() })
    const next = requests[3]?.messages ?? []
    expect(next).toHaveLength(2 + 7)
    expect(faultsIn(next)).toEqual([])
  })

  it('is given up after three failures in a row', async () => {
    let n = 0
    const { requests } = await walk(
      openharness,
      (request) => {
        if (isForSummary(request)) return says('')
        return ++n > 9 ? says(END) : used(180_000, says('', read(`c${n}`)))
      },
      { instance: absolute() },
    )
    expect(requests.filter(isForSummary)).toHaveLength(3)
  })

  it('that is itself too long is asked for three times more, each without a fifth', async () => {
    const script = [...reads(12), used(167_000, says('', read('c'))), ...Array(4).fill(TOO_LONG)]
    const { requests } = await walk(openharness, script, { instance: absolute() })
    const asked = requests.filter(isForSummary).map(({ messages }) => messages.length)
    expect(asked).toHaveLength(4)
    expect(asked[0]).toBe(2 + 20 + 1)
    expect(asked.toSorted((a, b) => b - a)).toEqual(asked)
    expect(new Set(asked).size).toBe(4)
  })

  it('helps after an overflow', async () => {
    const { requests, reply } = await walk(openharness, [...reads(5), TOO_LONG, SUMMARY])
    expect(requests.map(isForSummary).indexOf(true)).toBe(6)
    expect(reply).toBe(END)
  })
})

describe('a call that cannot be run as spoken', () => {
  const told = async (name: string, args: unknown) => {
    const { requests, ran } = await walk(openharness, [says('', call('c1', name, args))])
    const messages = requests[1]?.messages ?? []
    const spoken = messages.flatMap(({ calls = [] }) => calls)[0]
    return { text: resultsIn(messages)[0], spoken, ran }
  }

  it('of an unknown tool is told so, without a list', async () => {
    expect(await told('open_file', {})).toMatchObject({ text: 'Unknown tool: open_file', ran: [] })
  })

  it('becomes {} where it is no JSON, and is not valid then', async () => {
    const { text, spoken, ran } = await told('Write', '{"file_path":"b.txt","content":"half a')
    expect(text).toMatch(/^Invalid input for Write: /)
    expect(spoken?.args).toBe('{}')
    expect(ran).toEqual([])
  })

  it('is not run where its types are wrong', async () => {
    const { text, ran } = await told('Read', { file_path: { is: 'a.txt' } })
    expect(text).toContain('`file_path` must be string')
    expect(ran).toEqual([])
  })
})

describe('leave', () => {
  it('is never given for what is secret, before any rule and any question', async () => {
    const { requests, trace, ran } = await walk(openharness, [
      says('', read('c1', '/root/.ssh/id_rsa'), read('c2', '/root/.aws/credentials')),
    ])
    expect(resultsIn(requests[1]?.messages ?? [])).toEqual([
      "Access denied: /root/.ssh/id_rsa is a sensitive credential path (matched built-in pattern '*/.ssh/*')",
      "Access denied: /root/.aws/credentials is a sensitive credential path (matched built-in pattern '*/.aws/credentials')",
    ])
    expect(ofKind(trace, 'confirm')).toEqual([])
    expect(ran).toEqual([])
  })

  it('is not asked for looking, but for commands that change something', async () => {
    const bash = call('c2', 'Bash', { command: 'rm a.txt' })
    const { trace } = await walk(openharness, [says('', read('c1'), bash)])
    expect(ofKind(trace, 'confirm').map(({ question }) => question)).toEqual([
      expect.stringMatching(/^Allow Bash/),
    ])
  })
})

describe('the loop', () => {
  it('ends after 200 turns', async () => {
    const { requests, reply } = await walk(openharness, (_, n) => says('', read(`c${n}`)))
    expect(requests.filter((request) => !isForSummary(request)).length).toBe(200)
    expect(reply).toBe('Stopped: 200 turns.')
  })

  it('runs what reads, and commands, at once', async () => {
    const bash = call('c2', 'Bash', { command: 'cat a.txt' })
    const { trace } = await walk(openharness, [says('', read('c1'), bash, read('c3'))])
    const at = ofKind(trace, 'call').map((event) => event.at)
    expect(at).toHaveLength(3)
    expect(new Set(at).size).toBe(1)
  })

  it('asks four times in seven seconds, then gives up', async () => {
    const { requests, trace, reply } = await walk(openharness, () => refused(500))
    expect(requests).toHaveLength(4)
    expect(ofKind(trace, 'reply')[0]?.at).toBeCloseTo(7000, -1)
    expect(reply).toBe('Stopped: refused with 500')
  })
})

describe('a job', () => {
  it('works in a tree of its own, which is merged at its end', async () => {
    const write = call('c1', 'Write', { file_path: 'b.txt', content: 'x' })
    const { trace, simulation } = await walk(openharness, [says('', write)])
    const moves = ofKind(trace, 'branch').map(({ move }) => move)
    expect(moves).toContain('commit')
    expect(simulation.world.data().files['b.txt']).toBe('x')
  })

  it('that is taken back while an answer is spoken stops at once, and leaves no change', async () => {
    const { after, left, simulation } = await takenBack(openharness, { during: 'answer', n: 2 })
    expect(after).toMatchObject({ requests: 0, calls: 0 })
    expect(after.replyMs).toBeLessThan(2)
    expect(left.map(({ role }) => role)).toEqual(['assistant', 'tool'])
    expect(Object.keys(simulation.world.data().files)).toEqual(['a.txt'])
  })

  it('that is taken back while a call runs leaves none unanswered', async () => {
    const { after, left } = await takenBack(openharness, { during: 'call', n: 1, work: BATCH })
    expect(after.requests).toBe(0)
    expect(faultsIn(left)).toEqual([])
  })

  it('goes on after a crash where its log ends', async () => {
    const walked = await crashed(openharness, 'generate#3')
    expect(new Set(written(walked))).toEqual(new Set(['a', 'b', 'c']))
    expect(resultsIn(walked.requests.at(-2)?.messages ?? [])).toHaveLength(2)
  })
})
