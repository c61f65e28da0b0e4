import { describe, expect, it } from 'vitest'
import { dropTo, sizeOf } from '../../harnesses/history/rounds.ts'
import type { Message, Part } from '../../harnesses/kernel.ts'
import dropOldest from '../../harnesses/parts/context/drop-oldest.ts'
import firstObservation from '../../harnesses/parts/pinning/first-observation.ts'
import none from '../../harnesses/parts/pinning/none.ts'
import recentFiles from '../../harnesses/parts/pinning/recent-files.ts'
import task from '../../harnesses/parts/pinning/task.ts'
import userMessages from '../../harnesses/parts/pinning/user-messages.ts'
import { drawn, kernelNamed, ofKind, play } from '../machine/rig.ts'
import {
  converse,
  PROMPT,
  prepare,
  read,
  results,
  said,
  say,
  type Trial,
  turn,
  user,
} from './histories.ts'

/** What is left when all that may go has gone. */
const leftOf = (part: Part, ...history: readonly Message[]): Promise<string[]> =>
  converse({ parts: [part], nativeWindowTokens: 200_000 }, (trial) => {
    say(trial, ...history)
    dropTo(trial.c, 0)
    return trial.c.messages.slice(1).map(({ content }) => content)
  })

const history = [...read('a.md', 'alpha'), user('More.'), ...read('b.md', 'beta'), said('end')]

describe('pinning', () => {
  it('none keeps nothing but the system prompt and the newest round', async () => {
    expect(await leftOf(none, ...history)).toEqual(['end'])
  })

  it('task keeps what the user said first', async () => {
    expect(await leftOf(task, ...history)).toEqual([PROMPT, 'end'])
  })

  it('first-observation keeps the first result, and the call that it answers', async () => {
    expect(await leftOf(firstObservation, ...history)).toEqual(['', 'alpha', 'end'])
  })

  it('user-messages keeps the newest tokens of what users said', async () => {
    expect(await leftOf(userMessages, ...history)).toEqual([PROMPT, 'More.', 'end'])
    // 20,000 tokens of 200,000 are 800 of 8,000: 3,200 characters.
    const old = user('x'.repeat(1600))
    const full = user('y'.repeat(1600))
    expect(await leftOf(userMessages, old, full, said('end'))).toEqual([
      old.content,
      full.content,
      'end',
    ])
    expect(await leftOf(userMessages, old, user('y'.repeat(1604)), said('end'))).toEqual([
      'y'.repeat(1604),
      'end',
    ])
    expect(await leftOf(userMessages, user('z'.repeat(9000)), said('end'))).toEqual([
      'z'.repeat(9000),
      'end',
    ])
  })

  it('user-messages takes no summary for a word of the user', async () => {
    await converse({ parts: [userMessages] }, ({ c, design }) => {
      say({ c, design }, ...history)
      c.messages = [...c.messages.slice(0, 1), user('In summary.'), ...c.messages.slice(1)]
      dropTo(c, 0)
      expect(c.messages.map(({ content }) => content)).toEqual([
        'You help.',
        PROMPT,
        'More.',
        'end',
      ])
    })
  })

  it('keeps the task of a long job in every request', async () => {
    const instance = await drawn('compaction/ledger', { distance: 6000, items: 6, window: 3000 })
    const without = await kernelNamed('loop')
    const withTask = await kernelNamed('loop+pinning=task')
    const lostIn = async (kernel: typeof without): Promise<boolean> => {
      const { trace } = await play({ kernel, instance })
      const requests = ofKind(trace, 'request')
      expect(requests.some(({ dropped }) => dropped.length > 0)).toBe(true)
      return requests.some(({ dropped }) => dropped.includes(1))
    }
    expect(await lostIn(without)).toBe(true)
    expect(await lostIn(withTask)).toBe(false)
  })
})

