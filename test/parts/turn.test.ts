// Whether to go on after an answer: each rule walked, its words, its counts, and the history that it leaves.
import { describe, expect, it } from 'vitest'
import { type Part, part } from '../../harnesses/kernel.ts'
import requery from '../../harnesses/parts/recovery/requery.ts'
import doubleConfirmation from '../../harnesses/parts/turn/double-confirmation.ts'
import formatErrors from '../../harnesses/parts/turn/format-errors.ts'
import heartbeat from '../../harnesses/parts/turn/heartbeat.ts'
import oneAction from '../../harnesses/parts/turn/one-action.ts'
import { drawn, house, kernelNamed, ofKind, play } from '../machine/rig.ts'
import { call, END, faultsIn, read, says, told, walk } from './scripted.ts'

/** Tools of the test's own beside the world's, and what each answers. */
const offering = (answers: Readonly<Record<string, (args: unknown) => string>>): Part<'tools'> =>
  part({
    slot: 'tools',
    about: 'the world and tools of the test',
    source: 'none',
    policy: {
      open(c) {
        const own = Object.keys(answers).map((name) => ({
          name,
          inputSchema: {
            type: 'object' as const,
            properties: { command: { type: 'string' } },
            required: name === 'bash' ? ['command'] : [],
          },
        }))
        c.tools = [...c.tools, ...own]
      },
      async run(spoken, _, next) {
        const answer = answers[spoken.name]
        if (answer === undefined) return next(spoken)
        const text = answer(spoken.args)
        return { text, isError: text.startsWith('Error') }
      },
    },
  })

describe.each(['heartbeat', 'one-action', 'double-confirmation', 'format-errors'])('%s', (id) => {
  it('leaves what a strict provider takes, whatever a model says', async () => {
    const hostile = await house.profile('hostile')
    for (const base of ['loop+', 'micro+', 'loop+recovery=requery,loops=stuck-patterns,'])
      for (const chance of ['1', '2', '3']) {
        const kernel = await kernelNamed(`${base}turn=${id}`)
        const instance = await drawn('phantom-calls/malformed')
        const { trace, ending } = await play({ kernel, instance, profile: hostile, chance })
        const codes = ofKind(trace, 'refusal').map(({ code }) => code)
        expect(codes).not.toContain('invalid_request_error')
        expect(['done', 'stuck']).toContain(ending?.kind)
      }
  })
})

describe('with the tools that it was made for', () => {
  it.each([
    'loop+tools=bash,turn=format-errors',
    'loop+tools=aci,turn=one-action,recovery=requery',
    'loop+tools=keystrokes,turn=double-confirmation',
    'loop+memory=core-blocks,turn=heartbeat',
    'loop+tools=opencode,recovery=reroute,loops=three-identical',
  ])('%s does a job without a mistake in one go', async (harness) => {
    const instance = await drawn('phantom-calls/malformed', { length: 20 })
    const { trace } = await play({
      kernel: await kernelNamed(harness),
      instance: { ...instance, hazards: [] },
    })
    const [reply] = ofKind(trace, 'reply')
    expect(reply?.text).toMatch(/The note is written\./)
    expect(ofKind(trace, 'generation').length).toBe(harness.includes('double') ? 5 : 4)
    expect(ofKind(trace, 'effect').length).toBe(1)
    expect(ofKind(trace, 'refusal')).toEqual([])
  })
})

describe('heartbeat', () => {
  const turn = { turn: heartbeat }
  const beat = (id: string, path = 'a.txt', asks: object = { request_heartbeat: true }) =>
    call(id, 'read_file', { path, ...asks })
  const send = (id: string, message: unknown) => call(id, 'send_message', { message })
  const event = (reason: string) =>
    `user: {"type":"heartbeat","reason":"[This is an automated system message hidden from the user] ${reason}, returning control"}`

  it('offers send_message, and asks of every other tool whether to go on', async () => {
    const { requests } = await walk(turn, [])
    const [sending, ...others] = requests[0]?.tools ?? []
    expect([sending?.name, sending?.inputSchema.required]).toEqual(['send_message', ['message']])
    expect(others.length).toBeGreaterThan(3)
    for (const { inputSchema } of others) {
      expect(inputSchema.properties?.request_heartbeat).toMatchObject({ type: 'boolean' })
      expect(inputSchema.required ?? []).not.toContain('request_heartbeat')
    }
    expect(sending?.inputSchema.properties).not.toHaveProperty('request_heartbeat')
  })

  it('goes on where a call asks for it, and the tool does not see that it did', async () => {
    const { requests, ran, reply, conversation } = await walk(turn, [
      says('I look.', beat('c1')),
      says('I tell.', send('c2', 'It says alpha.')),
      says('Never asked.'),
    ])
    expect(told(requests[1]?.messages ?? []).slice(1)).toEqual([
      'tool: alpha',
      event('Function called using request_heartbeat=true'),
    ])
    expect(ran).toEqual(['read_file {"path":"a.txt"}'])
    expect([reply, requests.length]).toEqual(['It says alpha.', 2])
    expect(conversation.messages.at(-1)?.content).toBe('{"status":"OK","message":"None"}')
    expect(faultsIn(conversation.messages)).toEqual([])
  })

  it('yields where none asks, though the work is not done', async () => {
    for (const no of [false, 'true', 1]) {
      const asks = { request_heartbeat: no }
      const { requests, reply } = await walk(turn, [says('I look.', beat('c1', 'a.txt', asks))])
      expect([requests.length, reply]).toEqual([1, 'I look.'])
    }
    expect((await walk(turn, [says('', read('c1'))])).requests.length).toBe(1)
  })

  it('is forced by a failure, of any kind', async () => {
    for (const bad of [
      beat('c1', 'no.txt', {}),
      call('c1', 'raed_file', {}),
      call('c1', 'read_file', '{"path'),
      send('c1', undefined),
    ]) {
      const { requests } = await walk(turn, [says('', bad), says('Then not.')])
      expect(requests.length).toBe(2)
      expect(told(requests[1]?.messages ?? []).at(-1)).toBe(event('Function call failed'))
    }
  })

  it('lets the user hear the last that was sent, else what was said without a call', async () => {
    const sent = await walk(turn, [
      says('', send('c1', 'One moment.'), beat('c2')),
      says('thinking', send('c3', 'It is alpha.')),
    ])
    expect(sent.reply).toBe('It is alpha.')
    expect((await walk(turn, [says('Plain.')])).reply).toBe('Plain.')
    const early = [says('', send('c1', 'One moment.'), beat('c2')), says('thinking')]
    expect((await walk(turn, early)).reply).toBe('One moment.')
  })
})

