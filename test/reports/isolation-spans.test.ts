// From when to when a job, a branch and a move of the world lasts: who began when the other had ended is stale.
import { describe, expect, it } from 'vitest'
import type { Kind } from '../../reports/isolation/anomalies.ts'
import { isolationOf } from '../../reports/isolation/index.ts'
import { type Agent, START, Stage } from './isolation-stage.ts'

const judged = ({ trace }: Stage) => isolationOf(trace, START)
const shown = (stage: Stage): Kind[] => judged(stage).anomalies.map(({ kind }) => kind)

/** What an earlier job read of a.md, shown to another: as a memory does, or a window that goes on. */
function reader(stage: Stage): (to: Agent) => void {
  const zed = stage.job('zed')
  zed.read('a.md')
  zed.done()
  const message = stage.trace.findLast(({ kind }) => kind === 'request')
  return ({ id }) => stage.tell({ ...message, session: id })
}

describe('a job begins and ends', () => {
  it('with its branches: before what a later session does, and after what it answered', () => {
    const early = new Stage()
    const ana = early.job('ana')
    const bo = early.job('bo')
    const trial = early.branchOf(ana)
    trial.read('a.md')
    trial.commits()
    bo.write('a.md')
    bo.done()
    const again = early.session('ana~2')
    again.write('x.md')
    again.done()
    expect(shown(early)).toEqual([])

    const late = new Stage()
    const eve = late.job('eve')
    eve.read('b.md')
    const last = late.branchOf(eve)
    last.read('c.md')
    late.end('eve', 'reply')
    const next = late.job('next')
    next.read('a.md')
    next.write('x.md')
    last.write('a.md')
    last.commits()
    next.done()
    expect(shown(late)).toEqual([])
  })

  it('without an attempt that came to nothing', () => {
    const stage = new Stage()
    const shows = reader(stage)
    const ana = stage.job('ana')
    const trial = stage.branchOf(ana)
    trial.read('b.md')
    trial.workspace.abort()
    ana.write('a.md')
    ana.done()
    const late = stage.job('late')
    shows(late)
    late.write('x.md')
    late.done()
    expect(shown(stage)).toEqual(['stale-read'])
  })

  it('with its own session, though a sub-agent acts first', () => {
    const stage = new Stage()
    const shows = reader(stage)
    stage.job('boss')
    const bo = stage.job('bo')
    bo.write('a.md')
    bo.done()
    const left = stage.session('boss~2', 'boss')
    shows(left)
    left.write('x.md')
    expect(shown(stage)).toEqual([])
  })

  it('on a branch with whichever was there first, the session or the branch, and with its commit', () => {
    const stage = new Stage()
    const shows = reader(stage)
    const ana = stage.job('ana')
    const bo = stage.job('bo', 'none')
    bo.write('a.md')
    bo.done()
    const trial = stage.branchOf(ana)
    shows(ana)
    trial.write('x.md')
    trial.commits()
    expect(shown(stage)).toEqual([])
    const late = stage.job('late')
    shows(late)
    late.write('y.md')
    late.done()
    expect(shown(stage)).toEqual(['stale-read'])

    const branched = new Stage()
    const eve = branched.job('eve')
    const early = branched.branchOf(eve, 'next')
    eve.write('a.md')
    eve.done()
    const next = branched.session('next')
    next.workspace.list()
    early.read('a.md')
    early.write('x.md')
    early.commits()
    expect(shown(branched)).toEqual([])
  })

  it('once: what arrives again is the same job', () => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    bo.write('a.md')
    bo.done()
    stage.job('ana')
    ana.read('a.md')
    ana.write('x.md')
    ana.done()
    expect(judged(stage)).toMatchObject({ anomalies: [], pairs: 1 })
  })

  it('once: what was answered is not taken back, nor is what a branch has committed', () => {
    for (const on of [undefined, 'none'] as const) {
      const stage = new Stage()
      const [ana, bo] = [stage.job('ana', on), stage.job('bo')]
      ana.write('a.md')
      if (on === undefined) ana.done()
      else ana.commits()
      stage.end('ana', 'withdraw')
      bo.read('a.md')
      bo.write('x.md')
      bo.done()
      expect(shown(stage)).toEqual([])
    }
  })

  it('at any time, where nobody said when', () => {
    const stage = new Stage()
    const ana = stage.job('ana')
    ana.write('a.md')
    ana.done()
    const bo = stage.session('bo')
    bo.read('a.md')
    expect(judged(stage)).toMatchObject({ anomalies: [], pairs: 1 })
  })

  it('for the world at once', () => {
    const stage = new Stage()
    const shows = reader(stage)
    stage.world('b.md', 'what the world has now')
    const ana = stage.job('ana')
    ana.read('b.md')
    ana.write('x.md')
    ana.done()
    expect(judged(stage)).toEqual({ anomalies: [], pairs: 0, level: null })
    stage.world('a.md', 'what the world has now')
    const late = stage.job('late')
    shows(late)
    late.write('y.md')
    expect(shown(stage)).toEqual(['stale-read'])
  })
})

it('a session that says that it is its own parent is a session', () => {
  const stage = new Stage()
  const odd = stage.session('odd~2', 'odd~2')
  const bo = stage.job('bo')
  odd.read('a.md')
  bo.write('a.md')
  odd.write('a.md')
  expect(shown(stage)).toEqual(['lost-update'])
})
