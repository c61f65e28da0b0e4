// Lost in the middle: one document of many answers the question, and it stands at a given place.
import { reader } from '../../harnesses/reading.ts'
import { DOCUMENT_TOKENS, documentOf, LIKE, needle } from '../draws/facts.ts'
import { asking, recalled } from '../draws/needle.ts'
import { experiment, numberOf, type Setting, whole } from '../experiment.ts'
import { share } from '../measure.ts'

/** The first, every fifth from the fifth on, and the last: as the paper places it. */
function places(documents: number): number[] {
  const found = [0]
  for (let place = 4; place < documents; place += 5) found.push(place)
  if (documents > 1 && found.at(-1) !== documents - 1) found.push(documents - 1)
  return found
}

const goldOf = (at: Setting): number => numberOf(at, 'gold')

export default experiment<number>({
  about: 'accuracy over many documents against the place of the one with the answer',
  source:
    'Lost in the Middle (arXiv 2307.03172), QA over retrieved documents; here each document has a fact of its own and the model knows none of them beforehand, so there is no closed book',
  tables: ['lost_in_the_middle_experiments'],
  harness: 'reader',
  options: {
    documents: whole('documents in the prompt', [1, 10_000], () => [20]),
    gold: whole('place of the document with the answer, from 0', [0, 9999], (at) =>
      places(numberOf(at, 'documents')),
    ),
  },
  published: (rows) =>
    rows.flatMap(({ condition }) => {
      if (condition === 'QA oracle (1 doc)') return [{ documents: 1, gold: 0 }]
      const [, documents, gold] = /^QA (\d+) docs gold_at (\d+)$/.exec(condition) ?? []
      return gold === undefined ? [] : [{ documents: Number(documents), gold: Number(gold) }]
    }),
  size: () => ({ instances: 600, trials: 1 }),
  problem: (at) =>
    goldOf(at) < numberOf(at, 'documents')
      ? undefined
      : `--gold ${at.gold}: ${at.documents} documents have places from 0 to ${numberOf(at, 'documents') - 1}`,
  needs: (at) => ({
    tokens: numberOf(at, 'documents') * (DOCUMENT_TOKENS + 50) + 200,
    what: `a prompt of ${at.documents} documents`,
  }),
  draw(draw, at, { pages, profile }) {
    const count = numberOf(at, 'documents')
    const asked = needle(draw, LIKE)
    const others = draw.shuffled(pages.documents).slice(0, count - 1)
    while (others.length < count - 1) others.push(documentOf(draw, needle(draw, LIKE)))
    return asking({
      texts: others.toSpliced(goldOf(at), 0, documentOf(draw, asked)),
      jobs: [[asked]],
      isSemantic: false,
      windowTokens: profile.window.native,
    })
  },
  kernel: () => reader({ tools: ['write_file'] }),
  observe: (run) => Number([...recalled(run).values()].every(Boolean)),
  measure(seen, at) {
    const docs = numberOf(at, 'documents')
    const condition = docs === 1 ? 'QA oracle (1 doc)' : `QA ${docs} docs gold_at ${goldOf(at)}`
    return share(
      { condition, metric: 'best_subspan_em' },
      seen.map(([hit = 0]) => hit),
    )
  },
})
