import { describe, expect, it } from 'vitest'
import { estimate } from '../../harnesses/history/estimate.ts'
import { sizeOf } from '../../harnesses/history/rounds.ts'
import { windowUsed } from '../../harnesses/history/usage.ts'
import type { Message } from '../../harnesses/kernel.ts'
import { CONSTANTS, threshold } from '../../harnesses/parts/context/auto-compact.ts'
import budgetReduction from '../../harnesses/parts/context/budget-reduction.ts'
import contextCollapse from '../../harnesses/parts/context/context-collapse.ts'
import microcompact from '../../harnesses/parts/context/microcompact.ts'
import snip, { FREED } from '../../harnesses/parts/context/snip.ts'
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
  shown,
  type Trial,
  turn,
} from './histories.ts'

const CLEARED = '[Old tool result content cleared]'

const searched = (id: string, text: string): Message[] =>
  turn({ id, name: 'search_files', args: { query: id }, text })

/** A request as the loop makes one, and its answer, which is not kept. */
async function ask({ c, design }: Trial): Promise<void> {
  await design.ask({ messages: c.messages, tools: c.tools }, c)
}

describe('context/budget-reduction', () => {
  const wide = { parts: [budgetReduction], windowTokens: 200_000 }

  it('shows a preview of a result beyond the cap, and says how much there was', async () => {
    await converse(wide, async (trial) => {
      say(trial, ...searched('at', 'x'.repeat(50_000)))
      await prepare(trial)
      expect(results(trial.c.messages).at?.length).toBe(50_000)
      say(trial, ...searched('beyond', `${'y'.repeat(2000)}${'z'.repeat(48_001)}`))
      await prepare(trial)
      const { at, beyond } = results(trial.c.messages)
      expect(at?.length).toBe(50_000)
      expect(beyond).toBe(
        `Output too large (50001 characters). Only its beginning is shown, the rest was left out: ask for less at once, or for the part that is needed.\n\nPreview (first 2000 characters):\n${'y'.repeat(2000)}\n...`,
      )
      expect(results(trial.c.transcript).beyond?.length).toBe(50_001)
    })
  })

  it('shortens the largest results of one turn until all of them fit together', async () => {
    await converse(wide, async (trial) => {
      const sizes = [30_000, 49_000, 45_000, 40_000, 48_000]
      const calls = sizes.map((size, i) => ({
        id: `${i}`,
        name: 'search_files',
        args: {},
        text: 'x'.repeat(size),
      }))
      say(trial, ...turn(...calls))
      await prepare(trial)
      const left = Object.values(results(trial.c.messages)).map((text) => text.length)
      expect(left.map((size, i) => size === sizes[i])).toEqual([true, false, true, true, true])
    })
  })

  it('scales its caps with the window, and leaves readers of files and what is pinned alone', async () => {
    const small = { parts: [budgetReduction, pinsMarked], nativeWindowTokens: 200_000 }
    await converse(small, async (trial) => {
      expect(trial.c.scale).toBe(0.04)
      say(
        trial,
        ...turn(
          { id: 'under', name: 'list_files', args: {}, text: 'x'.repeat(2000) },
          { id: 'over', name: 'list_files', args: {}, text: 'x'.repeat(2001) },
          { id: 'file', name: 'read_file', args: {}, text: 'x'.repeat(3000) },
          { id: 'kept', name: 'list_files', args: {}, text: `KEEP${'x'.repeat(2600)}` },
        ),
      )
      await prepare(trial)
      const { under, over, file, kept } = results(trial.c.messages)
      expect(over).toContain('Preview (first 80 characters):')
      expect([under?.length, file?.length, kept?.length]).toEqual([2000, 3000, 2604])
    })
  })
})

