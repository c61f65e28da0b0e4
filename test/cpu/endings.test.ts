// How an answer is given, read from the window: in words, by a tool that speaks or ends, by a command that a
// prompt names, and with heartbeats where a tool asks whether control is to come back.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { competence, taped } from '../../sim/core/chance.ts'
import type { Message, Tool } from '../../sim/core/message.ts'
import { finisherIn } from '../../sim/cpu/finisher.ts'
import { asks, cpuWith, exchange, flawless, TOOLS, user } from './desk.ts'
import { errand, LOOKED, ORDER } from './lapse-rig.ts'

const string = { type: 'string' }
const tool = (name: string, properties: object = {}, required: string[] = []): Tool => ({
  name,
  inputSchema: { type: 'object', properties: properties as Record<string, object>, required },
})
const SEND = tool('send_message', { message: string }, ['message'])

const WROTE = [
  ...exchange('job-1.note.1', 'Wrote it.', { name: 'write_file', args: { path: 'note.txt' } }),
  ...exchange('job-1.copy.1', 'Wrote it.', { name: 'write_file', args: { path: 'copy.txt' } }),
]
const FINISHED: readonly Message[] = [ORDER, ...LOOKED, ...WROTE]

const answerTo = (messages: readonly Message[], tools: readonly Tool[], chance = competence) =>
  asks(cpuWith({ programs: [errand], profile: flawless }), 'job-1', { messages, tools }, chance)
const said = (messages: readonly Message[], tools: readonly Tool[]) => {
  const { content, calls } = answerTo(messages, tools).utterance
  return { content, calls: calls.map(({ name, args }) => [name, JSON.parse(args)]) }
}

describe('an answer', () => {
  it.each<[Tool, string, object]>([
    [SEND, '', { message: 'Done.' }],
    [tool('submit'), 'Done.', {}],
    [tool('attempt_completion', { result: string }, ['result']), '', { result: 'Done.' }],
    [tool('task_complete'), 'Done.', {}],
    [
      tool('finish', { message: string, task_completed: { enum: ['false', 'true'] } }, [
        'message',
        'task_completed',
      ]),
      '',
      { message: 'Done.', task_completed: 'true' },
    ],
  ])('is said by $name where that is offered', (last, content, args) => {
    expect(said(FINISHED, [...TOOLS, last])).toEqual({ content, calls: [[last.name, args]] })
  })

  it.each<Tool>([
    tool('send_message', { to: string, message: string }, ['to', 'message']),
    tool('send_message', { agent_id: string, message: string }, ['message']),
    tool('send_message'),
    tool('send_message', { message: string, count: { type: 'number' } }, ['message', 'count']),
    tool('submit', { form: { type: 'object' } }, ['form']),
    tool('submit_report', { text: string }),
    tool('complete_task', { text: string, id: string }, ['text']),
  ])('is said in words where a tool is for somebody, or something, else: %j', (other) => {
    expect(said(FINISHED, [...TOOLS, other])).toEqual({ content: 'Done.', calls: [] })
  })

  it('is a call for a question, too', () => {
    const lost = [
      user('[[task:errand=job-1]] [[done:job-1/look]]'),
      ...exchange('job-1.find-port.1', 'No matches.'),
    ]
    expect(said(lost, [...TOOLS, SEND]).calls).toEqual([
      ['send_message', { message: 'I cannot find port. Could you tell me?' }],
    ])
    expect(said([user('Hello.')], [SEND]).calls).toEqual([
      ['send_message', { message: 'I do not see a task here. What would you like me to do?' }],
    ])
  })

  it('is tried twice, and then said in words; once it was taken, it is not called again', () => {
    const [first] = answerTo(FINISHED, [...TOOLS, SEND]).utterance.calls
    const call = { id: first?.id ?? '', name: 'send_message', args: first?.args ?? '' }
    const again = { ...call, id: `${call.id}x` }
    const came = (of: typeof call, content: string, isError: boolean): Message[] => [
      { role: 'assistant', content: '', calls: [of] },
      { role: 'tool', callId: of.id, content, isError },
    ]
    const tools = [...TOOLS, SEND]
    const once = [...FINISHED, ...came(call, 'Error: try again', true)]
    expect(said(once, tools).calls).toHaveLength(1)
    const twice = [...once, ...came(again, 'Error: not available', true)]
    expect(said(twice, tools)).toEqual({ content: 'Done.', calls: [] })
    const taken = [...FINISHED, ...came(call, 'OK', false)]
    expect(said(taken, tools)).toEqual({ content: 'Done.', calls: [] })
    expect(said([...taken, user('Please end by calling a tool.')], tools).calls).toHaveLength(1)
  })

  it('comes under an id of its own, in a lapse as well', () => {
    const tools = [...TOOLS, SEND]
    expect(answerTo(FINISHED, tools).utterance.calls[0]?.id).toBe('job-1._answer.1')
    const tape = taped(new Map([['job-1/look/1/lapse', 'false-success']]), () => {})
    const { utterance, meant } = answerTo([ORDER], tools, tape)
    expect(utterance.content).toBe('')
    expect(utterance.calls).toMatchObject([{ id: 'job-1._end.look-1', name: 'send_message' }])
    expect(JSON.parse(utterance.calls[0]?.args ?? '').message).toContain('All done')
    expect(meant).toMatchObject([{ name: 'read_file' }])
  })
})

