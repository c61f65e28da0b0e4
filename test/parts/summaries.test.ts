// What every part that summarises does: when it fires, what it leaves, what it does again and when it is
// refused.
import { describe, expect, it } from 'vitest'
import { estimate } from '../../harnesses/history/estimate.ts'
import { sizeOf } from '../../harnesses/history/rounds.ts'
import { written } from '../../harnesses/history/summarise.ts'
import { windowUsed } from '../../harnesses/history/usage.ts'
import type { Completion, Part } from '../../harnesses/kernel.ts'
import autoCompact from '../../harnesses/parts/context/auto-compact.ts'
import compactionAgent from '../../harnesses/parts/context/compaction-agent.ts'
import emptySummary from '../../harnesses/parts/context/empty-summary.ts'
import keepRecent from '../../harnesses/parts/context/keep-recent.ts'
import paging from '../../harnesses/parts/context/paging.ts'
import qaHandoff from '../../harnesses/parts/context/qa-handoff.ts'
import slidingSummary from '../../harnesses/parts/context/sliding-summary.ts'
import userMessages from '../../harnesses/parts/context/user-messages-and-summary.ts'
import { drawn, kernelNamed, ofKind, play } from '../machine/rig.ts'
import {
  factsIn,
  fill,
  problemOf,
  SCALE,
  summariesIn,
  tell,
  textOf,
  turnOn,
  under,
  upTo,
  WINDOW,
} from './compacting.ts'
import { overflowed, prepare, read, say, type Trial, user } from './histories.ts'

interface Firing {
  readonly part: Part
  /** Tokens at which it fires. */
  readonly at: number
  /** Whether at this very number, too. */
  readonly isInclusive: boolean
  /** Whether what came since the newest answer counts. */
  readonly countsRest: boolean
}

const fires = (part: Part, at: number, of: Partial<Firing> = {}): Firing => ({
  part,
  at,
  isInclusive: false,
  countsRest: true,
  ...of,
})

const PROACTIVE: Readonly<Record<string, Firing>> = {
  paging: fires(paging, WINDOW),
  'sliding-summary': fires(slidingSummary, 0.9 * WINDOW),
  'auto-compact': fires(autoCompact, WINDOW - 33_000 * SCALE, { isInclusive: true }),
  'user-messages-and-summary': fires(userMessages, 0.9 * WINDOW, { isInclusive: true }),
  'compaction-agent': fires(compactionAgent, WINDOW - 32_000 * SCALE, { countsRest: false }),
}

/** All of them, and how a compaction is brought about. */
const ALL: Readonly<Record<string, readonly [Part, (trial: Trial) => Promise<void>]>> = {
  ...Object.fromEntries(
    Object.entries({ ...PROACTIVE, 'qa-handoff': fires(qaHandoff, 0) }).map(([name, { part }]) => [
      name,
      [part, full],
    ]),
  ),
  'keep-recent': [keepRecent, tooLong],
  'empty-summary': [emptySummary, tooLong],
}

async function full(trial: Trial): Promise<void> {
  tell(trial.c, WINDOW)
  await prepare(trial)
}

async function tooLong(trial: Trial): Promise<void> {
  await overflowed(trial)
}

describe('what is used of the window', () => {
  it('is what was told and what came since; all is estimated where nothing was told', () =>
    under([], async (trial) => {
      const { c } = trial
      fill(trial, 1, 2)
      expect(windowUsed(c)).toBe(sizeOf(c))
      tell(c, 3000)
      say(trial, user('Go on.'))
      const result = c.messages.at(-2)
      expect(windowUsed(c)).toBe(3010 + estimate([result ?? user(''), user('Go on.')]))
      c.usage = undefined
      expect(windowUsed(c)).toBe(sizeOf(c))
    }))

  it('is near to what the next request takes, all through a run', async () => {
    const kernel = await kernelNamed('loop+context=auto-compact')
    const { trace } = await play({ kernel, instance: await drawn('compaction/ledger') })
    const asked = ofKind(trace, 'request')
    const [compaction] = asked.filter(({ purpose }) => purpose === 'compaction')
    const before = asked[asked.findIndex(({ purpose }) => purpose === 'compaction') - 1]
    const { windowTokens } = await drawn('compaction/ledger')
    const threshold = windowTokens - 33_000 * (windowTokens / 200_000)
    // The newest result, and what is asked, stand between the two.
    expect(before?.tokens).toBeLessThan(threshold)
    expect(compaction?.tokens).toBeGreaterThan(threshold)
    expect((compaction?.tokens ?? 0) - (before?.tokens ?? 0)).toBeLessThan(2000)
  })
})

