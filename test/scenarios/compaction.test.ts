// The checks of the family: each violation is provoked, in worlds by hand and in played runs, and a harness that
// prevents what is asked about passes.
import { describe, expect, it } from 'vitest'
import type { Violation } from '../../scenarios/scenario.ts'
import { atomsIn, type Instance, type TraceEvent, WORLD, type WorldData } from '../../sim/index.ts'
import { Truths } from '../../sim/truths.ts'
import { drawn, house, kernelNamed, ofKind, play } from '../machine/rig.ts'

const SMALL: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'standing-rule': { items: 2, drafts: 2, distance: 400 },
  'changed-mind': { items: 4, distance: 400 },
  'nested-keys': { items: 3, levels: 2, distance: 400, others: 2 },
  'own-choices': { topics: 3, distance: 400 },
  'deep-recall': { distance: 400 },
  'plan-in-a-file': { steps: 5, distance: 400 },
  'long-haul': { jobs: 2, items: 2, distance: 400 },
  thrash: { tables: 3, size: 100 },
}

const smallOf = (id: string, set = {}): Promise<Instance> =>
  drawn(`compaction/${id}`, { ...SMALL[id], window: 1_000_000, ...set })

/** A run by a kernel that does it all, and what the check says of what it left, as changed by hand. */
async function solved(id: string, harness = 'clairvoyant') {
  const instance = await smallOf(id)
  const { simulation, trace } = await play({ kernel: await kernelNamed(harness), instance })
  const after = simulation.world.data()
  const scenario = await house.scenario(`compaction/${id}`)
  const names = (world: WorldData = after, events: readonly TraceEvent[] = trace): string[] =>
    scenario
      .check({ instance, before: instance.world, after: world, trace: events })
      .map(({ name }: Violation) => name)
  const files = (change: Readonly<Record<string, string>>): string[] =>
    names({ ...after, files: { ...after.files, ...change } })
  const without = (path: string): string[] => {
    const { [path]: _, ...rest } = after.files
    return names({ ...after, files: rest })
  }
  const text = (path: string): string => after.files[path] ?? ''
  return { instance, after, trace, names, files, without, text }
}

const truth = ({ truths }: Instance, name: string, at = -1): string =>
  truths[name]?.values.at(at)?.value ?? ''

const optionsOf = ({ programs }: Instance, name: string): readonly string[] =>
  programs.flatMap(({ facts }) => facts[name]?.options ?? [])

describe.each(Object.keys(SMALL))('%s', (id) => {
  it('has nothing against what its solution leaves', async () => {
    expect((await solved(id)).names()).toEqual([])
  })

  it('misses each file that is not there, and sees one that is cut off', async () => {
    const { instance, text, files, without } = await solved(id)
    const last = instance.programs.at(-1)?.steps.at(-1)?.call.args.path ?? ''
    expect(without(last)).toContain('work-missing')
    expect(files({ [last]: text(last).slice(0, 12) })).toContain('work-spoilt')
  })

  it('sees values that were never true, older ones, and another choice than before', async () => {
    const { instance, text, files } = await solved(id)
    const path = instance.programs.at(-1)?.steps.at(-1)?.call.args.path ?? ''
    const account = truth(instance, 'account')
    expect(files({ [path]: text(path).replace(account, '999') })).toEqual(['fact-wrong'])
    const [rate, before] = [truth(instance, 'rate'), truth(instance, 'rate', 0)]
    const stale = text(path).replace(`rate ${rate}`, `rate ${before}`)
    expect(files({ [path]: stale })).toEqual(['fact-stale'])
    const [label = '', other = ''] = optionsOf(instance, 'label')
    const changed = text(path).replace(label, other)
    expect(changed).not.toBe(text(path))
    const isFirst = instance.programs.every(({ steps }) =>
      steps.every(({ call }) => call.args.path === path || !call.args.content?.includes('{label}')),
    )
    expect(files({ [path]: changed })).toEqual(isFirst ? [] : ['choice-changed'])
  })
})

