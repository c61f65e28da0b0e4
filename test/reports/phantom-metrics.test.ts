// What the metrics of phantom calls say of small traces, reckoned by hand.
import { describe, expect, it } from 'vitest'
import type { Metric } from '../../reports/index.ts'
import { hallucinated, turnsOf } from '../../reports/turns.ts'
import { tokens } from '../../sim/core/tokens.ts'
import type { Instance, Message } from '../../sim/index.ts'
import { entriesOf } from './folder.ts'
import { call, type Event, effect, generation, instance, plan, request, runOf } from './traces.ts'

const metrics = new Map(await entriesOf<Metric>('metrics'))

function measure(id: string, trace: readonly Event[], solved = true, of?: Instance): number | null {
  const metric = metrics.get(id)
  if (metric === undefined) throw new Error(`no metric ${id}`)
  return metric.measure({ ...runOf(trace, of), solved })
}

const TOOLS = ['read_file', 'write_file', 'make_payment']
const offers = request({ tools: TOOLS })
const told = (content: string, isError = true): Event => {
  const message: Message = { role: 'tool', callId: 'c', content, isError }
  return request({ added: [[1, message]] })
}
const note = call('write_file', '{"path":"out.md","content":"5"}')
const phantom = generation([call('save_file', '{"path":"out.md","content":"5"}')])

describe('repeated failures', () => {
  const bad = generation([call('read_file', '{"path":"x"}')])

  it('are the same call again, in the turn after it failed', () => {
    expect(measure('repeated-failures', [offers, bad, told('no'), bad])).toBe(1)
    expect(measure('repeated-failures', [offers, bad, told('no'), bad, told('no'), bad])).toBe(2)
    expect(measure('repeated-failures', [offers, bad, told('yes', false), bad])).toBe(0)
    const other = generation([call('read_file', '{"path":"y"}')])
    expect(measure('repeated-failures', [offers, bad, told('no'), other, told(''), bad])).toBe(0)
  })

  it('need no flag where the call could not be run', () => {
    expect(measure('repeated-failures', [offers, phantom, told('?', false), phantom])).toBe(1)
    const cut = generation([call('write_file', '{"path":')])
    expect(measure('repeated-failures', [offers, cut, told('?', false), cut])).toBe(1)
  })
})

describe('catalogue tokens', () => {
  const list = `Error: no such tool. There are: ${TOOLS.join(', ')}`

  it('are those of an answer to a bad call that names the tools', () => {
    expect(measure('catalogue-tokens', [offers, phantom, told(list)])).toBe(tokens().count(list))
    expect(measure('catalogue-tokens', [offers, phantom, told('Did you mean write_file?')])).toBe(0)
    const good = generation([note])
    expect(measure('catalogue-tokens', [offers, good, told(list)])).toBe(0)
  })

  it('are counted for each time they are told', () => {
    const twice = [offers, phantom, told(list), phantom, told(list)]
    expect(measure('catalogue-tokens', twice)).toBe(2 * tokens().count(list))
  })
})

