// Claude Code 2.1 as `monolith`: the paper (arXiv 2604.14228), constants of agreeing secondary analyses, and what
// was observed at 2.1.330.
import { describe, expect, it } from 'vitest'
import monolith from '../../harnesses/kernels/monolith.ts'
import type { Request } from '../../sim/index.ts'
import { house, instanceWith, ofKind } from '../machine/rig.ts'
import { call, END, faultsIn, says } from '../parts/scripted.ts'
import { BATCH, crashed, takenBack, written } from './broken-off.ts'
import { refused, resultsIn, TOO_LONG, used, walk } from './walk.ts'

const read = (id: string, path = 'a.txt') => call(id, 'Read', { file_path: path })
const bash = (id: string, command: string) => call(id, 'Bash', { command })
const SUMMARY = says('<analysis>I THINK</analysis>\n<summary>\nTHE SUMMARY\n</summary>')
const CLEARED = '[Old tool result content cleared]'
const NO = { 'job-1/confirm#1/refuses': true }
const isForSummary = ({ messages }: Request): boolean =>
  messages.at(-1)?.content.startsWith('CRITICAL: Respond with TEXT ONLY.') === true

const absolute = (files: Record<string, string> = { 'a.txt': 'alpha' }) =>
  instanceWith({ windowTokens: 200_000, params: { absolute: 1 }, world: { files } })

describe('compaction', () => {
  it.each([
    ['absolute', 200_000, 1, 166_900, 167_000, 20_000],
    ['scaled', 8000, 0, 6650, 6680, 800],
  ])(
    'fires at the window less 33,000, %s',
    async (_how, windowTokens, absolute, low, high, most) => {
      const instance = instanceWith({ windowTokens, params: { absolute } })
      const turn = (input: number) => used(input, says('', read('c1')))
      expect((await walk(monolith, [turn(low)], { instance })).requests).toHaveLength(2)
      const { requests } = await walk(monolith, [turn(high), SUMMARY], { instance })
      expect(requests.map(isForSummary)).toEqual([false, true, false])
      const [first, asked] = requests
      expect(asked?.tools).toEqual(first?.tools)
      expect(asked?.messages.slice(0, 2)).toEqual(first?.messages)
      expect(asked?.messages.slice(2, -1).map(({ role }) => role)).toEqual(['assistant', 'tool'])
      expect(asked?.maxTokens).toBe(most)
      for (const section of ['1. Primary Request', '6. All User Messages', '9. Next Step'])
        expect(asked?.messages.at(-1)?.content).toContain(section)
    },
  )

  it('leaves the summary without the scratchpad, and the files that were read', async () => {
    const instance = absolute({ 'a.txt': 'alpha', 'b.txt': 'beta' })
    const script = [
      says('', read('c1'), read('c2', 'b.txt')),
      used(167_000, says('', bash('c3', 'echo 1'))),
      SUMMARY,
    ]
    const { requests, reply } = await walk(monolith, script, { instance })
    const next = requests[3]?.messages ?? []
    expect(next.every(({ role }) => role === 'system' || role === 'user')).toBe(true)
    const text = next.map(({ content }) => content).join('\n')
    expect(text).toContain('This session is being continued from a previous conversation')
    expect(text).toContain('THE SUMMARY')
    expect(text).not.toContain('I THINK')
    expect(next.map(({ content }) => content)).toEqual(
      expect.arrayContaining(['Contents of a.txt:\nalpha', 'Contents of b.txt:\nbeta']),
    )
    expect(reply).toBe(END)
  })

  it('is given up after three failures in a row', async () => {
    let n = 0
    const { requests } = await walk(
      monolith,
      (request) => {
        if (isForSummary(request)) return says('')
        return ++n > 6 ? says(END) : used(180_000, says('', read(`c${n}`)))
      },
      { instance: absolute() },
    )
    expect(requests.filter(isForSummary)).toHaveLength(3)
    expect(requests).toHaveLength(10)
  })

  it('after an overflow is done once a turn', async () => {
    const script = [
      says('', read('c1')),
      TOO_LONG,
      SUMMARY,
      says('', read('c2')),
      TOO_LONG,
      SUMMARY,
    ]
    const { requests, reply } = await walk(monolith, [...script, TOO_LONG])
    expect(requests.map(isForSummary)).toEqual([false, false, true, false, false, true, false])
    expect(reply).toBe('Stopped: too long')
  })

  it('that is itself too long is asked for three times more, each without a fifth', async () => {
    const reads = Array.from({ length: 9 }, (_, i) => says('', read(`c${i}`)))
    const script = [...reads, used(167_000, says('', read('c9'))), ...Array(4).fill(TOO_LONG)]
    const { requests } = await walk(monolith, script, { instance: absolute() })
    const asked = requests.filter(isForSummary)
    expect(asked.map(({ messages }) => messages.length)).toEqual([23, 20, 18, 16])
    for (const { messages } of asked) expect(faultsIn(messages)).toEqual([])
  })
})