describe.each(Object.entries(PROACTIVE))('%s', (_, { part, at, isInclusive, countsRest }) => {
  it('fires at its threshold, and not a token before', async () => {
    for (const over of [-1, 0, 1]) {
      const fires = over > 0 || (over === 0 && isInclusive)
      const { asked } = await under(part, async (trial) => {
        const { c } = trial
        fill(trial, 1, 12)
        const rest = countsRest ? estimate(c.messages.slice(-1)) : 0
        tell(c, at + over - 10 - rest)
        const before = c.messages
        await prepare(trial)
        if (!fires) expect(c.messages.slice(0, before.length)).toEqual(before)
      })
      expect(asked.map(({ purpose }) => purpose)).toEqual(fires ? ['compaction'] : [])
    }
  })
})

describe.each(Object.entries(ALL))('%s', (name, [part, compacts]) => {
  it('leaves the system prompt, what is pinned, one summary, and forgets the usage', async () => {
    const { asked, refused } = await under(part, async (trial) => {
      const { c } = trial
      say(trial, user('KEEP this rule.'), ...read('KEEP.md', 'KEEP this file.'))
      fill(trial, 1, 12)
      const [system, ...before] = c.messages
      await compacts(trial)
      expect(sizeOf(c)).toBeLessThan(estimate(before))
      expect(c.usage).toBeUndefined()
      expect(c.messages[0]).toBe(system)
      expect(problemOf(c.messages)).toBeUndefined()
      const pinned = before.slice(1, 4)
      const places = pinned.map((message) => c.messages.indexOf(message))
      const [first = -1] = places
      expect(places).toEqual([first, first + 1, first + 2])
      const [summary] = summariesIn(c.messages)
      expect(first).toBeGreaterThan(0)
      expect(first).toBeLessThan(c.messages.indexOf(summary ?? user('')))
      // Nothing that was evicted is lost by a model that loses nothing.
      expect(factsIn(textOf(c.messages))).toEqual(upTo(12))
    })
    expect(asked.every(({ purpose }) => purpose === 'compaction')).toBe(true)
    expect(asked).toHaveLength(name === 'qa-handoff' ? 3 : 1)
    expect(refused).toEqual([])
  })

  it('keeps what it leaves unchanged, in order', () =>
    under(part, async (trial) => {
      const { c } = trial
      fill(trial, 1, 12)
      const before = c.messages
      await compacts(trial)
      const kept = c.messages.filter((message) => before.includes(message))
      expect(kept).toEqual(before.filter((message) => kept.includes(message)))
    }))

  it('merges its summary into the next one', async () => {
    await under(part, async (trial) => {
      const { c } = trial
      fill(trial, 1, 10)
      await compacts(trial)
      const first = summariesIn(c.messages)
      fill(trial, 11, 20)
      await compacts(trial)
      for (const old of first) expect(c.messages).not.toContain(old)
      expect(textOf(c.messages)).not.toContain('(summary 1)')
      expect(factsIn(textOf(c.messages))).toEqual(upTo(20))
      expect(problemOf(c.messages)).toBeUndefined()
    })
  })

  it('knows its summary for one in a history that is read again, and never pins it', () =>
    under(part, async (trial) => {
      const { c } = trial
      c.isPinned = ({ role }) => role === 'user'
      fill(trial, 1, 10)
      await compacts(trial)
      c.memo.clear()
      c.messages = c.messages.map((message) => ({ ...message }))
      fill(trial, 11, 20)
      await compacts(trial)
      expect(textOf(c.messages)).not.toContain('(summary 1)')
      expect(c.messages.some(({ content }) => content === 'Hello.')).toBe(true)
    }))

  it('does not ask again where nothing has happened since', async () => {
    let after = 0
    const { asked } = await under(part, async (trial) => {
      fill(trial, 1, 12)
      await compacts(trial)
      after = trial.c.messages.length
      await prepare(trial)
      expect(trial.c.messages).toHaveLength(after)
    })
    expect(asked).toHaveLength(name === 'qa-handoff' ? 3 : 1)
  })

  it('leaves everything as it was where it is refused', async () => {
    const key = (n: number) => `job-1/generate#${n}/content-refused`
    const { asked, refused } = await under(
      part,
      async (trial) => {
        const { c } = trial
        fill(trial, 1, 12)
        const before = c.messages
        await compacts(trial)
        if (compacts === full) expect(c.usage).toBeDefined()
        expect(c.messages).toBe(before)
      },
      { chance: { [key(1)]: true, [key(2)]: true } },
    )
    expect(refused).toHaveLength(asked.length)
    expect(asked).toHaveLength(name === 'sliding-summary' ? 2 : 1)
  })
})

describe('a summary', () => {
  it('is asked for with room for a token at least, whatever the scale', () =>
    under([], async ({ c }) => {
      const messages = [user('Write a summary.')]
      const one = await written(c, { messages, maxTokens: 0.2 })
      const more = await written(c, { messages, maxTokens: 20.7 })
      expect(one.kind === 'text' && one.text.length).toBeLessThan(10)
      expect(more.kind === 'text' && more.text.length).toBeGreaterThan(10)
    }))
})

