// The Berkeley function calling leaderboard: one request, and what is wrong with what was called.

import prompted from '../../harnesses/parts/tools/prompted.ts'
import world from '../../harnesses/parts/tools/world.ts'
import { reader } from '../../harnesses/reading.ts'
import { callsIn } from '../../sim/cpu/forms/tagged.ts'
import { wantedBy } from '../draws/errand.ts'
import {
  CATEGORIES,
  type Category,
  CLASSES,
  classOf,
  functionTest,
} from '../draws/function-test.ts'
import { turnsIn } from '../draws/turns.ts'
import { experiment, type Observed, oneOf, type Setting, wordOf } from '../experiment.ts'
import { percent } from '../measure.ts'

/** 400 simple tests, 200 of each other category: all of the table's first condition. */
const ALL = ['simple', ...CATEGORIES]
const RELEVANCE = 'irrelevance'

/** The class of the errors of a test, `irrelevant` for a call where no tool serves. */
type Seen = ReturnType<typeof classOf> | 'irrelevant'

const isPrompted = (at: Setting): boolean => at.calling === 'prompt'

/** The calls of the one answer; a call in the text that cannot be read is one without a name. */
function spokenIn({ trace }: Observed, at: Setting): { name: string; args: string }[] {
  const { text = '', calls = [] } = turnsIn(trace)[0] ?? {}
  if (!isPrompted(at)) return [...calls]
  const read = callsIn(text, String)
  const blocks = text.split('<tool_call>').length - 1
  return blocks > read.length ? [{ name: '', args: '' }] : read
}

export default experiment<Seen>({
  about: 'what is wrong with the calls of one answer, by class; and calls where no tool serves',
  source:
    'Berkeley function calling leaderboard, error records of 2024-08-11; here over the files and payments of the world, the arguments told in the prompt and known, so that only calling can go wrong',
  tables: ['bfcl_error_decomposition_2024-08-11'],
  harness: 'reader',
  options: {
    category: oneOf(
      'all (as published), one category of it, or irrelevance',
      ['all', ...CATEGORIES, RELEVANCE],
      () => ['all', RELEVANCE],
    ),
    calling: oneOf(
      'native calling, or tools described and called in text',
      ['native', 'prompt'],
      () => ['native'],
    ),
  },
  published: (rows) => {
    const [first] = rows
    if (first === undefined) return []
    const calling = first.model.includes('-FC') ? 'native' : 'prompt'
    return ['all', RELEVANCE].map((category) => ({ category, calling }))
  },
  size: (at) => ({ instances: at.category === RELEVANCE ? 600 : 1500, trials: 1 }),
  draw(draw, at, { profile }) {
    const asked = wordOf(at, 'category')
    const category = asked === 'all' ? draw.of(ALL) : asked
    return functionTest(draw, category as Category, profile.window.native)
  },
  kernel: (at, { offered }) =>
    reader({ tools: offered, toolset: isPrompted(at) ? prompted : world }),
  observe(run, at) {
    const spoken = spokenIn(run, at)
    if (at.category === RELEVANCE) return spoken.length > 0 ? 'irrelevant' : undefined
    const [program] = run.instance.programs
    if (program === undefined) return undefined
    return classOf(spoken, wantedBy(program, run.instance.truths), run.offered ?? [])
  },
  measure(seen, at) {
    const count = (one: Seen): number[] => seen.map(([found]) => Number(found === one))
    if (at.category === RELEVANCE) {
      const condition = 'relevance (no suitable tool)'
      return percent({ condition, metric: 'irrelevant_call_pct' }, count('irrelevant'))
    }
    const condition =
      at.category === 'all'
        ? 'python simple+multiple+parallel+parallel_multiple'
        : `python ${at.category}`
    return CLASSES.flatMap((one) =>
      percent({ condition, metric: `${one}_pct_of_tests` }, count(one)),
    )
  },
})