describe('standing-rule', () => {
  it('sees a write under prod/, also one that was taken back', async () => {
    const { trace, names, after } = await solved('standing-rule')
    const [effect] = ofKind(trace, 'effect')
    if (effect === undefined) throw new Error('nothing was written')
    const broken = [...trace, { ...effect, key: 'prod/x.md' }]
    expect(names(after, broken)).toEqual(['rule-broken'])
  })

  it('is broken by a window without the rule, and not by one that has it', async () => {
    const instance = await smallOf('standing-rule')
    const { check } = await house.scenario('compaction/standing-rule')
    const kernel = await kernelNamed('loop')
    const verdict = async (of: Instance): Promise<string[]> => {
      const { simulation, trace } = await play({ kernel, instance: of })
      const after = simulation.world.data()
      return check({ instance: of, before: of.world, after, trace }).map(({ name }) => name)
    }
    expect(await verdict(instance)).toEqual([])
    const users = instance.users.map((user) => ({
      ...user,
      jobs: user.jobs.map((job) => ({
        ...job,
        prompt: job.prompt.replace(/\[\[rule:[^\]]+\]\]/, ''),
      })),
    }))
    expect(await verdict({ ...instance, users })).toEqual(['rule-broken'])
  })
})

describe('changed-mind', () => {
  it('sees what was taken back, once it was', async () => {
    const { instance, after, trace, names, files, text } = await solved('changed-mind')
    const [first, last] = [truth(instance, 'depot', 0), truth(instance, 'depot')]
    const sent = instance.programs[0]?.steps.filter(({ id }) => id.startsWith('send-')) ?? []
    const paths = sent.map(({ call }) => call.args.path ?? '')
    expect(paths.map((path) => text(path).includes(first))).toEqual([true, true, false, false])
    const [, , third = ''] = paths
    expect(files({ [third]: text(third).replace(last, first) })).toEqual(['fact-stale'])
    // Sent again, it goes where it goes by then.
    const [early = ''] = paths
    const again = text(early).replace(first, last)
    expect(files({ [early]: again })).toEqual(['fact-stale'])
    const [sentFirst] = ofKind(trace, 'effect').filter(({ key }) => key === early)
    if (sentFirst === undefined) throw new Error('nothing was sent')
    const world = { ...after, files: { ...after.files, [early]: again } }
    expect(names(world, [...trace, { ...sentFirst, value: again }])).toEqual([])
    expect(files({ [early]: text(early).replace(first, 'nowhere') })).toEqual(['fact-wrong'])
  })

  it('changes as often as it is told to, and never twice at once', async () => {
    for (const changes of [1, 2, 3, 4]) {
      const { truths, reactions } = await smallOf('changed-mind', { changes, items: 5 })
      const triggers = truths.depot?.values.map(({ afterWriteOf }) => afterWriteOf) ?? []
      expect(new Set(triggers).size).toBe(changes + 1)
      expect(reactions).toHaveLength(changes + 1)
    }
  })
})

describe('what changes while the work is under way', () => {
  it('follows what all can see: on a branch it is the commit that the world answers', async () => {
    const { instance, trace, names } = await solved('changed-mind', 'loop+isolation=branch')
    expect(names()).toEqual([])
    const moves = trace.findIndex((event) => event.kind === 'effect' && event.session === WORLD)
    const committed = trace.findIndex(
      (event) => event.kind === 'branch' && event.move === 'commit' && event.paths.length > 0,
    )
    expect(committed).toBeGreaterThan(0)
    expect(moves).toBe(committed + 1)
    const shared = await play({ kernel: await kernelNamed('loop'), instance })
    const first = ofKind(shared.trace, 'effect').findIndex(({ session }) => session === WORLD)
    expect(first).toBe(1)
  })

  it('is judged by what was true when a file was written', async () => {
    const { instance, trace } = await solved('changed-mind', 'loop+isolation=branch')
    const truths = new Truths(instance)
    const seen = new Set<string | undefined>()
    for (const event of trace) {
      truths.add(event)
      seen.add(truths.now('rate'))
    }
    expect([...seen]).toEqual([truth(instance, 'rate', 0), truth(instance, 'rate')])
    expect(truths.now('label')).toBeUndefined()
  })
})

describe('nested-keys', () => {
  it('is followed through as many pages as it has levels, and one more', async () => {
    for (const levels of [0, 1, 4]) {
      const instance = await smallOf('nested-keys', { levels })
      const { trace } = await play({ kernel: await kernelNamed('loop'), instance })
      const pages = ofKind(trace, 'read').filter(({ path }) => path.startsWith('store/'))
      expect(pages).toHaveLength(levels + 1)
    }
  })
})

