// RULER: a literal fact somewhere in a long text.
import { reader } from '../../harnesses/reading.ts'
import { haystack, lengthName, recalled } from '../draws/needle.ts'
import { experiment, numberOf, whole } from '../experiment.ts'
import { percent } from '../measure.ts'

const LENGTHS = [4000, 8000, 16_000, 32_000, 64_000]

export default experiment<number>({
  about: 'recall of a literal fact against the length of the text around it',
  source:
    'RULER (arXiv 2404.06654), a mean over 13 tasks; here one task, a needle found by its letters, whose parameters stand for that mean',
  tables: ['ruler_readme'],
  harness: 'reader',
  options: {
    length: whole('tokens of the prompt', [250, 10_000_000], () => LENGTHS),
  },
  published: (rows) =>
    rows.flatMap(({ condition }) => {
      const kilo = /^context (\d+)K$/.exec(condition)?.[1]
      return kilo === undefined ? [] : [{ length: Number(kilo) * 1000 }]
    }),
  size: () => ({ instances: 400, trials: 1 }),
  needs: (at) => ({ tokens: numberOf(at, 'length'), what: `a length of ${at.length}` }),
  draw: (draw, at, given) => haystack(draw, numberOf(at, 'length'), given, false),
  kernel: () => reader({ tools: ['write_file'] }),
  observe: (run) => Number([...recalled(run).values()].every(Boolean)),
  measure: (seen, at) =>
    percent(
      {
        condition: `context ${lengthName(numberOf(at, 'length'))}`,
        metric: 'ruler_avg_accuracy_pct',
      },
      seen.map(([hit = 0]) => hit),
    ),
})
