// SWE-agent, mechanism by mechanism: its window on a file, its requeries, what is shown of the history, its bounds.
import { describe, expect, it } from 'vitest'
import aci from '../../harnesses/kernels/aci.ts'
import { drawn, instanceWith, ofKind } from '../machine/rig.ts'
import { call, says } from '../parts/scripted.ts'
import { resultsIn, used, walk } from './walk.ts'

const act = (name: string, args: unknown = {}, id = 'c') => says('I act.', call(id, name, args))
const bash = (command: string) => act('bash', { command })
const SUBMIT = act('submit')

const numbered = (lines: number): string =>
  Array.from({ length: lines }, (_, i) => `line ${i + 1}\n`).join('')

const FILES = {
  'long.txt': numbered(250),
  'good.json': '{"a": 1}\n',
  'big.txt': 'x'.repeat(100_007),
}
const instance = instanceWith({ world: { files: FILES } })

const shown = async (...acts: readonly ReturnType<typeof act>[]): Promise<string[]> =>
  resultsIn((await walk(aci, [...acts, SUBMIT], { instance })).conversation.messages)

describe('the window on a file', () => {
  it('shows 100 lines, puts a line at a sixth of it, and moves by its length', async () => {
    const [opened = '', gone = '', down = ''] = await shown(
      act('open', { path: 'long.txt' }),
      act('goto', { line_number: 100 }),
      act('scroll_down'),
    )
    const edges = (text: string) => [...text.matchAll(/^(\d+):/gm)].map(([, n]) => Number(n))
    expect(opened).toContain('[File: long.txt (250 lines total)]')
    expect(opened).toContain('(150 more lines below)')
    expect([edges(opened)[0], edges(opened).at(-1)]).toEqual([1, 100])
    expect([edges(gone)[0], edges(gone).at(-1)]).toEqual([83, 182])
    expect([edges(down)[0], edges(down).at(-1)]).toEqual([151, 250])
  })

  it('undoes an edit that brings a new error, and shows both', async () => {
    const edit = act('edit', { start_line: 1, end_line: 1, replacement_text: '{"a": ' })
    const played = await walk(aci, [act('open', { path: 'good.json' }), edit, SUBMIT], { instance })
    const [, told = ''] = resultsIn(played.conversation.messages)
    expect(told).toContain('Your proposed edit has introduced new syntax error(s).')
    expect(told).toContain('[File: good.json (1 lines total)]\n1:{"a": ')
    expect(told).toContain('[File: good.json (1 lines total)]\n1:{"a": 1}')
    expect(told).toContain('DO NOT re-run the same failed edit command.')
    expect(played.simulation.world.data().files['good.json']).toBe(FILES['good.json'])
  })
})

describe('an observation', () => {
  it('is what a command wrote, without its code, and words of its own where that is nothing', async () => {
    const { conversation } = await walk(aci, [bash('true'), bash('false'), bash('cat no'), SUBMIT])
    const results = conversation.messages.filter(({ role }) => role === 'tool')
    expect(results.map(({ content, isError }) => [content, isError])).toEqual([
      ['Your command ran successfully and did not produce any output.', undefined],
      ['Your command ran successfully and did not produce any output.', undefined],
      ['cat: no: No such file or directory\n', undefined],
      ['Submitted.', false],
    ])
  })

  it('is clipped to 100,000 characters, and says so', async () => {
    const [told = ''] = await shown(bash('cat big.txt'))
    expect(told.indexOf('<response clipped>')).toBe(100_000)
    expect(told).toContain(
      '<NOTE>Observations should not exceeded 100000 characters. 7 characters were elided.',
    )
  })

  it('is one of the last five, or told by the number of its lines; the task always stands', async () => {
    const look = bash('printf "1\\n2\\n3\\n"')
    const { requests, conversation } = await walk(aci, [...Array(8).fill(look), SUBMIT])
    const OLD = 'Old environment output: (3 lines omitted)'
    for (const [i, { messages }] of requests.entries()) {
      const old = resultsIn(messages).map((text) => text === OLD)
      // The task counts as the first observation, and is never elided.
      expect(old).toEqual(Array.from({ length: i }, (_, n) => n < i - 5))
      expect(messages[1]?.content).toBe('Hello.')
    }
    expect(resultsIn(conversation.messages)).not.toContain(OLD)
  })
})

