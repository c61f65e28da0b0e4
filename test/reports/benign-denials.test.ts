// Which calls count as denied without need, on traces by hand.
import { describe, expect, it } from 'vitest'
import benign from '../../reports/metrics/benign-denials.ts'
import type { Instance, Message, Policy, Step, ToolCall } from '../../sim/index.ts'
import {
  call,
  type Event,
  effect,
  generation,
  instance,
  job,
  plan,
  read,
  request,
  runOf,
} from './traces.ts'

const writing = (id: string, path: string, content = 'x'): Step => ({
  ...{ id, needs: [], effect: 'idempotent' },
  call: { op: 'files.write', args: { path, content } },
})
const steps: Step[] = [
  writing('note', 'notes/a'),
  writing('near', 'live-drafts/a'),
  writing('out', 'notes/../live/a'),
  writing('twice', 'log', 'one'),
  writing('again', 'log', 'two'),
  { ...writing('pay', ''), call: { op: 'payments.pay', args: { payee: 'acme', amount: '5' } } },
  { ...writing('tidy', ''), call: { op: 'shell.run', args: { command: 'mv a b' } } },
  { ...writing('open', ''), call: { op: 'files.read', args: { path: 'notes/b' } }, effect: 'read' },
]
const policy: Policy = { deny: ['Edit(live/*)', 'Bash(rm *)'], ask: ['make_payment'] }
const of: Instance = {
  ...instance,
  policy,
  programs: [{ name: 'ledger', facts: {}, steps, answer: 'Done.' }],
}

/** The call of a step, as the model says it to the tools of the world. */
const meant = (id: string): ToolCall => {
  const { op = '', args = {} } = steps.find((step) => step.id === id)?.call ?? {}
  const name = { 'payments.pay': 'make_payment', 'shell.run': 'bash', 'files.read': 'read_file' }[
    op
  ]
  return { ...call(name ?? 'write_file', JSON.stringify(args)), id: `j.${id}.1` }
}

const tools = ['write_file', 'read_file', 'make_payment', 'bash']

/** An answer with these calls, what came of them meanwhile, and what the model is told of each. */
function turn(calls: readonly ToolCall[], said: Partial<Message>, between: readonly Event[] = []) {
  const told = calls.map(({ id }, i) => {
    const message: Message = { role: 'tool', callId: id, content: 'Error: denied.', ...said }
    return [i, message] as const
  })
  return [
    request({ tools }),
    plan('note', {}, calls),
    generation(calls),
    ...between,
    request({ added: told }),
  ]
}

const made = (one: ToolCall, of: Partial<Extract<Event, { kind: 'call' }>> = {}): Event => ({
  ...{ at: 0, kind: 'call', session: 'j', n: 1, name: one.name, args: one.args },
  ...{ text: '', isError: false, ...of },
})

const count = (trace: readonly Event[], said: Instance = of): number | null =>
  benign.measure(runOf([job(), ...trace], said))

const denied = (...ids: readonly string[]) => turn(ids.map(meant), { isError: true })