describe('context/snip', () => {
  const rounds = (count: number): Message[] =>
    Array.from({ length: count }, (_, i) => searched(`${i}`, 'word '.repeat(200))).flat()

  it('drops the oldest beyond its threshold down to the lower one, and not before', async () => {
    await converse({ parts: [snip, task], windowTokens: 10_000 }, async (trial) => {
      const { c } = trial
      say(trial, ...rounds(24))
      const before = c.messages
      expect(sizeOf(c)).toBeGreaterThan(6000)
      await prepare(trial)
      expect(c.messages).toBe(before)
      say(trial, ...rounds(28).slice(48))
      expect(sizeOf(c)).toBeGreaterThan(7500)
      await prepare(trial)
      expect(sizeOf(c)).toBeLessThanOrEqual(6000)
      expect(sizeOf(c)).toBeGreaterThan(6000 - 300)
      const left = Object.keys(results(c.messages)).map(Number)
      expect(left.at(-1)).toBe(27)
      expect(left).toEqual(left.map((_, i) => 28 - left.length + i))
      expect(c.messages[1]?.content).toBe(PROMPT)
    })
  })

  it('takes what it freed off the usage that was told, and tells it to later stages', async () => {
    await converse(
      { parts: [snip], windowTokens: 10_000, nativeWindowTokens: 200_000 },
      async (trial) => {
        const { c } = trial
        say(trial, ...rounds(30))
        c.usage = { input: 9000, cached: 0, output: 10 }
        const before = estimate(c.messages)
        await prepare(trial)
        const freed = before - estimate(c.messages)
        expect(freed).toBeGreaterThan(1500)
        expect(c.memo.get(FREED)).toBe(freed)
        expect(c.usage).toEqual({ input: 9000 - freed, cached: 0, output: 10 })
        // The last stage goes by this: it has nothing to do any more.
        expect(windowUsed(c)).toBeLessThan(threshold(c, CONSTANTS))
        say(trial, ...rounds(30))
        await prepare(trial)
        expect(c.memo.get(FREED)).toBeGreaterThan(freed)
      },
    )
  })
})

describe('context/microcompact', () => {
  const HOUR = 3_600_000
  const seven = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const cleared = ({ c }: Trial): string[] =>
    Object.entries(results(c.messages)).flatMap(([id, text]) => (text === CLEARED ? [id] : []))

  it('clears all but the newest five results when the model was last heard an hour ago', async () => {
    await converse({ parts: [microcompact], windowTokens: 200_000 }, async (trial) => {
      const { c } = trial
      say(trial, ...seven.flatMap((id) => searched(id, `found ${id}`)))
      await ask(trial)
      await c.machine.clock.sleep(HOUR - 1)
      await prepare(trial)
      expect(cleared(trial)).toEqual([])
      await c.machine.clock.sleep(1)
      c.usage = { input: 1, cached: 0, output: 1 }
      await prepare(trial)
      expect(cleared(trial)).toEqual(['a', 'b'])
      expect(c.usage).toBeUndefined()
      expect(results(c.transcript).a).toBe('found a')
    })
  })

  it('clears by size too, unless that is turned off', async () => {
    const text = 'word '.repeat(1000)
    for (const [part, expected] of [
      [microcompact, ['a', 'b']],
      [microcompact.with({ keepResults: 2 }), ['a', 'b', 'c', 'd', 'e']],
      [microcompact.with({ fullTokens: 0 }), []],
    ] as const)
      await converse({ parts: [part], nativeWindowTokens: 200_000 }, async (trial) => {
        say(trial, ...seven.slice(0, 2).flatMap((id) => searched(id, text)))
        await prepare(trial)
        expect(cleared(trial)).toEqual([])
        say(trial, ...seven.slice(2).flatMap((id) => searched(id, text)))
        // 100,000 tokens of 200,000 are 4,000 of 8,000.
        expect(sizeOf(trial.c)).toBeGreaterThan(4000)
        await prepare(trial)
        expect(cleared(trial)).toEqual(expected)
      })
  })

  it('goes by the tools that were called, and leaves what is pinned', async () => {
    await converse(
      { parts: [microcompact.with({ keepResults: 1, fullTokens: 1 }), pinsMarked] },
      async (trial) => {
        say(
          trial,
          ...turn({ id: 'paid', name: 'make_payment', args: {}, text: 'Receipt 1.' }),
          ...searched('kept', 'KEEP'),
          ...read('a.md', 'alpha'),
          ...turn({ id: 'ran', name: 'Bash', args: {}, text: 'done' }),
          ...read('b.md', 'beta'),
        )
        await prepare(trial)
        expect(cleared(trial)).toEqual(['a.md', 'ran'])
        const again = trial.c.messages
        await prepare(trial)
        expect(trial.c.messages).toBe(again)
      },
    )
  })
})

