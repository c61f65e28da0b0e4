// The parts that ask in the conversation itself, each walked into its situations: Claude Code's with its
// known fault, Codex's and Terminus-2's.
import { describe, expect, it } from 'vitest'
import { estimate } from '../../harnesses/history/estimate.ts'
import type { Message } from '../../harnesses/kernel.ts'
import autoCompact from '../../harnesses/parts/context/auto-compact.ts'
import qaHandoff from '../../harnesses/parts/context/qa-handoff.ts'
import staleUsage from '../../harnesses/parts/context/stale-usage.ts'
import userMessages from '../../harnesses/parts/context/user-messages-and-summary.ts'
import {
  factsIn,
  fill,
  SCALE,
  summariesIn,
  tell,
  textOf,
  turnOn,
  under,
  upTo,
  WINDOW,
} from './compacting.ts'
import { overflowed, prepare, said, say, type Trial, turn, user } from './histories.ts'

const full = async (trial: Trial): Promise<void> => {
  tell(trial.c, WINDOW)
  await prepare(trial)
}

const range = (from: number, to: number): number[] => upTo(to).slice(from - 1)
const refusing = (...ns: readonly number[]) => ({
  chance: Object.fromEntries(ns.map((n) => [`job-1/generate#${n}/content-refused`, true])),
})

describe('auto-compact', () => {
  it('asks in the conversation, with its tools, for text alone; the scratchpad goes', async () => {
    let length = 0
    const { asked } = await under(autoCompact, async (trial) => {
      fill(trial, 1, 12)
      length = trial.c.messages.length
      await full(trial)
      const [, summary, ...rest] = trial.c.messages
      expect(rest).toEqual([])
      expect(summary?.content).toContain('This session is being continued')
      expect(summary?.content).not.toMatch(/analysis|What matters follows|<\/?summary>/)
    })
    const [request] = asked
    const [place, prompt] = request?.added.at(-1) ?? []
    expect(place).toBe(length)
    expect(prompt?.role).toBe('user')
    expect(prompt?.content).toMatch(/^CRITICAL: Respond with TEXT ONLY\. Do NOT call any tools/)
    expect(prompt?.content).toContain('All User Messages')
    expect(request?.tools).toContain('read_file')
  })

  it('asks without its oldest rounds where the request is too long, three times at most', async () => {
    const { asked, refused } = await under(autoCompact, async (trial) => {
      fill(trial, 1, 24)
      await full(trial)
      const left = factsIn(textOf(trial.c.messages))
      expect(left).toEqual(range(left[0] ?? 0, 24))
      expect(left[0]).toBeGreaterThan(1)
    })
    expect(asked.length).toBe(refused.length + 1)
    const [first = 0, second = 0] = asked.map(({ tokens }) => tokens)
    expect(second / first).toBeGreaterThan(0.75)
    expect(second / first).toBeLessThan(0.9)
    const much = await under(autoCompact, async (trial) => {
      fill(trial, 1, 200)
      const before = trial.c.messages
      await full(trial)
      expect(trial.c.messages).toBe(before)
    })
    expect([much.asked.length, much.refused.length]).toEqual([4, 4])
  })

  it('asks no more after three failures in a row', async () => {
    const { asked } = await under(
      autoCompact,
      async (trial) => {
        fill(trial, 1, 12)
        for (let i = 0; i < 5; i++) await full(trial)
        expect(summariesIn(trial.c.messages)).toEqual([])
        // An overflow is another matter.
        expect(await overflowed(trial)).toBe(true)
      },
      refusing(1, 2, 3),
    )
    expect(asked).toHaveLength(4)
  })

  it('begins to count anew after a success', async () => {
    const { asked } = await under(
      autoCompact,
      async (trial) => {
        fill(trial, 1, 12)
        for (let i = 0; i < 3; i++) await full(trial)
        fill(trial, 13, 20)
        for (let i = 0; i < 3; i++) await full(trial)
        expect(textOf(trial.c.messages)).toContain('(summary 2)')
      },
      refusing(1, 2, 4, 5),
    )
    expect(asked).toHaveLength(6)
  })

  it('keeps the newest messages where it is told to, calls with their results', () =>
    under(autoCompact.with({ keepRecentMessages: 6 }), async (trial) => {
      const { c } = trial
      fill(trial, 1, 10)
      const called = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => ({
        ...{ id, name: 'read_file', args: {}, text: 'Ok.' },
      }))
      say(trial, ...turn(...called))
      const before = c.messages
      await full(trial)
      expect(c.messages.slice(2)).toEqual(before.slice(-8))
      say(trial, said('Good.'), user('And now?'))
      fill(trial, 11, 20)
      const later = c.messages
      await full(trial)
      expect(c.messages.slice(2)).toEqual(later.slice(-6))
      expect(factsIn(textOf(c.messages))).toEqual(upTo(20))
    }))

  it('after an overflow compacts once a turn', () =>
    under(autoCompact, async (trial) => {
      fill(trial, 1, 12)
      expect(await overflowed(trial)).toBe(true)
      say(trial, said('More.'), user('More.'))
      expect(await overflowed(trial)).toBe(false)
      turnOn(trial, 13)
      expect(await overflowed(trial)).toBe(true)
    }))
})