describe('results', () => {
  const reads = (n: number) => Array.from({ length: n }, (_, i) => says('', read(`c${i + 1}`)))

  it('are cleared but for the newest five after an hour of idleness', async () => {
    const flawless = await house.profile('flawless')
    const cleared = async (answerMs: number) => {
      const profile = { ...flawless, user: { ...flawless.user, answerMs } }
      const script = [...reads(7), says('', bash('c8', 'curl x'))]
      const { requests } = await walk(monolith, script, { profile })
      return resultsIn(requests.at(-1)?.messages ?? []).map((text) => text === CLEARED)
    }
    expect(await cleared(59 * 60_000)).toEqual(Array(8).fill(false))
    expect(await cleared(60 * 60_000)).toEqual([...Array(3).fill(true), ...Array(5).fill(false)])
  })

  it('are not cleared for their size', async () => {
    const text = Array.from({ length: 40 }, () => 'x'.repeat(1500)).join('\n')
    const { requests } = await walk(monolith, reads(8), { instance: absolute({ 'a.txt': text }) })
    const told = resultsIn(requests.at(-1)?.messages ?? [])
    expect(told.join('').length / 4).toBeGreaterThan(110_000)
    expect(told).not.toContain(CLEARED)
    expect(requests.some(isForSummary)).toBe(false)
  })

  it.each([
    ['50,000 characters are', 1, 60_000, true],
    ['less are not', 1, 40_000, false],
    ['200,000 in a turn are', 5, 45_000, true],
    ['less in a turn are not', 4, 45_000, false],
  ])('of more than %s shown as a preview', async (_what, calls, chars, isShort) => {
    const line = `${'x'.repeat(990)}\n`
    const instance = absolute({ 'a.txt': line.repeat(Math.floor(chars / 1000)) })
    const grep = (id: string) => call(id, 'Grep', { pattern: 'x', output_mode: 'content' })
    const grepping = Array.from({ length: calls }, (_, i) => grep(`c${i}`))
    const { requests } = await walk(monolith, [says('', ...grepping)], { instance })
    const told = resultsIn(requests[1]?.messages ?? [])
    expect(told.some((text) => text.startsWith('Output too large'))).toBe(isShort)
    expect(told.filter((text) => text.length < 3000)).toHaveLength(isShort ? 1 : 0)
  })
})

describe('a call that cannot be run as spoken', () => {
  const told = async (name: string, args: unknown) => {
    const { requests, trace } = await walk(monolith, [says('', call('c1', name, args))])
    const messages = requests[1]?.messages ?? []
    const spoken = messages.flatMap(({ calls = [] }) => calls)[0]
    return { text: resultsIn(messages)[0], spoken, ran: ofKind(trace, 'call').length }
  }

  it('of an unknown tool is told so, without a list', async () => {
    expect(await told('read_file', {})).toMatchObject({
      text: '<tool_use_error>Error: No such tool available: read_file</tool_use_error>',
      ran: 0,
    })
  })

  it.each(['{"file_path":"b.txt","content":"half a', '{"file_path": write me, ]}'])(
    'is not run where it is no JSON, and stands in the history as what was not parsed: %s',
    async (raw) => {
      const { text, spoken, ran } = await told('Write', raw)
      expect(text).toMatch(/^<tool_use_error>InputValidationError: Write .*<\/tool_use_error>$/)
      expect(JSON.parse(spoken?.args ?? '')).toEqual({ __unparsedToolInput: { raw } })
      expect(ran).toBe(0)
    },
  )

  it('is told which parameter is wrong or missing', async () => {
    expect((await told('Read', { file_path: { is: 'a.txt' } })).text).toBe(
      '<tool_use_error>InputValidationError: Read failed due to the following issue:\nThe parameter `file_path` must be string</tool_use_error>',
    )
    expect((await told('Write', { file_path: 'b.txt' })).text).toContain(
      'The required parameter `content` is missing',
    )
  })

  it('that writes what was not read is not run', async () => {
    const { text } = await told('Write', { file_path: 'a.txt', content: 'x' })
    expect(text).toContain('File has not been read yet.')
  })
})

