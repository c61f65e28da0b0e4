// Pi 0.73.1 as `micro`: what was read in its source (agent-loop.js, compaction.js, agent-session.js) and observed.
import { describe, expect, it } from 'vitest'
import micro from '../../harnesses/kernels/micro.ts'
import { instanceWith, ofKind } from '../machine/rig.ts'
import { call, END, faultsIn, says } from '../parts/scripted.ts'
import { BATCH, crashed, takenBack, written } from './broken-off.ts'
import { refused, resultsIn, TOO_LONG, used, walk } from './walk.ts'

const read = (id: string, path: string) => call(id, 'read', { path })
const reads = (n: number) =>
  Array.from({ length: n }, (_, i) => says('', read(`c${i + 1}`, `${i + 1}.txt`)))

/** Files of so many estimated tokens each. */
const files = (n: number, tokens: number) =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`${i + 1}.txt`, 'x'.repeat(4 * tokens)]))

const withFiles = (windowTokens: number, tokens: number, absolute: number) =>
  instanceWith({ windowTokens, params: { absolute }, world: { files: files(6, tokens) } })

describe('compaction', () => {
  it.each([
    ['absolute', withFiles(128_000, 6000, 1), 8192],
    ['scaled', withFiles(20_000, 600, 0), 819],
  ])('keeps the newest 20,000 tokens, %s, after an overflow', async (_how, instance, most) => {
    const script = [...reads(6), TOO_LONG, says('THE SUMMARY')]
    const { requests, reply } = await walk(micro, script, { instance })
    const asked = requests[7]
    expect(asked?.tools).toBeUndefined()
    expect(asked?.maxTokens).toBe(most)
    expect(asked?.messages.map(({ role }) => role)).toEqual(['system', 'user'])
    expect(asked?.messages[0]?.content).toContain('context summarization assistant')
    const text = asked?.messages[1]?.content ?? ''
    expect(text).toMatch(/^<conversation>\n\[User\]: Hello\./)
    expect(text).toContain('This is the PREFIX of a turn that was too large to keep.')
    expect(text.match(/\[Assistant tool calls\]/g)).toHaveLength(3)
    expect(text).toContain(`${'x'.repeat(1999)}`)
    expect(text).not.toContain('x'.repeat(2401))
    const next = requests[8]?.messages ?? []
    expect(next.map(({ role }) => role).slice(0, 2)).toEqual(['system', 'user'])
    expect(next[1]?.content).toContain('<summary>\nNo prior history.')
    expect(next[1]?.content).toContain('THE SUMMARY')
    expect(next[1]?.content).toContain('<read-files>\n1.txt\n2.txt\n3.txt\n</read-files>')
    expect(next.flatMap(({ calls = [] }) => calls.map(({ id }) => id))).toEqual(['c4', 'c5', 'c6'])
    expect(faultsIn(next)).toEqual([])
    expect(reply).toBe(END)
  })

  it('does not fire on usage within a job', async () => {
    const instance = withFiles(200_000, 10, 1)
    const { requests } = await walk(micro, [used(199_000, says('', read('c1', '1.txt')))], {
      instance,
    })
    expect(requests).toHaveLength(2)
    expect(requests[1]?.messages).toHaveLength(4)
  })

  it('is tried once an overflow: a second one ends the job', async () => {
    const instance = withFiles(128_000, 6000, 1)
    const script = [...reads(6), TOO_LONG, says('THE SUMMARY'), TOO_LONG]
    const { requests, reply } = await walk(micro, script, { instance })
    expect(requests).toHaveLength(9)
    expect(reply).toBe('Stopped: too long')
  })

  it('merges the summary before it, and keeps the list of files', async () => {
    const instance = withFiles(128_000, 6000, 1)
    const more = Array.from({ length: 6 }, (_, i) => says('', read(`d${i}`, `${6 - i}.txt`)))
    const script = [...reads(6), TOO_LONG, says('ONE'), ...more, TOO_LONG, says('TWO')]
    const { requests } = await walk(micro, script, { instance })
    const asked = requests.find(({ messages }) => messages[1]?.content.includes('NEW conversation'))
    expect(asked?.messages[1]?.content).toMatch(/<previous-summary>\n[\s\S]*ONE/)
    expect(asked?.maxTokens).toBe(Math.floor(0.8 * 16_384))
    const last = requests.at(-1)?.messages[1]?.content ?? ''
    expect(last).toContain('<summary>\nTWO')
    for (let n = 1; n <= 6; n++) expect(last).toContain(`\n${n}.txt`)
  })
})

