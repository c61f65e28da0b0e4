import { describe, expect, it } from 'vitest'
import { sizeOf } from '../../harnesses/history/rounds.ts'
import type { Message } from '../../harnesses/kernel.ts'
import lastN from '../../harnesses/parts/context/last-n-observations.ts'
import prefetch from '../../harnesses/parts/context/prefetch.ts'
import prune from '../../harnesses/parts/context/prune-tool-output.ts'
import firstObservation from '../../harnesses/parts/pinning/first-observation.ts'
import {
  converse,
  PROMPT,
  pinsMarked,
  prepare,
  read,
  results,
  said,
  say,
  shown,
  type Trial,
  turn,
  user,
} from './histories.ts'

const CLEARED = '[Old tool result content cleared]'
const OLD = /^Old environment output: \(\d+ lines omitted\)$/

const told = (count: number, from = 0): Message[] =>
  Array.from({ length: count }, (_, i) => read(`${from + i}.md`, 'one\ntwo\n')).flat()

describe('context/last-n-observations', () => {
  const elided = (trial: Trial): string[] =>
    Object.entries(results(shown(trial))).flatMap(([id, text]) => (OLD.test(text) ? [id] : []))

  it('shows the newest five results, and older ones as a count of their lines', async () => {
    await converse({ parts: [lastN] }, (trial) => {
      const { c } = trial
      say(trial, ...told(5))
      expect(shown(trial)).toBe(c.messages)
      say(trial, ...told(2, 5))
      expect(elided(trial)).toEqual(['0.md', '1.md'])
      expect(results(shown(trial))['0.md']).toBe('Old environment output: (2 lines omitted)')
      expect(results(c.messages)['0.md']).toBe('one\ntwo\n')
      expect(shown(trial)[1]?.content).toBe(PROMPT)
    })
  })

  it('counts lines as Python splits them', async () => {
    const lines = ['', 'one', 'one\n', 'one\ntwo', 'one\n\n']
    await converse({ parts: [lastN.with({ observations: 1 })] }, (trial) => {
      say(trial, ...lines.flatMap((text, i) => read(`${i}`, text)), ...read('end', ''))
      const counts = Object.values(results(shown(trial))).map((text) => text.match(/\d+/)?.[0])
      expect(counts.slice(0, -1)).toEqual(['0', '1', '1', '2', '2'])
    })
  })

  it('moves the cut only every so many observations, so that a prefix lasts', async () => {
    await converse({ parts: [lastN.with({ polling: 3 })] }, (trial) => {
      const counts: number[] = []
      for (let i = 0; i < 12; i++) {
        say(trial, ...told(1, i))
        counts.push(i + 1 - elided(trial).length)
      }
      expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 5, 6, 7, 5, 6])
    })
  })

  it('shows what is pinned: with the first result pinned, that one too', async () => {
    await converse({ parts: [lastN, firstObservation] }, (trial) => {
      say(trial, ...told(8))
      expect(elided(trial)).toEqual(['1.md', '2.md'])
    })
  })
})

describe('context/prune-tool-output', () => {
  /** Results of 1,000 tokens each, called 0, 1, ... from the oldest. */
  const thousands = (count: number, from = 0): Message[] =>
    Array.from({ length: count }, (_, i) => read(`${from + i}`, 'x'.repeat(4000))).flat()
  const cleared = ({ c }: Trial): string[] =>
    Object.entries(results(c.messages)).flatMap(([id, text]) => (text === CLEARED ? [id] : []))
  const stage = { parts: [prune], windowTokens: 200_000 }
  const turns = [user('And now?'), said('Done.'), user('And then?')]

  it('clears what is older than the newest 40,000 tokens, if that gains over 20,000', async () => {
    await converse(stage, async (trial) => {
      say(trial, ...thousands(60), ...turns)
      await prepare(trial)
      expect(cleared(trial)).toEqual([])
    })
    await converse(stage, async (trial) => {
      say(trial, ...thousands(61), ...turns)
      trial.c.usage = { input: 1, cached: 0, output: 1 }
      await prepare(trial)
      expect(cleared(trial)).toEqual(Array.from({ length: 21 }, (_, i) => `${i}`))
      expect(trial.c.usage).toBeUndefined()
    })
  })

  it('skips the last two turns of the user: within one job there is nothing older', async () => {
    await converse(stage, async (trial) => {
      say(trial, ...thousands(90))
      await prepare(trial)
      expect(cleared(trial)).toEqual([])
      say(trial, user('And now?'), ...thousands(90, 90))
      await prepare(trial)
      expect(cleared(trial)).toEqual([])
      say(trial, user('And then?'))
      await prepare(trial)
      expect(cleared(trial).length).toBe(50)
    })
    await converse({ ...stage, parts: [prune.with({ skipUserTurns: 0 })] }, async (trial) => {
      say(trial, ...thousands(90))
      await prepare(trial)
      expect(cleared(trial).length).toBe(50)
    })
  })

  it('leaves errors, skills and what is pinned, and stops at what was cleared before', async () => {
    await converse({ ...stage, parts: [prune, pinsMarked] }, async (trial) => {
      const text = 'x'.repeat(4000)
      say(
        trial,
        ...turn({ id: 'error', name: 'read_file', args: {}, text, isError: true }),
        ...turn({ id: 'skill', name: 'skill', args: {}, text }),
        ...read('kept', `KEEP${text}`),
        ...thousands(61),
        ...turns,
      )
      await prepare(trial)
      expect(cleared(trial).length).toBe(21)
      // Forty are left, and as many more are protected first: at least twenty of the old have to go.
      say(trial, ...thousands(20, 61), ...turns)
      await prepare(trial)
      expect(cleared(trial).length).toBe(21)
      say(trial, ...thousands(1, 81), ...turns)
      await prepare(trial)
      expect(cleared(trial)).toEqual(Array.from({ length: 42 }, (_, i) => `${i}`))
    })
  })

  it('scales with the window', async () => {
    await converse({ parts: [prune], nativeWindowTokens: 200_000 }, async (trial) => {
      // 40,000 and 20,000 tokens are 1,600 and 800.
      const of = (count: number) =>
        Array.from({ length: count }, (_, i) => read(`${i}`, 'x'.repeat(400))).flat()
      say(trial, ...of(25), ...turns)
      await prepare(trial)
      expect(cleared(trial)).toEqual(Array.from({ length: 9 }, (_, i) => `${i}`))
    })
  })
})

