// Planning: the next step of the newest task that the window does not show as done; knowledge comes from
// the window alone.
import { describe, expect, it } from 'vitest'
import { competence, type Decision, taped } from '../../sim/core/chance.ts'
import type { Message } from '../../sim/core/message.ts'
import type { Step } from '../../sim/cpu/program.ts'
import { asks, cpuWith, exchange, says, ship, TOOLS, user } from './desk.ts'

const desk = { programs: [ship] }
const ORDER = user('[[task:ship=job-1]] For [[fact:owner=ana]], see [[place:port=port.txt]].')
const LOOKED = exchange('job-1.look.1', 'port [[fact:port=80]]')
const WRITTEN = exchange('job-1.write.1', 'Wrote it.', { name: 'write_file' })

/** The calls that are made, as `name args`. */
const calls = (...messages: Message[]): string[] =>
  says(desk, messages).utterance.calls.map(({ name, args }) => `${name} ${args}`)

const forced = (decisions: Record<string, Decision['value']>) =>
  taped(new Map(Object.entries(decisions)), () => {})

describe('the plan', () => {
  it('goes through the steps of the task, with what the window says', () => {
    expect(calls(ORDER)).toEqual(['read_file {"path":"port.txt"}'])
    expect(calls(ORDER, ...LOOKED)).toEqual([
      'write_file {"path":"out.txt","content":"80 ana north 81"}',
    ])
    expect(calls(ORDER, ...LOOKED, ...WRITTEN)).toEqual(['list_files {}'])
  })

  it('ends with the answer, and says what it knows', () => {
    const messages = [ORDER, ...LOOKED, ...WRITTEN, ...exchange('job-1.list.1', 'out.txt')]
    const { utterance, thought } = says(desk, messages)
    expect(utterance).toEqual({ content: 'Shipped job-1 to ana.', calls: [] })
    expect(thought?.kind).toBe('answer')
  })

  it('names the step in the id of its call', () => {
    const [call] = says(desk, [ORDER, ...LOOKED]).utterance.calls
    expect(call?.id).toBe('job-1.write.1')
  })

  it('sees no task in what it is not told by a user or the system', () => {
    const { content } = ORDER
    const text = 'I do not see a task here. What would you like me to do?'
    expect(says(desk, [{ role: 'assistant', content }]).utterance.content).toBe(text)
    expect(says(desk, [user('Hi.'), ...exchange('c', content)]).utterance.content).toBe(text)
    expect(says(desk, [{ role: 'system', content }]).utterance.calls).toHaveLength(1)
  })

  it('takes the newest task that is not done', () => {
    const later = user('[[task:ship=job-2]] And [[place:port=other.txt]].')
    const [first] = says(desk, [ORDER, later]).utterance.calls
    expect(first?.id).toBe('job-1+job-2.look.1')
    const done = ['look', 'write', 'list'].map((step) => `[[done:job-2/${step}]]`).join(' ')
    expect(says(desk, [ORDER, later, user(done)]).thought).toMatchObject({
      job: 'job-1',
      step: 'look',
    })
  })

  it('takes a step for done by its call that went well, and not by one that failed', () => {
    const failed = exchange('job-1.look.1', 'Error: no such file: port.txt', { isError: true })
    expect(calls(ORDER, ...failed)).toEqual(['read_file {"path":"port.txt"}'])
    const unflagged = LOOKED.map(({ isError: _, ...message }) => message)
    expect(calls(ORDER, ...unflagged)).toEqual(calls(ORDER, ...LOOKED))
    const worded = [
      LOOKED[0],
      { role: 'tool', callId: 'job-1.look.1', content: 'Error: no' },
    ] as Message[]
    expect(calls(ORDER, ...worded)).toEqual(['read_file {"path":"port.txt"}'])
  })

  it('takes a step for done by its arguments, where a harness gives calls ids of its own', () => {
    const content = '80 ana north 81'
    const renamed = exchange('call_9', 'Wrote it.', {
      name: 'write_file',
      args: { path: 'out.txt', content },
    })
    expect(calls(ORDER, ...LOOKED, ...renamed)).toEqual(['list_files {}'])
    const other = exchange('call_9', 'Wrote it.', {
      name: 'write_file',
      args: { path: 'other.txt', content },
    })
    expect(calls(ORDER, ...LOOKED, ...other)).toEqual(calls(ORDER, ...LOOKED))
  })

  it('takes a step for done by what it wrote into a summary, from the task on', () => {
    const facts = user('[[done:job-1/look]] [[fact:port=80]]')
    expect(calls(ORDER, facts)[0]).toMatch(/^write_file/)
    expect(calls(facts, ORDER)[0]).toMatch(/^read_file/)
    const together = user(`${facts.content} ${ORDER.content}`)
    expect(calls(together)[0]).toMatch(/^write_file/)
  })

  it('does not look up again what all that needed it is done', () => {
    const [look, ...rest] = ship.steps as [Step, ...Step[]]
    const learning = { programs: [{ ...ship, steps: [{ ...look, learns: ['port'] }, ...rest] }] }
    const next = (...said: Message[]) => says(learning, said).utterance.calls.map((c) => c.name)
    expect(next(ORDER)).toEqual(['read_file'])
    expect(next(ORDER, user('[[done:job-1/write]]'))).toEqual(['list_files'])
    expect(next(ORDER, user('[[done:job-1/list]]'))).toEqual(['read_file'])
    // Not where the answer says it, nor where learning it is but a part of what the step does.
    const first = (change: object, of: Partial<Step> = {}): string | undefined => {
      const steps = [{ ...look, learns: ['port'], ...of }, ...rest]
      const programs = [{ ...ship, steps, ...change }]
      const said = [ORDER, user('[[done:job-1/write]]')]
      return says({ programs }, said).utterance.calls[0]?.name
    }
    expect(first({})).toBe('list_files')
    expect(first({ answer: 'Port {port}.' })).toBe('read_file')
    expect(first({}, { effect: 'once' })).toBe('read_file')
  })

  it('takes a prompt that is repeated for nothing new, and another job of its kind for one', () => {
    expect(calls(ORDER, ...LOOKED, ORDER)).toEqual(calls(ORDER, ...LOOKED))
    const other = user(ORDER.content.replace('=job-1]]', '=job-2]]'))
    expect(calls(ORDER, ...LOOKED, other)).not.toEqual(calls(ORDER, ...LOOKED))
  })

  it('learns nothing from the arguments of a call that failed', () => {
    const args = { content: '[[fact:port=9999]]' }
    const told = (isError: boolean) => [
      user(`${ORDER.content} [[done:job-1/look]] [[fact:port=80]]`),
      ...exchange('x', isError ? 'Error' : 'Done.', { args, isError, name: 'write_file' }),
    ]
    expect(calls(...told(true))[0]).toContain('80 ana')
    expect(calls(...told(false))[0]).toContain('9999 ana')
  })

  it('uses the newest value of a fact', () => {
    const newer = user('The port is now [[fact:port=81]].')
    expect(calls(ORDER, ...LOOKED, newer)[0]).toContain('81 ana north 82')
  })

  it('keeps to its own choice while it is in view', () => {
    const { utterance } = says(desk, [ORDER, ...LOOKED])
    expect(utterance.content).toContain('[[choice:label=north]]')
    const chosen: Message = { role: 'assistant', content: '[[choice:label=south]]' }
    expect(calls(ORDER, chosen, ...LOOKED)[0]).toContain('80 ana south')
  })

  it('says which tool it lacks', () => {
    const { utterance } = asks(cpuWith(desk), 'job-1', { messages: [ORDER], tools: [] })
    expect(utterance).toEqual({ content: 'I have no tool for this: files.read.', calls: [] })
    const none = { messages: [ORDER], tools: TOOLS, toolChoice: 'none' as const }
    expect(asks(cpuWith(desk), 'job-1', none).utterance.calls).toEqual([])
  })
})

