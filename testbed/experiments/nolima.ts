// NoLiMa: a fact in a long text that shares no words with the question.
import { reader } from '../../harnesses/reading.ts'
import { haystack, lengthName, recalled } from '../draws/needle.ts'
import { experiment, numberOf, type Setting, whole } from '../experiment.ts'
import { percent } from '../measure.ts'

/** What the table calls the base, at which a model is at its best. */
const BASE = 'base'
const BASE_LENGTHS = [250, 500, 1000]
const LENGTHS = [BASE, 1000, 2000, 4000, 8000, 16_000]

const isBase = (at: Setting): boolean => at.length === BASE

const most = (at: Setting): number =>
  isBase(at) ? Math.max(...BASE_LENGTHS) : numberOf(at, 'length')

export default experiment<number>({
  about: 'recall of a fact found by its meaning against the length of the text around it',
  source:
    'NoLiMa (arXiv 2502.05167): needles without words in common with the question; here a fact that is recalled by meaning, at a random place',
  tables: ['nolima_readme'],
  harness: 'reader',
  options: {
    length: {
      ...whole('tokens of the prompt, or base: the mean of 250, 500 and 1000', [250, 1e7], () => [
        ...LENGTHS,
      ]),
      word: BASE,
    },
  },
  published: (rows) =>
    rows.flatMap(({ condition }) => {
      const kilo = /^context (\d+)K$/.exec(condition)?.[1]
      if (kilo !== undefined) return [{ length: Number(kilo) * 1000 }]
      return condition.startsWith(BASE) ? [{ length: BASE }] : []
    }),
  size: () => ({ instances: 400, trials: 1 }),
  needs: (at) => ({ tokens: most(at), what: `a length of ${at.length}` }),
  draw(draw, at, given) {
    const length = isBase(at) ? draw.of(BASE_LENGTHS) : numberOf(at, 'length')
    return haystack(draw, length, given, true)
  },
  kernel: () => reader({ tools: ['write_file'] }),
  observe: (run) => Number([...recalled(run).values()].every(Boolean)),
  measure(seen, at) {
    const length = isBase(at) ? '' : lengthName(numberOf(at, 'length'))
    const condition = isBase(at) ? 'base (250,500,1K)' : `context ${length}`
    return percent(
      { condition, metric: 'accuracy_pct' },
      seen.map(([hit = 0]) => hit),
    )
  },
})
