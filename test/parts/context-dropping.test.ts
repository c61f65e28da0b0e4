import { describe, expect, it } from 'vitest'
import { estimate } from '../../harnesses/history/estimate.ts'
import { accesses, pathsIn } from '../../harnesses/history/references.ts'
import { dropTo, roundsOf, sizeOf } from '../../harnesses/history/rounds.ts'
import type { Message, Part } from '../../harnesses/kernel.ts'
import dropOldest from '../../harnesses/parts/context/drop-oldest.ts'
import lru from '../../harnesses/parts/context/lru.ts'
import priority from '../../harnesses/parts/context/priority.ts'
import workingSet from '../../harnesses/parts/context/working-set.ts'
import task from '../../harnesses/parts/pinning/task.ts'
import {
  converse,
  overflowed,
  PROMPT,
  pinsMarked,
  prepare,
  read,
  results,
  said,
  say,
  type Trial,
  turn,
  user,
} from './histories.ts'

/** About so many tokens of text. */
const text = (tokens: number): string => 'word '.repeat((tokens * 4) / 5)

/** A window that is full from here on: what was said so far is just beyond it. */
const fullAt = ({ c }: Trial): number => Math.floor((sizeOf(c) - 1) / 0.9)

/** What is left of a history, by results, in a window that is just too small for all of it. */
async function leftOf(part: Part, ...history: readonly Message[]): Promise<string[]> {
  const windowTokens = await converse({ parts: [], windowTokens: 1_000_000 }, (trial) => {
    say(trial, ...history)
    return fullAt(trial)
  })
  return converse(
    { parts: [part, task], windowTokens, nativeWindowTokens: 8000 },
    async (trial) => {
      say(trial, ...history)
      await prepare(trial)
      return Object.keys(results(trial.c.messages))
    },
  )
}

describe('rounds', () => {
  it('are a message with the results of its calls, the system prompt apart', () => {
    const call = turn(
      { id: 'a', name: 'x', args: {}, text: '1' },
      { id: 'b', name: 'x', args: {}, text: '2' },
    )
    const history = [{ role: 'system', content: 's' } as const, user('u'), ...call, said('done')]
    const rounds = roundsOf(history)
    expect(rounds.map(({ at, messages }) => [at, messages.length])).toEqual([
      [1, 1],
      [2, 3],
      [5, 1],
    ])
  })

  it('are dropped in the order given, but for the newest and the pinned ones', async () => {
    await converse({ parts: [pinsMarked] }, (trial) => {
      const { c } = trial
      say(trial, ...read('a', 'KEEP'), ...read('b', 'b'), ...read('c', 'c'), ...read('d', 'd'))
      c.usage = { input: 1, cached: 0, output: 1 }
      const before = estimate(c.messages)
      const freed = dropTo(c, sizeOf(c) - 1, (rounds) => rounds.toReversed())
      expect(Object.keys(results(c.messages))).toEqual(['a', 'b', 'd'])
      expect(freed).toBe(before - estimate(c.messages))
      expect(c.usage).toBeUndefined()
      dropTo(c, 0)
      expect(c.messages.map(({ role }) => role)).toEqual([
        'system',
        ...['assistant', 'tool', 'assistant', 'tool'],
      ])
      expect(Object.keys(results(c.messages))).toEqual(['a', 'd'])
    })
  })

  it('all stay where there is room, and so does what was told of usage', async () => {
    await converse({ parts: [] }, (trial) => {
      const { c } = trial
      say(trial, ...read('a', 'a'))
      const before = c.messages
      c.usage = { input: 1, cached: 0, output: 1 }
      expect(dropTo(c, sizeOf(c))).toBe(0)
      expect(c.messages).toBe(before)
      expect(c.usage).toBeDefined()
    })
  })
})

