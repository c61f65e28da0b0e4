// What a model goes by: all that stands in its window, by which call or words it came there, and what it listed.
import { describe, expect, it } from 'vitest'
import type { Kind } from '../../reports/isolation/anomalies.ts'
import { isolationOf } from '../../reports/isolation/index.ts'
import { type Agent, START, Stage } from './isolation-stage.ts'

const judged = ({ trace }: Stage) => isolationOf(trace, START)
const shown = (stage: Stage): Kind[] => judged(stage).anomalies.map(({ kind }) => kind)

const SHARED = { id: undefined, from: undefined, isOpen: false }

describe('what stands in a window is gone by, whoever brought it there', () => {
  /** A job that begins with what another one was shown. */
  function heir(stage: Stage, of: string): Agent {
    const message = stage.trace.find((one) => one.kind === 'request' && one.session === of)
    const late = stage.job('late')
    stage.tell({ ...message, session: 'late' })
    return late
  }

  it('as a stale read of a file that it does not write', () => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.read('a.md')
    ana.done()
    bo.write('a.md')
    bo.done()
    heir(stage, 'ana').write('order.md')
    expect(shown(stage)).toEqual(['stale-read'])
    expect(judged(stage)).toMatchObject({ pairs: 2, level: 6 })
  })

  it('as a write skew', () => {
    const stage = new Stage()
    const ana = stage.job('ana')
    ana.read('a.md')
    ana.done()
    const bo = stage.job('bo')
    bo.read('b.md')
    heir(stage, 'ana').write('b.md')
    bo.write('a.md')
    expect(shown(stage)).toEqual(['G2-item'])
  })

  it('but not where it wrote nothing, or has read it again', () => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.read('a.md')
    ana.done()
    bo.write('a.md')
    bo.done()
    const late = heir(stage, 'ana')
    late.read('b.md')
    expect(shown(stage)).toEqual([])
    late.read('a.md')
    late.write('order.md')
    expect(shown(stage)).toEqual([])
  })

  it("and not what a request for a summary holds, which is nobody's work", () => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.read('a.md')
    bo.write('a.md')
    const { session, version } = { session: 'ana', version: 4 }
    stage.tell({ kind: 'read', session, path: 'a.md', version })
    const added = [[0, { role: 'user', content: 'a.md as bo has it' }]]
    const of = { tokens: 1, cached: 0, dropped: [0], added }
    stage.tell({ kind: 'request', session, n: 9, purpose: 'compaction', ...of })
    ana.write('a.md')
    expect(shown(stage)).toEqual(['lost-update'])
  })
})

describe('what names no call', () => {
  it('is known by its text to its own job alone', () => {
    const stage = new Stage('text')
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.read('a.md')
    bo.write('a.md')
    bo.done()
    const late = stage.job('late')
    const added = [[0, { role: 'user', content: START['a.md'] }]]
    const of = { purpose: 'work', tokens: 1, cached: 0, dropped: [], added }
    stage.tell({ kind: 'request', session: 'late', n: 1, ...of })
    late.write('order.md')
    expect(shown(stage)).toEqual([])
  })

  it('shows what was read just now, though the same words told of something else before', () => {
    const stage = new Stage('text')
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.read('a.md')
    bo.write('a.md', 'beta for a while')
    bo.write('a.md', START['a.md'])
    bo.done()
    ana.read('a.md')
    ana.write('a.md')
    expect(shown(stage)).toEqual(['G-single'])
  })
})

it('a window has its messages in their places', () => {
  const stage = new Stage()
  const [ana, bo] = [stage.job('ana'), stage.job('bo')]
  ana.read('a.md')
  bo.write('a.md')
  bo.done()
  ana.read('a.md')
  const of = { kind: 'request', session: 'ana', n: 9, purpose: 'work', tokens: 1, cached: 0 }
  stage.tell({ ...of, dropped: [], added: [[0, { role: 'user', content: 'By the way.' }]] })
  stage.tell({ ...of, dropped: [1], added: [] })
  ana.write('a.md')
  expect(shown(stage)).toEqual(['G-single'])
})

describe('a kernel that looks', () => {
  const looking = (isSaid: boolean): Kind[] => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.read('a.md')
    bo.read('a.md')
    ana.write('a.md')
    const text = 'bo has it so'
    stage.call('bo', isSaid ? { path: 'a.md', content: text } : {}, () => {
      stage.audit('kernel').read('a.md', 4, SHARED)
      stage.audit('bo').write({ path: 'a.md', text, version: 5, previous: 4 }, SHARED)
      return { told: 'Written.', value: undefined }
    })
    return shown(stage)
  }

  it('looks for who merges, not for whoever says what to write', () => {
    expect(looking(true)).toEqual(['lost-update'])
    expect(looking(false)).toEqual(['G-single'])
  })
})

