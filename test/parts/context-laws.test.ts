// What every part that shortens a history keeps, whatever the history.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimate } from '../../harnesses/history/estimate.ts'
import { roundsOf, sizeOf } from '../../harnesses/history/rounds.ts'
import type { Message, Part } from '../../harnesses/kernel.ts'
import budgetReduction from '../../harnesses/parts/context/budget-reduction.ts'
import contextCollapse from '../../harnesses/parts/context/context-collapse.ts'
import dropOldest from '../../harnesses/parts/context/drop-oldest.ts'
import lastN from '../../harnesses/parts/context/last-n-observations.ts'
import lru from '../../harnesses/parts/context/lru.ts'
import microcompact from '../../harnesses/parts/context/microcompact.ts'
import prefetch from '../../harnesses/parts/context/prefetch.ts'
import priority from '../../harnesses/parts/context/priority.ts'
import prune from '../../harnesses/parts/context/prune-tool-output.ts'
import snip from '../../harnesses/parts/context/snip.ts'
import workingSet from '../../harnesses/parts/context/working-set.ts'
import recentFiles from '../../harnesses/parts/pinning/recent-files.ts'
import { run } from '../../testbed/index.ts'
import { drawn, house, kernelNamed, ofKind, play } from '../machine/rig.ts'
import {
  converse,
  overflowed,
  pinsMarked,
  prepare,
  said,
  say,
  shown,
  turn,
  user,
} from './histories.ts'

const WINDOW = 4000

/** How full each leaves the window, where that can be. */
const DROPPING: Readonly<Record<string, readonly [part: Part, share: number]>> = {
  'drop-oldest': [dropOldest, 0.9],
  snip: [snip, 0.75],
  lru: [lru, 0.9],
  'lru with two hits': [lru.with({ hits: 2 }), 0.9],
  'working-set': [workingSet.with({ tauTurns: 4 }), 0.9],
  priority: [priority, 0.9],
}

const SHORTENING: Readonly<Record<string, readonly Part[]>> = {
  'budget-reduction': [budgetReduction],
  microcompact: [microcompact],
  'context-collapse': [contextCollapse],
  'last-n-observations': [lastN],
  'last-n-observations by three': [lastN.with({ polling: 3 })],
  'prune-tool-output': [prune.with({ skipUserTurns: 0 })],
  prefetch: [prefetch],
  'recent-files behind drop-oldest': [dropOldest, recentFiles],
  'four stages': [budgetReduction, snip, microcompact, contextCollapse],
}

const paths = fc.constantFrom('a.md', 'docs/b.md', 'c.txt')
const text = fc.tuple(fc.nat(400), paths, fc.constantFrom('', '', '', 'KEEP '))
const prose = text.map(([words, path, mark]) => `${mark}${path} ${'word '.repeat(words)}`)
const called = fc.record({
  name: fc.constantFrom('read_file', 'search_files', 'write_file', 'make_payment', 'skill'),
  args: paths.map((path) => ({ path })),
  text: prose,
  isError: fc.boolean(),
})
const round = fc.oneof(
  { weight: 1, arbitrary: prose.map((words) => [user(words)]) },
  { weight: 1, arbitrary: prose.map((words) => [said(words)]) },
  { weight: 5, arbitrary: fc.array(called, { minLength: 1, maxLength: 3 }) },
)

/** Histories of rounds; every call has an id of its own. */
const histories = fc.array(round, { minLength: 1, maxLength: 40 }).map((rounds) =>
  rounds.flatMap((one, i): Message[] => {
    const calls = one.flatMap((item, j) => ('args' in item ? [{ ...item, id: `${i}.${j}` }] : []))
    return calls.length > 0 ? turn(...calls) : one.flatMap((item) => ('role' in item ? [item] : []))
  }),
)

/** What a strict provider would refuse it for. */
function problemOf(messages: readonly Message[]): string | undefined {
  if (messages[0]?.role !== 'system') return 'no system prompt'
  const open = new Set<string>()
  for (const { role, calls = [], callId = '' } of messages) {
    if (role === 'tool' ? !open.delete(callId) : open.size > 0) return `at ${role} ${callId}`
    for (const { id } of calls) open.add(id)
  }
  return open.size > 0 ? 'unanswered' : undefined
}

const instance = {
  world: { files: { 'a.md': 'alpha', 'docs/b.md': 'beta ', 'c.txt': 'gamma' }, payments: [] },
}