describe('references', () => {
  it('are paths in texts', () => {
    expect(pathsIn('See docs/a.md, ./src/b.ts and "c.txt". Not this, nor 3.5 or v1.')).toEqual([
      'docs/a.md',
      'src/b.ts',
      'c.txt',
    ])
  })

  it('are made by later calls that name a path or an argument of the round', async () => {
    await converse({ parts: [] }, ({ c, design }) => {
      say(
        { c, design },
        user('Work through docs/a.md.'),
        ...turn({ id: 'ls', name: 'list_files', args: {}, text: 'docs/a.md\ndocs/b.md' }),
        ...read('docs/a.md', 'alpha'),
        ...read('docs/b.md', 'beta'),
        ...turn({
          id: 'w',
          name: 'write_file',
          args: { path: 'out.md', content: 'from docs/a.md' },
          text: 'ok',
        }),
      )
      const seen = accesses(roundsOf(c.messages), c).map(({ born, last, hits }) => [
        born,
        last,
        hits,
      ])
      expect(seen).toEqual([
        [0, 0, 1],
        // The user's words: docs/a.md was read in turn 2 and named in turn 4.
        [0, 4, 3],
        // The listing names both.
        [1, 4, 4],
        [2, 4, 2],
        [3, 3, 1],
        [4, 4, 1],
      ])
    })
  })

  it('count after the round that made them is gone', async () => {
    await converse({ parts: [] }, ({ c, design }) => {
      say({ c, design }, ...read('a.md', 'one'), ...read('a.md', 'two', 'again'), said('.'))
      c.messages = c.messages.filter(
        ({ callId, calls }) => callId !== 'again' && calls?.[0]?.id !== 'again',
      )
      const round = roundsOf(c.messages).find(({ messages }) => messages.length === 2)
      expect(accesses(round === undefined ? [] : [round], c)[0]).toMatchObject({ last: 2, hits: 2 })
    })
  })
})

describe('context/drop-oldest', () => {
  const history = [...read('a.md', text(500)), ...read('b.md', text(500)), ...read('c.md', 'end')]

  it('drops what came first, and the task only where it is not pinned', async () => {
    expect(await leftOf(dropOldest, ...history)).toEqual(['b.md', 'c.md'])
    for (const [parts, isKept] of [
      [[dropOldest], false],
      [[dropOldest, task], true],
    ] as const)
      await converse({ parts, windowTokens: 900 }, async (trial) => {
        say(trial, ...history)
        await prepare(trial)
        expect(Object.keys(results(trial.c.messages))).toEqual(['c.md'])
        expect(trial.c.messages.some(({ content }) => content === PROMPT)).toBe(isKept)
        expect(trial.c.transcript.length).toBe(2 + history.length)
      })
  })

  it('drops a fifth and more where a request was too long, until nothing is left to drop', async () => {
    await converse({ parts: [dropOldest], windowTokens: 100_000 }, async (trial) => {
      const ids = Array.from({ length: 20 }, (_, i) => `${i}.md`)
      say(trial, ...ids.flatMap((id) => read(id, text(1000))))
      expect(await overflowed(trial)).toBe(true)
      const left = Object.keys(results(trial.c.messages))
      expect(left).toEqual(ids.slice(20 - left.length))
      expect(left.length).toBeGreaterThan(14)
      expect(left.length).toBeLessThanOrEqual(16)
      while (await overflowed(trial));
      expect(trial.c.messages.map(({ role }) => role)).toEqual(['system', 'assistant', 'tool'])
    })
  })
})

