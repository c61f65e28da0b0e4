// Codex 0.169 as `codex`: what was read in its source (compact.rs, tasks/mod.rs) and observed.
import { describe, expect, it } from 'vitest'
import codex from '../../harnesses/kernels/codex.ts'
import type { Completion } from '../../sim/index.ts'
import { instanceWith, ofKind } from '../machine/rig.ts'
import { call, END, faultsIn, says } from '../parts/scripted.ts'
import { BATCH, crashed, takenBack, written } from './broken-off.ts'
import { refused, resultsIn, TOO_LONG, used, walk } from './walk.ts'

const shell = (id: string, command: unknown) => call(id, 'shell', { command })
const SUMMARY = says('THE SUMMARY')

const prompting = (prompt: string, windowTokens = 200_000, absolute = 1) =>
  instanceWith({
    windowTokens,
    params: { absolute },
    users: [{ id: 'ana', jobs: [{ id: 'job-1', prompt, arrivesMs: 0 }] }],
  })

describe('compaction', () => {
  it.each([
    ['absolute', 200_000, 1, 179_900, 180_000],
    ['scaled', 8000, 0, 7150, 7200],
  ])('fires at nine tenths of the window, %s', async (_how, windowTokens, absolute, low, high) => {
    const instance = instanceWith({ windowTokens, params: { absolute } })
    const turn = (input: number): Completion => used(input, says('', shell('c1', 'cat a.txt')))
    const before = await walk(codex, [turn(low)], { instance })
    expect(before.requests).toHaveLength(2)
    const { requests } = await walk(codex, [turn(high), SUMMARY], { instance })
    expect(requests).toHaveLength(3)
    const [first, asked] = requests
    expect(first?.tools?.map(({ name }) => name)).toContain('shell')
    expect(asked?.tools).toBeUndefined()
    expect(asked?.messages.slice(0, 2)).toEqual(first?.messages)
    expect(asked?.messages.at(-1)).toMatchObject({ role: 'user' })
    expect(asked?.messages.at(-1)?.content).toMatch(
      /^You are performing a CONTEXT CHECKPOINT COMPACTION\./,
    )
  })

  it("leaves the user's words and the summary, and nothing else", async () => {
    const script = [
      says('', shell('c0', 'ls')),
      used(180_000, says('I look.', shell('c1', 'cat a.txt'))),
      SUMMARY,
    ]
    const { requests, reply } = await walk(codex, script, { instance: prompting('Do it.') })
    const next = requests[3]?.messages ?? []
    expect(next.map(({ role }) => role)).toEqual(['system', 'user', 'user'])
    expect(next[1]?.content).toBe('Do it.')
    expect(next[2]?.content).toMatch(/^Another language model started[\s\S]*\nTHE SUMMARY$/)
    expect(requests[3]?.tools).toHaveLength(requests[0]?.tools?.length ?? 0)
    expect(reply).toBe(END)
  })

  it.each([
    ['absolute', 200_000, 1, 20_000],
    ['scaled', 8000, 0, 800],
  ])("keeps 20,000 tokens of the user's words, %s", async (_how, window, absolute, most) => {
    const after = async (tokens: number) => {
      const instance = prompting('w'.repeat(4 * tokens), window, absolute)
      const script = [used(window, says('', shell('c1', 'ls'))), SUMMARY]
      const { requests } = await walk(codex, script, { instance })
      return requests[2]?.messages[1]?.content ?? ''
    }
    expect(await after(most)).toBe('w'.repeat(4 * most))
    const cut = await after(most + 100)
    expect(cut).toContain('…100 tokens truncated…')
    expect(cut.length).toBeLessThan(4 * most + 40)
  })

  it('that is itself too long is asked again without what is oldest', async () => {
    const script = [
      says('', shell('c0', 'ls')),
      used(180_000, says('', shell('c1', 'ls'))),
      TOO_LONG,
      TOO_LONG,
      SUMMARY,
    ]
    const { requests, reply } = await walk(codex, script, { instance: prompting('Do it.') })
    const asked = requests.slice(2, 5).map(({ messages }) => messages.length)
    expect(asked).toEqual([7, 6, 4])
    for (const { messages } of requests) expect(faultsIn(messages)).toEqual([])
    expect(requests[5]?.messages[1]?.content).toBe('Do it.')
    expect(reply).toBe(END)
  })

  it('does not help where the work itself is refused for its length', async () => {
    const { requests, reply } = await walk(codex, [says('', shell('c1', 'ls')), TOO_LONG])
    expect(requests).toHaveLength(2)
    expect(reply).toBe('Stopped: too long')
  })
})

