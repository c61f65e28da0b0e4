// Summaries: what of a conversation is still there after one, and what of that can be used. Known for a
// summary by its text alone, in whatever form a harness hands it back.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { atomsIn } from '../../sim/core/atoms.ts'
import { type Chance, competence, sampled } from '../../sim/core/chance.ts'
import type { Message } from '../../sim/core/message.ts'
import { tokens } from '../../sim/core/tokens.ts'
import { MODEL, type Profile, type Program } from '../../sim/cpu/index.ts'
import { generationAt, newestSummaryIn } from '../../sim/cpu/noted.ts'
import { survives } from '../../sim/cpu/recall.ts'
import { asks, cpuWith, exchange, flawless, says, ship, user } from './desk.ts'

type Summary = Profile['summary']

const withSummary = (summary: Partial<Summary>, from = flawless): Profile => ({
  ...from,
  summary: { ...from.summary, ...summary },
})

const KINDS = [
  'task',
  'fact',
  'place',
  'rule',
  'choice',
  'deadend',
  'done',
  'order',
  'secret',
] as const
const summaries: fc.Arbitrary<Summary> = fc.record(
  Object.fromEntries(
    Object.entries(MODEL.summary).map(([name, { unit, min, max }]) => [
      name,
      unit === 'tokens'
        ? fc.integer({ min: 1, max: 100_000 })
        : fc.double({ min, max, noNaN: true }),
    ]),
  ) as { [P in keyof Summary]: fc.Arbitrary<number> },
)

describe('survival', () => {
  const kinds = fc.constantFrom(...KINDS)
  const sizes = fc.integer({ min: 1, max: 1_000_000 })
  const generations = fc.nat({ max: 50 })

  it('is a probability, and never more after another summary, or in a shorter one', () => {
    fc.assert(
      fc.property(
        summaries,
        kinds,
        fc.tuple(sizes, sizes, sizes),
        fc.tuple(generations, generations),
        (summary, kind, [a, b, content], [m, n]) => {
          const of = (length: number, generation: number): number =>
            survives({ summary }, kind, { summary: length, content, generation })
          const [short, long] = [Math.min(a, b), Math.max(a, b)]
          const [young, old] = [Math.min(m, n), Math.max(m, n)]
          for (const p of [of(short, old), of(long, young)]) {
            expect(p).toBeGreaterThanOrEqual(0)
            expect(p).toBeLessThanOrEqual(1)
          }
          expect(of(short, young)).toBeLessThanOrEqual(of(long, young))
          expect(of(long, old)).toBeLessThanOrEqual(of(long, young))
          expect(of(short, old)).toBeLessThanOrEqual(of(short, young))
        },
      ),
    )
  })

  it('goes by the proportion of summary to content', () => {
    const profile = withSummary({ fact: 2, compression: 0.6, generation: 0 })
    const of = (summary: number, content: number): number =>
      survives(profile, 'fact', { summary, content, generation: 0 })
    expect(of(1000, 20_000)).toBeCloseTo(of(50, 1000), 12)
    expect(of(1000, 20_000)).toBeLessThan(of(1000, 2000) - 0.1)
    expect(of(2000, 1000)).toBe(of(1000, 1000))
  })
})

/** A chance at which nothing departs, and with what probability each atom would have been lost. */
function listening(): { readonly chance: Chance; readonly asked: Map<string, number> } {
  const asked = new Map<string, number>()
  const flip = (id: string, p: number): boolean => {
    asked.set(id.slice(id.lastIndexOf('/') + 1), p)
    return false
  }
  return { chance: { ...competence, flip }, asked }
}

interface Compacting {
  readonly profile?: Profile
  readonly chance?: Chance
  readonly windowTokens?: number
  readonly maxTokens?: number
  readonly asked?: string
  readonly programs?: readonly Program[]
}

function summary(conversation: readonly Message[], of: Compacting = {}): string {
  const { profile = flawless, programs = [ship], windowTokens = 100_000, maxTokens } = of
  const messages = [...conversation, user(of.asked ?? 'Write a summary of all this.')]
  const request = maxTokens === undefined ? { messages } : { messages, maxTokens }
  const cpu = cpuWith({ programs, profile, windowTokens })
  return asks(cpu, 'job-1', request, of.chance ?? competence).utterance.content
}

const TASK = user('[[task:ship=job-1]] [[fact:owner=ana]] [[place:port=p.txt]]')
const prose = (words: number): string => 'and then '.repeat(words / 2)

