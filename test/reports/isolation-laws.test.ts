// Laws of the checker: what ran one after the other is never accused, what files of each kind of branch rule out
// is never found on them, what was planted is found with a cycle no longer than planted, and what has nothing
// to do with it changes nothing.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Anomaly, Kind } from '../../reports/isolation/anomalies.ts'
import { isolationOf, storiesOf } from '../../reports/isolation/index.ts'
import { LEVELS } from '../../reports/isolation/level.ts'
import type { TraceEvent } from '../../sim/index.ts'
import type { Invalidation } from '../../sim/world/files.ts'
import { type Agent, START, Stage } from './isolation-stage.ts'

const RUNS = { numRuns: 300 }

type Act =
  | { readonly kind: 'read' | 'write' | 'remove' | 'edit'; readonly path: string }
  | { readonly kind: 'put'; readonly path: string; readonly text: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'search'; readonly query: string }

interface Plan {
  readonly acts: readonly Act[]
  readonly on: Invalidation | undefined
  readonly isTakenBack: boolean
}

const AGAIN = ['', 'alpha at first', 'on and off']

const path = fc.constantFrom('a.md', 'b.md', 'c.md', 'd.md', 'sub/e.md')
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom('read' as const, 'write' as const), path }),
  fc.record({ kind: fc.constantFrom('remove' as const, 'edit' as const), path }),
  // Texts that come again, and say nothing.
  fc.record({ kind: fc.constant('put' as const), path, text: fc.constantFrom(...AGAIN) }),
  fc.record({ kind: fc.constant('list' as const) }),
  fc.record({ kind: fc.constant('search' as const), query: fc.constantFrom('first', 'job-2') }),
)
const invalidation = fc.constantFrom<Invalidation[]>('paths', 'siblings', 'global', 'none', 'reads')

const plans = (on: fc.Arbitrary<Invalidation | undefined>, takenBack = fc.boolean()) =>
  fc.array(
    fc.record({
      acts: fc.array(act, { maxLength: 6 }),
      on,
      isTakenBack: takenBack,
    }) as fc.Arbitrary<Plan>,
    { maxLength: 7 },
  )

function carryOut(agent: Agent, of: Act, n: number): void {
  if (of.kind === 'list') agent.list()
  else if (of.kind === 'search') agent.search(of.query)
  else if (of.kind === 'read') agent.read(of.path)
  else if (of.kind === 'remove') agent.remove(of.path)
  else if (of.kind === 'edit') agent.edit(of.path, `line ${n} of ${agent.id}`)
  else if (of.kind === 'put') agent.write(of.path, of.text)
  else agent.write(of.path, `${of.path} written by ${agent.id}, ${n}`)
}

const end = (agent: Agent, { isTakenBack }: Plan): void =>
  isTakenBack ? agent.takenBack() : agent.done()

const judged = ({ trace }: { readonly trace: readonly TraceEvent[] }) => isolationOf(trace, START)

const kindsIn = (of: readonly Anomaly[]): Set<Kind> => new Set(of.map(({ kind }) => kind))

/** All at once, their acts taken in turns as `turns` says. */
function interleaved(stage: Stage, all: readonly Plan[], turns: readonly number[]): void {
  const agents = all.map((plan, i) => ({ plan, agent: stage.job(`job-${i}`, plan.on), next: 0 }))
  const open = [...agents]
  for (let n = 0; open.length > 0; n++) {
    const at = (turns[n % Math.max(1, turns.length)] ?? 0) % open.length
    const one = open[at]
    if (one === undefined) return
    const due = one.plan.acts[one.next++]
    if (due !== undefined) carryOut(one.agent, due, n)
    else {
      end(one.agent, one.plan)
      open.splice(at, 1)
    }
  }
}

describe('nobody is accused', () => {
  it.each(['results', 'text'] as const)(
    'who came one after the other, on shared files or on branches of any kind, told by %s',
    (told) => {
      const on = fc.option(invalidation, { nil: undefined })
      fc.assert(
        fc.property(plans(on, fc.constant(false)), fc.array(fc.nat(9)), (all, moves) => {
          const stage = new Stage(told)
          for (const [i, plan] of all.entries()) {
            const agent = stage.job(`job-${i}`, plan.on)
            for (const [n, one] of plan.acts.entries()) carryOut(agent, one, n)
            end(agent, plan)
            if (moves.includes(i)) stage.world('a.md', `the world moves after ${i}`)
          }
          const { anomalies, level } = judged(stage)
          expect(anomalies).toEqual([])
          expect([null, LEVELS.length]).toContain(level)
        }),
        RUNS,
      )
    },
  )

  it('of a lost update, a dirty or skewed read, where the first to commit wins', () => {
    const first = fc.constantFrom<Invalidation[]>('paths', 'siblings', 'global')
    fc.assert(
      fc.property(plans(first), fc.array(fc.nat(20), { minLength: 1 }), (all, turns) => {
        const stage = new Stage()
        interleaved(stage, all, turns)
        const found = kindsIn(judged(stage).anomalies)
        for (const kind of found) expect(['G2-item', 'G2']).toContain(kind)
      }),
      RUNS,
    )
  })

  it('of anything dirty, where the last to commit wins', () => {
    const any = fc.constantFrom<Invalidation[]>('none', 'paths', 'reads')
    fc.assert(
      fc.property(plans(any), fc.array(fc.nat(20), { minLength: 1 }), (all, turns) => {
        const stage = new Stage()
        interleaved(stage, all, turns)
        const found = kindsIn(judged(stage).anomalies)
        for (const dirty of ['G0', 'G1a', 'G1b', 'G1c'] as const) expect(found).not.toContain(dirty)
      }),
      RUNS,
    )
  })
})

