// opencode 1.18 as `opencode`: what was read in its source (session/compaction.ts, processor.ts) and observed.
import { describe, expect, it } from 'vitest'
import opencode from '../../harnesses/kernels/opencode.ts'
import { instanceWith, ofKind } from '../machine/rig.ts'
import { call, END, faultsIn, says } from '../parts/scripted.ts'
import { crashed, takenBack, written } from './broken-off.ts'
import { refused, resultsIn, type Script, TOO_LONG, used, walk } from './walk.ts'

const read = (id: string, filePath = 'a.txt') => call(id, 'read', { filePath })
const SUMMARY = says('THE SUMMARY')
const CLEARED = '[Old tool result content cleared]'
const NO = { 'job-1/confirm#1/refuses': true }

describe('compaction', () => {
  it.each([
    ['absolute', 200_000, 1, 168_000],
    ['scaled', 8000, 0, 6720],
  ])(
    'fires where usage leaves no 32,000 tokens, %s',
    async (_how, windowTokens, absolute, full) => {
      const instance = instanceWith({ windowTokens, params: { absolute } })
      const turn = (input: number) => used(input, says('', read('c1')))
      expect((await walk(opencode, [turn(full)], { instance })).requests).toHaveLength(2)
      const { requests } = await walk(opencode, [turn(full + 1), SUMMARY], { instance })
      expect(requests).toHaveLength(3)
      const asked = requests[1]
      expect(asked?.tools).toBeUndefined()
      expect(asked?.messages.map(({ role }) => role)).toEqual(['system', 'user'])
      expect(asked?.messages[1]?.content).toMatch(/^<conversation>\n\[User\]: Hello\./)
      expect(asked?.messages[1]?.content).toContain('## Relevant files')
    },
  )

  it('leaves the summary, and the word to continue', async () => {
    const { requests, reply } = await walk(opencode, [
      says('', read('c0')),
      used(8000, says('', read('c1'))),
      SUMMARY,
    ])
    const next = requests[3]?.messages ?? []
    expect(next.map(({ role }) => role)).toEqual(['system', 'user', 'user'])
    expect(next[1]?.content).toBe('What did we do so far?\n\nTHE SUMMARY')
    expect(next[2]?.content).toMatch(/^Continue if you have next steps/)
    expect(reply).toBe(END)
  })

  it('after an overflow blames large attachments, wrongly, and goes on; once', async () => {
    const script = [says('', read('c1')), TOO_LONG, SUMMARY, TOO_LONG]
    const { requests, reply } = await walk(opencode, script)
    expect(requests).toHaveLength(4)
    expect(requests[3]?.messages.at(-1)?.content).toMatch(
      /size limit due to large media attachments[\s\S]*Continue if you have next steps/,
    )
    expect(reply).toBe('Stopped: too long')
  })

  it('prunes nothing within a job, which is one turn of the user', async () => {
    const text = Array.from({ length: 50 }, () => 'x'.repeat(1600)).join('\n')
    const instance = instanceWith({
      windowTokens: 400_000,
      params: { absolute: 1 },
      world: { files: { 'a.txt': text } },
    })
    const reads = Array.from({ length: 8 }, (_, i) =>
      says('', call(`c${i}`, 'read', { filePath: 'a.txt', offset: i + 1 })),
    )
    const { requests } = await walk(opencode, reads, { instance })
    const told = resultsIn(requests.at(-1)?.messages ?? [])
    expect(told.join('').length / 4).toBeGreaterThan(60_000 + 40_000)
    expect(told).not.toContain(CLEARED)
  })
})

describe('a call that cannot be run as spoken', () => {
  const told = async (name: string, args: unknown) => {
    const { requests, ran } = await walk(opencode, [says('', call('c1', name, args))])
    const messages = requests[1]?.messages ?? []
    const spoken = messages.flatMap(({ calls = [] }) => calls)[0]
    return { text: resultsIn(messages)[0], spoken, ran }
  }

  it('becomes one of `invalid`, with the list of tools', async () => {
    const { text, spoken, ran } = await told('open_file', { filePath: 'a.txt' })
    expect(spoken?.name).toBe('invalid')
    expect(JSON.parse(spoken?.args ?? '')).toMatchObject({ tool: 'open_file' })
    expect(text).toMatch(/^The arguments provided to the tool are invalid: /)
    expect(text).toMatch(
      /tried to call unavailable tool 'open_file'. Available tools: invalid, read, glob, grep,/,
    )
    expect(ran).toEqual([])
  })

  it('is run where only its case is wrong', async () => {
    const { text, spoken } = await told('Read', { filePath: 'a.txt' })
    expect(spoken?.name).toBe('read')
    expect(text).toContain('00001| alpha')
  })

  it.each(['{"filePath":"a.txt","content":"half a', '{"filePath": read me, ]}'])(
    'becomes one of `invalid` where it is no JSON: %s',
    async (raw) => {
      const { text, spoken, ran } = await told('write', raw)
      expect(spoken?.name).toBe('invalid')
      expect(text).toContain(`Invalid input for tool write: JSON parsing failed: Text: ${raw}.`)
      expect(ran).toEqual([])
    },
  )

  it('is asked to be rewritten where its types are wrong', async () => {
    const { text, spoken, ran } = await told('read', { filePath: { is: 'a.txt' } })
    expect(spoken?.name).toBe('read')
    expect(text).toMatch(/^The read tool was called with invalid arguments: SchemaError/)
    expect(text).toMatch(/Please rewrite the input so it satisfies the expected schema\.$/)
    expect(ran).toEqual([])
  })
})

