// The same question, asked again and again: how often all answers are the same, by the letter and in what
// they answer.
import { reader } from '../../harnesses/reading.ts'
import { atom } from '../../sim/index.ts'
import { prose } from '../../sim/world/prose.ts'
import { turnsIn } from '../draws/turns.ts'
import { decimal, experiment, numberOf, oneOf, type Setting, whole } from '../experiment.ts'
import { percent } from '../measure.ts'

const TASKS = [
  ...['geometric_shapes', 'logical_deduction', 'navigate', 'ruin_names'],
  ...['college_mathematics', 'high_school_european_history'],
  ...['professional_accounting', 'public_relations'],
]
const SHOTS = ['0-shot', 'few-shot']
/** Tokens of a question, and of one with examples before it. */
const QUESTION_TOKENS = 120
const FEW_SHOT_TOKENS = 1200

const FORM = /^T=([\d.]+) seed=12 top_p=1\.0 (\w+) (0-shot|few-shot)$/

const conditionOf = (at: Setting): string => {
  const asked = `T=${at.temperature} seed=12 top_p=1.0 ${at.task} ${at.shots}`
  return at.runs === 10 ? asked : `${asked}, ${at.runs} runs`
}

interface Seen {
  readonly raw: string
  readonly answer: string
}

const allSame = (texts: readonly string[]): number => Number(new Set(texts).size <= 1)

export default experiment<Seen>({
  about: 'how often the same question is answered alike each time: in words, and in the answer',
  source:
    'Non-determinism of "deterministic" LLM settings (arXiv 2408.04667), TARr and TARa; here a question whose answer stands in the prompt, asked without tools, each run afresh',
  tables: ['llm_stability_v3'],
  harness: 'reader',
  options: {
    task: oneOf('whose questions: how hard they are', TASKS, () => [
      ...['geometric_shapes', 'logical_deduction'],
      ...['high_school_european_history', 'college_mathematics'],
    ]),
    shots: oneOf('examples before the question', SHOTS, () => ['0-shot']),
    temperature: decimal('temperature of the request', [0, 2], () => [0]),
    runs: whole('times that each question is asked', [2, 1000], () => [10]),
  },
  published: (rows) => {
    const conditions = [...new Set(rows.map(({ condition }) => condition))]
    return conditions.flatMap((condition) => {
      const [, temperature, task, shots] = FORM.exec(condition) ?? []
      if (task === undefined || shots === undefined) return []
      return [{ task, shots, temperature: Number(temperature), runs: 10 }]
    })
  },
  size: (at) => ({ instances: 200, trials: numberOf(at, 'runs') }),
  domain: (at) => `${at.task} ${at.shots}`,
  draw(draw, at, { profile }) {
    const [value, job] = [String(draw.int(100, 999)), `ask-${draw.int(100, 999)}`]
    const tokens = at.shots === 'few-shot' ? FEW_SHOT_TOKENS : QUESTION_TOKENS
    const prompt = `${prose(draw, tokens).replaceAll('\n\n', ' ')} ${atom('fact', 'result', value)} ${atom('task', 'answer', job)} What is the result?`
    return {
      world: { files: {} },
      reactions: [],
      users: [{ id: 'ana', jobs: [{ id: job, prompt, arrivesMs: 0 }] }],
      programs: [
        {
          name: 'answer',
          facts: { result: { origin: 'user' } },
          steps: [],
          answer: 'All things considered, the result is {result}.',
        },
      ],
      hazards: [],
      truths: { result: { origin: 'user', values: [{ value }] } },
      windowTokens: profile.window.native,
    }
  },
  kernel: (at) => reader({ tools: [], temperature: numberOf(at, 'temperature') }),
  observe({ trace }) {
    const { text = '' } = turnsIn(trace)[0] ?? {}
    return { raw: text, answer: /result is ([\w.]*\w)/.exec(text)?.[1] ?? '' }
  },
  measure(seen, at) {
    const condition = conditionOf(at)
    const of = (metric: string, pick: (one: Seen) => string) =>
      percent(
        { condition, metric },
        seen.map((runs) => allSame(runs.map(pick))),
      )
    return [...of('TARr_pct', ({ raw }) => raw), ...of('TARa_pct', ({ answer }) => answer)]
  },
})
