// What outlives a crash: conversations in a file that is appended to, in a tree that is never written over, and
// with the files of each step. Crashed everywhere, torn and whole, what is read again is what was saved.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linesOf, parsed } from '../../harnesses/kept/replay.ts'
import { change, EMPTY, type Entry, walk } from '../../harnesses/kept/session-tree.ts'
import { capture, checkout } from '../../harnesses/kept/snapshots.ts'
import { type Message, type Part, type Policy, part } from '../../harnesses/kernel.ts'
import jsonl from '../../harnesses/parts/checkpoint/jsonl.ts'
import snapshot from '../../harnesses/parts/checkpoint/snapshot.ts'
import tree from '../../harnesses/parts/checkpoint/tree.ts'
import { drawn, instanceWith, ofKind, play, serving } from '../machine/rig.ts'
import {
  calls,
  crashPoints,
  looping,
  onDisk,
  type Recital,
  type Recited,
  recite,
  repliesOf,
  results,
} from './ipc-rig.ts'
import { faultsIn } from './scripted.ts'

const look = calls('list_files')
const looks = (n: number) => Array.from({ length: n }, () => [look])
const write = (path: string, content: string) => calls('write_file', { path, content })
const A = { 'job-a': looks(6) }

/** Changes the history before the request of some turn, as a part of the context slot does. */
const changing = (at: number, change: (messages: readonly Message[]) => readonly Message[]) =>
  part({
    slot: 'context',
    about: 'changes the history once',
    source: 'none',
    policy: {
      prepare(c) {
        if (c.turns === at && c.memo.get('context.changed') === undefined) {
          c.memo.set('context.changed', true)
          c.messages = change(c.messages)
        }
      },
    } satisfies Policy,
  })

const summary: Message = { role: 'user', content: 'Summary: much was done.' }
const summarised = changing(4, (messages) => [
  ...messages.slice(0, 1),
  summary,
  ...messages.slice(-2),
])
const cleared = changing(4, (messages) =>
  messages.map((message, i) => (i === 3 ? { ...message, content: '[cleared]' } : message)),
)
const clearedLate = changing(4, (messages) =>
  messages.with(-1, { ...(messages.at(-1) as Message), content: '[cleared]' }),
)
const shortened = changing(3, (messages) => messages.slice(0, -2))

/** The machine goes down while the sixth answer is spoken. */
const CUT = 'ana/sleep#6/crash'

const seen = (run: Awaited<ReturnType<typeof recite>>): string[] =>
  (run.conversations.get('job-a')?.messages ?? []).map(({ role, content }) => `${role}: ${content}`)

describe.each<[string, Part]>([
  ['jsonl', jsonl],
  ['tree', tree],
  ['snapshot', snapshot],
])('%s', (_name, checkpoint) => {
  it.each<[string, readonly Part[]]>([
    ['that only grew', []],
    ['that was summarised', [summarised]],
    ['of which a result was cleared', [cleared]],
    ['of which the newest result was cleared', [clearedLate]],
    ['of which the end was taken back', [shortened]],
  ])('reads a history again %s, message by message', async (_how, parts) => {
    const whole = await recite([checkpoint, ...parts], A)
    const run = await recite([checkpoint, ...parts], A, { chance: { [CUT]: true } })
    expect(run.unreached).toEqual([])
    expect(repliesOf(run)['job-a']).toBe('Done.')
    expect(seen(run)).toEqual(seen(whole))
  })

  it.each<[string, Record<string, number>]>([
    ['phantom-calls/malformed', {}],
    ['compaction/exactly-once', { invoices: 3, distance: 300 }],
  ])('in %s keeps a history that a provider takes, wherever it went down', async (id, set) => {
    const instance = await drawn(id, set)
    const kernel = looping(checkpoint)
    const { asked } = await play({ kernel, instance, profile: 'typical' })
    const points = asked.map((ask) => ask.id).filter((at) => at.endsWith('/crash'))
    expect(points.length).toBeGreaterThan(7)
    for (const at of points) {
      const key = at.slice(0, at.lastIndexOf('/'))
      for (const torn of [true, false]) {
        const chance = { [at]: true, [`${key}/landed`]: true, [`${key}/torn`]: torn }
        const { trace, ending } = await play({ kernel, instance, chance, profile: 'typical' })
        expect(['done', 'stuck']).toContain(ending?.kind)
        expect(ofKind(trace, 'refusal').filter(({ status }) => status === 400)).toEqual([])
      }
    }
  })
})

