// Who answers for what: jobs for their sub-agents, branches and resumed sessions, and nobody for another's undoing.
import { describe, expect, it } from 'vitest'
import type { Kind } from '../../reports/isolation/anomalies.ts'
import { isolationOf, storiesOf } from '../../reports/isolation/index.ts'
import { type Agent, START, Stage } from './isolation-stage.ts'

const judged = ({ trace }: Stage) => isolationOf(trace, START)
const shown = (stage: Stage): Kind[] => judged(stage).anomalies.map(({ kind }) => kind)

interface Team {
  readonly stage: Stage
  readonly boss: Agent
  readonly left: Agent
  readonly bo: Agent
}

/** A job with a sub-agent, and another job. */
function team(): Team {
  const stage = new Stage()
  const boss = stage.job('boss')
  const left = stage.session('boss~2', 'boss')
  return { stage, boss, left, bo: stage.job('bo') }
}

describe('a job answers for what it has done by others', () => {
  const CASES: readonly (readonly [string, (team: Team) => void, readonly Kind[]])[] = [
    [
      'a write skew, of which a sub-agent read its half',
      ({ boss, left, bo }) => {
        left.read('b.md')
        bo.read('a.md')
        bo.write('b.md')
        bo.done()
        boss.write('a.md')
      },
      ['G2-item'],
    ],
    [
      'a read skew, of which a sub-agent read its half',
      ({ boss, left, bo }) => {
        left.read('a.md')
        bo.write('a.md')
        bo.write('b.md')
        bo.done()
        boss.read('b.md')
        boss.write('out.md')
      },
      ['G-single'],
    ],
    [
      'an intermediate read of what a sub-agent made and it then changed',
      ({ boss, left, bo }) => {
        left.write('x.md', 'a draft of it')
        bo.read('x.md')
        boss.write('x.md', 'the last of it')
        bo.write('y.md')
        bo.done()
      },
      ['G1b'],
    ],
    [
      'a lost update of what a sub-agent read for it',
      ({ boss, left, bo }) => {
        left.read('a.md')
        bo.write('a.md')
        bo.done()
        boss.write('a.md')
      },
      ['lost-update'],
    ],
    [
      'a phantom, though its sub-agent made the same file first',
      ({ boss, left, bo }) => {
        boss.list()
        left.write('new.md')
        bo.remove('new.md')
        bo.write('c.md')
        boss.read('c.md')
      },
      ['G-single', 'G1c'],
    ],
    [
      'nothing, of what passes within it',
      ({ boss, left, bo }) => {
        boss.write('x.md')
        left.read('x.md')
        left.write('x.md')
        boss.write('x.md')
        bo.read('c.md')
        bo.write('c.md')
        boss.read('c.md')
      },
      [],
    ],
  ]

  it.each(CASES)('%s', (_name, act, kinds) => {
    const all = team()
    act(all)
    all.boss.done()
    expect(shown(all.stage)).toEqual(kinds)
  })

  it('a write skew, of which it wrote its half on a branch of its own', () => {
    const { stage, boss, bo } = team()
    boss.read('b.md')
    bo.read('a.md')
    const trial = stage.branchOf(boss)
    trial.write('a.md')
    trial.commits()
    bo.write('b.md')
    boss.done()
    bo.done()
    expect(judged(stage)).toMatchObject({ pairs: 1, level: 4 })
    expect(shown(stage)).toEqual(['G2-item'])
  })

  it('what a branch of a branch did, once the outer one is committed', () => {
    const reading = (isCommitted: boolean): Kind[] => {
      const stage = new Stage()
      const ana = stage.job('ana', 'none')
      const bo = stage.job('bo')
      bo.read('a.md')
      const inner = stage.branchOf(ana)
      inner.read('b.md')
      inner.write('a.md')
      if (isCommitted) inner.commits()
      bo.write('b.md')
      bo.done()
      ana.done()
      return shown(stage)
    }
    expect(reading(true)).toEqual(['G2-item'])
    expect(reading(false)).toEqual([])
  })

  it('nobody for an attempt of its own that came to nothing', () => {
    const { stage, boss, bo } = team()
    boss.read('c.md')
    const trial = stage.branchOf(boss)
    trial.read('a.md')
    trial.write('b.md')
    trial.read('b.md')
    trial.workspace.abort()
    bo.read('b.md')
    bo.write('a.md')
    boss.write('x.md')
    expect(shown(stage)).toEqual([])
  })

  it('siblings to each other, and their pair counts', () => {
    const { stage, left } = team()
    const right = stage.session('boss~3', 'boss')
    left.read('a.md')
    right.read('a.md')
    right.write('a.md')
    left.write('a.md')
    expect(judged(stage)).toMatchObject({ pairs: 1, level: 2 })
    expect(shown(stage)).toEqual(['lost-update'])
  })

  it('a session that goes on after a crash with what was read before it', () => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.read('a.md')
    bo.read('a.md')
    bo.write('a.md')
    bo.done()
    stage.session('ana~2').write('a.md')
    expect(shown(stage)).toEqual(['lost-update'])
  })
})