describe('a call that cannot be run as spoken', () => {
  const told = async (name: string, args: unknown) => {
    const walked = await walk(micro, [says('', call('c1', name, args))])
    const messages = walked.requests[1]?.messages ?? []
    const spoken = messages.flatMap(({ calls = [] }) => calls)[0]
    return { ...walked, text: resultsIn(messages)[0], spoken }
  }

  it('of an unknown tool is told so in four words', async () => {
    const { text, ran } = await told('read_file', { path: 'a.txt' })
    expect(text).toBe('Tool read_file not found')
    expect(ran).toEqual([])
  })

  it('is repaired and run where it was cut off, and the history has it whole', async () => {
    const { spoken, trace } = await told('write', '{"path":"b.txt","content":"half a')
    expect(spoken?.args).toBe('{"path":"b.txt","content":"half a"}')
    expect(ofKind(trace, 'effect').map(({ key, value }) => [key, value])).toEqual([
      ['b.txt', 'half a'],
    ])
  })

  it('becomes {} where it is garbage, and is not valid then', async () => {
    const { spoken, text, ran } = await told('bash', 'echo hello, ]}')
    expect(spoken?.args).toBe('{}')
    expect(text).toContain('command: must have required properties command')
    expect(ran).toEqual([])
  })

  it('is coerced where its types can be', async () => {
    const { text } = await told('read', { path: 'a.txt', offset: '1', limit: '1' })
    expect(text).toBe('alpha')
  })

  it('is told what it was where they cannot', async () => {
    const { text, ran } = await told('read', { path: { is: 'a.txt' } })
    expect(text).toBe(
      'Validation failed for tool "read":\n  - path: must be string\n\nReceived arguments:\n{\n  "path": {\n    "is": "a.txt"\n  }\n}',
    )
    expect(ran).toEqual([])
  })
})

describe('the loop', () => {
  it('has no maximum of turns, finds no circles and asks no leave', async () => {
    const again = Array.from({ length: 45 }, (_, i) => says('', read(`c${i}`, '.env')))
    const instance = instanceWith({ world: { files: { '.env': 'KEY=1' } } })
    const { requests, trace, reply } = await walk(micro, again, { instance })
    expect(requests).toHaveLength(46)
    expect(ofKind(trace, 'confirm')).toEqual([])
    expect(resultsIn(requests.at(-1)?.messages ?? []).at(-1)).toBe('KEY=1')
    expect(reply).toBe(END)
  })

  it('runs calls that read at once, and tells their results in their order', async () => {
    const instance = withFiles(128_000, 10, 1)
    const script = [says('', read('c1', '1.txt'), call('c2', 'nothing'), read('c3', '2.txt'))]
    const { trace, requests } = await walk(micro, script, { instance })
    expect(new Set(ofKind(trace, 'call').map(({ at }) => at)).size).toBe(1)
    const ids = requests[1]?.messages.flatMap(({ callId = [] }) => callId)
    expect(ids).toEqual(['c1', 'c2', 'c3'])
  })

  it('asks twelve times in twenty seconds, then gives up', async () => {
    const { requests, reply, trace } = await walk(micro, () => refused(500))
    expect(requests).toHaveLength(12)
    expect(ofKind(trace, 'reply')[0]?.at).toBe(20_000)
    expect(reply).toBe('Stopped: refused with 500')
  })
})

describe('a job that is taken back', () => {
  it('while an answer is spoken leaves nothing of it', async () => {
    const { after, left, trace } = await takenBack(micro, { during: 'answer', n: 2 })
    expect(after).toEqual({ requests: 0, calls: 0, effects: 0, replyMs: 0 })
    expect(ofKind(trace, 'interrupt')).toHaveLength(1)
    expect(left.map(({ role }) => role)).toEqual(['assistant', 'tool'])
  })

  it('while a call runs begins no other, and leaves none unanswered', async () => {
    const { after, left } = await takenBack(micro, { during: 'call', n: 1, work: BATCH })
    expect(after).toMatchObject({ requests: 0, effects: 1 })
    expect(faultsIn(left)).toEqual([])
    expect(resultsIn(left).slice(1)).toEqual(['Operation aborted', 'Operation aborted'])
  })
})

describe('a session', () => {
  it('is a tree of entries that goes on after a crash where it was', async () => {
    const walked = await crashed(micro, 'generate#3')
    expect(written(walked)).toEqual(['a', 'b', 'c'])
    const resumed = walked.requests.at(-2)?.messages ?? []
    expect(resumed.filter(({ role }) => role === 'tool')).toHaveLength(2)
    const entries = (walked.simulation.disk.get('job-1.tree.jsonl') ?? '').trim().split('\n')
    const [first, ...rest] = entries.map((line) => JSON.parse(line))
    expect(first).toMatchObject({ type: 'session', version: 3 })
    expect(rest[0]).toMatchObject({ parentId: null })
    expect(rest.slice(1).map(({ parentId }) => parentId)).toEqual(
      rest.slice(0, -1).map(({ id }) => id),
    )
  })
})