describe('what is written', () => {
  const sizesOf = ({ writes }: Recited, path: string) =>
    writes.filter((wrote) => wrote.path.endsWith(path)).map(({ how, text }) => [how, text.length])

  it('by jsonl is what was added, and the whole only after a change', async () => {
    const grown = sizesOf(await recite([jsonl], A), '.jsonl')
    expect(grown.map(([how]) => how)).toEqual(['write', ...Array(6).fill('append')])
    const lengths = new Set(grown.slice(1, -1).map(([, length]) => length))
    expect(lengths.size).toBe(1)
    const changed = sizesOf(await recite([jsonl, summarised], A), '.jsonl').map(([how]) => how)
    expect(changed.filter((how) => how === 'write')).toHaveLength(2)
  })

  it('by a tree is never written over, and what was summarised stands there still', async () => {
    const run = await recite([tree, summarised], A)
    expect(run.writes.every(({ how }) => how === 'append')).toBe(true)
    const { values } = parsed<Entry>(run.simulation.disk.get('job-a.tree.jsonl') ?? '')
    expect(values[0]).toMatchObject({ type: 'session', version: 3, id: 'job-a' })
    const compaction = values.find(({ type }) => type === 'compaction')
    expect(compaction).toMatchObject({ summary: summary.content, parentId: expect.any(String) })
    const kept = values.find(
      (entry) =>
        compaction?.type === 'compaction' &&
        'id' in entry &&
        entry.id === compaction.firstKeptEntryId,
    )
    expect(kept).toMatchObject({ type: 'message', message: { role: 'assistant' } })
    const said = values.flatMap((entry) =>
      entry.type === 'message' ? [entry.message.content] : [],
    )
    expect(said).toContain('Work.')
    expect(said.length).toBe(run.conversations.get('job-a')?.transcript.length)
  })

  it('by a tree for a change near the end is a branch, and counts once its leaf is told', async () => {
    const run = await recite([tree, clearedLate], A)
    const { values } = parsed<Entry>(run.simulation.disk.get('job-a.tree.jsonl') ?? '')
    expect(run.writes.every(({ how }) => how === 'append')).toBe(true)
    const leaf = values.findIndex(({ type }) => type === 'leaf')
    const text = ({ history }: ReturnType<typeof walk>) =>
      history.map(({ message }) => message.content).join('|')
    expect(text(walk(values))).toContain('[cleared]')
    expect(leaf).toBeGreaterThan(0)
    expect(text(walk(values.slice(0, leaf)))).not.toContain('[cleared]')
  })

  it('is not lost with a torn line, but for the turn that was in it', async () => {
    for (const checkpoint of [jsonl, tree, snapshot]) {
      const points = crashPoints(await recite([checkpoint], A))
      for (const at of points.filter((id) => id.includes('/write#'))) {
        const key = at.slice(0, at.lastIndexOf('/'))
        const chance = { [at]: true, [`${key}/landed`]: true, [`${key}/torn`]: true }
        const run = await recite([checkpoint], A, { chance })
        const kept = run.conversations.get('job-a')?.messages ?? []
        expect(faultsIn(kept)).toEqual([])
        expect(kept[1]?.content).toBe('Work.')
        expect(repliesOf(run)['job-a']).toBe('Done.')
        // A second crash finds a file that is whole again.
        const again = await recite([checkpoint], A, {
          chance: { ...chance, 'ana/sleep#8/crash': true },
        })
        expect(faultsIn(again.conversations.get('job-a')?.messages ?? [])).toEqual([])
        // Each crash costs the turn that it broke off, and no other.
        expect(ofKind(again.trace, 'call').length).toBeLessThanOrEqual(6 + 2)
      }
    }
  })
})