describe('context/lru', () => {
  const history = [
    ...read('old.md', text(400)),
    ...read('idle.md', text(400)),
    ...turn({
      id: 'note',
      name: 'write_file',
      args: { path: 'out.md', content: 'see old.md' },
      text: 'ok',
    }),
    ...read('new.md', text(400)),
    said('Going on.'),
  ]

  it('drops the round that was referenced least recently, not the oldest', async () => {
    expect(await leftOf(lru, ...history)).toEqual(['old.md', 'note', 'new.md'])
    expect(await leftOf(dropOldest, ...history)).toEqual(['idle.md', 'note', 'new.md'])
  })

  it('with more hits drops rounds with fewer references first, the oldest of them', async () => {
    const recency = [
      ...read('hot.md', text(400)),
      ...read('hot.md', text(10), 'hot-again'),
      ...read('cold.md', text(400)),
      said('Going on.'),
    ]
    // By recency alone the one that was named twice goes, for the other one was read later.
    expect(await leftOf(lru, ...recency)).toEqual(['hot-again', 'cold.md'])
    expect(await leftOf(lru.with({ hits: 2 }), ...recency)).toEqual(['hot.md', 'cold.md'])
    expect(
      await leftOf(lru.with({ hits: 2 }), ...recency.slice(0, 2), ...recency.slice(4)),
    ).toEqual(['cold.md'])
  })
})

describe('context/working-set', () => {
  const steps = (from: number, to: number): Message[] =>
    Array.from({ length: to - from }, (_, i) => read(`${from + i}.md`, text(100))).flat()
  const ids = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, i) => `${from + i}.md`)

  it('keeps all while there is room', async () => {
    await converse({ parts: [workingSet] }, async (trial) => {
      say(trial, ...steps(0, 20))
      await prepare(trial)
      expect(Object.keys(results(trial.c.messages))).toEqual(ids(0, 20))
    })
  })

  it('drops at once all that the last turns did not reference', async () => {
    const again = turn({
      id: 'w',
      name: 'write_file',
      args: { path: 'out', content: '2.md' },
      text: '',
    })
    // 21 turns: those of the last ten are 11.md to 19.md and the deed, which named 2.md.
    const left = await leftOf(workingSet, ...steps(0, 20), ...again)
    expect(left).toEqual(['2.md', ...ids(11, 20), 'w'])
    expect(await leftOf(workingSet.with({ tauTurns: 3 }), ...steps(0, 20), ...again)).toEqual([
      '2.md',
      ...ids(18, 20),
      'w',
    ])
  })

  it('drops the oldest of the set itself where it does not fit', async () => {
    await converse({ parts: [workingSet, task], windowTokens: 1000 }, async (trial) => {
      say(trial, ...steps(0, 12))
      await prepare(trial)
      const left = Object.keys(results(trial.c.messages))
      expect(left).toEqual(ids(12 - left.length, 12))
      expect(left.length).toBeLessThan(10)
      expect(sizeOf(trial.c)).toBeLessThanOrEqual(900)
    })
  })
})

describe('context/priority', () => {
  const failed = turn({ id: 'failed', name: 'read_file', args: {}, text: text(60), isError: true })
  const deed = turn({
    id: 'deed',
    name: 'write_file',
    args: { path: 'x', content: text(300) },
    text: 'ok',
  })
  const small = read('small.md', text(100))
  const large = read('large.md', text(400))

  it('drops errors first, then what is large and can be read again; deeds stay', async () => {
    const end = said('Going on.')
    expect(await leftOf(priority, ...deed, ...small, ...large, ...failed, end)).toEqual([
      'deed',
      'small.md',
      'large.md',
    ])
    expect(await leftOf(priority, ...deed, ...small, ...large, end)).toEqual(['deed', 'small.md'])
    expect(await leftOf(priority, ...deed, ...small, end)).toEqual(['deed'])
  })

  it('knows what only reads by its annotation before its name', async () => {
    await converse({ parts: [priority], windowTokens: 900 }, async (trial) => {
      const { c } = trial
      c.tools = [
        { name: 'get_paid', inputSchema: { type: 'object' }, annotations: { readOnlyHint: false } },
        { name: 'peek', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
      ]
      say(
        trial,
        ...turn({ id: 'deed', name: 'get_paid', args: {}, text: text(500) }),
        ...turn({ id: 'look', name: 'peek', args: {}, text: text(400) }),
        said('Going on.'),
      )
      await prepare(trial)
      expect(Object.keys(results(c.messages))).toEqual(['deed'])
    })
  })
})
