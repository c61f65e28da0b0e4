// Files with versions and branches: the first to commit wins, siblings never see each other.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Files,
  type Invalidation,
  normalPath,
  type Workspace,
  workspaceOn,
} from '../../sim/world/files.ts'
import { World } from '../../sim/world/index.ts'
import { recorder } from './recorder.ts'

const root = (files: Record<string, string> = { 'a.txt': 'old' }) => {
  const actor = recorder()
  return { actor, workspace: workspaceOn(Files.of(files), actor.audit) }
}

describe('a path', () => {
  it.each([
    ['a//b/./c', 'a/b/c'],
    ['/a/', 'a'],
    ['../../a', 'a'],
    ['a/../b', 'b'],
    ['.', ''],
  ])('%s is %s', (path, normal) => {
    expect(normalPath(path)).toBe(normal)
  })
})

describe('a workspace', () => {
  it('takes whatever code of others hands over for a name and a text', () => {
    const { workspace, actor } = root()
    const nothing = undefined as unknown as string
    workspace.write(nothing, nothing)
    expect(workspace.read(nothing)).toBe('undefined')
    workspace.remove(nothing)
    expect(actor.deeds.map(([, path]) => path)).toEqual(['undefined', 'undefined', 'undefined'])
    expect(workspace.list()).toEqual(['a.txt'])
  })

  it('tells every read and write with versions, and what was replaced', () => {
    const { workspace, actor } = root({ 'a.txt': 'old', 'b.txt': 'b' })
    workspace.read('./a.txt')
    workspace.write('a.txt', 'new')
    workspace.read('a.txt')
    workspace.read('none.txt')
    workspace.remove('a.txt')
    workspace.remove('a.txt')
    workspace.write('a.txt', 'again')
    expect(actor.deeds).toEqual([
      ['read', 'a.txt', 1],
      ['write', 'a.txt', 'new', 3, 1],
      ['read', 'a.txt', 3],
      ['read', 'none.txt', 0],
      ['write', 'a.txt', undefined, 4, 3],
      ['write', 'a.txt', 'again', 5, 4],
    ])
    expect(workspace.list()).toEqual(['a.txt', 'b.txt'])
  })

  it('does nothing for whoever is gone', () => {
    const { workspace, actor } = root()
    actor.isGone = true
    workspace.write('a.txt', 'boo')
    workspace.remove('a.txt')
    expect(workspace.read('a.txt')).toBeUndefined()
    expect(workspace.commit().kind).toBe('conflict')
    actor.isGone = false
    expect(workspace.read('a.txt')).toBe('old')
  })

  it('that all share is never closed, whatever is called on it', () => {
    const { workspace } = root()
    workspace.abort()
    expect(workspace.commit().kind).toBe('conflict')
    workspace.write('a.txt', 'new')
    expect(workspace.read('a.txt')).toBe('new')
  })
})