describe('own-choices', () => {
  it('sees an index that has another name than the draft', async () => {
    const { instance, files, text } = await solved('own-choices')
    const name = Object.keys(instance.programs[0]?.facts ?? {}).find((n) => n.startsWith('name-'))
    const topic = name?.slice(5) ?? ''
    const [first = '', other = ''] = optionsOf(instance, name ?? '')
    const index = text('out/index.md')
    const wrong = index.replace(`- ${topic}: ${first}`, `- ${topic}: ${other}`)
    expect(files({ 'out/index.md': wrong })).toEqual(['choice-changed'])
    expect(
      files({ 'out/index.md': index.replace(`- ${topic}: ${first}`, `- ${topic}: tin`) }),
    ).toEqual(['choice-changed'])
  })
})

describe('deep-recall', () => {
  it('is told in the first job alone, and passed by whoever keeps what was said', async () => {
    const { instance, names } = await solved('deep-recall', 'letta')
    expect(names()).toEqual([])
    const [first, ...later] = instance.users[0]?.jobs ?? []
    const told = (prompt = ''): number =>
      atomsIn(prompt).filter(({ kind }) => kind === 'fact').length
    expect(told(first?.prompt)).toBe(5)
    expect(later.map(({ prompt }) => told(prompt))).toEqual([0, 0, 0])
    const files = JSON.stringify(instance.world.files)
    for (const topic of ['account', 'seat', 'diet', 'hotel'])
      expect(files).not.toContain(`[[fact:${topic}=`)
  })

  it('is not passed without: the sheet is missing or made up', async () => {
    const { names } = await solved('deep-recall', 'loop')
    expect(names().some((name) => ['work-missing', 'fact-wrong'].includes(name))).toBe(true)
  })
})

describe('plan-in-a-file', () => {
  it('sees what is paid twice, not at all, or wrongly, and what is not ticked', async () => {
    const { instance, after, names, text, files } = await solved('plan-in-a-file')
    const made = after.payments ?? []
    expect(made).toHaveLength(3)
    const [first, ...rest] = made
    if (first === undefined) throw new TypeError('nothing was paid')
    expect(names({ ...after, payments: [...made, first] })).toEqual(['paid-twice'])
    expect(names({ ...after, payments: rest })).toEqual(['payment-missing'])
    expect(names({ ...after, payments: [{ ...first, amount: '1.00' }, ...rest] })).toEqual([
      'payment-wrong',
    ])
    expect(files({ 'PLAN.md': instance.world.files['PLAN.md'] ?? '' })).toEqual(['plan-unticked'])
    const job = instance.users[0]?.jobs[0]?.id ?? ''
    const ticks = atomsIn(text('PLAN.md')).filter(({ kind }) => kind === 'done')
    expect(ticks.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5].map((n) => `${job}/do-${n}`))
  })

  it('is gone on with by a reader who knows nothing but the plan', async () => {
    const { instance, text, after } = await solved('plan-in-a-file')
    const world = {
      ...after,
      hasTerminal: true,
      files: { ...after.files, 'PLAN.md': text('PLAN.md') },
    }
    const { simulation } = await play({
      kernel: await kernelNamed('loop'),
      instance: { ...instance, world },
    })
    expect(simulation.world.data().payments).toHaveLength(3)
  })
})

describe('long-haul', () => {
  it('rests on the rate of the day', async () => {
    const { instance, text } = await solved('long-haul')
    const [before, later] = [truth(instance, 'rate', 0), truth(instance, 'rate')]
    expect(text('out/day-1.md')).toContain(`rate ${before}`)
    expect(text('out/day-2.md')).toContain(`rate ${later}`)
  })

  it('needs nothing to be read that is innate', async () => {
    const innate = async (count: number): Promise<number> => {
      const instance = await smallOf('long-haul', { innate: count, standing: 3 - count })
      const { trace } = await play({ kernel: await kernelNamed('loop'), instance })
      return ofKind(trace, 'read').filter(({ path }) => path === 'handbook.md').length
    }
    expect(await innate(0)).toBeGreaterThan(0)
    expect(await innate(3)).toBe(0)
  })
})

describe('thrash', () => {
  it('reads each table once in a window that holds them, and again in one that does not', async () => {
    const reads = async (window: number): Promise<number> => {
      const instance = await smallOf('thrash', { tables: 4, size: 1500, rounds: 2, window })
      const { trace } = await play({ kernel: await kernelNamed('loop+pinning=task'), instance })
      return ofKind(trace, 'read').filter(({ path }) => path.startsWith('tables/')).length
    }
    expect(await reads(100_000)).toBe(4)
    expect(await reads(5000)).toBeGreaterThan(4)
  })
})
