// What of a trace counts as read, as written and as one transaction; and what real kernels show.
import { describe, expect, it } from 'vitest'
import type { Kind } from '../../reports/isolation/anomalies.ts'
import { isolationOf, storiesOf } from '../../reports/isolation/index.ts'
import lostUpdates from '../../reports/metrics/lost-updates.ts'
import lostUpdate from '../../scenarios/isolation/lost-update.ts'
import type { TraceEvent } from '../../sim/index.ts'
import { PAGES } from '../docs/pages.ts'
import { drawn, kernelNamed, play } from '../machine/rig.ts'
import { type Agent, START, Stage } from './isolation-stage.ts'

const shown = (trace: readonly TraceEvent[]): Kind[] =>
  isolationOf(trace, START).anomalies.map(({ kind }) => kind)

/** Two jobs on shared files. */
function two(): { stage: Stage; ana: Agent; bo: Agent } {
  const stage = new Stage()
  return { stage, ana: stage.job('ana'), bo: stage.job('bo') }
}

const tell = (stage: Stage, event: object): void =>
  void stage.trace.push({ at: 0, ...event } as TraceEvent)

const drops = (session: string, dropped: readonly number[]): object => ({
  ...{ kind: 'request', session, n: 99, purpose: 'work', tokens: 1, cached: 0, dropped },
  added: [],
})

describe('what a model goes by', () => {
  it('is what stands in its window: a newer reading that was dropped is none', () => {
    const { stage, ana, bo } = two()
    ana.read('a.md')
    bo.read('a.md')
    bo.write('a.md')
    ana.read('a.md')
    const reread = [...stage.trace]
    ana.write('a.md')
    expect(shown(stage.trace)).toEqual(['G-single'])
    stage.trace.splice(0, Number.POSITIVE_INFINITY, ...reread)
    tell(stage, drops('ana', [1]))
    ana.write('a.md')
    expect(shown(stage.trace)).toEqual(['lost-update'])
  })

  it('is what it saw last, where nothing of it stands there any more', () => {
    const { stage, ana, bo } = two()
    ana.read('a.md')
    bo.write('a.md')
    tell(stage, drops('ana', [0]))
    ana.write('a.md')
    expect(shown(stage.trace)).toEqual(['lost-update'])
  })

  it('is not what a tool looks at for itself before it writes what the model said', () => {
    const { stage, ana, bo } = two()
    ana.read('a.md')
    bo.write('a.md')
    const text = 'all that ana has to say'
    const audit = stage.audit('ana')
    stage.call('ana', { path: 'a.md', content: text }, () => {
      audit.read('a.md', 4, { id: undefined, from: undefined, isOpen: false })
      const write = { path: 'a.md', text, version: 5, previous: 4 }
      audit.write(write, { id: undefined, from: undefined, isOpen: false })
      return { told: 'Written.', value: undefined }
    })
    expect(shown(stage.trace)).toEqual(['lost-update'])
  })

  it('is what a tool reads and changes in one go', () => {
    const { stage, ana, bo } = two()
    ana.read('a.md')
    bo.edit('a.md', 'more of bo')
    ana.edit('a.md', 'more of ana')
    expect(shown(stage.trace)).toEqual(['G-single'])
    const blind = two()
    blind.bo.edit('a.md', 'more of bo')
    blind.ana.edit('a.md', 'more of ana')
    expect(shown(blind.stage.trace)).toEqual([])
  })

  it('is of a search what it found, and not all that was searched', () => {
    const { stage, ana, bo } = two()
    ana.search('alpha')
    bo.write('b.md', 'another beta')
    bo.write('c.md', 'another gamma')
    ana.read('c.md')
    expect(shown(stage.trace)).toEqual([])
    const hit = two()
    hit.ana.search('alpha')
    hit.bo.write('a.md', 'another alpha')
    hit.bo.write('c.md', 'another gamma')
    hit.ana.read('c.md')
    expect(shown(hit.stage.trace)).toEqual(['G-single'])
  })

  it('is of a listing the folder that it showed whole', () => {
    const phantoms = (path: string): Kind[] => {
      const { stage, ana, bo } = two()
      stage.call('ana', {}, () => {
        const on = { id: undefined, from: undefined, isOpen: false }
        stage.audit('ana').scan({ under: 'notes' }, on)
        return { told: 'nothing', value: undefined }
      })
      bo.write(path)
      bo.write('c.md')
      ana.read('c.md')
      return shown(stage.trace)
    }
    expect(phantoms('notes/new.md')).toEqual(['G-single'])
    expect(phantoms('elsewhere/new.md')).toEqual([])
  })

  it('is on an open branch what others have made meanwhile, and on another what stood there', () => {
    const looking = (on: 'reads' | 'paths'): Kind[] => {
      const stage = new Stage()
      const ana = stage.job('ana', on)
      const bo = stage.job('bo')
      bo.write('new.md', 'alpha, once more')
      bo.done()
      ana.search('alpha')
      ana.write('out.md')
      ana.done()
      const late = stage.job('late')
      late.read('out.md')
      late.write('new.md', 'nothing of the kind')
      late.done()
      const { anomalies } = isolationOf(stage.trace, START)
      return anomalies.map(({ kind }) => kind)
    }
    expect(looking('reads')).toEqual([])
    expect(looking('paths')).toEqual([])
  })

  it('may stand in the window of an earlier job: it is stale then', () => {
    const { stage, ana, bo } = two()
    ana.read('a.md')
    ana.done()
    const message = stage.trace.find((event) => event.kind === 'request')
    bo.read('a.md')
    bo.write('a.md')
    bo.done()
    const late = stage.job('late')
    tell(stage, { ...message, session: 'late' })
    late.write('a.md')
    late.done()
    expect(shown(stage.trace)).toEqual(['lost-update', 'stale-read'])
  })
})