describe('stale-usage', () => {
  it('compacts again at once, until its breaker trips; the next answer ends it', async () => {
    const { asked } = await under(staleUsage, async (trial) => {
      const { c } = trial
      fill(trial, 1, 12)
      await full(trial)
      expect(textOf(c.messages)).toContain('(summary 3)')
      expect(c.messages).toHaveLength(2)
      turnOn(trial, 13)
      tell(c, 1000)
      await prepare(trial)
    })
    expect(asked).toHaveLength(3)
  })

  it('is what auto-compact is not', async () => {
    const { asked } = await under(autoCompact, async (trial) => {
      fill(trial, 1, 12)
      await full(trial)
      await prepare(trial)
      expect(textOf(trial.c.messages)).toContain('(summary 1)')
    })
    expect(asked).toHaveLength(1)
  })
})

describe('user-messages-and-summary', () => {
  it('leaves the newest user messages, the oldest of them cut in its middle, and a summary', () =>
    under(userMessages, async (trial) => {
      const { c } = trial
      const long = (mark: string, words: number): Message =>
        user(`${mark} begins ${'word '.repeat(words)} ${mark} ends`)
      say(trial, long('old', 600), said('Yes.'))
      fill(trial, 1, 6)
      say(trial, long('middle', 400), said('Yes.'), long('new', 400))
      fill(trial, 7, 12)
      await full(trial)
      const [system, middle, newest, summary, ...rest] = c.messages
      expect(rest).toEqual([])
      expect([system?.role, newest]).toEqual(['system', long('new', 400)])
      expect(middle?.content).toMatch(
        /^middle begins word [\s\S]*…\d+ tokens truncated…[\s\S]*middle ends$/,
      )
      expect(estimate([middle ?? user(''), newest ?? user('')])).toBeLessThanOrEqual(
        20_000 * SCALE + 10,
      )
      expect(summary?.content).toMatch(/^Another language model started to solve this problem/)
      expect(factsIn(textOf(c.messages))).toEqual(upTo(12))
    }))

  it('asks under the same instructions, without tools, and without the oldest item as often as needed', async () => {
    const { asked, refused } = await under(userMessages, async (trial) => {
      fill(trial, 1, 24)
      await full(trial)
      const left = factsIn(textOf(trial.c.messages))
      expect(left).toEqual(range(left[0] ?? 0, 24))
    })
    expect(refused.length).toBeGreaterThan(2)
    expect(asked.every(({ tools = [] }) => tools.length === 0)).toBe(true)
    for (const { dropped } of asked.slice(1)) expect(dropped.length).toBeLessThanOrEqual(2)
    expect(asked.at(-1)?.tokens).toBeGreaterThan(WINDOW - 500)
    expect(asked[0]?.added[0]?.[1].content).toBe('You help.')
  })

  it('does nothing about an overflow of the work, and obeys a limit of its own', async () => {
    await under(userMessages, async (trial) => {
      fill(trial, 1, 12)
      expect(await overflowed(trial)).toBe(false)
    })
    await under(userMessages.with({ limitTokens: 50_000 }), async (trial) => {
      const { c } = trial
      fill(trial, 1, 2)
      const rest = estimate(c.messages.slice(-1))
      tell(c, 50_000 * SCALE - 11 - rest)
      await prepare(trial)
      expect(summariesIn(c.messages)).toEqual([])
      tell(c, 50_000 * SCALE - 10 - rest)
      await prepare(trial)
      expect(summariesIn(c.messages)).toHaveLength(1)
    })
  })
})