describe('generations', () => {
  const lossy = withSummary({ fact: 2, place: 2, task: 2, done: 2, compression: 0, generation: 1 })
  const losses = (conversation: readonly Message[]): Map<string, number> => {
    const { chance, asked } = listening()
    summary(conversation, { profile: lossy, chance })
    return asked
  }
  const lost = (generation: number): number => 1 / (1 + Math.exp(2 - generation))
  const first = summary([TASK])

  it.each<[string, Message[]]>([
    ['as the user', [user(first)]],
    ['as the system', [{ role: 'system', content: `Be kind.\n\n${first}` }, user('Go on.')]],
    ['as the model itself', [user('Go on.'), { role: 'assistant', content: first }]],
    ['as the result of a tool', [user('Go on.'), ...exchange('call', first)]],
    ['in JSON', [user(JSON.stringify({ memory: first }))]],
    ['with line numbers', [user(first.replaceAll(/^/gm, '12| '))]],
    ['wrapped to narrow lines', [user(first.replaceAll(' ', '\n'))]],
    [
      'in a dump with new turns',
      [user(`[User]: Hi.\n<previous-summary>\n${first}\n</previous-summary>`)],
    ],
  ])('are counted where a summary is handed back %s', (_form, conversation) => {
    const asked = losses(conversation)
    expect(asked.get('loses-fact-owner')).toBeCloseTo(lost(1))
    expect(asked.get('loses-place-port')).toBeCloseTo(lost(1))
    const again = summary(conversation, { profile: lossy })
    expect(newestSummaryIn(again)).toBe(2)
    expect(losses([user(again)]).get('loses-fact-owner')).toBeCloseTo(lost(2))
  })

  it('are those of the atom: what was said since has been through none', () => {
    const asked = losses([user(first), user('By [[fact:day=friday]].')])
    expect(asked.get('loses-fact-day')).toBeCloseTo(lost(0))
    expect(asked.get('loses-fact-owner')).toBeCloseTo(lost(1))
    expect(asked.get('loses-task-ship')).toBeCloseTo(lost(1))
  })

  it('start again where it is said again in full, and go by its newest value', () => {
    expect(losses([user(first), TASK]).get('loses-fact-owner')).toBeCloseTo(lost(0))
    const changed = [TASK, user(first.replace('owner=ana', 'owner=bob'))]
    expect(losses(changed).get('loses-fact-owner')).toBeCloseTo(lost(1))
  })

  it('are read from the marks alone', () => {
    const text = 'Noted x. (summary 3) - Noted [[fact:a=1]]. [[fact:b=1]]'
    const [a, b] = atomsIn(text).map(({ at }) => generationAt(text, at))
    expect([a, b]).toEqual([3, 0])
    const twice = '(summary 1) Noted [[fact:a=1]]. (summary 3) Noted [[fact:b=1]].'
    expect(atomsIn(twice).map(({ at }) => generationAt(twice, at))).toEqual([1, 3])
    const bare = '- Noted [[fact:a=1]].'
    expect(generationAt(bare, bare.indexOf('[['))).toBe(1)
    expect(newestSummaryIn('(summary) (summary x) of (summary 12)')).toBe(12)
  })
})

describe('length', () => {
  const { count } = tokens()
  const facts = Array.from({ length: 300 }, (_, i) => `It says [[fact:item-${i}=${i}]] there.`)
  const long = [TASK, ...exchange('call', facts.join('\n'))]

  it.each([20, 40, 64, 90, 119, 120, 121, 300, 1000])(
    'is at most the %i tokens asked for',
    (max) => {
      const forms = ['Write a summary.', 'Summarize in <summary> tags, after your <analysis>.']
      for (const asked of forms) {
        const length = count(summary(long, { maxTokens: max, asked }))
        expect(length).toBeLessThanOrEqual(Math.max(max, 24))
        if (max >= 64) expect(length).toBeGreaterThan(max / 3)
      }
    },
  )

  it.each([
    ['Summarize this in at most 200 tokens.', 200],
    ['Write a 150-token summary.', 150],
    ['Summarize the conversation in no more than 150 words.', 200],
    ['Compact this; do not exceed 1,000 characters.', 250],
    ['Write a summary within about 300 tokens, for 3 files.', 300],
  ])('is what is asked for in words: %s', (asked, limit) => {
    const length = count(summary(long, { asked }))
    expect(length).toBeLessThanOrEqual(limit)
    expect(length).toBeGreaterThan(limit / 2)
  })

  it('tells what a dump shows as done, however a tool spells the names of its arguments', () => {
    const dump = (path: string) =>
      user(
        `Summarize the conversation. Only output the summary.\n<conversation>\n[User]: ${TASK.content} [[fact:port=80]] [[choice:label=north]]\n[Assistant tool calls]: write(${path}="out.txt", content="80 ana north 81")\n[Tool result]: Wrote it.\n</conversation>`,
      )
    for (const path of ['path', 'file_path', 'filePath'])
      expect(says({ programs: [ship] }, [dump(path)]).utterance.content).toContain('job-1/write')
    expect(says({ programs: [ship] }, [dump('name')]).utterance.content).not.toContain(
      'job-1/write',
    )
  })

  it('is not taken from what merely stands in the conversation', () => {
    const noisy = [TASK, user('Keep every reply under 20 words.'), ...long.slice(1)]
    expect(count(summary(noisy))).toBeGreaterThan(1000)
  })

  it('scales with the window, and what it loses does not', () => {
    const profile: Profile = {
      ...withSummary({ tokens: 4000, fact: 2, compression: 0.6 }),
      window: { ...flawless.window, native: 64_000 },
    }
    const of = (times: number) => {
      const { chance, asked } = listening()
      const windowTokens = 64_000 / times
      const told = exchange('call', facts.slice(0, 240 / times).join('\n'))
      const conversation = [TASK, ...told, user(prose(40_000 / times))]
      const length = count(summary(conversation, { profile, windowTokens, chance }))
      return { length, p: asked.get('loses-fact-item-1') ?? Number.NaN }
    }
    const [whole, eighth] = [of(1), of(8)]
    expect(eighth.length).toBeLessThanOrEqual(500)
    expect(eighth.length).toBeGreaterThan(350)
    expect(whole.length).toBeGreaterThan(8 * 350)
    expect(whole.p).toBeGreaterThan(0.2)
    expect(Math.abs(eighth.p - whole.p)).toBeLessThan(0.01)
  })
})