interface Planted {
  readonly kind: Kind
  /** Edges of its cycle. */
  readonly length: number
  readonly isPredicate?: boolean
  readonly on?: Invalidation
  /** By step, what the n-th of the agents does. */
  readonly steps: (agents: readonly Agent[]) => (() => void)[]
  readonly agents: number
}

const at = (agents: readonly Agent[], n: number): Agent => agents[n % agents.length] as Agent
const ring = (n: number): string => `ring-${n}.md`

const PLANTED: Readonly<Record<string, Planted>> = {
  'a lost update': {
    ...{ kind: 'lost-update', length: 2, agents: 2 },
    steps: (all) => [
      () => at(all, 0).write('x.md'),
      () => at(all, 1).read('a.md'),
      () => at(all, 0).read('a.md'),
      () => at(all, 1).write('a.md'),
      () => at(all, 1).done(),
      () => at(all, 0).write('a.md'),
      () => at(all, 0).done(),
    ],
  },
  'a lost update on branches': {
    ...{ kind: 'lost-update', length: 2, agents: 2, on: 'none' },
    steps: (all) => [
      () => at(all, 0).read('a.md'),
      () => at(all, 1).read('a.md'),
      () => at(all, 0).write('a.md'),
      () => at(all, 1).write('a.md'),
      () => at(all, 0).done(),
      () => at(all, 1).done(),
    ],
  },
  'a mixed write': {
    ...{ kind: 'G0', length: 2, agents: 2 },
    steps: (all) => [
      () => at(all, 0).write('x.md'),
      () => at(all, 1).write('x.md'),
      () => at(all, 1).write('y.md'),
      () => at(all, 0).write('y.md'),
      () => at(all, 0).done(),
      () => at(all, 1).done(),
    ],
  },
  'a reading of what is taken back': {
    ...{ kind: 'G1a', length: 1, agents: 2 },
    steps: (all) => [
      () => at(all, 0).write('x.md'),
      () => at(all, 1).read('x.md'),
      () => at(all, 1).write('y.md'),
      () => at(all, 0).takenBack(),
      () => at(all, 1).done(),
    ],
  },
  'a reading of what is half done': {
    ...{ kind: 'G1b', length: 1, agents: 2 },
    steps: (all) => [
      () => at(all, 0).write('x.md', 'a first draft of x'),
      () => at(all, 1).read('x.md'),
      () => at(all, 0).write('x.md', 'the last word on x'),
      () => at(all, 0).done(),
      () => at(all, 1).done(),
    ],
  },
  'two who read from each other': {
    ...{ kind: 'G1c', length: 2, agents: 2 },
    steps: (all) => [
      () => at(all, 0).write('x.md'),
      () => at(all, 1).write('y.md'),
      () => at(all, 0).read('y.md'),
      () => at(all, 1).read('x.md'),
      () => at(all, 0).done(),
      () => at(all, 1).done(),
    ],
  },
  'a read skew': {
    ...{ kind: 'G-single', length: 2, agents: 2 },
    steps: (all) => [
      () => at(all, 0).read('a.md'),
      () => at(all, 1).write('a.md'),
      () => at(all, 1).write('b.md'),
      () => at(all, 1).done(),
      () => at(all, 0).read('b.md'),
      () => at(all, 0).done(),
    ],
  },
  'a ring of five, each going by what the next one changes': {
    ...{ kind: 'G2-item', length: 5, agents: 5, on: 'paths' },
    steps: (all) => [
      ...all.map((one, i) => () => void one.read(ring((i + 1) % all.length))),
      ...all.map((one, i) => () => one.write(ring(i))),
      ...all.map((one) => () => one.done()),
    ],
  },
  'two readers, each of whom sees one of two writes': {
    ...{ kind: 'G-nonadjacent', length: 4, agents: 4 },
    steps: (all) => [
      () => void at(all, 2).read('b.md'),
      () => void at(all, 3).read('a.md'),
      () => at(all, 0).write('a.md'),
      () => at(all, 0).done(),
      () => at(all, 1).write('b.md'),
      () => at(all, 1).done(),
      () => void at(all, 2).read('a.md'),
      () => void at(all, 3).read('b.md'),
      () => at(all, 2).done(),
      () => at(all, 3).done(),
    ],
  },
  'a phantom': {
    ...{ kind: 'G2', isPredicate: true, length: 2, agents: 2, on: 'paths' },
    steps: (all) => [
      () => at(all, 0).list(),
      () => at(all, 1).list(),
      () => at(all, 0).write('x.md'),
      () => at(all, 1).write('y.md'),
      () => at(all, 0).done(),
      () => at(all, 1).done(),
    ],
  },
  'a phantom of a search': {
    ...{ kind: 'G2', isPredicate: true, length: 2, agents: 2, on: 'paths' },
    steps: (all) => [
      () => at(all, 0).search('on call'),
      () => at(all, 1).search('on call'),
      () => at(all, 0).write('x.md', 'Ana is on call'),
      () => at(all, 1).write('y.md', 'Bo is on call'),
      () => at(all, 0).done(),
      () => at(all, 1).done(),
    ],
  },
}

