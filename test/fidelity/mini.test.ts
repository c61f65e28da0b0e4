// mini-swe-agent, mechanism by mechanism: its shell, its format errors, how it ends, and what it has not.
import { describe, expect, it } from 'vitest'
import mini from '../../harnesses/kernels/mini.ts'
import { drawn, instanceWith, ofKind } from '../machine/rig.ts'
import { call, says, told } from '../parts/scripted.ts'
import { refused, resultsIn, TOO_LONG, used, walk } from './walk.ts'

const MARKER = 'COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT'

const bash = (command: string, content = '') => says(content, call('b', 'bash', { command }))

const shown = async (...commands: readonly string[]): Promise<string[]> =>
  resultsIn(
    (
      await walk(
        mini,
        commands.map((one) => bash(one)),
      )
    ).conversation.messages,
  )

describe('the shell', () => {
  it('is the one tool for files, and the prompt tells how to end', async () => {
    const { requests } = await walk(mini, [bash(`echo ${MARKER}`)])
    const names = requests[0]?.tools?.map(({ name }) => name) ?? []
    expect(names[0]).toBe('bash')
    expect(names.filter((name) => /file/.test(name))).toEqual([])
    expect(requests[0]?.messages[0]?.content).toContain(`\`echo ${MARKER}\``)
  })

  it('tells code and output of each command', async () => {
    expect(await shown('cat a.txt', 'cat b.txt', 'exit 3')).toEqual([
      '<returncode>0</returncode>\n<output>\nalpha</output>',
      '<returncode>1</returncode>\n<output>\ncat: b.txt: No such file or directory\n</output>',
      '<returncode>3</returncode>\n<output>\n</output>',
    ])
  })

  it('is a fresh one for each command: files stay, folder and variables do not', async () => {
    const results = await shown('mkdir d && cd d && X=1 && echo hi > f', 'pwd; echo "[$X]"; ls d')
    expect(results[1]).toMatch(/<output>\n\/workspace\n\[\]\nf\n<\/output>/)
  })

  it('shows an output of less than 10,000 characters whole, of a longer one 5,000 of each end', async () => {
    const file = (chars: number) => `${'a'.repeat(chars - 1)}z`
    const files = { fits: file(9999), long: file(10_001) }
    const instance = instanceWith({ world: { files } })
    const script = [bash('cat fits'), bash('cat long')]
    const { conversation } = await walk(mini, script, { instance })
    const [whole = '', cut = ''] = resultsIn(conversation.messages)
    expect(whole).toBe(`<returncode>0</returncode>\n<output>\n${files.fits}</output>`)
    expect(cut).toContain('The output of your last command was too long.')
    expect(cut).toContain(`<output_head>\n${'a'.repeat(5000)}\n</output_head>`)
    expect(cut).toContain('<elided_chars>\n1 characters elided\n</elided_chars>')
    expect(cut).toContain(`<output_tail>\n${'a'.repeat(4999)}z\n</output_tail>`)
  })

  it('gives a command 30 s, and says so in an exception', async () => {
    const chance = { 'job-1/call#1/tool-timeout': true }
    const { conversation, trace } = await walk(mini, [bash('sleep 99')], { chance })
    expect(resultsIn(conversation.messages)[0]).toMatch(
      /^<exception>An error occurred while executing the command: Command 'sleep 99' timed out after 30 seconds<\/exception>\n<returncode>-1<\/returncode>\n/,
    )
    expect(Math.floor((ofKind(trace, 'call')[0]?.at ?? 0) / 1000)).toBe(30)
  })
})

