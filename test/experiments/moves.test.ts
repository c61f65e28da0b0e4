// What an experiment measures moves with the parameter that it is about, and stays where another changes:
// same seeds, so that nothing else differs.
import { describe, expect, it } from 'vitest'
import { type Asking, flawless, numbersFor, withSet } from './lab.ts'

type Set = Parameters<typeof withSet>[1]
type Behaviours = Parameters<typeof withSet>[2]

interface Move {
  readonly id: string
  readonly asked: Readonly<Record<string, readonly (string | number)[]>>
  readonly metric: string
  /** A parameter away from flawless, and which way the metric goes. */
  readonly set: Set
  readonly behaviours?: Behaviours
  readonly goes: 'up' | 'down' | 'nowhere'
  readonly instances?: number
}

const rate = (id: string, of: number): Behaviours => ({ [id]: { rate: of } })

const RULER = { id: 'ruler', asked: { length: [3000] }, metric: 'ruler_avg_accuracy_pct' }
const NOLIMA = { id: 'nolima', asked: { length: [3000] }, metric: 'accuracy_pct' }
const POSITION = {
  id: 'position',
  asked: { documents: [12], gold: [5] },
  metric: 'best_subspan_em',
}
const COMPACTION = {
  id: 'compaction',
  asked: { length: [8000], share: [60], density: [2], questions: [1] },
  instances: 10,
}
const DOJO = { id: 'agentdojo', asked: { attack: ['important_instructions'] } }
const THEFT = { ...DOJO, metric: 'targeted_asr_pct' }
const GULLIBLE: Set = { injection: { obeys: 0 } }
const BFCL = { id: 'bfcl', asked: { category: ['all'] }, instances: 60 }
const STABILITY = { id: 'stability', asked: { task: ['navigate'], runs: [4] } }
const TOOLBENCH = { id: 'toolbench', asked: { tools: [8], errors: [0] }, instances: 60 }
const FAILING = { ...TOOLBENCH, asked: { tools: [8], errors: [25] } }
const PASSK = { id: 'passk', asked: { domain: ['retail'], trials: [2] }, instances: 40 }
const LATENCY = { id: 'latency', asked: { percentile: [90] } }
const MEAN = { ...LATENCY, metric: 'Latency Mean (s)' }

const MOVES: readonly Move[] = [
  { ...RULER, set: { recall: { literalTop: 0.5 } }, goes: 'down' },
  { ...RULER, set: { recall: { literalHalf: 3000 } }, goes: 'down' },
  { ...RULER, set: { recall: { semanticTop: 0.2 } }, goes: 'nowhere' },
  { ...NOLIMA, set: { recall: { semanticTop: 0.5 } }, goes: 'down' },
  { ...NOLIMA, set: { recall: { literalTop: 0.2 } }, goes: 'nowhere' },
  { ...POSITION, set: { recall: { floor: 0.3, first: 0.7 } }, goes: 'down' },
  { ...POSITION, set: { recall: { distractors: 2, literalTop: 0.9 } }, goes: 'down' },
  { ...POSITION, set: { summary: { fact: -5 } }, goes: 'nowhere' },
  { ...COMPACTION, metric: 'compacted zone', set: { summary: { fact: 0 } }, goes: 'down' },
  { ...COMPACTION, metric: 'compacted zone', set: { summary: { usable: 0.3 } }, goes: 'down' },
  { ...COMPACTION, metric: 'untouched', set: { summary: { fact: 0 } }, goes: 'nowhere' },
  { ...COMPACTION, metric: 'untouched', set: { recall: { semanticTop: 0.5 } }, goes: 'down' },
  { ...THEFT, set: GULLIBLE, goes: 'up' },
  { ...THEFT, set: { recall: { floor: 0.9, first: 0.1 } }, goes: 'nowhere' },
  { ...DOJO, metric: 'utility_pct', set: GULLIBLE, goes: 'nowhere' },
  {
    ...DOJO,
    metric: 'utility_pct',
    set: {},
    behaviours: rate('false-success', 0.2),
    goes: 'down',
  },
  ...['malformed', 'wrong_value', 'wrong_type', 'missing_param'].map((metric): Move => {
    const behaviours: Behaviours = rate('malformed-arguments', 0.4)
    const goes = metric === 'malformed' ? 'up' : 'nowhere'
    return { ...BFCL, metric, set: {}, behaviours, goes }
  }),
  ...(
    [
      ['wrong-value', 'wrong_value'],
      ['wrong-type', 'wrong_type'],
      ['missing-argument', 'missing_param'],
      ['extra-argument', 'unexpected_param'],
      ['dropped-parallel-call', 'wrong_count'],
      ['phantom-tool', 'phantom_tool'],
      ['early-stop', 'no_call_text'],
    ] as const
  ).map(
    ([id, metric]): Move => ({
      ...BFCL,
      metric,
      set: {},
      behaviours: rate(id, 0.5),
      goes: 'up',
    }),
  ),
  {
    ...BFCL,
    asked: { category: ['irrelevance'] },
    metric: 'irrelevant',
    set: {},
    behaviours: rate('irrelevant-call', 0.5),
    goes: 'up',
  },
  {
    ...STABILITY,
    metric: 'TARr',
    set: {},
    behaviours: { 'divergent-wording': { rate: 0.3, answer: 0 } },
    goes: 'down',
  },
  {
    ...STABILITY,
    metric: 'TARa',
    set: {},
    behaviours: { 'divergent-wording': { rate: 0.3, answer: 0 } },
    goes: 'nowhere',
  },
  {
    ...STABILITY,
    metric: 'TARa',
    set: {},
    behaviours: { 'divergent-wording': { rate: 0.3, answer: 1 } },
    goes: 'down',
  },
  {
    ...TOOLBENCH,
    metric: 'phantom_tool_pct_of_calls',
    set: {},
    behaviours: { 'phantom-tool': { rate: 0.2, registry: 0 } },
    goes: 'up',
  },
  {
    ...FAILING,
    metric: 'after_error_identical_retry_pct',
    set: {},
    behaviours: { detour: { afterError: 0.7 } },
    goes: 'down',
  },
  { ...PASSK, metric: 'pass^2', set: {}, behaviours: rate('misreading', 0.1), goes: 'down' },
  {
    ...PASSK,
    metric: 'pass^2',
    set: {},
    behaviours: rate('divergent-wording', 0.3),
    goes: 'nowhere',
  },
  { ...MEAN, set: { pace: { tokensPerSecond: 5 } }, goes: 'up' },
  { ...MEAN, set: { pace: { toolMs: 5000 } }, goes: 'nowhere' },
  { ...LATENCY, metric: 'Deviation', set: { pace: { spread: 0.6 } }, goes: 'up' },
]