describe('a call that cannot be run as spoken', () => {
  const told = async (name: string, args: unknown) => {
    const { requests, trace } = await walk(codex, [says('', call('c1', name, args))])
    const messages = requests[1]?.messages ?? []
    const spoken = messages.flatMap(({ calls = [] }) => calls)[0]
    return { text: resultsIn(messages)[0], spoken, ran: ofKind(trace, 'call').length }
  }

  it('is unsupported where no tool has its name', async () => {
    expect(await told('read_file', {})).toMatchObject({
      text: 'unsupported call: read_file',
      ran: 0,
    })
  })

  it.each(['{"command":"echo hel', '{"command": echo hello, ]}'])(
    'is not run where it is no JSON, and stays as it was: %s',
    async (raw) => {
      const { text, spoken, ran } = await told('shell', raw)
      expect(text).toMatch(/^failed to parse function arguments: \S/)
      expect(spoken?.args).toBe(raw)
      expect(ran).toBe(0)
    },
  )

  it('is told which type was wanted', async () => {
    const { text, ran } = await told('shell', { command: { is: 'ls' } })
    expect(text).toBe('failed to parse function arguments: invalid type: map, expected a string')
    expect(ran).toBe(0)
  })
})

describe('the loop', () => {
  it('finds no circles and asks no leave', async () => {
    const again = Array.from({ length: 30 }, (_, i) => says('', shell(`c${i}`, 'ls')))
    const { requests, trace, reply } = await walk(codex, again)
    expect(requests).toHaveLength(31)
    expect(ofKind(trace, 'confirm')).toEqual([])
    expect(reply).toBe(END)
  })

  it('runs calls of the shell at once, and tells their results in their order', async () => {
    const script = [says('', shell('c1', 'echo 1'), shell('c2', ['echo', '2']))]
    const { requests, trace } = await walk(codex, script)
    expect(new Set(ofKind(trace, 'call').map(({ at }) => at)).size).toBe(1)
    const [one, two] = resultsIn(requests[1]?.messages ?? [])
    expect([one, two]).toEqual([
      expect.stringMatching(/^Exit code: 0\n[\s\S]*1$/m),
      expect.stringMatching(/^Exit code: 0\n[\s\S]*2$/m),
    ])
  })

  it('asks thirty times in 25 seconds, then gives up', async () => {
    const { requests, reply, trace } = await walk(codex, () => refused(500))
    expect(requests).toHaveLength(30)
    expect(ofKind(trace, 'reply')[0]?.at).toBe(24_200)
    expect(reply).toBe('Stopped: refused with 500')
  })
})

describe('a job that is taken back', () => {
  it('while an answer is spoken stops at once', async () => {
    const { after, left } = await takenBack(codex, { during: 'answer', n: 2 })
    expect(after).toEqual({ requests: 0, calls: 0, effects: 0, replyMs: 0 })
    expect(left.map(({ role }) => role)).toEqual(['assistant', 'tool'])
  })

  it('in the second call of an answer keeps the first, which is answered "aborted"', async () => {
    const { after, left, trace } = await takenBack(codex, { during: 'answer', n: 1, work: BATCH })
    expect(ofKind(trace, 'generation')[0]?.calls.length).toBeGreaterThan(0)
    expect(after).toMatchObject({ requests: 0, calls: 0, effects: 0 })
    expect(left.at(-1)).toMatchObject({ role: 'tool', content: 'aborted', isError: true })
    expect(faultsIn(left)).toEqual([])
  })

  it('waits 100 milliseconds for a call, then says that it was aborted', async () => {
    const chance = { 'job-1/call#1/tool-timeout': true }
    const { after, left, disk } = await takenBack(codex, { during: 'call', n: 1, chance })
    // And a millisecond to write it down.
    expect(after).toMatchObject({ requests: 0, replyMs: 101 })
    expect(resultsIn(left)).toEqual(['aborted'])
    expect(disk).toContain('"content":"aborted"')
  })
})

describe('a session', () => {
  it('goes on after a crash where its log ends', async () => {
    const walked = await crashed(codex, 'generate#3')
    expect(written(walked)).toEqual(['a', 'b', 'c'])
    expect(resultsIn(walked.requests.at(-2)?.messages ?? [])).toHaveLength(2)
  })
})
