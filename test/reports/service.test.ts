// What the metrics of preemption and budgets say of small traces, reckoned by hand.
import { describe, expect, it } from 'vitest'
import type { Metric } from '../../reports/index.ts'
import type { Program } from '../../sim/cpu/program.ts'
import type { Instance, JobData } from '../../sim/index.ts'
import { entriesOf } from './folder.ts'
import {
  type Event,
  effect,
  generation,
  instance,
  refused,
  replied,
  request,
  runOf,
} from './traces.ts'

const metrics = new Map(await entriesOf<Metric>('metrics'))

function measure(id: string, trace: readonly Event[], of: Partial<Instance> = {}): number | null {
  const metric = metrics.get(id)
  if (metric === undefined) throw new Error(`no metric ${id}`)
  return metric.measure(runOf(trace, { ...instance, ...of }))
}

const came = (job: string, at = 0, user = 'u'): Event => ({
  at,
  kind: 'job',
  job,
  user,
  prompt: 'Hello.',
})
const withdrawn = (job: string, at: number): Event => ({ at, kind: 'withdraw', job })
const asks = (session: string, n: number, at: number): Event => ({ ...request({ session, n }), at })
const spoke = (session: string, n: number, at: number, output = 60): Event =>
  ({ ...generation([], session), n, at, usage: { input: 100, cached: 0, output } }) as Event
const wrote = (session: string, at: number): Event => ({ ...effect({ session }), at })

const jobs = (...of: readonly Partial<JobData>[]): Pick<Instance, 'users'> => ({
  users: of.map((job, i) => ({
    id: `user-${i}`,
    jobs: [{ id: `job-${i}`, prompt: 'Hello.', arrivesMs: 0, ...job }],
  })),
})

describe('a job that is taken back', () => {
  const start = [came('j'), asks('j', 1, 0), wrote('j', 50), withdrawn('j', 100)]

  it('is over at once where the answer is cut off then', () => {
    const cut = [...start, spoke('j', 1, 100)]
    expect(measure('stop-latency', cut)).toBe(0)
    expect(measure('tokens-after-cancel', cut)).toBe(0)
    expect(measure('effects-after-cancel', cut)).toBe(0)
  })

  it('goes on with the rest of the answer, with later ones, and with what they do', () => {
    const on = [...start, spoke('j', 1, 400), wrote('j~2', 420), asks('j', 2, 420)]
    const whole = [...on, spoke('j', 2, 500), wrote('other', 900), replied('j', 950)]
    expect(measure('stop-latency', whole)).toBe(400)
    // Three quarters of the first answer, and the second with its window.
    expect(measure('tokens-after-cancel', whole)).toBe(0.75 * 60 + 160)
    expect(measure('effects-after-cancel', whole)).toBe(1)
  })

  it('may be undone, and counts what was kept apart once it is committed', () => {
    const put = (at: number, of: Parameters<typeof effect>[0]): Event => ({ ...effect(of), at })
    const note = { key: 'note.md', value: 'a note' }
    const noted = [came('j'), put(50, note), withdrawn('j', 100)]
    const removed = put(200, { ...note, op: 'files.remove', value: '' })
    expect(measure('effects-after-cancel', [...noted, removed])).toBe(0)
    expect(measure('effects-after-cancel', [...noted, put(200, note)])).toBe(1)
    const theirs = [
      came('j'),
      put(10, { ...note, session: 'other', value: 'x' }),
      ...noted.slice(1),
    ]
    expect(measure('effects-after-cancel', [...theirs, put(200, { ...note, value: 'x' })])).toBe(0)
    expect(measure('effects-after-cancel', [...theirs, removed])).toBe(1)
    const apart = [came('j'), put(50, { ...note, branch: 1 }), withdrawn('j', 100)]
    const ends = (move: 'commit' | 'abort'): Event => ({
      at: 200,
      kind: 'branch',
      session: 'j',
      move,
      paths: ['note.md'],
      branch: 1,
    })
    expect(measure('effects-after-cancel', [...apart, ends('abort')])).toBe(0)
    expect(measure('effects-after-cancel', [...apart, ends('commit')])).toBe(1)
  })

  it('is needed to say anything', () => {
    for (const id of ['stop-latency', 'tokens-after-cancel', 'effects-after-cancel'])
      expect(measure(id, [came('j'), asks('j', 1, 0), spoke('j', 1, 100)])).toBeNull()
  })
})

