// What each metric says of small traces, reckoned by hand.
import { describe, expect, it } from 'vitest'
import type { Metric } from '../../reports/index.ts'
import type { Instance } from '../../sim/index.ts'
import { entriesOf } from './folder.ts'
import {
  call,
  type Event,
  effect,
  eventful,
  generation,
  instance,
  job,
  payment,
  plan,
  read,
  request,
  runOf,
} from './traces.ts'

const metrics = new Map(await entriesOf<Metric>('metrics'))

function measure(id: string, ...trace: readonly Event[]): number | null {
  const metric = metrics.get(id)
  if (metric === undefined) throw new Error(`no metric ${id}`)
  return metric.measure(runOf(trace))
}

describe('retention and precision', () => {
  const window: [number, string][] = [
    [0, '[[fact:rate=7]] [[place:notes=n.md]]'],
    [1, '[[fact:total=1]] [[fact:port=80]]'],
    [2, '[[fact:noise=0]]'],
  ]
  const start = [job(), request({ window })]

  it('counts needed atoms that outlive a drop with their value', () => {
    const drop = request({
      dropped: [1],
      window: [[1, 'Summary: [[fact:total=9]] [[fact:port=80]]']],
    })
    // Needed before: rate, total, notes, port. After: rate, notes, port; total is another.
    expect(measure('retention', ...start, drop)).toBe(3 / 4)
    // In each of the two windows stand rate, notes, total and port, and noise; in the second a word more.
    const first =
      '[[fact:rate=7]] [[place:notes=n.md]][[fact:total=1]] [[fact:port=80]][[fact:noise=0]]'
    const wanted = '[[fact:rate=7]][[place:notes=n.md]][[fact:total=9]][[fact:port=80]]'
    const chars = first.length + 'Summary: '.length + first.length
    expect(measure('precision', ...start, drop)).toBe((2 * wanted.length) / chars)
    expect(measure('precision', ...start)).toBeNull()
  })

  it('needs no more what a later step has left behind', () => {
    const drop = request({ dropped: [0] })
    expect(measure('retention', ...start, drop)).toBe(2 / 4)
    expect(measure('retention', ...start, plan('look'), drop)).toBe(2 / 4)
    // Four stood in view while they were needed, and one that still was is taken; then none.
    expect(measure('retention', ...start, plan('note'), drop)).toBe(3 / 4)
    expect(measure('retention', ...start, plan('pay'), drop)).toBe(1)
    expect(measure('retention', ...start, plan('answer'), drop)).toBeNull()
  })

  it('goes by the newest of two values', () => {
    const newer = request({ window: [[3, '[[fact:rate=8]]']] })
    const drop = request({ dropped: [3] })
    expect(measure('retention', ...start, newer, drop)).toBe(3 / 4)
    expect(measure('retention', ...start, newer, request({ dropped: [2] }))).toBe(1)
  })

  it('tells of a run what all its drops took, each atom once, and nothing without one', () => {
    expect(measure('retention', ...start)).toBeNull()
    const first = request({ dropped: [0] })
    expect(measure('retention', ...start, first)).toBe(2 / 4)
    // Rate and notes, then total and port.
    expect(measure('retention', ...start, first, request({ dropped: [0] }))).toBe(0)
    const again = request({ window: [[0, '[[fact:rate=7]]']] })
    expect(measure('retention', ...start, first, again, request({ dropped: [0] }))).toBe(2 / 4)
  })

  it('is not raised by drops that take nothing', () => {
    const line = (turn: number): Event =>
      request({ dropped: [3], window: [[3, `Status: turn ${turn}.`]] })
    const shown = request({ window: [[3, 'Status: turn 0.']] })
    const loss = request({ dropped: [0] })
    const plain = [...start, shown, plan('look'), plan('note'), loss]
    const busy = [...start, shown, line(1), plan('look'), line(2), plan('note'), line(3), loss]
    expect(measure('retention', ...plain)).toBe(3 / 4)
    expect(measure('retention', ...busy)).toBe(3 / 4)
    const late = Array.from({ length: 9 }, (_, i) =>
      request({ dropped: [2], window: [[2, `Status: turn ${i}.`]] }),
    )
    expect(measure('retention', ...plain, ...late)).toBe(3 / 4)
    // Windows all alike, whether the line that stands in them is new or not.
    const still = Array.from({ length: 9 }, () => request())
    const share = measure('precision', ...start, shown, line(0), ...still) ?? 0
    const replaced = Array.from({ length: 9 }, () => line(0))
    expect(measure('precision', ...start, shown, line(0), ...replaced)).toBeCloseTo(share, 12)
  })

  it('takes a newer value that a result tells for no loss, and one that a summary tells for one', () => {
    const result = { role: 'tool', callId: 'c', content: '[[fact:total=2]]' } as const
    const drop = request({ dropped: [2], added: [[2, result]] })
    expect(measure('retention', ...start, drop)).toBe(1)
    const summary = request({ dropped: [2], window: [[2, '[[fact:total=2]]']] })
    expect(measure('retention', ...start, summary)).toBe(3 / 4)
  })

  it('leaves conversations of other purpose and other sessions alone', () => {
    const other = request({ session: 'j~2', dropped: [0] })
    const title = request({ purpose: 'title', dropped: [0] })
    expect(measure('retention', ...start, other, title)).toBeNull()
  })

  it('puts what was added where it stands', () => {
    const between = request({ dropped: [0], window: [[1, '[[fact:total=5]]']] })
    // The window is now: message 1, the new one, message 2. The newest total is the new one.
    const drop = request({ dropped: [1] })
    // First drop: rate and notes gone, total mutated, port kept. Then total mutated again, port kept.
    expect(measure('retention', ...start, between, drop)).toBe(1 / 4)
    expect(measure('retention', ...start, request({ dropped: [1] }))).toBe(2 / 4)
  })
})