describe('context/context-collapse', () => {
  const long = (id: string): string => `${id.repeat(900)}${'-'.repeat(1001)}${id.repeat(500)}`
  const short = (id: string): string =>
    `${id.repeat(900)}\n...[collapsed 1001 chars]...\n${id.repeat(500)}`
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p']

  /** 600 tokens each: 90 % of 10,000 less the reserve of a tenth are passed at the fourteenth. */
  const stage = {
    parts: [contextCollapse.with({ reserveTokens: 1000 })],
    windowTokens: 10_000,
  }

  it('shows old long texts as head and tail once the window is nearly full', async () => {
    await converse(stage, async (trial) => {
      const { c } = trial
      say(trial, ...ids.slice(0, 10).flatMap((id) => searched(id, long(id))))
      expect(sizeOf(c)).toBeLessThan(8100)
      expect(shown(trial)).toBe(c.messages)
      say(trial, ...ids.slice(10).flatMap((id) => searched(id, long(id))))
      expect(sizeOf(c)).toBeGreaterThan(8100)
      const seen = results(shown(trial))
      for (const id of ids.slice(0, -3)) expect(seen[id]).toBe(short(id))
      // The newest six messages are three turns.
      for (const id of ids.slice(-3)) expect(seen[id]).toBe(long(id))
      for (const id of ids) expect(results(c.messages)[id]).toBe(long(id))
      expect(shown(trial).map(({ callId }) => callId)).toEqual(
        c.messages.map(({ callId }) => callId),
      )
    })
  })

  it('leaves texts up to its limit, what is pinned, and the system prompt', async () => {
    const parts = [contextCollapse.with({ fullShare: 0 }), pinsMarked]
    await converse({ ...stage, parts }, async (trial) => {
      const kept = `KEEP${'x'.repeat(3000)}`
      const system: Message = { role: 'system', content: 's'.repeat(3000) }
      trial.c.messages = [system]
      say(trial, ...searched('at', 'x'.repeat(2400)), ...searched('kept', kept))
      say(trial, ...searched('over', 'x'.repeat(2401)))
      say(trial, ...ids.slice(0, 3).flatMap((id) => searched(id, id)))
      const { at, kept: pinned, over } = results(shown(trial))
      expect([at?.length, pinned]).toEqual([2400, kept])
      expect(over?.length).toBeLessThan(1500)
      expect(shown(trial)[0]).toBe(system)
    })
  })

  it('scales with the window', async () => {
    const parts = [contextCollapse.with({ fullShare: 0 })]
    await converse({ parts, nativeWindowTokens: 200_000 }, async (trial) => {
      say(trial, ...searched('a', 'x'.repeat(96)), ...searched('b', 'x'.repeat(97)))
      say(trial, ...ids.slice(2, 5).flatMap((id) => searched(id, id)))
      const { a, b } = results(shown(trial))
      expect(a).toBe('x'.repeat(96))
      expect(b).toBe(`${'x'.repeat(36)}\n...[collapsed 41 chars]...\n${'x'.repeat(20)}`)
    })
  })

  it('after a request that was too long shows them so from then on, and once only', async () => {
    await converse(stage, async (trial) => {
      say(trial, ...ids.slice(0, 5).flatMap((id) => searched(id, long(id))))
      expect(shown(trial)).toBe(trial.c.messages)
      expect(await overflowed(trial)).toBe(true)
      expect(results(shown(trial)).a).toBe(short('a'))
      expect(await overflowed(trial)).toBe(false)
    })
    await converse(stage, async (trial) => {
      say(trial, said('Nothing here is long.'))
      expect(await overflowed(trial)).toBe(false)
    })
  })
})