describe('an undoing', () => {
  it('that takes the work of others with it lost it, and who goes on from there is innocent', () => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.write('a.md')
    bo.write('a.md', 'what bo has to say')
    bo.done()
    ana.takenBack()
    ana.write('a.md', START['a.md'])
    const cat = stage.job('cat')
    cat.read('a.md')
    cat.write('a.md')
    cat.done()
    const { anomalies } = judged(stage)
    expect(anomalies.map(({ kind }) => kind)).toEqual(['lost-update'])
    expect(storiesOf(anomalies).join('')).toContain('- what bo has to say')
  })

  it('is not what a job that was taken back goes on to do: that stands, and nobody may go by it', () => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.takenBack()
    ana.write('a.md', 'ana knows better')
    bo.read('a.md')
    bo.write('x.md')
    bo.done()
    expect(shown(stage)).toEqual(['G1a'])
  })
})

describe('time', () => {
  it('is kept to: what a job does when it is over is done then', () => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.read('b.md')
    ana.done()
    bo.done()
    const late = stage.job('late')
    late.read('a.md')
    ana.write('a.md')
    late.done()
    expect(shown(stage)).toEqual([])
    expect(judged(stage).pairs).toBe(0)
  })

  it('refutes what only an order against it would explain', () => {
    const stage = new Stage()
    const slow = stage.job('slow')
    slow.read('a.md')
    for (const path of ['a.md', 'b.md']) {
      const next = stage.job(`makes ${path}`)
      next.write(path)
      next.done()
    }
    slow.read('b.md')
    slow.write('out.md')
    slow.done()
    const { anomalies, level } = judged(stage)
    expect(anomalies.map(({ kind }) => kind)).toEqual(['G-realtime'])
    expect([level, judged(stage).pairs]).toEqual([6, 2])
    const [story = ''] = storiesOf(anomalies)
    expect(story).toContain('cycle: slow -rw-> makes a.md -rt-> makes b.md -wr-> slow')
    expect(story).toContain('makes a.md had ended when makes b.md began')
  })
})

it('one alone with the world is judged with it, and one by itself is not', () => {
  const stage = new Stage()
  const ana = stage.job('ana')
  ana.read('a.md')
  stage.world('a.md', 'what the world has now')
  ana.write('a.md')
  expect(judged(stage)).toMatchObject({ pairs: 1, level: 2 })
  const alone = new Stage()
  const bo = alone.job('bo')
  bo.read('a.md')
  bo.write('a.md')
  expect(judged(alone)).toEqual({ anomalies: [], pairs: 0, level: null })
})

it('claims no level where nobody met', () => {
  const stage = new Stage()
  for (const id of ['ana', 'bo']) {
    const one = stage.job(id)
    one.read('a.md')
    one.write('a.md')
    one.done()
  }
  expect(judged(stage)).toEqual({ anomalies: [], pairs: 0, level: null })
})