describe('how jobs are served', () => {
  const HOUR = 3_600_000

  it('counts the wait of urgent ones alone, an hour at least where nobody did it', () => {
    const of = jobs({}, { priority: 2 }, { priority: 1 })
    const trace = [came('job-0'), came('job-1', 100), came('job-2', 200), replied('job-0', 250)]
    expect(measure('urgent-response', [...trace, replied('job-1', 400)], of)).toBe((300 + HOUR) / 2)
    expect(measure('urgent-response', trace, jobs({}))).toBeNull()
  })

  it('counts what never came, since the run ended before it', () => {
    const of = jobs({}, { priority: 2, arrivesMs: 500, deadlineMs: 900 })
    expect(measure('urgent-response', [came('job-0')], of)).toBe(HOUR)
    expect(measure('deadlines-missed', [came('job-0')], of)).toBe(1)
    expect(measure('makespan', [came('job-0'), replied('job-0', 10)], of)).toBe(HOUR + 500)
  })

  it('is over only when nothing changes for the job any more, whatever was said before', () => {
    const of = jobs({}, { priority: 2 })
    const late = wrote('job-1', 900)
    const trace = [came('job-0'), replied('job-0', 1), came('job-1', 100), replied('job-1', 150)]
    expect(measure('urgent-response', [...trace, late], of)).toBe(800)
    expect(measure('makespan', [...trace, late], of)).toBe(900)
  })

  it('counts what was done apart from when all can see it, and what another hand did for the job', () => {
    const program = (path: string): Program => ({
      ...{ name: 'note', facts: {}, answer: 'Done.' },
      steps: [
        {
          ...{ id: 'write', needs: [], effect: 'idempotent' },
          call: { op: 'files.write', args: { path, content: 'a note' } },
        },
      ],
    })
    const of = {
      ...jobs({ prompt: '[[task:note=job-0]]', deadlineMs: 500 }),
      programs: [program('note.md')],
    }
    const note = { key: 'note.md', value: 'a note', before: null }
    const trace = [came('job-0'), replied('job-0', 200)]
    const put = (at: number, more: Parameters<typeof effect>[0]): Event => ({
      ...effect({ ...note, session: 'job-0', ...more }),
      at,
    })
    const world = { files: { 'note.md': 'a note' } }
    const missed = (...events: readonly Event[]) =>
      metrics.get('deadlines-missed')?.measure({
        ...runOf([...trace, ...events], { ...instance, ...of }),
        after: { ...instance.world, ...world },
      })
    expect(missed(put(100, {}))).toBe(0)
    const commit: Event = {
      ...{ at: 900, kind: 'branch', session: 'job-0', move: 'commit' },
      ...{ paths: ['note.md'], branch: 1 },
    }
    expect(missed(put(100, { branch: 1 }), { ...commit, at: 400 })).toBe(0)
    expect(missed(put(100, { branch: 1 }), commit)).toBe(1)
    expect(missed(put(900, { session: 'other' }))).toBe(1)
  })

  it('counts deadlines that were missed, and no other jobs', () => {
    const due = { deadlineMs: 500 }
    const of = jobs({}, due, due, due, { ...due })
    const trace = [0, 1, 2, 3, 4].map((i) => came(`job-${i}`))
    const over = [replied('job-0', 900), replied('job-1', 500), replied('job-2', 501)]
    // Answered in time, late, never; and one that nobody wanted any more.
    expect(measure('deadlines-missed', [...trace, ...over, withdrawn('job-4', 300)], of)).toBe(
      2 / 3,
    )
    expect(measure('deadlines-missed', [...trace, ...over], jobs({}))).toBeNull()
  })

  it('spans from the first job until the last is done or taken back', () => {
    const of = jobs({}, {})
    const trace = [came('job-0', 100), came('job-1', 200), replied('job-0', 900)]
    expect(measure('makespan', [...trace, replied('job-1', 950), replied('job-1', 5000)], of)).toBe(
      850,
    )
    expect(measure('makespan', [...trace, withdrawn('job-1', 700)], of)).toBe(800)
    // The job that is left open has the hour, and longer where the run goes on.
    expect(measure('makespan', trace, of)).toBe(HOUR + 100)
    expect(measure('makespan', [...trace, spoke('job-1', 1, 2 * HOUR)], of)).toBe(2 * HOUR - 100)
    expect(measure('makespan', [])).toBeNull()
  })

  // 700 ms and 60 tokens of 4 characters: 1,700 ms alone. The answer at the end is such a step, too.
  const words = 'x'.repeat(240)
  const call = {
    op: 'files.write',
    args: { path: '{job}.md', content: words.slice('{job}.md'.length) },
  }
  const step = (id: string) => ({ id, needs: [], call, effect: 'idempotent' as const })
  const served = (
    of: Readonly<Record<string, string>>,
    more: Partial<JobData> = {},
  ): Partial<Instance> => ({
    users: Object.entries(of).map(([id, user]) => ({
      id: user,
      jobs: [{ id, prompt: `[[task:say=${id}]]`, arrivesMs: 0, ...more }],
    })),
    programs: [{ name: 'say', facts: {}, steps: [step('once')], answer: words }],
  })
  const did = (job: string, at: number): Event[] => [
    { ...effect({ session: job, key: `${job}.md` }), at },
    replied(job, at),
  ]

  it('is fair where all users are as fast as alone, or all as slow', () => {
    const of = served({ a: 'u', b: 'v' })
    const both = [came('a', 0, 'u'), came('b', 0, 'v')]
    expect(measure('fairness', [...both, ...did('a', 3400), ...did('b', 3400)], of)).toBe(1)
    expect(measure('fairness', [...both, ...did('a', 6800), ...did('b', 6800)], of)).toBe(1)
    const one = measure('fairness', [...both, ...did('a', 3400), ...did('b', 34_000)], of)
    expect(one).toBeCloseTo(1.1 ** 2 / (2 * 1.01), 9)
    // Who speaks more for one of them serves nobody better.
    const padded = [...both, spoke('b', 1, 0, 5000), ...did('a', 3400), ...did('b', 34_000)]
    expect(measure('fairness', padded, of)).toBe(one)
    expect(measure('fairness', [came('a'), ...did('a', 5)], served({ a: 'u' }))).toBeNull()
  })

  it('does not call a user slow for many jobs of its own, for pauses, or for what it sent later', () => {
    const hazards = [{ id: 'a/once/1/slow', value: 8000 }]
    const of = { ...served({ a: 'u', b: 'u', c: 'u', d: 'v' }), hazards }
    const trace = [
      ...[came('a'), came('b'), came('c', 50_000), came('d', 0, 'v')],
      ...[did('d', 3400), did('a', 11_400), did('b', 14_800), did('c', 53_400)].flat(),
    ]
    expect(measure('fairness', trace, of)).toBeCloseTo(1, 9)
  })

  it('gives no speed to a user for whom nothing is done, and says nothing where that is all', () => {
    const of = served({ a: 'u', b: 'v' })
    const both = [came('a', 0, 'u'), came('b', 0, 'v')]
    expect(measure('fairness', [...both, ...did('a', 3400)], of)).toBe(1 / 2)
    expect(measure('fairness', [...both, ...did('a', 3400), replied('b', 1)], of)).toBe(1 / 2)
    expect(measure('fairness', [...both, replied('a', 1), replied('b', 1)], of)).toBeNull()
  })

  it('is no better for whoever answers at once and does nothing', () => {
    const of = served({ a: 'u', b: 'v' }, { priority: 1, deadlineMs: 5000 })
    const lied = [came('a'), came('b'), replied('a', 1), replied('b', 1)]
    expect(measure('deadlines-missed', lied, of)).toBe(1)
    expect(measure('urgent-response', lied, of)).toBe(HOUR)
    expect(measure('makespan', lied, of)).toBe(HOUR)
    expect(measure('fairness', lied, of)).toBeNull()
    const worked = [came('a'), came('b'), ...did('a', 3000), ...did('b', 4000)]
    expect(measure('deadlines-missed', worked, of)).toBe(0)
    expect(measure('urgent-response', worked, of)).toBe(3500)
    expect(measure('makespan', worked, of)).toBe(4000)
  })
})