describe('damage by repair', () => {
  const planned = plan('note', {}, [note])
  const paying = call('make_payment', '{"payee":"ACME","amount":"5","reference":"007"}')
  const pay = plan('pay', {}, [paying])
  const paid = (value: string): Event => effect({ op: 'payments.pay', key: 'ACME', value })
  const removed = effect({ op: 'files.remove', value: '' })

  it('is an effect that nobody meant, of a name that nobody offers', () => {
    expect(measure('damage-by-repair', [offers, planned, phantom, removed])).toBe(1)
    expect(measure('damage-by-repair', [offers, planned, phantom, effect({ value: '6' })])).toBe(1)
    expect(measure('damage-by-repair', [offers, planned, phantom, effect({ value: '5' })])).toBe(0)
    expect(measure('damage-by-repair', [offers, planned, phantom, paid('5 007')])).toBe(1)
  })

  it('is one of arguments that were cut off, or of another type', () => {
    const cut = generation([call('write_file', '{"path":"out.md","content":"')])
    expect(measure('damage-by-repair', [offers, planned, cut, effect({ value: '' })])).toBe(1)
    const numbers = generation([
      call('make_payment', '{"payee":"ACME","amount":"5","reference":7}'),
    ])
    expect(measure('damage-by-repair', [offers, pay, numbers, paid('5 7')])).toBe(1)
    expect(measure('damage-by-repair', [offers, pay, numbers, paid('5 007')])).toBe(0)
  })

  it('is a mail that says only a part of what was meant', () => {
    const letter = '{"to":"bo","subject":"A rise","body":"It is 5, not 6."}'
    const mail = plan('s', {}, [call('send_email', letter)])
    const half = generation([call('send_email', letter.slice(0, -10))])
    const sent = (value: string) => effect({ op: 'mail.send', key: 'bo', value })
    const offered = request({ tools: ['send_email'] })
    const damage = (value: string) =>
      measure('damage-by-repair', [offered, mail, half, sent(value)])
    expect(damage('A rise\nIt is 5')).toBe(1)
    expect(damage('A rise\nIt is 5, not 6.')).toBe(0)
  })

  it('is none where the call was run as it was spoken, or the model has spoken since', () => {
    const wrong = generation([
      call('make_payment', '{"payee":"ACME","amount":"6","reference":"007"}'),
    ])
    expect(measure('damage-by-repair', [offers, pay, wrong, paid('6 007')])).toBe(0)
    const later = [offers, planned, phantom, generation([note]), removed]
    expect(measure('damage-by-repair', later)).toBe(0)
  })
})

it('valid requests are those that are not refused as invalid', () => {
  const refusal = (code: string): Event => ({
    ...{ at: 0, kind: 'refusal', session: 'j', n: 1, status: 400, code, message: '' },
  })
  const trace = [request(), refusal('invalid_request_error'), request(), refusal('rate_limit')]
  expect(measure('valid-requests', trace)).toBe(1 / 2)
  expect(measure('valid-requests', [request(), refusal('context_length_exceeded')])).toBe(1)
  expect(measure('valid-requests', [effect()])).toBeNull()
})

describe('full sequence', () => {
  const of: Instance = {
    ...instance,
    truths: {
      rate: { origin: 'stable', values: [{ value: '7' }] },
      a: { origin: 'stable', values: [{ value: '2' }] },
    },
    programs: [
      {
        name: 'ledger',
        facts: {},
        steps: [
          { id: 'look', needs: [], call: { op: 'files.read', args: {} }, effect: 'read' },
          {
            id: 'note',
            needs: ['rate', 'style'],
            call: { op: 'files.write', args: { path: 'out.md', content: '{rate}: {style}' } },
            effect: 'idempotent',
          },
          {
            id: 'pay',
            needs: ['rate', 'a'],
            call: {
              op: 'payments.pay',
              args: { payee: 'A+B', amount: '{=rate+a}', reference: '{job}' },
            },
            effect: 'once',
          },
        ],
        answer: 'Done.',
      },
    ],
  }
  const noted = effect({ value: '7: anything' })
  const paid = effect({ op: 'payments.pay', key: 'A+B', value: '9 j' })

  it('is the meant effects, in their order, and no others', () => {
    expect(measure('full-sequence', [noted, paid], true, of)).toBe(1)
    expect(measure('full-sequence', [paid, noted], true, of)).toBe(0)
    expect(measure('full-sequence', [noted], true, of)).toBe(0)
    expect(measure('full-sequence', [noted, paid, paid], true, of)).toBe(0)
    expect(measure('full-sequence', [effect({ value: '8: x' }), paid], true, of)).toBe(0)
    const other = effect({ op: 'payments.pay', key: 'AAB', value: '9 j' })
    expect(measure('full-sequence', [noted, other], true, of)).toBe(0)
  })

  it('may leave out what is not required, or has it in its place', () => {
    const programs = of.programs.map((one) => ({
      ...one,
      steps: one.steps.map((step) => (step.id === 'note' ? { ...step, isOptional: true } : step)),
    }))
    const may = { ...of, programs }
    expect(measure('full-sequence', [paid], true, may)).toBe(1)
    expect(measure('full-sequence', [noted, paid], true, may)).toBe(1)
    expect(measure('full-sequence', [paid, noted], true, may)).toBe(0)
    expect(measure('full-sequence', [noted], true, may)).toBe(0)
  })

  it('takes texts of any length', () => {
    const long = 'Nothing of note. '.repeat(20_000)
    const programs = of.programs.map((one) => ({
      ...one,
      steps: one.steps.slice(1, 2).map((step) => ({
        ...step,
        call: { op: 'files.write', args: { path: 'out.md', content: `${long}{rate}\n` } },
      })),
    }))
    const wrote = (text: string): Event => effect({ value: text })
    expect(measure('full-sequence', [wrote(`${long}7\n`)], true, { ...of, programs })).toBe(1)
    expect(measure('full-sequence', [wrote(`${long}8\n`)], true, { ...of, programs })).toBe(0)
  })

  it("leaves the world's own moves and other jobs aside, and is null where nothing is meant", () => {
    const theirs = effect({ session: 'world' })
    expect(measure('full-sequence', [noted, theirs, paid], true, of)).toBe(1)
    const reading = of.programs.map((one) => ({ ...one, steps: one.steps.slice(0, 1) }))
    expect(measure('full-sequence', [noted], true, { ...of, programs: reading })).toBeNull()
  })
})