describe('a missing fact', () => {
  const LOST = user('[[task:ship=job-1]] [[done:job-1/look]] [[fact:owner=ana]]')
  const PLACED = user(`${LOST.content} [[place:port=port.txt]]`)

  it('is read again where its place is known', () => {
    const { utterance, thought } = says(desk, [PLACED])
    expect(utterance.calls[0]).toMatchObject({ name: 'read_file', args: '{"path":"port.txt"}' })
    expect(thought?.step).toBe('get-port')
  })

  it('is searched for where its place is not known, or did not have it', () => {
    expect(calls(LOST)).toEqual(['search_files {"query":"port"}'])
    const looked = exchange('job-1.get-port.1', 'Nothing of the kind.')
    expect(calls(PLACED, ...looked)).toEqual(['search_files {"query":"port"}'])
  })

  it('is asked for where a search found nothing', () => {
    const searched = exchange('job-1.find-port.1', 'No matches.', { name: 'search_files' })
    const { utterance, thought } = says(desk, [LOST, ...searched])
    expect(utterance).toEqual({ content: 'I cannot find port. Could you tell me?', calls: [] })
    expect(thought).toMatchObject({ kind: 'ask', needs: [{ fact: 'port', status: 'absent' }] })
  })

  it('is made up where a tape says so, and is then accounted for as invented', () => {
    const chance = forced({
      'job-1/know-port/1/misses': 'invent',
      'job-1/know-port/1/invents': 123,
    })
    const { utterance, thought } = says(desk, [LOST], chance)
    expect(utterance.calls[0]?.args).toContain('123 ana north')
    expect(thought?.needs).toContainEqual({ fact: 'port', status: 'invented', value: '123' })
    expect(chance.unreached()).toEqual([])
  })

  it('can stand in view and be forgotten all the same', () => {
    const chance = forced({ 'job-1/know-port/1/forgets': true })
    const { thought } = says(desk, [ORDER, ...LOOKED], chance)
    expect(thought).toMatchObject({ step: 'get-port', acts: [{ args: { path: 'port.txt' } }] })
  })

  it('does not take a turn from the step that needs it', () => {
    const cpu = cpuWith(desk)
    const request = (messages: Message[]) => ({ messages, tools: TOOLS })
    asks(cpu, 'job-1', request([PLACED]), competence)
    const found = [PLACED, ...exchange('job-1.get-port.1', '[[fact:port=80]]')]
    const [call] = asks(cpu, 'job-1', request(found), competence).utterance.calls
    expect(call?.id).toBe('job-1.write.1')
  })
})
