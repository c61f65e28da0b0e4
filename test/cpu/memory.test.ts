// A memory outside of the window, read from the tools that are offered and from the alerts in view: what is
// missing is looked for there first, and what is still needed is written down before the window is cut.
import { describe, expect, it } from 'vitest'
import { taped } from '../../sim/core/chance.ts'
import type { Message, Tool } from '../../sim/core/message.ts'
import type { Program } from '../../sim/cpu/index.ts'
import { asks, cpuWith, exchange, flawless, ship, TOOLS, user } from './desk.ts'
import { ORDER as ERRAND, errand } from './lapse-rig.ts'

const string = { type: 'string' }
const tool = (name: string, properties: object, required: string[]): Tool => ({
  name,
  inputSchema: { type: 'object', properties: properties as Record<string, object>, required },
})
const RECALL = tool('conversation_search', { query: string, page: { type: 'number' } }, ['query'])
const ARCHIVE = tool('archival_memory_search', { query: string }, ['query'])
const CORE = tool('core_memory_append', { label: string, content: string }, ['label', 'content'])
const INSERT = tool('archival_memory_insert', { content: string }, ['content'])

const ORDER = user('[[task:ship=job-1]] Please ship it. [[fact:owner=ana]]')

const answerTo = (
  messages: readonly Message[],
  more: readonly Tool[],
  programs: readonly Program[] = [ship],
) =>
  asks(cpuWith({ programs, profile: flawless }), 'job-1', { messages, tools: [...TOOLS, ...more] })
const callTo = (...of: Parameters<typeof answerTo>) => {
  const [call, ...others] = answerTo(...of).utterance.calls
  expect(others).toEqual([])
  return [call?.name, JSON.parse(call?.args ?? '{}')]
}
/** A call by the model's own id, and what came of it. */
const came = (messages: readonly Message[], more: readonly Tool[], result: string): Message[] => {
  const [call] = answerTo(messages, more).utterance.calls
  return [
    ...messages,
    { role: 'assistant', content: '', calls: call ? [call] : [] },
    { role: 'tool', callId: call?.id ?? '', content: result },
  ]
}

describe('what is not in view', () => {
  it('is looked for in each memory once, then in files, then asked for', () => {
    const more = [ARCHIVE, RECALL]
    const query = { query: 'port' }
    expect(callTo([ORDER], more)).toEqual(['conversation_search', query])
    const second = came([ORDER], more, 'No results found.')
    expect(callTo(second, more)).toEqual(['archival_memory_search', query])
    const third = came(second, more, 'No results found.')
    expect(callTo(third, more)).toEqual(['search_files', query])
    expect(answerTo(came(third, more, 'No matches.'), more).thought?.kind).toBe('ask')
  })

  it('is used where a memory tells it', () => {
    const told = came([ORDER], [RECALL], 'user, 10:02: it is in [[place:port=p.txt]]')
    expect(callTo(told, [RECALL])).toEqual(['read_file', { path: 'p.txt' }])
  })

  it('is read where its place is known, whatever memory there is', () => {
    const known = [user('[[task:errand=job-1]] [[done:job-1/look]] [[place:port=q.txt]]')]
    expect(callTo(known, [RECALL], [errand])).toEqual(['read_file', { path: 'q.txt' }])
  })

  it('is looked for as before where no memory is offered', () => {
    expect(callTo([ORDER], [])).toEqual(['search_files', { query: 'port' }])
    const bare = asks(cpuWith({ programs: [ship] }), 'job-1', {
      messages: [ORDER],
      tools: [RECALL],
    })
    expect(bare.utterance.calls[0]?.name).toBe('conversation_search')
  })

  it('is looked for once also under ids of others', () => {
    const gone = exchange('call_1', 'Nothing.', {
      name: 'conversation_search',
      args: { query: 'port', request_heartbeat: true },
    })
    expect(callTo([ORDER, ...gone], [RECALL])).toEqual(['search_files', { query: 'port' }])
  })
})