describe('effects', () => {
  it('counts each time that something happened again and must not', () => {
    expect(measure('repeated-effects', payment(), payment('6 b'))).toBe(0)
    expect(measure('repeated-effects', payment(), payment())).toBe(1)
    expect(measure('repeated-effects', payment(), payment(), payment(), effect(), effect())).toBe(2)
    const none = { ...instance, programs: [] }
    expect(metrics.get('repeated-effects')?.measure(runOf([payment()], none))).toBeNull()
  })

  it('knows a payment again by its reference, whoever gets how much, and its job', () => {
    const other = effect({ op: 'payments.pay', key: 'Other', value: '7 a' })
    expect(measure('repeated-effects', payment(), other)).toBe(1)
    expect(measure('repeated-effects', payment(), payment('7 a'))).toBe(1)
    expect(measure('repeated-effects', payment(), { ...other, session: 'j~2' } as Event)).toBe(1)
    expect(measure('repeated-effects', payment(), { ...other, session: 'w' } as Event)).toBe(0)
  })

  it('lets a job do as much as its own steps have it do', () => {
    const mailing = (...recipients: readonly string[]) => ({
      ...instance,
      programs: [
        {
          name: 'ledger',
          facts: {},
          answer: '',
          steps: recipients.map((to, i) => ({
            id: `s-${i}`,
            needs: [],
            call: { op: 'mail.send', args: { to, subject: `${i}`, body: '' } },
            effect: 'once' as const,
          })),
        },
      ],
    })
    const sent = (subject: string) => effect({ op: 'mail.send', key: 'bo', value: `${subject}\n` })
    const repeats = (of: Instance, ...trace: readonly Event[]) =>
      metrics.get('repeated-effects')?.measure(runOf(trace, of))
    expect(repeats(mailing('bo', 'bo'), sent('0'), sent('1'))).toBe(0)
    expect(repeats(mailing('bo', 'bo'), sent('0'), sent('1'), sent('1'))).toBe(1)
    expect(repeats(mailing('bo', 'al'), sent('0'), sent('1'))).toBe(1)
  })

  it('counts a file that must be changed once and is changed again, and no other file', () => {
    const booking = {
      ...instance,
      programs: [
        {
          name: 'ledger',
          facts: {},
          answer: '',
          steps: [
            {
              id: 'book',
              needs: [],
              call: { op: 'files.write', args: { path: 'account.md', content: '' } },
              effect: 'once' as const,
            },
          ],
        },
      ],
    }
    const wrote = (value: string, key = 'account.md') => effect({ key, value })
    const repeats = (...trace: readonly Event[]) =>
      metrics.get('repeated-effects')?.measure(runOf(trace, booking))
    expect(repeats(wrote('7'), wrote('9'))).toBe(1)
    expect(repeats(wrote('7'), wrote('7'))).toBe(0)
    expect(repeats(wrote('7', 'notes.md'), wrote('9', 'notes.md'))).toBe(0)
  })

  it("calls a write over another's unseen version a lost update", () => {
    const theirs = effect({ session: 'k', version: 2, previous: 1 })
    const ours = effect({ version: 3, previous: 2 })
    expect(measure('lost-updates', read('j', 1), theirs, ours)).toBe(1)
    expect(measure('lost-updates', read('j', 1), theirs, read('j', 2), ours)).toBe(0)
    expect(measure('lost-updates', theirs, ours)).toBe(0)
    expect(measure('lost-updates', read('j', 1, 'other.md'), theirs, ours)).toBe(0)
  })

  it('says nothing of anomalies where nobody met anybody', () => {
    const ours = [read('j', 1), effect(), effect({ version: 3, previous: 2 })]
    for (const id of metrics.keys())
      if (id.startsWith('anomalies') || id === 'lost-updates')
        expect([id, measure(id, job(), ...ours)]).toEqual([id, null])
  })

  it('sees one through a branch that was written earlier and committed later', () => {
    const branched = effect({ session: 'k', version: 2, previous: 1 })
    expect(
      measure('lost-updates', branched, read('j', 1), effect({ version: 3, previous: 2 })),
    ).toBe(1)
  })
})