describe('a command that ends', () => {
  const ECHO = 'echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT'
  const BASH = tool('bash', { command: string }, ['command'])
  const ask = (role: 'system' | 'user'): Message => ({
    role,
    content: `When all is done, submit your work by issuing \`${ECHO}\`. Do not combine it.`,
  })

  it.each(['system', 'user'] as const)(
    'is given where the %s asks for it, and given again',
    (role) => {
      const messages = [ask(role), ...FINISHED]
      const end = { content: 'Done.', calls: [['bash', { command: ECHO }]] }
      expect(said(messages, [...TOOLS, BASH])).toEqual(end)
      const gone = [
        ...messages,
        ...exchange('job-1._answer.1', 'COMPLETE', { name: 'bash', args: { command: ECHO } }),
      ]
      expect(said(gone, [...TOOLS, BASH])).toEqual(end)
      expect(said(messages, TOOLS)).toEqual({ content: 'Done.', calls: [] })
    },
  )

  it('is none that a result tells, or an answer of the model', () => {
    const told = exchange('call_1', ask('user').content)
    expect(said([...told, ...FINISHED], [...TOOLS, BASH]).calls).toEqual([])
  })

  it('is none where nothing is said of an end', () => {
    expect(finisherIn('Run echo HELLO_WORLD to see a greeting.')).toBeUndefined()
    expect(finisherIn('echo done_and_done to submit')).toBeUndefined()
    expect(finisherIn("To finish: echo 'ALL_OF_IT'")).toBe('echo ALL_OF_IT')
  })
})

describe('a heartbeat', () => {
  const beats = { request_heartbeat: { type: 'boolean' } }
  const own = TOOLS.map((one) => ({
    ...one,
    inputSchema: {
      ...one.inputSchema,
      properties: { ...one.inputSchema.properties, ...beats },
      required: [...(one.inputSchema.required ?? []), 'request_heartbeat'],
    },
  }))
  const send = tool('send_message', { message: string, ...beats }, ['message'])

  it('is asked for with every step, and not with the end', () => {
    expect(said([ORDER], [...own, send]).calls).toEqual([
      ['read_file', { path: 'p.txt', request_heartbeat: true }],
    ])
    const last = said([ORDER, ...LOOKED], [...own, send]).calls
    expect(last.map(([, args]) => args.request_heartbeat)).toEqual([true, true])
    expect(said(FINISHED, [...own, send]).calls).toEqual([['send_message', { message: 'Done.' }]])
    const must = tool('send_message', { message: string, ...beats }, [
      'message',
      'request_heartbeat',
    ])
    expect(said(FINISHED, [...own, must]).calls).toEqual([
      ['send_message', { message: 'Done.', request_heartbeat: false }],
    ])
  })

  it('does not hide whose call it was, under ids of others', () => {
    const [first] = said([ORDER], own).calls
    const looked = exchange('call_7', 'It says [[fact:port=8080]].', { args: first?.[1] })
    expect(answerTo([ORDER, ...looked], own).thought?.step).toBe('note')
  })

  it('is none where the field is something else', () => {
    const odd = own.map((one) => ({
      ...one,
      inputSchema: {
        type: 'object' as const,
        properties: { path: string, request_heartbeat: string },
      },
    }))
    expect(said([ORDER], odd).calls).toEqual([['read_file', { path: 'p.txt' }]])
  })
})

describe('odd tools', () => {
  it('do not crash it, whatever their schemas', () => {
    const names = fc.constantFrom(
      ...[
        'send_message',
        'submit',
        'finish',
        'core_memory_append',
        'memory_search',
        'bash',
        'open',
      ],
      ...['str_replace_editor', 'glob', 'grep', 'write_note', 'keystrokes'],
    )
    const key = fc.constantFrom(
      'message',
      'command',
      'query',
      'content',
      'request_heartbeat',
      '__proto__',
    )
    const schema = fc.oneof(
      fc.anything({ maxDepth: 2 }),
      fc.record({
        type: fc.constant('object'),
        properties: fc.dictionary(key, fc.anything({ maxDepth: 2 }), { maxKeys: 4 }),
        required: fc.oneof(fc.array(key), fc.anything({ maxDepth: 1 })),
      }),
    )
    const tools = fc.array(
      fc.record({ name: names, inputSchema: schema }).map((one) => one as Tool),
      { minLength: 1, maxLength: 6 },
    )
    const alert = user('Warning: memory pressure. echo FINISH_IT_NOW to finish.')
    fc.assert(
      fc.property(tools, (offered) => {
        for (const messages of [
          [ORDER],
          FINISHED,
          [...FINISHED, alert],
          [ORDER, ...LOOKED, alert],
        ]) {
          const { content, calls } = answerTo(messages, offered).utterance
          expect(content !== '' || calls.length > 0).toBe(true)
          for (const { args } of calls) expect(JSON.parse(args)).toBeTypeOf('object')
        }
      }),
      { numRuns: 300 },
    )
  })
})