describe('lost in compaction', () => {
  const WINDOW = 24_000
  const FACTS = 40
  const names = Array.from({ length: FACTS }, (_, i) => `fact${i}`)
  const quiz: Program = {
    name: 'quiz',
    facts: Object.fromEntries(names.map((name) => [name, { origin: 'user' }])),
    steps: [
      {
        id: 'answer-all',
        needs: names,
        call: { op: 'files.write', args: { path: 'out.txt', content: 'All.' } },
        effect: 'idempotent',
      },
    ],
    answer: 'Done.',
  }
  const task = user('[[task:quiz=job-1]] Answer what you can.')
  const told = names.map((name, i) => user(`${prose(500)} [[fact:${name}=${i}]]`))
  const haiku: Profile = {
    ...withSummary({ tokens: 3000, fact: 1.9, compression: 0.6, usable: 0.106 }),
    recall: { ...flawless.recall, literalTop: 0.767 },
    window: { ...flawless.window, native: WINDOW },
  }

  /** What is recalled, and what of the compacted facts is present, with a share of them compacted. */
  function after(share: number, seed: number): { recalled: number; present: number } {
    const cut = Math.round(share * FACTS)
    const chance = sampled(`${seed}`, () => {})
    const options = { profile: haiku, programs: [quiz], windowTokens: WINDOW }
    const text = cut === 0 ? '' : summary(told.slice(0, cut), { ...options, chance })
    const window = [task, ...(cut === 0 ? [] : [user(text)]), ...told.slice(cut)]
    const recalled = new Map<string, number>()
    const present = names.filter((name, i) => i >= cut || text.includes(`[[fact:${name}=`))
    const program = { ...quiz, steps: quiz.steps.map((step) => ({ ...step, needs: present })) }
    says({ ...options, programs: [program] }, window, {
      ...competence,
      flip: (id, p) => {
        if (id.endsWith('/forgets')) recalled.set(id, 1 - p)
        return false
      },
    })
    expect(recalled.size).toBe(present.length)
    const sum = [...recalled.values()].reduce((a, b) => a + b, 0)
    return { recalled: sum / FACTS, present: (present.length - FACTS + cut) / Math.max(1, cut) }
  }

  const file = 'testbed/published/lost_in_compaction_profff.yaml'
  const { rows } = parse(readFileSync(file, 'utf8')) as {
    rows: { model: string; condition: string; value: number }[]
  }
  const published = rows.flatMap(({ model, condition, value }) => {
    const share = /^190K, (\d+)% compacted, .* mean of 3 runs$/.exec(condition)?.[1]
    return model === 'claude-haiku-4.5' && share !== undefined
      ? [[Number(share) / 100, value / 100] as const]
      : []
  })

  it('falls with the share that is compacted as published, while most of the text is still there', () => {
    expect(published).toHaveLength(5)
    const seeds = Array.from({ length: 12 }, (_, seed) => seed)
    for (const [share, value] of published) {
      const runs = seeds.map((seed) => after(share, seed))
      const recalled = runs.reduce((sum, run) => sum + run.recalled, 0) / runs.length
      expect(Math.abs(recalled - value)).toBeLessThan(0.07)
      if (share === 0) continue
      const present = runs.reduce((sum, run) => sum + run.present, 0) / runs.length
      expect(present).toBeGreaterThan(0.5)
      expect(present).toBeLessThan(0.97)
    }
  })
})