describe('context/prefetch', () => {
  const files = { 'docs/a.md': 'alpha', 'docs/b.md': 'beta', 'c.txt': 'gamma' }
  const prompt = 'Compare docs/a.md with docs/missing.md.'
  const stage = {
    parts: [prefetch],
    instance: {
      world: { files, payments: [] },
      users: [{ id: 'ana', jobs: [{ id: 'job-1', prompt, arrivesMs: 0 }] }],
    },
  }
  const added = ({ c }: Trial): string[] =>
    c.messages.flatMap(({ role, content }) =>
      role === 'user' && content.startsWith('Contents of ') ? [content] : [],
    )

  it('shows files that the task names, once, before the newest round', async () => {
    await converse(stage, async (trial) => {
      const { c } = trial
      await prepare(trial)
      await prepare(trial)
      expect(c.messages.map(({ content }) => content)).toEqual([
        'You help.',
        'Contents of docs/a.md:\nalpha',
        prompt,
      ])
      expect(c.transcript.length).toBe(2)
      expect(c.session.workspace.list().length).toBe(3)
    })
  })

  it('leaves alone what the model has opened itself, while it stands there', async () => {
    await converse(stage, async (trial) => {
      say(trial, ...read('docs/a.md', 'alpha'), ...read('c.txt', 'gamma'))
      await prepare(trial)
      expect(added(trial)).toEqual([])
    })
  })

  it('shows again what was read and is dropped or cleared, the newest first', async () => {
    await converse(stage, async (trial) => {
      const { c } = trial
      say(
        trial,
        ...read('docs/b.md', 'beta'),
        ...read('c.txt', 'gamma'),
        ...read('docs/a.md', 'alpha'),
      )
      say(trial, said('Going on.'))
      c.messages = c.messages
        .filter(({ callId, calls }) => callId !== 'c.txt' && calls?.[0]?.id !== 'c.txt')
        .map((message) =>
          message.callId === 'docs/b.md' ? { ...message, content: CLEARED } : message,
        )
      await prepare(trial)
      expect(added(trial)).toEqual(['Contents of c.txt:\ngamma', 'Contents of docs/b.md:\nbeta'])
      expect(c.messages.at(-1)?.content).toBe('Going on.')
    })
  })

  it('shows five files, as much of each and in all as it may, and only where there is room', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `f${i}.md`)
    const many = {
      parts: [prefetch.with({ fileTokens: 25, totalTokens: 100 })],
      instance: {
        world: {
          files: Object.fromEntries(names.map((name) => [name, 'x'.repeat(400)])),
          payments: [],
        },
        users: [{ id: 'ana', jobs: [{ id: 'job-1', prompt: names.join(' '), arrivesMs: 0 }] }],
      },
    }
    await converse(many, async (trial) => {
      await prepare(trial)
      expect(added(trial)[0]).toBe(`Contents of f0.md:\n${'x'.repeat(100)}\n[... truncated]`)
      expect(added(trial).length).toBe(2)
      await prepare(trial)
      expect(added(trial).length).toBe(2)
    })
    await converse({ ...many, parts: [prefetch] }, async (trial) => {
      await prepare(trial)
      expect(added(trial).length).toBe(5)
      await prepare(trial)
      expect(added(trial).length).toBe(5)
    })
    await converse({ ...many, parts: [prefetch], windowTokens: 1000 }, async (trial) => {
      await prepare(trial)
      expect(sizeOf(trial.c)).toBeLessThanOrEqual(500)
      expect(added(trial).length).toBeLessThan(5)
    })
  })
})