describe('leave', () => {
  const again = (n: number) => Array.from({ length: n }, (_, i) => says('', read(`c${i}`)))

  it('is asked for the third identical call in a row, and anew after a yes', async () => {
    const asked = async (n: number) => ofKind((await walk(opencode, again(n))).trace, 'confirm')
    expect(await asked(2)).toEqual([])
    expect((await asked(3)).map(({ question }) => question)).toEqual([
      expect.stringContaining('doom_loop'),
    ])
    expect(await asked(5)).toHaveLength(1)
    expect(await asked(6)).toHaveLength(2)
  })

  it('that is not given ends the job', async () => {
    const { requests, reply, ran } = await walk(opencode, again(6), { chance: NO })
    expect(requests).toHaveLength(3)
    expect(ran).toHaveLength(2)
    expect(reply).toBe('The user rejected permission to use this specific tool call.')
  })

  it('is by the last rule that matches: .env is asked for, .env.example is not', async () => {
    const files = { '.env': 'KEY=1', '.env.example': 'KEY=' }
    const instance = instanceWith({ world: { files } })
    const script = [says('', read('c1', '.env.example'), read('c2', '.env'))]
    const { trace, requests } = await walk(opencode, script, { instance })
    expect(ofKind(trace, 'confirm').map(({ question }) => question)).toEqual([
      'Allow read {"filePath":".env"}?',
    ])
    expect(resultsIn(requests[1]?.messages ?? [])[1]).toContain('KEY=1')
    const refusing = await walk(opencode, script, { instance, chance: NO })
    expect(refusing.requests).toHaveLength(1)
    expect(refusing.reply).toBe('The user rejected permission to use this specific tool call.')
  })
})

describe('the loop', () => {
  it('runs calls that read, and commands, at once', async () => {
    const bash = call('c2', 'bash', { command: 'echo 1', description: 'says 1' })
    const { trace } = await walk(opencode, [says('', read('c1'), bash, read('c3'))])
    const at = ofKind(trace, 'call').map((event) => event.at)
    expect(at).toHaveLength(3)
    expect(new Set(at).size).toBe(1)
  })

  it('asks again after 2, 4, 8, 16 and then each 30 seconds, for minutes', async () => {
    const asking = async (script: Script) => {
      const { trace, requests } = await walk(opencode, script)
      return [requests.length, Math.round((ofKind(trace, 'reply')[0]?.at ?? 0) / 1000)]
    }
    expect(await asking(() => refused(500))).toEqual([14, 300])
    expect(await asking([refused(500), refused(429), says(END)])).toEqual([3, 6])
  })
})

describe('a job that is broken off', () => {
  it('while an answer is spoken stops at once', async () => {
    const { after, left } = await takenBack(opencode, { during: 'answer', n: 2 })
    expect(after).toEqual({ requests: 0, calls: 0, effects: 0, replyMs: 0 })
    expect(left.map(({ role }) => role)).toEqual(['assistant', 'tool'])
  })

  it('waits 250 milliseconds for a call, then says that it was aborted', async () => {
    const chance = { 'job-1/call#1/tool-timeout': true }
    const { after, left } = await takenBack(opencode, { during: 'call', n: 1, chance })
    expect(after).toMatchObject({ requests: 0, effects: 0 })
    expect(Math.abs(after.replyMs - 250)).toBeLessThan(5)
    expect(resultsIn(left)).toEqual(['Tool execution aborted'])
    expect(faultsIn(left)).toEqual([])
  })

  it('by a crash goes on from its last step, and has the files of each', async () => {
    const walked = await crashed(opencode, 'generate#3')
    expect(written(walked)).toEqual(['a', 'b', 'c'])
    expect(resultsIn(walked.requests.at(-2)?.messages ?? [])).toHaveLength(2)
    const lines = (walked.simulation.disk.get('job-1.steps.jsonl') ?? '').trim().split('\n')
    const trees = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'step')
    const [one, two, again, three, ...more] = trees.map(({ tree }) => tree)
    expect([again, more]).toEqual([two, []])
    expect(new Set([one, two, three]).size).toBe(3)
  })
})