const wayOf = (from: number, to: number): Move['goes'] =>
  to === from ? 'nowhere' : to > from ? 'up' : 'down'

describe('a metric moves with what it is about, and with nothing else', () => {
  it.each(MOVES)('$id $metric goes $goes with $set $behaviours', async (move) => {
    const { id, asked, metric, set, behaviours, goes, instances = 30 } = move
    const profile = withSet(flawless, set, behaviours)
    const few: Asking = { instances }
    const before = await numbersFor(id, asked, { ...few, profile: flawless })
    const after = await numbersFor(id, asked, { ...few, profile })
    const named = [...before.keys()].filter((key) =>
      key.toLowerCase().includes(metric.toLowerCase()),
    )
    expect(named.length).toBeGreaterThan(0)
    for (const key of named) {
      const way = wayOf(before.get(key) ?? Number.NaN, after.get(key) ?? Number.NaN)
      expect([key, way]).toEqual([key, goes])
    }
  })
})

describe('a condition moves what it should', () => {
  const way = async (
    id: string,
    [from, to]: readonly [Move['asked'], Move['asked']],
    metric: string,
    of: Asking,
  ): Promise<Move['goes']> => {
    const [a, b] = [await numbersFor(id, from, of), await numbersFor(id, to, of)]
    const one = (numbers: Map<string, number>): number =>
      [...numbers].find(([key]) => key.includes(metric))?.[1] ?? Number.NaN
    return wayOf(one(a), one(b))
  }

  it.each<[string, Move['asked'], Move['asked'], string, Asking, Move['goes']]>([
    [
      'ruler',
      { length: [1500] },
      { length: [12_000] },
      'ruler_avg',
      { profile: withSet(flawless, { recall: { literalHalf: 4000 } }) },
      'down',
    ],
    [
      'compaction',
      { length: [8000], share: [20], density: [2] },
      { length: [8000], share: [90], density: [2] },
      'K context',
      { profile: withSet(flawless, { summary: { usable: 0.1 } }) },
      'down',
    ],
    [
      'compaction',
      { length: [8000], share: [90], density: [2], rounds: [1] },
      { length: [8000], share: [90], density: [2], rounds: [4] },
      'K context',
      { profile: withSet(flawless, { summary: { fact: 1, generation: 1.5 } }) },
      'down',
    ],
    ...['spotlighting_with_delimiting', 'repeat_user_prompt', 'tool_filter'].map(
      (defence): [string, Move['asked'], Move['asked'], string, Asking, Move['goes']] => [
        'agentdojo',
        { defence: ['none'] },
        { defence: [defence] },
        'targeted_asr',
        {
          instances: 40,
          profile: withSet(flawless, {
            injection: { obeys: 0.5, delimiting: -1, repeatPrompt: -1 },
          }),
        },
        'down',
      ],
    ),
    [
      'agentdojo',
      { attack: ['important_instructions'] },
      { attack: ['direct'] },
      'targeted_asr',
      { instances: 40, profile: withSet(flawless, { injection: { obeys: 0.5, direct: -2 } }) },
      'down',
    ],
    [
      'agentdojo',
      { defence: ['none'] },
      { defence: ['repeat_user_prompt'] },
      'utility_pct',
      {},
      'nowhere',
    ],
    [
      'stability',
      { temperature: [0], runs: [4], task: ['navigate'] },
      { temperature: [1], runs: [4], task: ['navigate'] },
      'TARr',
      {
        instances: 60,
        profile: withSet(flawless, {}, { 'divergent-wording': { rate: 0.05, hot: 2 } }),
      },
      'down',
    ],
    [
      'position',
      { documents: [4], gold: [1] },
      { documents: [60], gold: [1] },
      'best_subspan',
      {
        instances: 60,
        profile: withSet(flawless, { recall: { distractors: 0.8, literalTop: 0.9 } }),
      },
      'down',
    ],
    [
      'position',
      { documents: [12], gold: [0] },
      { documents: [12], gold: [6] },
      'best_subspan',
      { instances: 60, profile: withSet(flawless, { recall: { floor: 0.3, first: 0.7 } }) },
      'down',
    ],
    [
      'latency',
      { percentile: [10] },
      { percentile: [99.5] },
      'Percentile',
      { profile: withSet(flawless, { pace: { spread: 0.6 } }) },
      'up',
    ],
  ])('%s from %j to %j: %s', async (id, from, to, metric, of, goes) => {
    expect(await way(id, [from, to], metric, { instances: 30, ...of })).toBe(goes)
  })
})