describe('a format error', () => {
  const wrong = [
    [
      says('I think.'),
      'No tool calls found in the response. Every response MUST include at least one tool call.',
    ],
    [says('', call('x', 'raed', {})), "Unknown tool 'raed'."],
    [says('', call('x', 'bash', {})), "Missing 'command' argument in bash tool call."],
    [says('', call('x', 'bash', '{"command": "ls')), 'Error parsing tool call arguments: '],
  ] as const

  it.each(wrong)('is told as a user message, and the answer is forgotten: %#', async (bad, why) => {
    const { requests, ran } = await walk(mini, [bad, bash('ls'), bash(`echo ${MARKER}`)])
    const [message, ...others] = requests[1]?.messages.slice(2) ?? []
    expect(others).toEqual([])
    expect(message?.role).toBe('user')
    expect(message?.content).toContain(`Tool call error:\n\n<error>\n${why}`)
    expect(message?.content).toContain(`\`echo ${MARKER}\`\nwithout any other command.`)
    expect(ran[0]).toBe('terminal {"command":"ls"}')
  })

  it('spoils the whole answer: nothing of it is run', async () => {
    const both = says('', call('b', 'bash', { command: 'ls' }), call('x', 'raed', {}))
    const { ran } = await walk(mini, [both, bash(`echo ${MARKER}`)])
    expect(ran).toEqual([`terminal {"command":"echo ${MARKER}"}`])
  })

  it('is the third in a row that ends the job', async () => {
    const { requests, reply } = await walk(mini, () => says('No.'))
    expect([requests.length, reply]).toEqual([3, 'Stopped: RepeatedFormatError.'])
    const between = [says('No.'), says('No.'), bash('ls'), says('No.'), says('No.'), bash('ls')]
    const { ran } = await walk(mini, between)
    expect(ran).toHaveLength(2)
  })

  it('is what a name that the model made up comes to', async () => {
    const instance = await drawn('phantom-calls/malformed', { length: 20 })
    const job = instance.users[0]?.jobs[0]?.id
    const chance = { [`${job}/read-port/1/lapse`]: 'phantom-tool' }
    const played = await walk(mini, undefined, {
      instance: { ...instance, hazards: [] },
      chance,
    })
    expect(played.unreached).toEqual([])
    const [phantom] = ofKind(played.trace, 'generation').flatMap(({ calls }) => calls)
    expect(played.requests[1]?.messages.at(-1)?.content).toContain(
      `Unknown tool '${phantom?.name}'`,
    )
    expect(ofKind(played.trace, 'effect')).toHaveLength(1)
  })
})

describe('the end', () => {
  it('is a command whose output begins with the marker; the rest of it is the reply', async () => {
    const { reply, requests } = await walk(mini, [bash(`echo ${MARKER}; echo all; echo well`)])
    expect([reply, requests.length]).toEqual(['all\nwell', 1])
    expect((await walk(mini, [bash(`echo ${MARKER}`, 'It is done.')])).reply).toBe('It is done.')
  })

  it.each([`echo ${MARKER}; false`, `echo now; echo ${MARKER}`])('is not %s', async (command) => {
    const { requests } = await walk(mini, [bash(command), bash(`echo ${MARKER}`)])
    expect(requests).toHaveLength(2)
  })

  it('comes before the next request once $3 are spent', async () => {
    const { reply, requests } = await walk(mini, [
      used(999_000, bash('ls')),
      used(1000, bash('ls')),
      bash('ls'),
    ])
    expect([reply, requests.length]).toEqual(['Stopped: $3.00 of $3.00.', 2])
  })

  it('is three waits after a refusal that passes', async () => {
    const { requests, trace } = await walk(mini, () => refused(500))
    expect(requests).toHaveLength(4)
    expect(ofKind(trace, 'reply')[0]?.at).toBe(4000 + 8000 + 16_000)
  })
})

describe('there is no', () => {
  it('compaction: the list only grows, and a full window is the end', async () => {
    const lines = Array.from({ length: 12 }, () => bash('seq 1 400'))
    const { requests, reply } = await walk(mini, [...lines, TOO_LONG])
    expect(reply).toBe('Stopped: too long')
    for (const [i, { messages }] of requests.entries())
      expect(messages.slice(0, requests[i - 1]?.messages.length ?? 0)).toEqual(
        requests[i - 1]?.messages ?? [],
      )
    expect(told(requests.at(-1)?.messages ?? [])).toHaveLength(24)
  })

  it('checkpoint: after a crash the job begins again, on the files as they are', async () => {
    const script = [bash('echo 1 >> log'), bash('cat log'), bash('echo 1 >> log')]
    const { requests, simulation, trace } = await walk(mini, script, {
      chance: { 'job-1/call#2/crash': true },
    })
    expect(ofKind(trace, 'boot')).toHaveLength(2)
    expect(requests[2]?.messages).toHaveLength(2)
    expect(simulation.world.data().files.log).toBe('1\n1\n')
    expect([...simulation.disk]).toEqual([])
  })

  it('permission gate, and no way to stop it: a job that is taken back goes on', async () => {
    const users = [
      { id: 'ana', jobs: [{ id: 'job-1', prompt: 'Go.', arrivesMs: 0, withdrawnMs: 1 }] },
    ]
    const { ran } = await walk(mini, [bash('rm a.txt'), bash(`echo ${MARKER}`)], {
      instance: instanceWith({ users }),
    })
    expect(ran).toHaveLength(2)
  })
})
