// The parts that tell a summariser the conversation as text, each walked into its situations: Pi's, MemGPT's,
// Letta's and opencode's.
import { describe, expect, it } from 'vitest'
import { estimate } from '../../harnesses/history/estimate.ts'
import type { Message } from '../../harnesses/kernel.ts'
import compactionAgent from '../../harnesses/parts/context/compaction-agent.ts'
import emptySummary from '../../harnesses/parts/context/empty-summary.ts'
import keepRecent from '../../harnesses/parts/context/keep-recent.ts'
import paging from '../../harnesses/parts/context/paging.ts'
import slidingSummary from '../../harnesses/parts/context/sliding-summary.ts'
import {
  type Asked,
  doc,
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

/** What a request is made of, where it has nothing in common with the one before it. */
const messagesOf = (asked: Asked | undefined): Message[] =>
  (asked?.added ?? []).map(([, message]) => message)

const lastOf = (asked: Asked | undefined): string => messagesOf(asked).at(-1)?.content ?? ''

const range = (from: number, to: number): number[] => upTo(to).slice(from - 1)

describe('keep-recent', () => {
  it('waits for an overflow, and compacts once for it', async () => {
    const { asked } = await under(keepRecent, async (trial) => {
      const { c } = trial
      fill(trial, 1, 12)
      tell(c, 2 * WINDOW)
      await prepare(trial)
      expect(summariesIn(c.messages)).toEqual([])
      expect(await overflowed(trial)).toBe(true)
      fill(trial, 13, 14)
      c.turns -= 2
      expect(await overflowed(trial)).toBe(false)
      c.turns++
      expect(await overflowed(trial)).toBe(true)
    })
    expect(asked).toHaveLength(2)
  })

  it('keeps the newest tokens verbatim, cut before an answer', () =>
    under(keepRecent, async (trial) => {
      const { c } = trial
      fill(trial, 1, 12)
      const before = c.messages
      await overflowed(trial)
      const kept = c.messages.slice(2)
      expect(kept).toEqual(before.slice(-kept.length))
      expect(kept[0]?.role).toBe('assistant')
      const most = 20_000 * SCALE
      // Where enough is reached within a round, the cut is behind it.
      expect(estimate(kept)).toBeLessThan(most)
      expect(estimate(before.slice(-kept.length - 2))).toBeGreaterThanOrEqual(most)
      expect(c.messages[1]?.content).toMatch(/^The conversation history before this point was/)
    }))

  it('tells the conversation as text, and at the second time the summary before it', async () => {
    const { asked } = await under(keepRecent, async (trial) => {
      fill(trial, 1, 12)
      await overflowed(trial)
      fill(trial, 13, 24)
      await overflowed(trial)
    })
    const [first, second] = asked.map(lastOf)
    expect(first).toContain('<conversation>\n[User]: Hello.')
    expect(first).toContain('[Assistant tool calls]: read_file(path="docs/1.md")')
    expect(first).toContain('PREFIX')
    expect(first).not.toContain('previous-summary')
    expect(second).toMatch(/<previous-summary>\n[\s\S]*\(summary 1\)[\s\S]*\n<\/previous-summary>/)
    expect(second?.split('<previous-summary>')[0]).not.toContain('(summary')
    expect(messagesOf(asked[0])[0]?.role).toBe('system')
    expect(asked[0]?.tools ?? []).toEqual([])
  })

  it('adds from the calls which files were read and changed, from summary to summary', () =>
    under(keepRecent, async (trial) => {
      const { c } = trial
      const act = (name: string, path: string): void =>
        say(trial, ...turn({ id: `${name} ${path}`, name, args: { path }, text: 'Ok.' }))
      act('read', 'b.md')
      act('read_file', 'a.md')
      act('read', 'c.md')
      act('edit', 'c.md')
      act('list_files', 'd.md')
      fill(trial, 1, 4)
      await overflowed(trial)
      const read = '<read-files>\na.md\nb.md\ndocs/1.md\ndocs/2.md\ndocs/3.md\n</read-files>'
      const changed = '<modified-files>\nc.md\n</modified-files>'
      expect(c.messages[1]?.content).toContain(`\n\n${read}\n\n${changed}\n</summary>`)
      act('write', 'a.md')
      fill(trial, 5, 8)
      await overflowed(trial)
      const lists = c.messages[1]?.content.split('<read-files>\n')[1]
      expect(lists).toMatch(/^b\.md\ndocs\/1\.md\n(docs\/\d\.md\n)+<\/read-files>/)
      expect(lists).toContain('<modified-files>\na.md\nc.md\n</modified-files>')
    }))

  it('has nothing to offer where the newest tokens are all there is; its fault asks all the same', async () => {
    const short = async (trial: Trial): Promise<void> => {
      turnOn(trial, 1)
      const before = trial.c.messages
      const isShorter = await overflowed(trial)
      const { messages } = trial.c
      expect(messages).toHaveLength(before.length + (isShorter ? 1 : 0))
      expect(messages.filter((message) => before.includes(message))).toEqual(before)
      expect(summariesIn(messages)).toHaveLength(isShorter ? 1 : 0)
    }
    expect((await under(keepRecent, short)).asked).toEqual([])
    const { asked } = await under(emptySummary, short)
    expect(asked).toHaveLength(1)
    expect(lastOf(asked[0])).toMatch(/^<conversation>\n\n<\/conversation>/)
  })
})

describe('paging', () => {
  const isAlert = ({ content }: Message): boolean => /will soon reach its maximum/.test(content)

  it('warns once, and once more after a flush', () =>
    under(paging, async (trial) => {
      const { c } = trial
      fill(trial, 1, 8)
      const warned = async (used: number): Promise<number> => {
        tell(c, used - 10 - estimate(c.messages.slice(-1)))
        await prepare(trial)
        return c.transcript.filter(isAlert).length
      }
      expect(await warned(0.7 * WINDOW)).toBe(0)
      expect(await warned(0.7 * WINDOW + 1)).toBe(1)
      expect(c.messages.at(-1)).toSatisfy(isAlert)
      turnOn(trial, 9)
      expect(await warned(0.9 * WINDOW)).toBe(1)
      expect(await warned(WINDOW + 1)).toBe(1)
      expect(summariesIn(c.messages)).toHaveLength(1)
      expect(await warned(0.8 * WINDOW)).toBe(2)
    }))

  it('pages out the oldest half of the window, to one round, into slot 0', () =>
    under(paging, async (trial) => {
      const { c } = trial
      fill(trial, 1, 15)
      const before = c.messages
      tell(c, WINDOW)
      await prepare(trial)
      const kept = c.messages.slice(2)
      expect(kept).toEqual(before.slice(-kept.length))
      const gone = estimate(before.slice(1, -kept.length))
      expect(gone).toBeLessThanOrEqual(0.5 * WINDOW)
      expect(gone + estimate(doc(1))).toBeGreaterThan(0.5 * WINDOW)
      const hidden = before.length - kept.length
      expect(c.messages[1]?.content).toContain(
        `prior messages (${hidden} of ${before.length} total messages)`,
      )
      expect(c.messages[1]?.content).toContain(`summary of the previous ${hidden - 1} messages`)
    }))

  it('evicts less where the evicted are too much for one request', async () => {
    const { asked, refused } = await under(paging.with({ evictShare: 3 }), async (trial) => {
      fill(trial, 1, 40)
      expect(await overflowed(trial)).toBe(true)
      expect(factsIn(textOf(trial.c.messages))).toEqual(upTo(40))
    })
    expect(asked.length).toBeGreaterThan(1)
    expect(refused.map(({ code }) => code)).toEqual(
      asked.slice(1).map(() => 'context_length_exceeded'),
    )
  })

  it('as in the code of 2023 waits for an overflow, then leaves its last three messages and more', async () => {
    const of2023 = paging.with({
      warnShare: 0.75,
      evictShare: 0.75,
      keepLastMessages: 3,
      onOverflowOnly: 1,
      summaryWords: 100,
    })
    const { asked } = await under(of2023, async (trial) => {
      const { c } = trial
      fill(trial, 1, 10)
      tell(c, 2 * WINDOW)
      await prepare(trial)
      expect(summariesIn(c.messages)).toEqual([])
      const before = c.messages
      expect(await overflowed(trial)).toBe(true)
      const kept = c.messages.slice(2)
      expect(kept).toEqual(before.slice(-kept.length))
      expect(kept.length).toBeGreaterThanOrEqual(3)
      expect(estimate(before.slice(1, -kept.length))).toBeLessThanOrEqual(0.75 * estimate(before))
      say(trial, user('word '.repeat(30_000)))
      await overflowed(trial)
      // The last three messages may be the window: then there is little to evict.
      expect(c.messages.slice(-3)).toEqual([...kept, user('word '.repeat(30_000))].slice(-3))
    })
    expect(messagesOf(asked[0])[0]?.content).toContain('under 100 words')
  })

  it('tries three times before an answer, as long as there is something to evict', () =>
    under(paging.with({ evictShare: 0.1 }), async (trial) => {
      fill(trial, 1, 15)
      const came = []
      for (let i = 0; i < 4; i++) came.push(await overflowed(trial))
      expect(came).toEqual([true, true, true, false])
    }))
})

describe('sliding-summary', () => {
  it('evicts 40 % of the messages first, to before an answer, and asks for lookup hints', async () => {
    const { asked } = await under(slidingSummary, async (trial) => {
      const { c } = trial
      fill(trial, 1, 12)
      const before = c.messages
      tell(c, WINDOW)
      await prepare(trial)
      const cut = Math.round(0.4 * before.length)
      expect(before[cut]?.role).toBe('assistant')
      expect(c.messages.slice(2)).toEqual(before.slice(cut))
    })
    expect(messagesOf(asked[0])[0]?.content).toContain('Lookup hints')
    expect(messagesOf(asked[0])[0]?.content).toContain('under 300 words')
  })

  it('evicts more until less than 70 % of the window is left, with a margin', () =>
    under(slidingSummary, async (trial) => {
      const { c } = trial
      fill(trial, 1, 15)
      const before = c.messages
      tell(c, WINDOW)
      await prepare(trial)
      const kept = c.messages.slice(2)
      expect(kept).toEqual(before.slice(-kept.length))
      expect(1.3 * estimate(kept)).toBeLessThan(0.7 * WINDOW)
      const less = before.slice(Math.round(0.4 * before.length))
      expect(1.3 * estimate(less)).toBeGreaterThan(0.7 * WINDOW)
      expect(kept[0]?.role).toBe('assistant')
    }))

  it('summarises all where the newest round alone is too much', async () => {
    const { asked } = await under(slidingSummary, async (trial) => {
      const { c } = trial
      fill(trial, 1, 4)
      say(trial, ...turn({ id: 'x', name: 'read_file', args: {}, text: 'word '.repeat(4000) }))
      tell(c, WINDOW)
      await prepare(trial)
      expect(c.messages).toHaveLength(2)
      expect(factsIn(textOf(c.messages))).toEqual(upTo(4))
    })
    expect(asked).toHaveLength(1)
    expect(messagesOf(asked[0])[0]?.content).toContain('under 500 words')
  })

  it('does not ask for all where a part was too long already', async () => {
    const { asked } = await under(slidingSummary, async (trial) => {
      fill(trial, 1, 30)
      expect(await overflowed(trial)).toBe(false)
    })
    expect(asked).toHaveLength(1)
    expect(messagesOf(asked[0])[0]?.content).toContain('under 300 words')
  })

  it('cuts its summary off where that is too long', () =>
    under(slidingSummary.with({ summaryMaxChars: 2500 }), async (trial) => {
      const { c } = trial
      fill(trial, 1, 12)
      tell(c, WINDOW)
      await prepare(trial)
      const [, summary = ''] = c.messages[1]?.content.split('previous messages:\n') ?? []
      expect(summary).toHaveLength(2500 * SCALE + '... [summary truncated to fit]'.length)
    }))

  it('tries three times before an answer', () =>
    under(slidingSummary, async (trial) => {
      const came = []
      for (let i = 1; i < 5; i++) {
        say(trial, ...doc(3 * i), ...doc(3 * i + 1), ...doc(3 * i + 2))
        came.push(await overflowed(trial))
      }
      expect(came).toEqual([true, true, true, false])
    }))
})

describe('compaction-agent', () => {
  const full = WINDOW - 32_000 * SCALE

  it('goes by the usage of the step alone, and says that work goes on', () =>
    under(compactionAgent, async (trial) => {
      const { c } = trial
      fill(trial, 1, 12)
      say(trial, user('word '.repeat(2000)))
      tell(c, full - 10)
      await prepare(trial)
      expect(summariesIn(c.messages)).toEqual([])
      tell(c, full - 9)
      await prepare(trial)
      expect(c.messages.map(({ role }) => role)).toEqual(['system', 'user', 'user'])
      expect(c.messages.at(-1)?.content).toMatch(/^Continue if you have next steps/)
    }))

  it('after an overflow in the only turn summarises all, and blames media', () =>
    under(compactionAgent, async (trial) => {
      const { c } = trial
      fill(trial, 1, 12)
      expect(await overflowed(trial)).toBe(true)
      expect(factsIn(textOf(c.messages))).toEqual(upTo(12))
      expect(c.messages.at(-1)?.content).toContain('due to large media attachments')
      expect(await overflowed(trial)).toBe(false)
    }))

  it('after an overflow in a later turn says its prompt again, and loses what followed it', () =>
    under(compactionAgent, async (trial) => {
      const { c } = trial
      fill(trial, 1, 8)
      say(trial, said('Done.'), user('Now the next thing.'))
      fill(trial, 9, 12)
      expect(await overflowed(trial)).toBe(true)
      expect(c.messages.at(-1)).toEqual(user('Now the next thing.'))
      expect(c.messages).toHaveLength(3)
      expect(factsIn(textOf(c.messages))).toEqual(upTo(8))
    }))

  it('keeps a tail where it is told to, before what is said', () =>
    under(compactionAgent.with({ tailTokens: 25_000 }), async (trial) => {
      const { c } = trial
      fill(trial, 1, 12)
      const before = c.messages
      tell(c, WINDOW)
      await prepare(trial)
      const kept = c.messages.slice(2, -1)
      expect(kept).toEqual(before.slice(-kept.length))
      expect(estimate(kept)).toBeGreaterThanOrEqual(25_000 * SCALE)
      expect(kept.length).toBeLessThan(8)
      expect(factsIn(textOf(c.messages))).toEqual(range(1, 12))
    }))

  it('tells the agent the summary before apart from the conversation', async () => {
    const { asked } = await under(compactionAgent, async (trial) => {
      fill(trial, 1, 12)
      tell(trial.c, WINDOW)
      await prepare(trial)
      fill(trial, 13, 20)
      tell(trial.c, WINDOW)
      await prepare(trial)
    })
    const [conversation = '', previous = ''] = lastOf(asked[1]).split('<previous-summary>')
    expect(factsIn(conversation)).toEqual(range(13, 20))
    expect(factsIn(previous)).toEqual(upTo(12))
  })
})