describe('pinning/recent-files', () => {
  const files = Object.fromEntries(
    Array.from({ length: 7 }, (_, i) => [`f${i}.md`, `text of ${i}`]),
  )
  const stage = {
    parts: [recentFiles],
    windowTokens: 8000,
    instance: { world: { files, payments: [] } },
  }
  const reads = Object.entries(files).flatMap(([path, text]) => read(path, text))
  const added = ({ c }: Trial): string[] =>
    c.messages.flatMap(({ role, content }) =>
      role === 'user' && content.startsWith('Contents of ') ? [content] : [],
    )
  /** As a compaction does. */
  const forget = ({ c }: Trial): void => {
    c.messages = [...c.messages.slice(0, 2), user('Summary.'), ...c.messages.slice(-1)]
  }

  it('shows nothing while the results still stand there', async () => {
    await converse(stage, async (trial) => {
      say(trial, ...reads, said('Going on.'))
      const before = trial.c.messages
      await prepare(trial)
      expect(trial.c.messages).toBe(before)
    })
  })

  it('shows the five files read last again, once, with their text as it is now', async () => {
    await converse(stage, async (trial) => {
      const { c } = trial
      say(trial, ...reads, ...read('f0.md', 'text of 0', 'again'))
      // What was searched for is no file.
      for (const query of ['one', 'two', 'three', 'four', 'five'])
        say(trial, ...turn({ id: query, name: 'search_files', args: { query }, text: '' }))
      say(trial, said('Going on.'))
      c.session.workspace.write('f6.md', 'changed')
      forget(trial)
      c.usage = { input: 1, cached: 0, output: 1 }
      await prepare(trial)
      expect(added(trial)).toEqual([
        'Contents of f0.md:\ntext of 0',
        'Contents of f6.md:\nchanged',
        ...[5, 4, 3].map((i) => `Contents of f${i}.md:\ntext of ${i}`),
      ])
      expect(c.usage).toBeUndefined()
      expect(c.messages.at(-1)?.content).toBe('Going on.')
      await prepare(trial)
      expect(added(trial).length).toBe(5)
    })
  })

  it('leaves out what stands there still, what is gone from disk and what failed', async () => {
    await converse(stage, async (trial) => {
      const { c } = trial
      say(trial, ...read('gone.md', 'was here'), ...reads.slice(0, 4))
      say(trial, ...read('f5.md', 'text of 5').map((m) => (m.callId ? { ...m, isError: true } : m)))
      c.messages = [...c.messages.slice(0, 2), ...c.messages.slice(-4, -2), said('Going on.')]
      expect(Object.keys(results(c.messages))).toEqual(['f1.md'])
      await prepare(trial)
      await prepare(trial)
      expect(added(trial)).toEqual(['Contents of f0.md:\ntext of 0'])
    })
  })

  it('shows so many tokens of each and of all, scaled, and only where there is room', async () => {
    const long = Object.fromEntries(Object.keys(files).map((path) => [path, 'x'.repeat(40_000)]))
    const large = { ...stage, instance: { world: { files: long, payments: [] } } }
    await converse({ ...large, nativeWindowTokens: 200_000 }, async (trial) => {
      say(trial, ...reads, said('Going on.'))
      forget(trial)
      await prepare(trial)
      // 5,000 tokens of 200,000 are 200 of 8,000: 800 characters.
      expect(added(trial).length).toBe(5)
      for (const text of added(trial))
        expect(text.slice(19)).toBe(`${'x'.repeat(800)}\n[... truncated]`)
    })
    await converse(
      { ...large, parts: [recentFiles.with({ totalTokens: 10_500 })] },
      async (trial) => {
        say(trial, ...reads, said('Going on.'))
        forget(trial)
        await prepare(trial)
        // One of 5,000 tokens, and 80 % of 8,000 are full with it.
        expect(added(trial).length).toBe(1)
        expect(sizeOf(trial.c)).toBeLessThanOrEqual(6400)
      },
    )
  })

  it('works after a part that drops, in one kernel', async () => {
    const parts = [dropOldest.with({ fullShare: 0.3 }), recentFiles]
    await converse({ ...stage, parts, windowTokens: 2000 }, async (trial) => {
      say(trial, ...reads, said('x'.repeat(1000)), said('Going on.'))
      await prepare(trial)
      expect(Object.keys(results(trial.c.messages)).length).toBeLessThan(7)
      const left = Object.keys(results(trial.c.messages))
      const again = added(trial).map((text) => text.slice(12, 17))
      expect([...left, ...again].toSorted()).toEqual([...new Set([...left, ...again])].toSorted())
      expect(again.length).toBeGreaterThan(0)
    })
  })

  it('shows them behind a compaction by the model, in a job', async () => {
    const instance = await drawn('compaction/ledger', { distance: 6000, items: 6, window: 4000 })
    const shownIn = async (pinning: string): Promise<string[]> => {
      const kernel = await kernelNamed(`loop+context=auto-compact,pinning=${pinning}`)
      const { trace } = await play({ kernel, instance })
      const requests = ofKind(trace, 'request')
      expect(requests.some(({ purpose }) => purpose === 'compaction')).toBe(true)
      expect(ofKind(trace, 'refusal')).toEqual([])
      return requests
        .flatMap(({ added }) => added)
        .flatMap(([, { content }]) => content.match(/^Contents of \S+:/) ?? [])
    }
    expect(await shownIn('none')).toEqual([])
    expect(await shownIn('recent-files')).toContain('Contents of terms.md:')
  })
})