describe('what was granted', () => {
  const of = (budget: Instance['budget']) => ({ ...jobs({}, {}), ...(budget && { budget }) })
  const trace = [spoke('job-0', 1, 0, 100), spoke('job-0~2', 1, 0, 100), spoke('job-1', 1, 0, 100)]

  it('is overrun by the worst of all, as a share', () => {
    expect(measure('overrun', trace, of({ allTokens: 600 }))).toBe(0)
    expect(measure('overrun', trace, of({ allTokens: 500 }))).toBeCloseTo(0.2)
    expect(measure('overrun', trace, of({ userTokens: 300 }))).toBeCloseTo(1 / 3)
    expect(measure('overrun', trace, of({ jobTokens: 200, allTokens: 500 }))).toBe(1)
  })

  it('is needed to say anything', () => {
    const { budget: _, ...without } = instance
    expect(metrics.get('overrun')?.measure(runOf(trace, without))).toBeNull()
  })
})

describe('waits', () => {
  it('are hammered by what is asked before they are over, by the same job', () => {
    const told = [asks('j', 1, 0), refused(2000, 100)]
    expect(measure('hammered-waits', [...told, asks('j', 2, 2100)])).toBe(0)
    expect(measure('hammered-waits', [...told, asks('j', 2, 1000), asks('j~2', 1, 2000)])).toBe(2)
    expect(measure('hammered-waits', [...told, asks('k', 1, 1000)])).toBe(0)
    expect(measure('hammered-waits', [asks('j', 1, 0)])).toBeNull()
  })
})