describe('an alert of memory pressure', () => {
  const ALERT = user(
    'Warning: the conversation history will soon reach its maximum length and be trimmed. Make sure to save any important information from the conversation to your memory before it is removed.',
  )
  const looked = [
    user('[[task:ship=job-1]] [[fact:owner=ana]] [[place:port=p.txt]] [[fact:colour=red]]'),
    ...exchange('job-1.look.1', 'It is [[fact:port=80]].'),
  ]
  const window = [...looked, ALERT]

  it('is answered by one note of what is still needed, and the work goes on', () => {
    const [name, { label, content }] = callTo(window, [CORE])
    expect([name, label]).toEqual(['core_memory_append', 'human'])
    expect(content.split('\n')).toEqual([
      'Done: [[done:job-1/look]].',
      'Noted [[fact:port=80]].',
      'Noted [[fact:owner=ana]].',
    ])
    const kept = came(window, [CORE], 'OK')
    expect(answerTo(kept, [CORE]).thought?.step).toBe('write')
    expect(answerTo([...kept, ALERT], [CORE]).thought?.step).toBe('keep-notes')
  })

  it.each([
    'Your context window is almost full. Older messages will go.',
    'Notice: the conversation is close to its limit.',
    'Soon the history will be compacted. Save what is important.',
  ])('is known by its sense: %s', (text) => {
    expect(answerTo([...looked, user(text)], [CORE]).thought?.step).toBe('keep-notes')
  })

  it('is not every word of a window', () => {
    const other = user('Open the window in the history lesson, please.')
    expect(answerTo([...looked, other], [CORE]).thought?.step).toBe('write')
  })

  it('is answered where it came with other words, not where the model has spoken since', () => {
    const beat = user('This is an automated message: function call complete.')
    expect(answerTo([...window, beat], [CORE]).thought?.step).toBe('keep-notes')
    const spoken = [...window, { role: 'assistant' as const, content: 'Yes.' }, beat]
    expect(answerTo(spoken, [CORE]).thought?.step).toBe('write')
  })

  it('is nothing to a model without a tool to note with, nor in a prompt or a result', () => {
    expect(answerTo(window, []).thought?.step).toBe('write')
    const system: Message = { role: 'system', content: ALERT.content }
    expect(answerTo([system, ...looked], [CORE]).thought?.step).toBe('write')
    const told = exchange('job-1.look.1', `[[fact:port=80]] ${ALERT.content}`)
    expect(answerTo([...looked.slice(0, 1), ...told], [CORE]).thought?.step).toBe('write')
  })

  it('is tried twice with each tool, the one that stays in view first', () => {
    let messages: Message[] = window
    const names: string[] = []
    for (let n = 0; n < 4; n++) {
      const { calls } = answerTo(messages, [INSERT, CORE]).utterance
      names.push(calls[0]?.name ?? '')
      const id = `job-1.keep-notes.${n + 1}`
      messages = [
        ...messages,
        { role: 'assistant', content: '', calls: calls.map((call) => ({ ...call, id })) },
        { role: 'tool', callId: id, content: 'Error: block is full', isError: true },
      ]
    }
    const [core, insert] = ['core_memory_append', 'archival_memory_insert']
    expect(names).toEqual([core, core, insert, insert])
    expect(answerTo(messages, [INSERT, CORE]).thought?.step).toBe('write')
  })

  it('keeps what is recalled, and the place of what is not', () => {
    const tape = taped(new Map([['job-1/know-port/1/forgets', true]]), () => {})
    const { utterance, thought } = asks(
      cpuWith({
        programs: [ship],
        profile: { ...flawless, recall: { ...flawless.recall, literalTop: 0.5 } },
      }),
      'job-1',
      { messages: window, tools: [...TOOLS, CORE] },
      tape,
    )
    expect(tape.unreached()).toEqual([])
    const { content } = JSON.parse(utterance.calls[0]?.args ?? '')
    expect(content).toContain('[[place:port=p.txt]]')
    expect(content).not.toContain('[[fact:port=80]]')
    expect(thought?.needs).toEqual([{ fact: 'owner', status: 'usable', value: 'ana' }])
  })

  it('keeps the rule that a step is under', () => {
    const [look, write, ...rest] = ship.steps
    if (look === undefined || write === undefined) throw new TypeError('ship has steps')
    const ruled = {
      ...ship,
      steps: [look, { ...write, rule: 'quiet', tempted: write.call }, ...rest],
    }
    const messages = [...looked, user('[[rule:quiet]]'), ALERT]
    expect(callTo(messages, [CORE], [ruled])[1].content).toContain('[[rule:quiet]]')
    expect(callTo(window, [CORE], [ruled])[1].content).not.toContain('rule')
  })

  it('keeps a decision of its own, and nothing where nothing is known', () => {
    const decided = [
      ...looked,
      { role: 'assistant' as const, content: '[[choice:label=south]]' },
      ALERT,
    ]
    expect(callTo(decided, [CORE])[1].content).toContain('[[choice:label=south]]')
    expect(
      answerTo([ERRAND, { role: 'assistant', content: 'So.' }, ALERT], [CORE], [errand]).thought
        ?.step,
    ).toBe('look')
  })
})