describe('qa-handoff', () => {
  const prompt = 'Do what is to be done.'

  it('hands over when less than it needs is free, in three requests', async () => {
    let before: readonly Message[] = []
    const { asked } = await under(
      qaHandoff,
      async (trial) => {
        const { c } = trial
        fill(trial, 1, 12)
        const rest = estimate(c.messages.slice(-1))
        const free = async (tokens: number): Promise<void> => {
          tell(c, WINDOW - tokens - 10 - rest)
          await prepare(trial)
        }
        // 8,000 scaled, and what is asked.
        await free(8000 * SCALE + 400)
        expect(summariesIn(c.messages)).toEqual([])
        before = c.messages
        await free(8000 * SCALE)
        const [system, start, questions, answers, ...more] = c.messages
        expect(more).toEqual([])
        expect([system, questions?.role]).toEqual([before[0], 'assistant'])
        expect(start?.content).toContain(`**Original Task:** ${prompt}`)
        expect(start?.content).toContain('at least five')
        expect(answers?.content).toMatch(/^Here are the answers the other agent provided/)
        expect(factsIn(answers?.content ?? '')).toEqual(upTo(12))
      },
      { prompt },
    )
    const [summary, questions, answers] = asked
    expect(summary?.added).toHaveLength(before.length + 1)
    // The fresh agent sees one message, and nothing of the old conversation.
    expect(questions?.added.map(([, { role }]) => role)).toEqual(['user'])
    expect(questions?.tokens).toBeLessThan((summary?.tokens ?? 0) / 3)
    expect(answers?.tokens).toBeGreaterThan(summary?.tokens ?? 0)
    expect(questions?.tools).toEqual([])
  })

  it('after an overflow unwinds the newest rounds until there is room: what stood in them is lost', () =>
    under(qaHandoff, async (trial) => {
      const { c } = trial
      fill(trial, 1, 12)
      tell(c, WINDOW)
      expect(await overflowed(trial)).toBe(true)
      const left = factsIn(textOf(c.messages))
      expect(left.length).toBeLessThan(12)
      expect(left.length).toBeGreaterThan(8)
      expect(left).toEqual(upTo(left.length))
      expect(await overflowed(trial)).toBe(false)
    }))

  it('unwinds nothing that is pinned', () =>
    under(qaHandoff, async (trial) => {
      fill(trial, 1, 12)
      say(trial, user('KEEP this rule.'))
      tell(trial.c, WINDOW)
      await overflowed(trial)
      expect(trial.c.messages).toContainEqual(user('KEEP this rule.'))
    }))

  it.each<[string, number[], RegExp]>([
    ['a short summary', [2], /\n\nSummary: /],
    ['the screen alone', [2, 3], /\n\nCurrent state: /],
  ])('falls back to the task and %s', async (_, refused, told) => {
    const { unreached } = await under(
      qaHandoff,
      async (trial) => {
        const { c } = trial
        fill(trial, 1, 12)
        tell(c, WINDOW)
        const before = c.messages
        expect(await overflowed(trial)).toBe(true)
        const kept = c.messages.slice(0, -1)
        expect(kept).toEqual(before.slice(0, kept.length))
        expect(c.messages.at(-1)?.content).toMatch(told)
        expect(c.messages.at(-1)?.content.startsWith(prompt)).toBe(true)
        expect(c.usage).toBeUndefined()
      },
      { prompt, ...refusing(...refused) },
    )
    expect(unreached).toEqual([])
  })

  it('where it fails in time leaves the conversation as it was', () =>
    under(
      qaHandoff,
      async (trial) => {
        fill(trial, 1, 12)
        const before = trial.c.messages
        await full(trial)
        expect(trial.c.messages).toBe(before)
      },
      refusing(3),
    ))
})