describe('a compaction that fails in passing', () => {
  const key = (n: number) => `job-1/generate#${n}/server-error`

  it('is asked for twice more, after a wait', async () => {
    let waitedMs = 0
    const { asked, refused } = await under(
      autoCompact,
      async (trial) => {
        const { c } = trial
        fill(trial, 1, 12)
        const start = c.machine.clock.now()
        await full(trial)
        waitedMs = c.machine.clock.now() - start
        expect(summariesIn(c.messages)).toHaveLength(1)
      },
      { chance: { [key(1)]: true, [key(2)]: true } },
    )
    expect([asked.length, refused.length]).toEqual([3, 2])
    expect(waitedMs).toBeGreaterThan(1500)
  })

  it('is given up then', async () => {
    const { asked } = await under(
      autoCompact,
      async (trial) => {
        fill(trial, 1, 12)
        await full(trial)
        expect(summariesIn(trial.c.messages)).toEqual([])
      },
      { chance: { [key(1)]: true, [key(2)]: true, [key(3)]: true } },
    )
    expect(asked).toHaveLength(3)
  })
})

describe('a compaction that is cut off', () => {
  it('waits no longer', async () => {
    const aborts = new AbortController()
    await under([], async ({ c }) => {
      const { clock } = c.machine
      const start = clock.now()
      c.signal = aborts.signal
      let waitedMs = Number.NaN
      const ask = async (): Promise<Completion> => {
        void clock.sleep(100).then(() => aborts.abort())
        return { kind: 'refused', status: 503, code: '', message: '' }
      }
      await written(c, { messages: [user('Write.')] }, { ask, waitsMs: [60_000] })
      waitedMs = clock.now() - start
      expect(waitedMs).toBe(100)
    })
  })
})

describe('a share by which a summary slides on', () => {
  it('is a hundredth at least', () => {
    expect(() => slidingSummary.with({ stepShare: 0.004 })).toThrow(TypeError)
  })
})

describe('in a kernel, whatever the model does', () => {
  const NAMES = [...Object.keys(ALL), 'stale-usage']
  it.each(NAMES)('%s never sends an orphan, and comes to an end', async (name) => {
    for (const id of [`loop+context=${name}`, `micro+context=${name},pinning=task`]) {
      const kernel = await kernelNamed(id)
      for (const profile of ['forgetful', 'hostile'])
        for (const chance of ['1', '2']) {
          const set = { distance: 5000, items: 6, window: 4000 }
          const instance = await drawn('compaction/ledger', set, Number(chance))
          const { ending, trace } = await play({ kernel, instance, profile, chance })
          expect(['done', 'stuck']).toContain(ending?.kind)
          const wrong = ofKind(trace, 'refusal').filter(({ message }) =>
            /tool_call|role 'tool'|Invalid/.test(message),
          )
          expect(wrong).toEqual([])
        }
    }
  })

  it('a summary is an answer to a compaction, never work', async () => {
    for (const name of NAMES) {
      const kernel = await kernelNamed(`micro+context=${name}`)
      const instance = await drawn('compaction/exactly-once')
      const { trace } = await play({ kernel, instance })
      const asked = ofKind(trace, 'request')
      expect(asked.some(({ purpose }) => purpose === 'compaction')).toBe(true)
      expect(asked.some(({ purpose }) => purpose === 'title')).toBe(false)
    }
  })

  it.each(NAMES.filter((name) => name !== 'empty-summary'))(
    '%s lets a model that loses nothing pay every invoice once',
    async (name) => {
      const kernel = await kernelNamed(`micro+context=${name}`)
      const { trace } = await play({ kernel, instance: await drawn('compaction/exactly-once') })
      const paid = ofKind(trace, 'effect').filter(({ op }) => op === 'payments.pay')
      expect(paid).toHaveLength(16)
    },
  )

  it.each(['auto-compact', 'qa-handoff', 'paging'])(
    '%s does where tools are told in text, too',
    async (name) => {
      for (const tools of ['prompted', 'keystrokes']) {
        const kernel = await kernelNamed(`loop+tools=${tools},context=${name}`)
        const { trace } = await play({ kernel, instance: await drawn('compaction/exactly-once') })
        const asked = ofKind(trace, 'request')
        expect(asked.some(({ purpose }) => purpose === 'compaction')).toBe(true)
        const paid = ofKind(trace, 'effect').filter(({ op }) => op === 'payments.pay')
        expect(new Set(paid.map(({ value }) => value)).size).toBe(16)
        // What is unwound before a handoff is lost: at most the newest of it.
        expect(paid.length).toBeLessThanOrEqual(name === 'qa-handoff' ? 17 : 16)
      }
    },
  )
})

describe('what is told again after a turn', () => {
  it('does not shorten what came since', () =>
    under(autoCompact, async (trial) => {
      const { c } = trial
      fill(trial, 1, 12)
      await full(trial)
      turnOn(trial, 13)
      tell(c, 2000)
      const before = c.messages
      await prepare(trial)
      expect(c.messages).toBe(before)
    }))
})