async function holds(
  parts: readonly Part[],
  law: (before: readonly Message[], trial: Parameters<typeof shown>[0]) => void,
): Promise<void> {
  const stage = { parts: [...parts, pinsMarked], windowTokens: WINDOW, nativeWindowTokens: 20_000 }
  const one = async (history: readonly Message[], isOverflow: boolean): Promise<void> =>
    converse({ ...stage, instance }, async (trial) => {
      const { c } = trial
      say(trial, ...history)
      const before = c.messages
      c.usage = { input: 10_000, cached: 0, output: 1 }
      await prepare(trial)
      expect(problemOf(c.messages)).toBeUndefined()
      law(before, trial)
      if (isOverflow) await overflowed(trial)
      await prepare(trial)
      expect(problemOf(shown(trial))).toBeUndefined()
      expect(c.messages[0]).toBe(before[0])
      for (const message of before)
        if (message.content.includes('KEEP')) expect(shown(trial)).toContain(message)
      expect(c.messages.at(-1)?.callId).toBe(before.at(-1)?.callId)
    })
  await fc.assert(fc.asyncProperty(histories, fc.boolean(), one), { numRuns: 60 })
}

describe.each(Object.entries(DROPPING))('%s', (_, [part, share]) => {
  it('leaves whole rounds in their order, the pinned ones, and no more than fits', () =>
    holds([part], (before, { c }) => {
      const places = c.messages.map((message) => before.indexOf(message))
      expect(places).not.toContain(-1)
      expect(places).toEqual(places.toSorted((a, b) => a - b))
      if (c.messages !== before) expect(c.usage?.input).not.toBe(10_000)
      if (sizeOf(c) <= share * WINDOW) return
      // Too much still: then nothing may go that is left.
      const rest = roundsOf(c.messages).slice(0, -1)
      for (const { messages } of rest)
        expect(messages.some(({ content }) => content.includes('KEEP'))).toBe(true)
    }))
})

describe.each(Object.entries(SHORTENING))('%s', (_, parts) => {
  it('keeps what is pinned, and a history that a strict provider takes', () =>
    holds(parts, (before, trial) => {
      const { c } = trial
      if (estimate(c.messages) < estimate(before) && !parts.includes(budgetReduction))
        expect(c.usage).toBeUndefined()
    }))
})

describe('in a kernel, whatever the model does', () => {
  const slots = [
    ...['drop-oldest', 'last-n-observations', 'budget-reduction', 'snip', 'microcompact'],
    ...['context-collapse', 'prune-tool-output', 'lru', 'working-set', 'priority'],
    'prefetch/drop-oldest',
    'budget-reduction/snip/microcompact/context-collapse',
  ]
  const pinnings = [
    'task',
    'first-observation',
    'user-messages',
    'recent-files',
    'task/recent-files',
  ]
  const harnesses = [
    ...slots.map((slot) => `loop+context=${slot},pinning=task`),
    ...pinnings.map((pinning) => `micro+context=lru,pinning=${pinning}`),
  ]

  it.each(harnesses)('%s never sends an orphan', async (id) => {
    const kernel = await kernelNamed(id)
    for (const [scenario, set] of [
      ['compaction/ledger', { distance: 5000, items: 6, window: 2500 }],
      ['phantom-calls/malformed', {}],
    ] as const)
      for (const profile of ['forgetful', 'hostile'])
        for (const chance of ['1', '2', '3']) {
          const instance = await drawn(scenario, set, Number(chance))
          const { ending, trace } = await play({ kernel, instance, profile, chance })
          expect(['done', 'stuck']).toContain(ending?.kind)
          const orphans = ofKind(trace, 'refusal').filter(({ message }) =>
            /tool_call|role 'tool'/.test(message),
          )
          expect(orphans).toEqual([])
        }
  })

  it.each([
    ['drop-oldest', ['paid-twice']],
    ['snip', ['', 'paid-twice']],
    ['lru', ['', 'paid-twice']],
    ['working-set', ['', 'paid-twice']],
    // Deeds stay, and what was read goes.
    ['priority', ['']],
  ])('loop+context=%s,pinning=task drops and goes on', async (slot, reasons) => {
    const spec = {
      scenario: 'compaction/exactly-once',
      params: { distance: 5000, window: 4000 },
      instance: 0,
      trial: 0,
      harness: `loop+context=${slot},pinning=task`,
      profile: 'flawless',
      seed: 1,
    }
    const { record, trace } = await run(spec, 'sampled', house)
    expect(reasons).toContain(record.reason)
    expect(ofKind(trace, 'request').some(({ dropped }) => dropped.length > 0)).toBe(true)
    expect(ofKind(trace, 'refusal')).toEqual([])
  })
})