describe('one-action', () => {
  const submit = offering({ submit: () => 'diff --git', bash: () => 'Error: no' })

  it('hears the first call of an answer alone', async () => {
    const { ran, conversation } = await walk({ turn: oneAction }, [
      says('', read('c1'), read('c2', 'b.txt'), call('c3', 'list_files')),
    ])
    expect(ran).toEqual(['read_file {"path":"a.txt"}'])
    expect(conversation.messages[2]?.calls?.map(({ id }) => id)).toEqual(['c1'])
    expect(faultsIn(conversation.messages)).toEqual([])
  })

  it('lets requery hear them all', async () => {
    const { requests } = await walk({ turn: oneAction, recovery: requery }, [
      says('', read('c1'), read('c2')),
    ])
    expect(requests[1]?.messages.at(-1)?.content).toMatch(/^Your last output included multiple/)
  })

  it('ends the job at a submit that succeeds, with what was said beside it or its result', async () => {
    const slots = { turn: oneAction, tools: submit }
    const said = await walk(slots, [says('Fixed.', call('c1', 'submit'))])
    expect([said.reply, said.requests.length]).toEqual(['Fixed.', 1])
    expect((await walk(slots, [says('', call('c1', 'submit'))])).reply).toBe('diff --git')
    const second = await walk(slots, [says('', read('c1'), call('c2', 'submit'))])
    expect([second.reply, second.requests.length]).toEqual([END, 2])
  })

  it('goes on where the submit fails, or there is none', async () => {
    const failing = { turn: oneAction, tools: offering({ submit: () => 'Error: tests fail' }) }
    expect((await walk(failing, [says('', call('c1', 'submit'))])).requests.length).toBe(2)
    const unknown = await walk({ turn: oneAction }, [says('', call('c1', 'submit'))])
    expect(unknown.requests.length).toBe(2)
  })
})

describe('double-confirmation', () => {
  const turn = { turn: doubleConfirmation }
  const asked = (screen: string) =>
    `user: Current terminal state:\n${screen}\n\nAre you sure you want to mark the task as complete? This will trigger your solution to be graded and you won't be able to make any further corrections. If so, include "task_complete": true in your JSON response again.`

  it('asks once with what is on the screen, and ends at the second claim in a row', async () => {
    const { requests, reply } = await walk(turn, [
      says('', read('c1')),
      says('Done?'),
      says('Yes.'),
    ])
    expect(told(requests[2]?.messages ?? []).slice(-2)).toEqual([
      'assistant: Done?',
      asked('alpha'),
    ])
    expect([requests.length, reply]).toEqual([3, 'Yes.'])
  })

  it('has an empty screen where nothing was run', async () => {
    const { requests } = await walk(turn, [says('Done.')])
    expect(told(requests[1]?.messages ?? []).at(-1)).toBe(asked(''))
  })

  it('forgets the first claim where work goes on', async () => {
    const { requests, reply } = await walk(turn, [
      says('Done.'),
      says('', read('c1')),
      says('Now.'),
      says('Sure.'),
    ])
    expect([requests.length, reply]).toEqual([4, 'Sure.'])
  })

  it('knows the claim of a JSON answer, beside calls too, and its opposite', async () => {
    const claim = '{"commands": [], "task_complete": true}'
    const twice = await walk(turn, [says(claim, read('c1')), says(claim, read('c2'))])
    expect([twice.requests.length, twice.ran.length]).toEqual([2, 2])
    expect(told(twice.requests[1]?.messages ?? []).at(-1)).toBe(asked('alpha'))
    const failed = [says(claim, read('c1', 'no.txt')), says(claim), says(claim)]
    expect((await walk(turn, failed)).requests.length).toBe(3)
    const not = '{"commands": [], "task_complete": false}'
    expect((await walk(turn, [says(not)])).requests.length).toBe(1)
    expect(
      (await walk(turn, [says(claim), says(not, read('c1')), says(claim)])).requests.length,
    ).toBe(4)
  })
})