describe('branches', () => {
  it('see their parent as it was, and nothing of their siblings', () => {
    const { workspace } = root()
    const [left, right] = [workspace.branch(), workspace.branch()]
    left.write('a.txt', 'left')
    left.write('l.txt', 'left')
    workspace.write('a.txt', 'root')
    right.remove('a.txt')
    expect([left, right, workspace].map((w) => w.read('a.txt'))).toEqual([
      'left',
      undefined,
      'root',
    ])
    expect(right.list()).toEqual([])
    expect(workspace.list()).toEqual(['a.txt'])
  })

  it('commit where nobody was faster, and the first to commit wins', () => {
    const { workspace } = root({ 'a.txt': '1', 'b.txt': '2' })
    const [first, second, third] = [workspace.branch(), workspace.branch(), workspace.branch()]
    first.write('a.txt', 'first')
    second.write('a.txt', 'second')
    second.write('b.txt', 'second')
    third.write('b.txt', 'third')
    expect(first.commit()).toEqual({ kind: 'committed' })
    expect(second.commit()).toEqual({ kind: 'conflict', paths: ['a.txt'] })
    expect(third.commit()).toEqual({ kind: 'committed' })
    expect(workspace.read('a.txt')).toBe('first')
    expect(workspace.read('b.txt')).toBe('third')
  })

  it('conflict over a file that both made, and over one that the parent removed', () => {
    const { workspace } = root()
    const [left, right] = [workspace.branch(), workspace.branch()]
    left.write('new.txt', 'left')
    right.write('new.txt', 'right')
    left.commit()
    expect(right.commit()).toEqual({ kind: 'conflict', paths: ['new.txt'] })
    const late = workspace.branch()
    workspace.remove('a.txt')
    late.write('a.txt', 'late')
    expect(late.commit()).toEqual({ kind: 'conflict', paths: ['a.txt'] })
  })

  it('commit into the branch that they came from, and no further', () => {
    const { workspace } = root()
    const outer = workspace.branch()
    const inner = outer.branch()
    inner.write('a.txt', 'inner')
    expect(inner.commit().kind).toBe('committed')
    expect(outer.read('a.txt')).toBe('inner')
    expect(workspace.read('a.txt')).toBe('old')
    const rival = workspace.branch()
    rival.write('a.txt', 'rival')
    rival.commit()
    expect(outer.commit()).toEqual({ kind: 'conflict', paths: ['a.txt'] })
  })

  it('carry what was committed into them on to where they came from', () => {
    const { workspace } = root()
    const outer = workspace.branch()
    const inner = outer.branch()
    inner.write('a.txt', 'inner')
    inner.write('new.txt', 'inner')
    expect(inner.commit()).toEqual({ kind: 'committed' })
    expect(outer.commit()).toEqual({ kind: 'committed' })
    expect(workspace.list().map((path) => workspace.read(path))).toEqual(['inner', 'inner'])
  })

  it('are over after commit or abort, and so is what came from them', () => {
    const { workspace, actor } = root()
    const outer = workspace.branch()
    const inner = outer.branch()
    inner.write('i.txt', 'inner')
    outer.abort()
    outer.write('a.txt', 'boo')
    expect(outer.commit().kind).toBe('conflict')
    expect(inner.commit().kind).toBe('conflict')
    expect(workspace.list()).toEqual(['a.txt'])
    const moves = actor.deeds.filter(([what]) => what === 'branch').map(([, move]) => move)
    expect(moves).toEqual(['begin', 'begin', 'abort', 'conflict', 'conflict'])
  })

  describe('made stale by', () => {
    const branches = (invalidation: Invalidation) => {
      const { workspace, actor } = root({ 'a.txt': 'a', 'b.txt': 'b' })
      const [winner, sibling] = [1, 2].map(() => workspace.branch({ invalidation })) as [
        Workspace,
        Workspace,
      ]
      const nephew = sibling.branch()
      const elsewhere = workspace.branch({ invalidation })
      const cousin = elsewhere.branch({ invalidation })
      return { workspace, actor, winner, sibling, nephew, elsewhere, cousin }
    }

    it.each([
      ['paths', [false, false, false, false]],
      ['siblings', [true, true, true, true]],
      ['global', [true, true, true, true]],
      ['none', [false, false, false, false]],
    ] as const)('%s: a commit into their parent', (invalidation, stale) => {
      const { winner, sibling, nephew, elsewhere, cousin, workspace } = branches(invalidation)
      sibling.write('b.txt', 'mine')
      winner.write('a.txt', 'won')
      expect(winner.commit()).toEqual({ kind: 'committed' })
      expect([sibling, nephew, elsewhere, cousin].map((one) => one.isStale)).toEqual(stale)
      expect([workspace.isStale, winner.isStale]).toEqual([false, false])
    })

    it.each([
      ['siblings', [false, false]],
      ['global', [true, true]],
    ] as const)('%s: a commit into something else', (invalidation, stale) => {
      const { winner, sibling, elsewhere, cousin } = branches(invalidation)
      cousin.write('a.txt', 'won')
      expect(cousin.commit()).toEqual({ kind: 'committed' })
      expect([winner, sibling].map((one) => one.isStale)).toEqual(stale)
      expect(elsewhere.isStale).toBe(false)
      expect(elsewhere.commit()).toEqual({ kind: 'committed' })
    })

    it('a commit can do nothing more, and their own is a conflict over all they wrote', () => {
      const { workspace, winner, sibling, nephew, actor } = branches('siblings')
      sibling.write('a.txt', 'mine')
      nephew.write('b.txt', 'mine')
      winner.commit()
      const before = actor.deeds.length
      expect(sibling.read('a.txt')).toBeUndefined()
      expect(sibling.list()).toEqual([])
      sibling.write('b.txt', 'late')
      sibling.remove('a.txt')
      expect(actor.deeds.length).toBe(before)
      expect(nephew.commit()).toEqual({ kind: 'conflict', paths: ['b.txt'] })
      expect(sibling.commit()).toEqual({ kind: 'conflict', paths: ['a.txt'] })
      expect([workspace.read('a.txt'), workspace.read('b.txt')]).toEqual(['a', 'b'])
    })

    it('a conflict, an abort or a write beside them they are not', () => {
      const { workspace, winner, sibling, elsewhere } = branches('global')
      workspace.write('a.txt', 'beside')
      winner.write('a.txt', 'late')
      expect(winner.commit()).toEqual({ kind: 'conflict', paths: ['a.txt'] })
      elsewhere.abort()
      expect(sibling.isStale).toBe(false)
      sibling.write('b.txt', 'mine')
      expect(sibling.commit()).toEqual({ kind: 'committed' })
    })

    it('nothing, of which the last to commit has each file', () => {
      const { workspace, winner, sibling } = branches('none')
      winner.write('a.txt', 'first')
      winner.write('b.txt', 'first')
      sibling.write('a.txt', 'last')
      expect([winner.commit(), sibling.commit()]).toEqual([
        { kind: 'committed' },
        { kind: 'committed' },
      ])
      expect([workspace.read('a.txt'), workspace.read('b.txt')]).toEqual(['last', 'first'])
    })

    it('a commit they have tools that say so, but for what is no file', () => {
      const { sibling, winner, actor } = branches('siblings')
      const world = new World({ files: {}, payments: [] })
      winner.commit()
      const told = (name: string, args: object): string =>
        JSON.stringify(world.call(name, args, sibling, actor).content)
      const stale = JSON.stringify([
        { type: 'text', text: 'Error: ESTALE: stale file handle: another branch was committed' },
      ])
      expect(told('read_file', { path: 'a.txt' })).toBe(stale)
      expect(told('write_file', { path: 'a.txt', content: 'x' })).toBe(stale)
      expect(told('list_files', {})).toBe(stale)
      expect(told('search_files', { query: 'a' })).toBe(stale)
      const payment = { payee: 'p', amount: '1', reference: 'r' }
      expect(told('make_payment', payment)).toContain('Receipt 1')
    })
  })

  it('cost the same over a fifty thousand files', () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`${i}.txt`, `${i}`]))
    const big = Files.of(many)
    let trunk = big
    const started = performance.now()
    for (let i = 0; i < 1000; i++) {
      const branch = trunk.branch()
      branch.set(`${i}.txt`, 'new')
      branch.commit()
      if (i % 10 === 0) trunk = trunk.branch()
    }
    expect(trunk.get('990.txt')?.text).toBe('new')
    expect(trunk.get('49999.txt')?.text).toBe('49999')
    // Copying once a branch would take ten seconds.
    expect(performance.now() - started).toBeLessThan(3000)
  })
})