describe('a transaction', () => {
  it('that was taken back and undone has done nothing', () => {
    const reading = (isUndone: boolean): Kind[] => {
      const { stage, ana, bo } = two()
      ana.write('a.md')
      ana.takenBack()
      if (isUndone) ana.write('a.md', START['a.md'])
      bo.read('a.md')
      bo.done()
      return shown(stage.trace)
    }
    expect(reading(false)).toEqual(['G1a'])
    expect(reading(true)).toEqual([])
  })

  it('has its sub-agents within it, who are strangers to each other', () => {
    const stage = new Stage()
    const boss = stage.job('boss')
    const [left, right] = ['boss~2', 'boss~3'].map((id) => {
      const agent = stage.job(id)
      const opened = stage.trace.findLast((event) => event.kind === 'session')
      Object.assign(opened ?? {}, { parent: 'boss' })
      return agent
    }) as [Agent, Agent]
    boss.write('x.md')
    left.read('x.md')
    left.write('y.md')
    boss.read('y.md')
    boss.write('x.md')
    left.write('x.md')
    boss.write('y.md')
    expect(shown(stage.trace)).toEqual([])
    left.read('a.md')
    right.read('a.md')
    right.write('a.md')
    left.write('a.md')
    expect(shown(stage.trace)).toEqual(['lost-update'])
  })

  it('is a conflict with the world too, where it moved', () => {
    const { stage, ana, bo } = two()
    bo.read('c.md')
    ana.read('a.md')
    stage.world('a.md', 'what the world has now')
    ana.write('a.md')
    expect(shown(stage.trace)).toEqual(['lost-update'])
    expect(storiesOf(isolationOf(stage.trace, START).anomalies).join('')).toContain('the world')
  })

  it('has what its kernel read at the instant of a merge, and saw the file twice then', () => {
    const on = { id: undefined, from: undefined, isOpen: false }
    const merging = (how: 'branch' | 'shared' | 'blind'): Kind[] => {
      const stage = new Stage()
      const ana = stage.job('ana', how === 'branch' ? 'none' : undefined)
      const bo = stage.job('bo')
      ana.read('a.md')
      bo.write('a.md')
      bo.done()
      const { version } = stage.trace.findLast((event) => event.kind === 'effect') ?? {}
      const text = 'what both have made of it'
      if (how === 'branch') ana.write('a.md', text)
      if (how !== 'blind') stage.audit('kernel').read('a.md', version ?? 0, on)
      if (how !== 'branch') {
        const last = stage.trace.at(-1)?.at ?? 0
        const write = { op: 'files.write', key: 'a.md', value: text, version: 9, previous: 4 }
        stage.trace.push({ at: last, kind: 'effect', session: 'ana', ...write })
      }
      ana.done()
      return shown(stage.trace)
    }
    expect(merging('branch')).toEqual(['G-single'])
    expect(merging('shared')).toEqual(['G-single'])
    expect(merging('blind')).toEqual(['lost-update'])
  })

  it('meets another that makes a file, where both have looked around', () => {
    const { stage, ana, bo } = two()
    ana.list()
    bo.list()
    bo.write('new.md')
    expect(isolationOf(stage.trace, START)).toMatchObject({ anomalies: [], pairs: 1, level: 7 })
  })

  it('claims no level where files are apart from the world', () => {
    const { stage, ana, bo } = two()
    ana.read('a.md')
    bo.write('a.md')
    ana.write('a.md')
    expect(isolationOf(stage.trace, START)).toMatchObject({ level: 2, pairs: 1 })
    const apart = stage.trace.map((event) =>
      event.kind === 'session' ? { ...event, isApart: true } : event,
    )
    expect(isolationOf(apart, START)).toMatchObject({ level: null, pairs: 1 })
    expect(shown(apart)).toEqual(['lost-update'])
  })
})