describe('a session tree', () => {
  it('comes to the history that was saved, whatever was done to it', () => {
    const message = (n: number): Message => ({
      role: n === 0 ? 'system' : 'user',
      content: `m${n}`,
    })
    type Move = {
      readonly drop: number
      readonly at: number
      readonly put: number
      readonly add: number
    }
    const moves = fc.array(
      fc.record({
        drop: fc.nat({ max: 4 }),
        at: fc.integer({ min: 1, max: 6 }),
        put: fc.nat({ max: 2 }),
        add: fc.nat({ max: 3 }),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(moves, (all: readonly Move[]) => {
        let n = 0
        let messages: readonly Message[] = [message(n++), message(n++)]
        let walked = EMPTY
        let lines = ''
        const fresh = (count: number) => Array.from({ length: count }, () => message(n++))
        for (const { drop, at, put, add } of [{ drop: 0, at: 1, put: 0, add: 0 }, ...all]) {
          const place = Math.min(at, messages.length)
          const rest = messages.slice(place + drop)
          messages = [...messages.slice(0, place), ...fresh(put), ...rest, ...fresh(add)]
          const saved = change(walked, messages, () => 0)
          walked = saved.walked
          lines += linesOf(saved.entries)
          const read = walk(parsed<Entry>(lines).values)
          expect(read.history.map((one) => one.message)).toEqual(messages)
          expect(walked.history.map((one) => one.message)).toEqual(messages)
          expect([read.leaf, read.compactedAt, read.count]).toEqual([
            walked.leaf,
            walked.compactedAt,
            walked.count,
          ])
          expect(read.history.map(({ id }) => id)).toEqual(walked.history.map(({ id }) => id))
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('snapshots', () => {
  it("bring files back to what they were, by git's own hashes", async () => {
    const kernel = serving(async ({ disk, workspace }) => {
      const store = { hashed: new Map(), stored: new Set<string>() }
      workspace.write('empty.txt', '')
      const tree = await capture(disk, workspace, store, 20)
      workspace.write('a.txt', 'changed')
      workspace.remove('empty.txt')
      workspace.write('new.txt', 'new')
      workspace.write('large.txt', 'x'.repeat(21))
      const changed = await checkout(disk, workspace, tree, 20)
      return [changed.sort().join(), workspace.list().join(), workspace.read('a.txt')].join(' ')
    })
    const run = await play({ kernel, instance: instanceWith() })
    expect(repliesOf(run)['job-1']).toBe('a.txt,empty.txt,new.txt a.txt,empty.txt,large.txt alpha')
    // git hash-object of an empty file.
    expect(onDisk(run, 'objects/e6')).toEqual(['objects/e6/9de29bb2d1d6434b8b29ae775ad8c2e48c5391'])
  })

  const scripts = {
    'job-a': [
      [write('a.txt', 'one')],
      [write('a.txt', 'two'), look, write('b.txt', 'new')],
      [look],
    ],
  }
  const play2 = (checkpoint: Part, of: Recital = {}) => recite([checkpoint], scripts, of)

  it('of a step that a crash broke off are left as they are, or brought back', async () => {
    // The second step has written, and goes down before it is saved.
    const chance = { 'job-a/call#3/crash': true, 'job-a/call#3/landed': false }
    const fates: [Part, string][] = [
      [jsonl, 'two'],
      [snapshot, 'two'],
      [snapshot.with({ revert: 1 }), 'one'],
    ]
    for (const [checkpoint, at] of fates) {
      const run = await play2(checkpoint, { chance })
      expect(run.unreached).toEqual([])
      const wrote = ofKind(run.trace, 'effect').map(({ key, value }) => `${key}=${value}`)
      const crash = run.trace.findIndex(({ kind }) => kind === 'crash')
      const after = ofKind(run.trace.slice(crash), 'effect').map(({ value }) => value)
      expect(wrote.slice(0, 2)).toEqual(['a.txt=one', 'a.txt=two'])
      expect(after[0]).toBe(at === 'one' ? 'one' : 'two')
      expect(repliesOf(run)['job-a']).toBe('Done.')
      expect(run.simulation.world.data().files).toMatchObject({ 'a.txt': 'two', 'b.txt': 'new' })
    }
  })

  it('never leave a step half done that the history does not show, wherever it goes down', async () => {
    const part = snapshot.with({ revert: 1 })
    const points = crashPoints(await play2(part))
    expect(points.length).toBeGreaterThan(15)
    for (const at of points)
      for (const landed of [true, false]) {
        const key = at.slice(0, at.lastIndexOf('/'))
        const run = await play2(part, { chance: { [at]: true, [`${key}/landed`]: landed } })
        expect(repliesOf(run)['job-a']).toBe('Done.')
        expect(results(run, 'job-a')).not.toContain('No result provided')
        expect(run.simulation.world.data().files).toMatchObject({ 'a.txt': 'two', 'b.txt': 'new' })
      }
  })

  it('of a step undone stay undone, should the machine go down once more', async () => {
    const part = snapshot.with({ revert: 1 })
    const [whole, points] = [await play2(part), crashPoints(await play2(part))]
    for (const at of points.filter((id) => /write#\d+\/crash$/.test(id))) {
      const key = at.slice(0, at.lastIndexOf('/'))
      const torn = { [at]: true, [`${key}/landed`]: true, [`${key}/torn`]: true }
      const first = await play2(part, { chance: torn })
      const crash = first.asked.findIndex(({ id }) => id === at)
      for (const { id } of first.asked.slice(crash + 1).filter((ask) => /crash$/.test(ask.id))) {
        const run = await play2(part, { chance: { ...torn, [id]: true } })
        expect(results(run, 'job-a')).not.toContain('No result provided')
        expect(run.conversations.get('job-a')?.messages.length).toBe(
          whole.conversations.get('job-a')?.messages.length,
        )
      }
    }
  })

  it('are read as the kernel, so that the session is not said to have looked', async () => {
    const own = ofKind((await play2(snapshot.with({ files: 'own' }))).trace, 'read')
    const shared = ofKind((await play2(snapshot)).trace, 'read')
    expect(new Set(own.map(({ session }) => session))).toEqual(new Set(['job-a']))
    expect(new Set(shared.map(({ session }) => session))).toEqual(new Set(['ana']))
  })

  it('undo what others wrote meanwhile, too', async () => {
    const both = {
      'job-a': [[look, write('a.txt', 'mine'), look]],
      'job-b': [[write('c.txt', 'theirs')]],
    }
    // Ben is done long before Ana's second call comes back; then the machine goes down.
    const chance = { 'job-a/call#2/tool-timeout': true, 'job-a/call#3/crash': true }
    const left = async (checkpoint: Part) =>
      (await recite([checkpoint], both, { chance })).simulation.world.data().files['c.txt']
    expect(await left(snapshot)).toBe('theirs')
    expect(await left(snapshot.with({ revert: 1 }))).toBeUndefined()
  })
})