describe('leave', () => {
  const script = [says('', bash('c1', 'rm a.txt')), says('', read('c2'))]

  it('is asked for what no rule is about; a no is told, and the work goes on', async () => {
    const asked = await walk(monolith, script)
    expect(ofKind(asked.trace, 'confirm')).toHaveLength(1)
    const { requests, reply, trace } = await walk(monolith, script, { chance: NO })
    expect(resultsIn(requests[1]?.messages ?? [])[0]).toMatch(
      /^The user doesn't want to proceed with this tool use\./,
    )
    expect(ofKind(trace, 'effect')).toEqual([])
    expect(requests).toHaveLength(3)
    expect(reply).toBe(END)
  })

  it('is not asked for looking, nor for changes in the workspace', async () => {
    const write = call('c2', 'Write', { file_path: 'b.txt', content: 'x' })
    const { trace } = await walk(monolith, [says('', read('c1'), write)])
    expect(ofKind(trace, 'confirm')).toEqual([])
    expect(ofKind(trace, 'effect')).toHaveLength(1)
  })

  it('is out of question where a rule denies, whatever else allows', async () => {
    const { requests, trace, ran } = await walk(monolith, [says('', read('c1', '.env'))])
    expect(resultsIn(requests[1]?.messages ?? [])[0]).toBe(
      'Permission to use Read has been denied.',
    )
    expect(ofKind(trace, 'confirm')).toEqual([])
    expect(ran).toEqual([])
  })
})

describe('the loop', () => {
  it('runs what reads at once, and all else alone', async () => {
    const script = [says('', read('c1'), read('c2'), bash('c3', 'cat a.txt'), read('c4'))]
    const { trace, requests } = await walk(monolith, script)
    const [one, two, three, four] = ofKind(trace, 'call').map(({ at }) => at)
    expect(two).toBe(one)
    expect(three).toBeGreaterThan(two ?? 0)
    expect(four).toBeGreaterThan(three ?? 0)
    const ids = requests[1]?.messages.flatMap(({ callId = [] }) => callId)
    expect(ids).toEqual(['c1', 'c2', 'c3', 'c4'])
  })

  it('finds no circles', async () => {
    const again = Array.from({ length: 30 }, (_, i) => says('', read(`c${i}`)))
    const { requests, trace } = await walk(monolith, again)
    expect(requests).toHaveLength(31)
    expect(ofKind(trace, 'confirm')).toEqual([])
  })

  it('asks seven times in the first 35 seconds', async () => {
    const { requests, trace, reply } = await walk(monolith, () => refused(500))
    expect(requests).toHaveLength(8)
    // The last wait is 32 seconds.
    expect(ofKind(trace, 'reply')[0]?.at).toBe(31_500 + 32_000)
    expect(reply).toBe('Stopped: refused with 500')
  })
})

describe('a job that is broken off', () => {
  it('while an answer is spoken stops at once', async () => {
    const { after, left } = await takenBack(monolith, { during: 'answer', n: 2 })
    expect(after).toEqual({ requests: 0, calls: 0, effects: 0, replyMs: 0 })
    expect(left.map(({ role }) => role)).toEqual(['assistant', 'tool'])
  })

  it('while a call runs begins no other, and leaves none unanswered', async () => {
    const moment = { during: 'call', n: 1, work: BATCH } as const
    const { after, left, trace } = await takenBack(monolith, moment)
    expect(after.requests).toBe(0)
    expect(ofKind(trace, 'effect').length).toBeLessThan(2)
    expect(faultsIn(left)).toEqual([])
  })

  it('by a crash goes on where its log ends', async () => {
    const walked = await crashed(monolith, 'generate#3')
    expect(written(walked)).toEqual(['a', 'b', 'c'])
    expect(resultsIn(walked.requests.at(-2)?.messages ?? [])).toHaveLength(2)
  })
})