describe('files under branches', () => {
  type Move =
    | { readonly kind: 'write'; readonly on: number; readonly path: string; readonly text: string }
    | { readonly kind: 'remove' | 'look'; readonly on: number; readonly path: string }
    | { readonly kind: 'branch' | 'commit' | 'abort'; readonly on: number }
  const on = fc.nat({ max: 7 })
  const path = fc.constantFrom('a', 'b', 'c')
  const moves: fc.Arbitrary<Move[]> = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('write' as const), on, path, text: fc.constantFrom('x', 'y') }),
      fc.record({ kind: fc.constantFrom('remove' as const, 'look' as const), on, path }),
      fc.record({
        kind: fc.constantFrom('branch' as const, 'commit' as const, 'abort' as const),
        on,
      }),
    ),
    { maxLength: 60 },
  )

  /** The plainest thing that could be right: each branch a copy, each file a pair of text and version. */
  interface Copy {
    readonly files: Map<string, { text: string | undefined; version: number }>
    readonly base: Map<string, number>
    readonly parent: Copy | undefined
    closed: boolean
  }

  const versionIn = (copy: Copy, name: string): number => copy.files.get(name)?.version ?? 0

  function commit(copy: Copy): boolean {
    const { parent } = copy
    if (parent === undefined || copy.closed || parent.closed) return false
    copy.closed = true
    for (const [name, base] of copy.base) if (versionIn(parent, name) !== base) return false
    for (const name of copy.base.keys()) {
      if (!parent.base.has(name)) parent.base.set(name, versionIn(parent, name))
      parent.files.set(name, copy.files.get(name) as { text: string; version: number })
    }
    return true
  }

  it('are as if each branch were a copy', () => {
    fc.assert(
      fc.property(moves, (all) => {
        const { workspace } = root({ a: 'old' })
        const real = [workspace]
        const start = new Map([['a', { text: 'old' as string | undefined, version: 1 }]])
        const model: Copy[] = [{ files: start, base: new Map(), parent: undefined, closed: false }]
        let versions = 1
        for (const move of all) {
          const at = move.on % real.length
          const [w, m] = [real[at] as (typeof real)[0], model[at] as Copy]
          if (move.kind === 'look') expect(w.read(move.path)).toBe(m.files.get(move.path)?.text)
          else if (move.kind === 'write' || move.kind === 'remove') {
            const text = move.kind === 'write' ? move.text : undefined
            if (move.kind === 'write') w.write(move.path, move.text)
            else w.remove(move.path)
            if (m.closed || (text === undefined && m.files.get(move.path)?.text === undefined))
              continue
            if (!m.base.has(move.path)) m.base.set(move.path, versionIn(m, move.path))
            m.files.set(move.path, { text, version: ++versions })
          } else if (move.kind === 'branch') {
            real.push(w.branch())
            model.push({ files: new Map(m.files), base: new Map(), parent: m, closed: false })
          } else if (move.kind === 'commit') expect(w.commit().kind === 'committed').toBe(commit(m))
          else {
            w.abort()
            m.closed = m.parent !== undefined
          }
        }
        for (const [i, w] of real.entries()) {
          const files = [...(model[i]?.files ?? [])].filter(([, { text }]) => text !== undefined)
          expect(w.list()).toEqual(files.map(([name]) => name).toSorted())
          for (const [name, { text }] of files) expect(w.read(name)).toBe(text)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a branch of reads', () => {
  const two = () => {
    const { workspace } = root({ a: '1', b: '1' })
    const branch = () => workspace.branch({ invalidation: 'reads' })
    return { workspace, one: branch(), other: branch() }
  }

  it('sees what is new, but where it wrote itself', () => {
    const { workspace, one } = two()
    expect(one.read('a')).toBe('1')
    one.write('b', 'mine')
    workspace.write('a', '2')
    workspace.write('b', '2')
    workspace.write('c', '2')
    expect([one.read('a'), one.read('b'), one.read('c')]).toEqual(['2', 'mine', '2'])
    expect(one.list()).toEqual(['a', 'b', 'c'])
    one.remove('c')
    expect([one.read('c'), one.list()]).toEqual([undefined, ['a', 'b']])
    expect(workspace.read('c')).toBe('2')
  })

  it('is refused where what it read has changed since, written by it or not', () => {
    const { workspace, one, other } = two()
    one.write('b', `${one.read('a')} from one`)
    other.write('a', `${other.read('b')} from other`)
    expect(one.commit()).toEqual({ kind: 'committed' })
    expect(other.commit()).toEqual({ kind: 'conflict', paths: ['b'] })
    expect([workspace.read('a'), workspace.read('b')]).toEqual(['1', '1 from one'])
  })

  it('is kept where it looked again', () => {
    const { workspace, one } = two()
    one.read('a')
    workspace.write('a', '2')
    one.write('b', one.read('a') ?? '')
    expect(one.commit()).toEqual({ kind: 'committed' })
    expect(workspace.read('b')).toBe('2')
  })

  it('loses no update, in whatever order', () => {
    const step = fc.record({ on: fc.nat(2), kind: fc.constantFrom('read', 'add', 'commit') })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { workspace } = root({ sum: '0' })
        const open = () => workspace.branch({ invalidation: 'reads' })
        const all = [0, 1, 2].map(() => ({ files: open(), read: 0, added: 0 }))
        let committed = 0
        for (const { on, kind } of steps) {
          const one = all[on] as (typeof all)[0]
          if (kind === 'read') one.read = Number(one.files.read('sum'))
          else if (kind === 'add' && one.added === 0) {
            one.read = Number(one.files.read('sum'))
            one.added = 1
          } else if (kind === 'commit') {
            if (one.added > 0) one.files.write('sum', String(one.read + one.added))
            if (one.files.commit().kind === 'committed') committed += one.added
            Object.assign(one, { files: open(), read: 0, added: 0 })
          }
        }
        expect(workspace.read('sum')).toBe(String(committed))
      }),
      { numRuns: 300 },
    )
  })
})

describe('a world', () => {
  it('is again the same data that it was made of, and payments are never undone', () => {
    const data = {
      files: { 'a.txt': 'x' },
      payments: [{ payee: 'p', amount: '1', reference: 'r' }],
    }
    const world = new World(data)
    expect(world.data()).toEqual(data)
    const actor = recorder()
    const workspace = world.workspace(actor)
    const payment = { payee: 'q', amount: '2', reference: 's' }
    world.call('make_payment', payment, workspace.branch(), actor)
    workspace.abort()
    expect(world.data().payments).toEqual([...data.payments, payment])
    expect(actor.deeds.at(-2)).toEqual(['effect', 'payments.pay', 'q', '2 s', 2])
  })
})