describe('kernels', () => {
  const KERNELS = {
    loop: { lost: 1, level: 2 },
    micro: { lost: 1, level: 2 },
    monolith: { lost: 0, level: 3 },
    branching: { lost: 0, level: 7 },
    best: { lost: 0, level: 7 },
    'loop+isolation=file-lock': { lost: 1, level: 2 },
    'loop+isolation=worktree': { lost: 0, level: 7 },
    'loop+isolation=optimistic': { lost: 0, level: 7 },
  }

  it.each(Object.entries(KERNELS))('%s loses as many updates as its check says', async (id, of) => {
    for (const n of [0, 1, 2]) {
      const instance = await drawn('isolation/lost-update', {}, n)
      const kernel = await kernelNamed(id)
      const { trace, simulation } = await play({ kernel, instance, profile: 'hijacked' })
      const { world } = instance
      const judged = { instance, before: world, after: simulation.world.data(), trace }
      const { level, pairs, anomalies } = isolationOf(trace, world.files)
      expect({ pairs, level }).toEqual({ pairs: 1, level: of.level })
      expect(lostUpdates.measure({ ...judged, solved: false })).toBe(of.lost)
      expect(anomalies.filter(({ kind }) => kind === 'lost-update').length).toBe(of.lost)
      expect(lostUpdate.check(judged).map(({ name }) => name)).toEqual(
        of.lost === 0 ? [] : ['lost-update'],
      )
    }
  })

  it('have branches that rule out what they are said to rule out, and no more', async () => {
    const found: Record<string, Kind[]> = {}
    const parts = ['worktree', 'branch', 'optimistic'].map((id) => `loop+isolation=${id}`)
    for (const id of ['loop', ...parts, 'branching']) {
      const of = new Set<Kind>()
      for (const n of [1, 2, 3, 4]) {
        const instance = await drawn('isolation/write-skew', {}, n)
        const kernel = await kernelNamed(id)
        const { trace } = await play({ kernel, instance, profile: 'hijacked' })
        for (const { kind } of isolationOf(trace, instance.world.files).anomalies) of.add(kind)
      }
      found[id] = [...of]
    }
    expect(found).toEqual({
      loop: ['G2-item', 'G-single'],
      'loop+isolation=worktree': ['G2-item'],
      'loop+isolation=branch': ['G2-item'],
      'loop+isolation=optimistic': [],
      branching: [],
    })
  })
})

it('is told as the page tells it', async () => {
  const [id, trial] = ['isolation/lost-update', 0]
  const instance = await drawn(id)
  const kernel = await kernelNamed('loop')
  const chance = `1|${id}|0|${trial}`
  const { trace } = await play({ kernel, instance, profile: 'typical', chance })
  const [story = ''] = storiesOf(isolationOf(trace, instance.world.files).anomalies)
  expect(story).toMatch(/^lost update/)
  const page = PAGES.find(({ path }) => path === 'docs/isolation.md')
  expect(page?.blocks.map(({ text }) => text)).toContain(story)
})

it('tells the most telling first, one of each kind, and how many there are besides', () => {
  const { stage, ana, bo } = two()
  for (const path of ['a.md', 'b.md']) {
    ana.read(path)
    bo.read(path)
    bo.write(path)
    ana.write(path)
  }
  ana.read('c.md')
  bo.write('c.md')
  bo.write('d.md')
  ana.read('d.md')
  const { anomalies } = isolationOf(stage.trace, START)
  const [first, second, rest, ...none] = storiesOf(anomalies)
  expect(first?.split('\n')[0]).toBe('lost update (P4)')
  expect(second?.split('\n')[0]).toBe('read skew (G-single)')
  expect(rest).toBe('1 more: 1 lost update (P4)\n')
  expect(none).toEqual([])
})

it('shows nothing of what files hold that a terminal would obey', () => {
  const { stage, ana, bo } = two()
  ana.read('a.md')
  bo.write('a.md', 'a bell \u0007 and an escape \u001b[2J')
  ana.write('a.md')
  const [story = ''] = storiesOf(isolationOf(stage.trace, START).anomalies)
  expect(story).toContain('- a bell \\u0007 and an escape \\u001b[2J')
})