describe('what is planted is found', () => {
  const lone = fc.array(fc.constantFrom('read', 'write', 'list'), { maxLength: 8 })
  const gaps = fc.array(fc.nat(12), { maxLength: 5 })

  it.each(Object.entries(PLANTED))('%s', (_name, planted) => {
    fc.assert(
      fc.property(lone, gaps, (acts, between) => {
        const stage = new Stage()
        const agents = Array.from({ length: planted.agents }, (_, i) =>
          stage.job(`one-${i}`, planted.on),
        )
        const other = stage.job('other')
        let next = 0
        for (const [i, step] of planted.steps(agents).entries()) {
          step()
          const due = between.includes(i) ? acts[next++] : undefined
          if (due === 'read') other.read('c.md')
          if (due === 'write') other.write('other.txt')
          if (due === 'list') other.search('nothing has this in it')
        }
        other.done()
        const found = judged(stage).anomalies.filter(({ kind }) => kind === planted.kind)
        expect(found.length).toBeGreaterThan(0)
        const lengths = found.map(({ cycle }) => cycle.length)
        expect(Math.min(...lengths)).toBeLessThanOrEqual(planted.length)
        expect(found.some((one) => one.isPredicate === (planted.isPredicate ?? false))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

describe('what has nothing to do with it', () => {
  const noise: readonly TraceEvent[] = [
    { at: 0, kind: 'decision', id: 'job/step/1/lapse', value: 'detour', p: 0.1 },
    { at: 0, kind: 'hazard', id: 'job/step/1/slow', value: 5 },
    { at: 0, kind: 'unknown', session: 'job-0', what: 'a tag' },
    { at: 0, kind: 'read', session: 'elsewhere', path: 'lone.md', version: 0 },
    { at: 0, kind: 'interrupt', session: 'job-0', n: 1, spoken: 3 },
  ]

  it('changes neither what is found nor how it is told', () => {
    const any = fc.option(invalidation, { nil: undefined })
    const places = fc.array(fc.tuple(fc.nat(400), fc.nat(noise.length - 1)), { maxLength: 30 })
    fc.assert(
      fc.property(plans(any), fc.array(fc.nat(20), { minLength: 1 }), places, (all, turns, put) => {
        const stage = new Stage()
        interleaved(stage, all, turns)
        const trace = [...stage.trace]
        for (const [place, which] of put)
          trace.splice(place % (trace.length + 1), 0, noise[which] as TraceEvent)
        const [plain, noisy] = [judged(stage), judged({ trace })]
        expect(storiesOf(noisy.anomalies, 99)).toEqual(storiesOf(plain.anomalies, 99))
        expect([noisy.level, noisy.pairs]).toEqual([plain.level, plain.pairs])
      }),
      RUNS,
    )
  })
})

it('a level is refuted by what it rules out, and by nothing else', () => {
  const names = LEVELS.map(({ name }) => name)
  const left = (kind: Kind, isPredicate = false): string[] =>
    LEVELS.filter(({ isRefutedBy }) => !isRefutedBy({ kind, isPredicate, cycle: [] })).map(
      ({ name }) => name,
    )
  expect(left('G0')).toEqual([])
  expect(left('G1b')).toEqual(names.slice(0, 1))
  expect(left('lost-update')).toEqual(names.slice(0, 2))
  expect(left('G-single')).toEqual(names.slice(0, 3))
  expect(left('G-single', true)).toEqual([...names.slice(0, 3), 'repeatable read'])
  expect(left('G-nonadjacent')).toEqual(names.slice(0, 3))
  expect(left('G-nonadjacent', true)).toEqual([...names.slice(0, 3), 'repeatable read'])
  expect(left('G2-item')).toEqual(names.slice(0, 4))
  expect(left('G2', true)).toEqual(names.slice(0, 5))
  expect(left('G-realtime')).toEqual(names.slice(0, 6))
  expect(left('stale-read')).toEqual(names.slice(0, 6))
})