describe('a requery', () => {
  const bad = [
    ['missing', says('I am done.'), 'Your last output did not use any tool calls!'],
    [
      'multiple',
      says('', call('a', 'bash', { command: 'ls' }), call('b', 'bash', { command: 'ls' })),
      'Your last output included multiple tool calls!',
    ],
    [
      'invalid_command',
      act('raed'),
      "Your action could not be parsed properly: Command 'raed' not found in list of available commands.",
    ],
    [
      'invalid_json',
      act('bash', '{"command": "ls'),
      'Your action could not be parsed properly: Tool call arguments are not valid JSON.',
    ],
    [
      'missing_arg',
      act('bash'),
      'Your action could not be parsed properly: Required argument(s) missing: command',
    ],
    [
      'unexpected_arg',
      act('bash', { command: 'ls', wait: 1 }),
      'Your action could not be parsed properly: Unexpected argument(s): wait',
    ],
    ['blocklist', bash('vim'), "Operation 'vim' is not supported by this environment."],
    ['blocklist', bash(' tail -f'), "Operation 'tail -f' is not supported by this environment."],
    ['standalone', bash('python3'), "Operation 'python3' is not supported by this environment."],
  ] as const

  it.each(bad)('for %s tells why, and leaves no trace', async (_code, answer, why) => {
    const { requests, ran, conversation } = await walk(aci, [answer, bash('ls'), SUBMIT])
    const [first, second, third] = requests.map(({ messages }) => messages)
    expect(second?.slice(0, -2)).toEqual(first)
    expect(second?.at(-2)).toEqual({ role: 'assistant', content: answer.content })
    expect(second?.at(-1)?.role).toBe('user')
    expect(second?.at(-1)?.content.startsWith(why)).toBe(true)
    expect(third?.slice(2).map(({ role }) => role)).toEqual(['assistant', 'tool'])
    expect(ran).toEqual(['terminal {"command":"ls"}'])
    expect(conversation.transcript.some(({ content }) => content.startsWith(why))).toBe(false)
  })

  it('is no matter of what runs by itself: vim with a file passes, as it does there', async () => {
    const { ran } = await walk(aci, [bash('vim a.txt'), bash('python3 -c 1'), SUBMIT])
    expect(ran).toHaveLength(2)
  })

  it('shows the newest mistake alone, and the third in a row ends the job', async () => {
    const { requests, reply, ran } = await walk(aci, () => act('raed'))
    expect(requests.map(({ messages }) => messages.length)).toEqual([2, 4, 4])
    expect([reply, ran]).toEqual(['Stopped: exit due to format error', []])
  })

  it('counts from the start again after an answer that was good', async () => {
    const turn = [act('raed'), act('raed'), bash('ls')]
    const { requests, reply } = await walk(aci, [...turn, ...turn, SUBMIT])
    expect([requests.length, reply]).toEqual([7, 'I act.'])
  })

  it('is what a name that the model made up comes to', async () => {
    const given = await drawn('phantom-calls/malformed', { length: 20 })
    const chance = { [`${given.users[0]?.jobs[0]?.id}/read-port/1/lapse`]: 'phantom-tool' }
    const of = { instance: { ...given, hazards: [] }, chance }
    const { unreached, requests, trace } = await walk(aci, undefined, of)
    expect(unreached).toEqual([])
    const [phantom] = ofKind(trace, 'generation').flatMap(({ calls }) => calls)
    expect(requests[1]?.messages.at(-1)?.content).toContain(`Command '${phantom?.name}' not found`)
    expect(requests[2]?.messages.some(({ content }) => /not found in list/.test(content))).toBe(
      false,
    )
    expect(ofKind(trace, 'effect')).toHaveLength(1)
  })
})

describe('the end', () => {
  it('is a submit, whose thought is the reply', async () => {
    const { reply, requests } = await walk(aci, [says('It works now.', call('s', 'submit'))])
    expect([reply, requests.length]).toEqual(['It works now.', 1])
  })

  it('comes before the next request once $3 are spent', async () => {
    const { reply, requests } = await walk(aci, [used(1_000_000, bash('ls')), SUBMIT])
    expect([reply, requests.length]).toEqual(['Stopped: $3.00 of $3.00.', 1])
  })

  const late = (n: number) => ({ [`job-1/call#${n}/tool-timeout`]: true })

  it('comes with the third command in a row that takes more than 30 s', async () => {
    const chance = { ...late(1), ...late(2), ...late(3) }
    const { requests, reply, conversation } = await walk(aci, () => bash('sleep 99'), { chance })
    expect([requests.length, reply]).toEqual([3, 'Stopped: 3 timeouts in a row.'])
    expect(resultsIn(conversation.messages)[0]).toMatch(
      /was cancelled because it took more than 30 seconds\. Please try a different command/,
    )
  })

  it('does not come where one of them was in time', async () => {
    const chance = { ...late(1), ...late(2), ...late(4) }
    const { reply } = await walk(aci, [...Array(4).fill(bash('ls')), SUBMIT], { chance })
    expect(reply).toBe('I act.')
  })

  it('comes once all commands together took 1,800 s', async () => {
    let n = 0
    const script = () => bash(n++ % 2 === 0 ? 'sleep 29' : 'ls')
    const { reply, conversation } = await walk(aci, script)
    expect(reply).toBe('Stopped: 1800 s of commands.')
    expect(Math.abs(conversation.turns - 2 * (1800 / 29))).toBeLessThan(4)
  })

  it('is found again by nobody: a crash begins the job anew', async () => {
    const chance = { 'job-1/call#2/crash': true }
    const { requests, simulation } = await walk(aci, [bash('ls'), bash('ls'), SUBMIT], { chance })
    expect(requests[2]?.messages).toHaveLength(2)
    expect([...simulation.disk]).toEqual([])
  })
})