describe('a listing', () => {
  const listing = (told: string, after: (bo: Agent) => void): Kind[] => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    bo.write('data.txt')
    stage.call('ana', {}, () => {
      stage.audit('ana').scan({ under: '' }, SHARED)
      return { told, value: undefined }
    })
    after(bo)
    bo.write('c.md')
    ana.read('c.md')
    return shown(stage)
  }
  const makes = (path: string) => (bo: Agent) => bo.write(path)

  it('is of what it shows whole, by whole names', () => {
    expect(listing('a.md\nb.md\nc.md\ndata.txt', makes('new.sh'))).toContain('G-single')
    expect(listing('./a.md ./b.md ./c.md', makes('new.md'))).toContain('G-single')
    expect(listing('/workspace/a.md, /workspace/b.md, /workspace/c.md', makes('new.md'))).toContain(
      'G-single',
    )
    expect(listing('["a.md","b.md","c.md"]', makes('new.md'))).toContain('G-single')
    // A name within another, and one that is missing.
    expect(listing('aa.md\nb.md\nc.md', makes('new.md'))).toEqual([])
    expect(listing('a.md\nb.md', makes('new.md'))).toEqual([])
    expect(listing('a.md\nb.md\nc.md', makes('new.sh'))).toEqual([])
  })

  it('of one folder or kind is of nothing where it was cut', () => {
    const cut = (told: string): Kind[] => {
      const stage = new Stage()
      const [ana, bo] = [stage.job('ana'), stage.job('bo')]
      bo.write('data.txt', '7')
      stage.call('ana', {}, () => {
        stage.audit('ana').scan({ isFlat: true }, SHARED)
        return { told, value: undefined }
      })
      bo.write('new.md')
      bo.write('c.md')
      ana.read('c.md')
      return shown(stage)
    }
    expect(cut('a.md b.md c.md data.txt')).toContain('G-single')
    expect(cut('a.md b.md c.md')).toEqual([])
    expect(cut('a.md b.md c.md as they are, and 7')).toEqual([])
  })

  it('depends on those who made what it shows', () => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.write('new.md')
    bo.list()
    bo.write('out.md')
    ana.read('out.md')
    expect(shown(stage)).toEqual(['G1c'])
  })

  it('has not missed what was there, though its writer went on with it', () => {
    const going = (isThere: boolean): Kind[] => {
      const stage = new Stage()
      const [ana, bo] = [stage.job('ana'), stage.job('bo')]
      if (isThere) bo.write('new.md', 'a draft')
      ana.list()
      bo.write('new.md', 'the last of it')
      bo.write('c.md')
      ana.read('c.md')
      return shown(stage)
    }
    expect(going(true)).toEqual([])
    expect(going(false)).toEqual(['G-single'])
  })

  it('of all that there is shows it, of whatever kind', () => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.list()
    bo.write('new.txt')
    bo.write('c.md')
    ana.read('c.md')
    expect(shown(stage)).toEqual(['G-single'])
  })

  const AROUND: readonly (readonly [string, (by: (id: string) => Agent) => void, Kind[]])[] = [
    [
      'a file that its writer then removes',
      (by) => {
        by('bo').write('new.md')
        by('ana').list()
        by('bo').remove('new.md')
      },
      ['G1b'],
    ],
    [
      'what is taken back, though another makes the same later',
      (by) => {
        by('zed').write('new.md')
        by('ana').list()
        by('zed').takenBack()
        by('bo').write('new.md')
      },
      ['G1a'],
    ],
    [
      'what is taken back, though it was written twice',
      (by) => {
        by('zed').write('new.md', 'a draft')
        by('zed').write('new.md', 'the last of it')
        by('ana').list()
        by('zed').takenBack()
      },
      ['G1a'],
    ],
    [
      'what is taken back, where another had removed it',
      (by) => {
        by('bo').write('new.md')
        by('dan').remove('new.md')
        by('zed').write('new.md')
        by('ana').list()
        by('zed').takenBack()
      },
      ['G1a'],
    ],
    [
      'nothing wrong, where what is taken back was there before',
      (by) => {
        by('zed').write('a.md')
        by('ana').list()
        by('zed').takenBack()
      },
      [],
    ],
    [
      'nothing of what is made later and taken back',
      (by) => {
        by('ana').list()
        by('zed').write('new.md')
        by('zed').takenBack()
      },
      [],
    ],
    [
      'not what the first made that came after',
      (by) => {
        by('ana').list()
        by('bo').write('new.md')
        by('bo').write('c.md')
        by('dan').remove('new.md')
        by('ana').read('c.md')
      },
      ['G-single'],
    ],
  ]

  it.each(AROUND)('sees %s', (_name, act, kinds) => {
    const stage = new Stage()
    const all = new Map(['ana', 'bo', 'dan', 'zed'].map((id) => [id, stage.job(id)]))
    act((id) => all.get(id) as Agent)
    all.get('ana')?.write('out.md')
    expect(shown(stage)).toEqual(kinds)
  })

  it('of what is then taken back is a dirty read', () => {
    const stage = new Stage()
    const [ana, bo] = [stage.job('ana'), stage.job('bo')]
    ana.write('new.md')
    bo.list()
    bo.write('out.md')
    ana.takenBack()
    bo.done()
    const { anomalies } = judged(stage)
    expect(anomalies.map(({ kind, isPredicate }) => [kind, isPredicate])).toEqual([['G1a', true]])
  })
})