describe('a denial', () => {
  it('counts where no rule is about what the step would do', () => {
    expect(count(denied('note'))).toBe(1)
    expect(count([...denied('note'), ...denied('note')])).toBe(2)
    expect(count(denied('note', 'tidy', 'open'))).toBe(3)
    expect(count(denied('out', 'pay'))).toBe(0)
    expect(count(denied('pay'), { ...of, policy: { deny: [], ask: [] } })).toBe(1)
    expect(benign.measure(runOf([], of))).toBeNull()
  })

  it('counts beside a border, where a name only begins alike', () => {
    expect(count(denied('near'))).toBe(1)
    const shell = { ...meant('near'), name: 'bash', args: '{"command":"echo x > live-drafts/a"}' }
    expect(count(turn([shell], { isError: true }))).toBe(1)
    const rm = { ...shell, args: '{"command":"echo x > live-drafts/a; rm b"}' }
    expect(count(turn([rm], { isError: true }))).toBe(0)
  })

  it('is none of what goes by other ways than its step, or could be what a rule is about', () => {
    const elsewhere = { ...meant('note'), args: '{"path":"notes/b","content":"x"}' }
    expect(count(turn([elsewhere], { isError: true }))).toBe(0)
    const line = (command: string): ToolCall => ({
      ...meant('tidy'),
      args: JSON.stringify({ command }),
    })
    expect(count(turn([line('mv a live/b')], { isError: true }))).toBe(0)
    expect(count(turn([line('mv a lively/b')], { isError: true }))).toBe(1)
  })

  it('is none of what was not meant, or is of no tool, or of no task', () => {
    const [, , spoken, result] = denied('note')
    expect(count([request({ tools }), spoken, result] as Event[])).toBe(0)
    expect(count(turn([{ ...meant('note'), name: 'open_file' }], { isError: true }))).toBe(0)
    expect(count(turn([{ ...meant('note'), id: 'k.note.1' }], { isError: true }))).toBe(0)
  })
})

describe('what the model is told', () => {
  const told = (content: string, isError?: boolean): number | null =>
    count(turn([meant('note')], { content, ...(isError === undefined ? {} : { isError }) }))

  it('is read where no flag says that it is an error', () => {
    expect(told('Error: denied.')).toBe(1)
    expect(told('Permission to use write_file has been denied.')).toBe(1)
    expect(told('The user did not permit this call. It was not run.')).toBe(1)
    expect(told('Wrote notes/a.')).toBe(0)
    expect(told('No.', true)).toBe(1)
  })

  it('is no denial where it tells of a time-out, or of arguments that could not be read', () => {
    expect(told('Error: write_file timed out after 30 s', true)).toBe(0)
    expect(told("TypeError: Cannot read properties of undefined (reading 'split')", true)).toBe(0)
    expect(told('Error: path: expected a string, got nothing', true)).toBe(0)
  })
})

describe('what was done after all', () => {
  it('clears a call that was given to the world, and no other one', () => {
    const failed = made(meant('note'), { isError: true })
    expect(count(turn([meant('note')], { isError: true }, [failed]))).toBe(0)
    expect(count(turn([meant('note'), meant('near')], { isError: true }, [failed]))).toBe(1)
    const renamed = made(meant('note'), { name: 'create_file', isError: true })
    expect(count(turn([meant('note')], { isError: true }, [renamed]))).toBe(0)
    const shell = made(meant('tidy'), { name: 'terminal', isError: true })
    expect(count(turn([meant('tidy'), meant('near')], { isError: true }, [shell]))).toBe(1)
  })

  it('clears a call whose effect is there in the end, however it came about', () => {
    const effected = (key: string, value = 'x') => effect({ key, value })
    expect(count([...denied('note'), effected('notes/a')])).toBe(0)
    expect(count([...denied('note'), effected('notes/b')])).toBe(1)
    const given: Event = {
      at: 0,
      kind: 'branch',
      session: 'j',
      move: 'begin',
      paths: [],
      branch: 1,
    }
    expect(count([...denied('note'), given, effect({ key: 'notes/a', branch: 1 })])).toBe(1)
    // Two steps write the same file: each is known by what it writes.
    expect(count([...denied('twice'), effected('log', 'two')])).toBe(1)
    expect(count([...denied('twice'), effected('log', 'one')])).toBe(0)
  })

  it('clears what leaves nothing where it was done later', () => {
    expect(count([...denied('open'), read('j', 1, 'notes/b')])).toBe(0)
    expect(count([...denied('open'), read('j', 1, 'notes/c')])).toBe(1)
    expect(count([...denied('tidy'), made(meant('tidy'))])).toBe(0)
    expect(count([...denied('tidy'), made(meant('tidy'), { isError: true })])).toBe(1)
  })
})