describe('calls', () => {
  const meant = [call('write_file', '{"path":"out.md","content":"whole text"}')]
  const cut = generation([call('write_file', '{"path":"out.md","content":"whole')])
  const planned = plan('note', {}, meant)

  it('counts a cut-off call that wrote something else than was meant', () => {
    expect(measure('cut-calls-executed', planned, cut, effect({ value: 'whole' }))).toBe(1)
    expect(measure('cut-calls-executed', planned, cut, effect({ value: 'whole text' }))).toBe(0)
    expect(measure('cut-calls-executed', planned, cut, payment())).toBe(1)
    expect(measure('cut-calls-executed', planned, cut, effect({ session: 'k', value: 'x' }))).toBe(
      0,
    )
  })

  it('counts a mail that broke off, wherever it did', () => {
    const letter = (args: string) => call('send_email', args)
    const mailed = (key: string, value: string) => effect({ op: 'mail.send', key, value })
    const mail = plan('s', {}, [letter('{"to":"bo","subject":"A rise","body":"It is 5, not 6."}')])
    const half = generation([letter('{"to":"bo","subject":"A rise","body":"It is 5')])
    const says = (value: string, to = 'bo') =>
      measure('cut-calls-executed', mail, half, mailed(to, value))
    expect(says('A rise\nIt is 5')).toBe(1)
    expect(says('A\n')).toBe(1)
    expect(says('A rise\nIt is 5, not 6.', 'b')).toBe(1)
    expect(says('A rise\nIt is 5, not 6.')).toBe(0)
  })

  it('blames no later call, and counts a call once', () => {
    const wrote = effect({ value: 'whole' })
    expect(measure('cut-calls-executed', planned, cut, generation(), wrote)).toBe(0)
    expect(measure('cut-calls-executed', planned, cut, wrote, wrote)).toBe(1)
    expect(measure('malformed-calls', request(), cut, request(), generation(meant))).toBe(1)
  })

  it('counts a call that was cut off with its connection', () => {
    const [half] = cut.kind === 'generation' ? cut.calls : []
    const lost = { kind: 'refusal', at: 0, session: 'j', n: 1, status: 0 } as const
    const told = { code: 'stream_cut', message: 'The stream ended without a finish reason.' }
    const heard = {
      role: 'assistant',
      content: '',
      calls: half === undefined ? [] : [half],
    } as const
    const wrote = effect({ value: 'whole' })
    expect(measure('cut-calls-executed', planned, { ...lost, ...told, heard }, wrote)).toBe(1)
    expect(measure('cut-calls-executed', planned, { ...lost, ...told }, wrote)).toBe(0)
  })

  it('knows a here-document as the content it holds', () => {
    const shell = plan('note', {}, [
      call('bash', JSON.stringify({ command: "cat > 'out.md' <<'EOF'\nwhole text\nEOF" })),
    ])
    expect(measure('cut-calls-executed', shell, cut, effect({ value: 'whole text\n' }))).toBe(0)
    expect(measure('cut-calls-executed', shell, cut, effect({ value: 'whole\n' }))).toBe(1)
  })

  const offers = request({ tools: ['read_file'] })
  const good = [request(), generation([call('read_file', '{}')])]
  const phantom = [request(), generation([call('open_file', '{}')])]
  const silent = [request(), generation()]

  it('counts turns with a call that is not offered', () => {
    expect(measure('phantom-calls', offers, ...good, ...phantom, ...phantom)).toBe(2)
    expect(measure('phantom-calls', request({ tools: ['open_file'] }), ...phantom)).toBe(0)
  })

  it('counts turns from the first phantom to an offered call', () => {
    expect(measure('turns-to-recover', offers, ...good)).toBeNull()
    expect(measure('turns-to-recover', offers, ...good, ...phantom, ...good)).toBe(1)
    expect(measure('turns-to-recover', offers, ...phantom, ...phantom, ...silent, ...good)).toBe(3)
  })

  it('takes a summary between two turns for none', () => {
    const summary = [request({ purpose: 'compaction', tools: [] }), generation()]
    const again = request({ tools: ['read_file'] })
    expect(measure('turns-to-recover', offers, ...phantom, ...summary, again, ...good)).toBe(1)
  })

  it('gives the horizon to a job that never recovers, and to one that is as late', () => {
    const nine = Array.from({ length: 9 }, () => phantom).flat()
    expect(measure('turns-to-recover', offers, ...phantom)).toBe(10)
    expect(measure('turns-to-recover', offers, ...nine, ...good)).toBe(9)
    expect(measure('turns-to-recover', offers, ...nine, ...phantom, ...phantom, ...good)).toBe(10)
  })
})