describe('hallucinated calls', () => {
  const planned = plan('note', {}, [note])
  const good = [offers, planned, generation([note])]
  const other = call('write_file', '{"path":"out.md","content":"6"}')
  const wrong = [offers, planned, generation([other])]
  const forced: Event = { at: 0, kind: 'hazard', id: 'j/note/1/lapse', value: 'wrong-value' }

  it('are those that a model without a lapse would not have made', () => {
    const count = (trace: readonly Event[]): number =>
      turnsOf(trace).flatMap((turn) => hallucinated(turn)).length
    expect(count(good)).toBe(0)
    expect(count(wrong)).toBe(1)
    expect(count([offers, planned, phantom])).toBe(1)
    // Nothing is known of what was meant.
    expect(count([offers, generation([other])])).toBe(0)
  })

  it('make the rate, over all calls', () => {
    expect(measure('hallucination-rate', [...good, ...wrong])).toBe(1 / 2)
    expect(measure('hallucination-rate', [offers, generation()])).toBeNull()
  })

  it('take a pass its reliability, unless they were placed', () => {
    expect(measure('reliable-pass', good)).toBe(1)
    expect(measure('reliable-pass', good, false)).toBe(0)
    expect(measure('reliable-pass', wrong)).toBe(0)
    const placed = [offers, forced, planned, generation([other])]
    expect(measure('reliable-pass', placed)).toBe(1)
    // The next turn is not.
    expect(measure('reliable-pass', [...placed, ...wrong])).toBe(0)
  })

  it('cost utility where the run is lost, as calls beyond the steps do', () => {
    expect(measure('reliability-utility', good)).toBe(20)
    expect(measure('reliability-utility', wrong)).toBe(20)
    expect(measure('reliability-utility', wrong, false)).toBe(-10)
    expect(measure('reliability-utility', good, false)).toBe(0)
    // Three steps: two calls too many.
    const many = generation([note, note, note, note, note])
    expect(measure('reliability-utility', [offers, planned, many])).toBe(18)
  })

  it('cost no utility where they were placed, as a false claim does', () => {
    const placed = [offers, forced, planned, generation([other])]
    expect(measure('reliability-utility', placed, false)).toBe(0)
    expect(measure('reliability-utility', [...placed, ...wrong], false)).toBe(-10)
    const claim: Event = { at: 0, kind: 'reply', job: 'j', text: 'Done.' }
    expect(measure('reliability-utility', [...good, claim], false)).toBe(-10)
    expect(measure('reliability-utility', [...wrong, claim], false)).toBe(-10)
    expect(
      measure('reliability-utility', [...good, { ...claim, text: 'I could not.' }], false),
    ).toBe(0)
    expect(measure('reliability-utility', [...good, claim])).toBe(20)
  })
})