describe('format-errors', () => {
  const MARKER = 'COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT'
  const echo = (output: string) => offering({ bash: () => output })
  const bash = (id: string, command = `echo ${MARKER}`) => call(id, 'bash', { command })
  const withShell = { turn: formatErrors, tools: echo('fine') }

  it('tells a bad answer in a user message, and keeps and runs nothing of it', async () => {
    const { requests, ran, conversation, reply } = await walk({ turn: formatErrors }, [
      says('I look.', read('c1'), call('c2', 'raed_file', '{"path"')),
    ])
    const error =
      "user: Tool call error:\n\n<error>\nError parsing tool call arguments: Expected ':' after property name in JSON at position 7. Unknown tool 'raed_file'.\n</error>"
    expect(told(requests[1]?.messages ?? [])).toEqual([error])
    expect([ran, reply]).toEqual([[], END])
    expect(told(conversation.messages)).toEqual([error, `assistant: ${END}`])
    expect(conversation.transcript.some(({ content }) => content === 'I look.')).toBe(true)
  })

  it('names what is missing, and says how to call a shell where there is one', async () => {
    const { requests } = await walk(withShell, [says('', call('c1', 'bash', {}))])
    expect(requests[1]?.messages.at(-1)?.content).toBe(
      `Tool call error:\n\n<error>\nMissing 'command' argument in bash tool call.\n</error>\n\nHere is general guidance on how to submit correct toolcalls:\n\nEvery response needs to use the 'bash' tool at least once to execute commands.\n\nCall the bash tool with your command as the argument:\n- Tool: bash\n- Arguments: {"command": "your_command_here"}\n\nIf you want to end the task, please issue the following command: \`echo ${MARKER}\`\nwithout any other command.`,
    )
  })

  it('takes an answer without a call for bad where there is a shell, else for the end', async () => {
    expect((await walk({ turn: formatErrors }, [says('Plain.')])).reply).toBe('Plain.')
    const { requests } = await walk(withShell, [says('Plain.')])
    expect(requests[1]?.messages.at(-1)?.content).toMatch(
      /<error>\nNo tool calls found in the response\. Every response MUST include at least one tool call\.\n</,
    )
  })

  it('ends at the third bad answer in a row, and counts anew after a good one', async () => {
    const bad = (n: number) => says('', call(`b${n}`, 'save'))
    const three = await walk({ turn: formatErrors }, [bad(1), bad(2), bad(3)])
    expect([three.reply, three.requests.length]).toEqual(['Stopped: RepeatedFormatError.', 3])
    const parted = [bad(1), bad(2), says('', read('r')), bad(3), bad(4)]
    expect((await walk({ turn: formatErrors }, parted)).reply).toBe(END)
  })

  it('is done where the marker is the first line of an output, and the rest is the reply', async () => {
    const reply = async (output: string) => {
      const slots = { turn: formatErrors, tools: echo(output) }
      const { reply, requests } = await walk(slots, [
        says('Said.', bash('c1')),
        ...Array(3).fill(says('')),
      ])
      return requests.length === 1 ? reply : undefined
    }
    expect(await reply(`${MARKER}\nall\ngood\n`)).toBe('all\ngood')
    expect(await reply(`\n${MARKER} \n`)).toBe('Said.')
    const wrapped = `<returncode>0</returncode>\n<output>\n${MARKER}\npatch\n</output>`
    expect(await reply(wrapped)).toBe('patch')
    expect(await reply(wrapped.replace('>0<', '>1<'))).toBeUndefined()
    const codex = `Exit code: 0\nWall time: 0.1 seconds\nOutput:\n${MARKER}\npatch`
    expect(await reply(codex)).toBe('patch')
    expect(await reply(codex.replace('0', '1'))).toBeUndefined()
    expect(await reply(`Error\n${MARKER}`)).toBeUndefined()
    expect(await reply(`fine\n${MARKER}`)).toBeUndefined()
  })

  it('runs nothing behind the marker', async () => {
    const slots = { turn: formatErrors, tools: echo(MARKER) }
    const { ran, conversation } = await walk(slots, [says('', bash('c1'), read('c2'))])
    expect(ran).toEqual([])
    expect(conversation.messages.at(-1)?.content).toBe('action was not executed')
  })

  it('says in the system message how to hand in, where it does not stand yet', async () => {
    const system = async (slots: Parameters<typeof walk>[0]) =>
      (await walk(slots, [])).requests[0]?.messages[0]?.content.split(MARKER).length
    expect(await system(withShell)).toBe(2)
    expect(await system({ turn: formatErrors })).toBe(1)
  })
})