it('counts requests, summaries, refetches and tokens', () => {
  expect(measure('requests', ...eventful)).toBe(4)
  expect(measure('compactions', ...eventful)).toBe(1)
  expect(measure('refetches', ...eventful)).toBe(1)
  expect(measure('input-tokens', ...eventful)).toBe(300)
  expect(measure('output-tokens', ...eventful)).toBe(15)
  expect(measure('cached-share', ...eventful)).toBe(0.4)
})

describe('recoverable', () => {
  const start = [
    job(),
    request({
      window: [
        [0, '[[fact:rate=7]] [[fact:total=1]]'],
        [1, '[[place:total=t.md]]'],
      ],
    }),
  ]
  const told = (text: string): Event => {
    const event = request()
    const message = { role: 'tool', callId: 'c', content: text } as const
    return event.kind === 'request' ? { ...event, added: [[1, message]] } : event
  }

  it('is the share of what is gone whose place is in view', () => {
    expect(measure('recoverable', ...start, request({ dropped: [0] }))).toBe(1 / 2)
    expect(measure('recoverable', ...start, request({ dropped: [0, 1] }))).toBe(0)
  })

  it('counts what a result told later, if it is the same value', () => {
    const drop = request({ dropped: [0] })
    expect(measure('recoverable', ...start, drop, told('Found: [[fact:rate=7]].'))).toBe(1)
    expect(measure('recoverable', ...start, drop, told('Found: [[fact:rate=8]].'))).toBe(1 / 2)
    const both = request({ dropped: [0, 1] })
    expect(measure('recoverable', ...start, told('[[fact:rate=7]]'), both)).toBe(1 / 2)
  })

  it('tells of all that was taken, each of it once', () => {
    const drop = request({ dropped: [0] })
    const again = request({ window: [[0, '[[fact:total=1]]']] })
    // Total is taken three times with its place in view, rate once without.
    expect(measure('recoverable', ...start, drop, again, drop, again, drop)).toBe(1 / 2)
    // And once without: then it could not always be had.
    const last = request({ dropped: [0, 1] })
    expect(measure('recoverable', ...start, drop, again, last)).toBe(0)
  })

  it('says nothing where nothing that is needed is gone', () => {
    expect(measure('recoverable', ...start)).toBeNull()
    const noise = request({ window: [[2, '[[fact:noise=0]]']] })
    expect(measure('recoverable', ...start, noise, request({ dropped: [2] }))).toBeNull()
  })
})
