// Who answers for what: jobs for their sub-agents, branches and resumed sessions, and nobody for another's undoing.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Kind } from '../../reports/isolation/anomalies.ts'
import { isolationOf, storiesOf } from '../../reports/isolation/index.ts'
import { type Agent, START, Stage } from './isolation-stage.ts'

const judged = ({ trace }: Stage) => isolationOf(trace, START)
/** All that stood in a window is gone. */
const NOTHING_LEFT = {
  ...{ n: 99, purpose: 'work', tokens: 1, cached: 0 },
  ...{ dropped: [0, 1, 2, 3], added: [] },
}

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
    [
      'nothing, of what it knew of itself alone when another wrote over it',
      ({ boss, left, bo }) => {
        left.write('x.md')
        boss.read('x.md')
        bo.write('x.md')
        boss.write('x.md')
      },
      [],
    ],
    [
      'a circle in which it read its own, and once only',
      ({ boss, bo }) => {
        boss.write('x.md')
        boss.read('x.md')
        bo.write('x.md')
        bo.write('y.md')
        boss.read('y.md')
      },
      ['G1c'],
    ],
    [
      'a read skew, though what was taken back stood between',
      ({ stage, boss, bo }) => {
        boss.read('a.md')
        const zed = stage.job('zed')
        zed.write('a.md')
        zed.takenBack()
        bo.write('a.md')
        bo.write('b.md')
        boss.read('b.md')
      },
      ['G-single'],
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

describe('within a job', () => {
  it('the branches of sub-agents are parts of what it does, though it is idle', () => {
    const seen = (isIdle: boolean): Kind[] => {
      const { stage, boss, bo } = team()
      stage.session('boss~3', 'boss')
      const [left, right] = ['boss~2', 'boss~3'].map((id) => stage.branchOf(boss, id))
      left?.write('a.md')
      left?.commits()
      bo.read('a.md')
      bo.read('b.md')
      bo.write('x.md')
      bo.done()
      right?.write('b.md')
      right?.commits()
      if (!isIdle) boss.read('c.md')
      boss.done()
      return shown(stage)
    }
    expect(seen(true)).toEqual(['G-single'])
    expect(seen(false)).toEqual(['G-single'])
  })

  it('branches of one that does nothing else are transactions, but no pair that met', () => {
    const stage = new Stage()
    const boss = stage.job('boss')
    const bo = stage.job('bo')
    stage.session('boss~2')
    const left = stage.branchOf(boss)
    left.write('a.md')
    left.commits()
    const right = stage.branchOf(boss, 'boss~2')
    right.read('a.md')
    right.write('b.md')
    right.commits()
    expect(judged(stage)).toEqual({ anomalies: [], pairs: 0, level: null })
    const last = stage.branchOf(boss)
    bo.read('a.md')
    bo.read('c.md')
    bo.write('x.md')
    bo.done()
    last.write('c.md')
    last.commits()
    expect(shown(stage)).toEqual([])
  })

  it('two branches that are made by one are strangers to each other', () => {
    for (const isIdle of [true, false]) {
      const { stage, boss, bo } = team()
      bo.workspace.read('a.md')
      if (!isIdle) boss.read('c.md')
      const trials = [0, 1].map(() => stage.branchOf(boss))
      for (const trial of trials) trial.read('a.md')
      for (const trial of trials) trial.write('a.md')
      for (const trial of trials) trial.commits()
      expect(shown(stage)).toEqual(['lost-update'])
      expect(judged(stage).pairs).toBe(1)
    }
  })

  it('a branch counts as its own sub-agent, and as no other', () => {
    const losing = (of: 'boss~2' | 'boss~3'): Kind[] => {
      const { stage, boss, left } = team()
      const right = stage.session('boss~3', 'boss')
      right.workspace.read('a.md')
      left.read('a.md')
      const trial = stage.branchOf(boss, of)
      trial.read('a.md')
      trial.write('a.md')
      trial.commits()
      left.write('a.md')
      return shown(stage)
    }
    expect(losing('boss~2')).toEqual([])
    expect(losing('boss~3')).toEqual(['lost-update'])
  })

  it('nobody is accused of jobs, and in them sub-agents, that came one after the other', () => {
    const path = fc.constantFrom('a.md', 'b.md', 'new.md')
    const act = fc.tuple(fc.constantFrom('read', 'write', 'edit', 'list'), path)
    const unit = fc.record({
      by: fc.constantFrom('boss', 'sub', 'sub on a branch'),
      acts: fc.array(act, { maxLength: 4 }),
    })
    const jobs = fc.array(fc.array(unit, { maxLength: 4 }), { maxLength: 4 })
    const carryOut = (agent: Agent, acts: readonly (readonly [string, string])[]): void => {
      for (const [kind, of] of acts)
        if (kind === 'read') agent.read(of)
        else if (kind === 'write') agent.write(of)
        else if (kind === 'edit') agent.edit(of, `more of ${agent.id}`)
        else agent.list()
    }
    fc.assert(
      fc.property(jobs, (all) => {
        const stage = new Stage()
        for (const [i, units] of all.entries()) {
          const boss = stage.job(`job-${i}`)
          for (const [n, { by, acts }] of units.entries()) {
            const id = `${boss.id}~${n + 2}`
            const sub = by === 'boss' ? boss : stage.session(id, boss.id)
            const isOnBranch = by === 'sub on a branch'
            const agent = isOnBranch ? stage.branchOf(boss, id) : sub
            carryOut(agent, acts)
            if (isOnBranch) agent.commits()
          }
          boss.done()
        }
        expect(shown(stage)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('what came to nothing is not what a sub-agent goes by', () => {
    const { stage, boss, left } = team()
    const right = stage.session('boss~3', 'boss')
    left.read('c.md')
    const trial = stage.branchOf(boss, left.id)
    trial.read('a.md')
    trial.workspace.abort()
    right.write('a.md')
    right.write('b.md')
    stage.tell({ kind: 'request', session: left.id, ...NOTHING_LEFT })
    left.read('b.md')
    left.write('x.md')
    expect(shown(stage)).toEqual([])
  })

  it('goes by the last of what was read of a file before it wrote it, though not by itself', () => {
    const writing = (act: (team: Team) => void): Kind[] => {
      const all = team()
      act(all)
      all.bo.done()
      all.boss.done()
      return shown(all.stage)
    }
    const again = writing(({ boss, left, bo }) => {
      left.read('a.md')
      bo.write('a.md')
      left.read('a.md')
      boss.write('a.md')
    })
    const after = writing(({ stage, boss, left, bo }) => {
      const trial = stage.branchOf(boss, left.id)
      bo.write('a.md')
      boss.write('a.md')
      trial.read('a.md')
      trial.commits()
    })
    const atOnce = writing(({ stage, boss, left, bo }) =>
      stage.call(left.id, { path: 'a.md' }, () => {
        const value = left.workspace.read('a.md')
        bo.workspace.write('a.md', 'what bo says')
        boss.workspace.write('a.md', 'what boss says')
        return { told: value ?? '', value }
      }),
    )
    const old = writing(({ stage, boss, left, bo }) => {
      left.read('a.md')
      const trial = stage.branchOf(boss, left.id)
      bo.write('a.md')
      left.read('a.md')
      trial.read('a.md')
      boss.write('a.md')
      trial.commits()
    })
    expect([again, after, old]).toEqual([['G-single'], ['G-single'], ['G-single']])
    expect(atOnce).toEqual(['lost-update'])
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
