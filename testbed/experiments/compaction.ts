// Lost in compaction: facts all over a long context, of which the oldest share is summarised by the model.
import { reader } from '../../harnesses/reading.ts'
import type { TraceEvent } from '../../sim/index.ts'
import { atomsIn } from '../../sim/index.ts'
import { needle } from '../draws/facts.ts'
import { among, asking, lengthName, recalled } from '../draws/needle.ts'
import { fill } from '../draws/pages.ts'
import { decimal, experiment, numberOf, type Setting, whole } from '../experiment.ts'
import { percent } from '../measure.ts'

/** The published context, and the density and questions at which its zones were told apart. */
const LENGTH = 190_000
const DENSITY = 0.42
const QUESTIONS = 5
/** So many of the facts are asked for in a case: more cases tell more than more questions. */
const ASKED = 20
/** For the question, the tools and the answer. */
const FRAME_TOKENS = 1000

const SHORT = /^190K, (\d+)% compacted, density (\.\d+), Q=(\d+)$/
const LONG = /^190K context, (\d+)% compacted, density (0\.\d+) facts\/kTok, Q=(\d+)$/

/** As the tables word it. */
function conditionOf(at: Setting): string {
  const [length, rounds] = [lengthName(numberOf(at, 'length')), numberOf(at, 'rounds')]
  const asked = `Q=${at.questions}${rounds === 1 ? '' : `, ${rounds} rounds`}`
  const density = String(at.density)
  return at.questions === 1
    ? `${length}, ${at.share}% compacted, density ${density.replace(/^0/, '')}, ${asked}`
    : `${length} context, ${at.share}% compacted, density ${density} facts/kTok, ${asked}`
}

function zoneOf(at: Setting, zone: string): string {
  const isPublished =
    at.length === LENGTH && at.density === DENSITY && at.questions === QUESTIONS && at.rounds === 1
  return isPublished ? `${zone} zone, ${at.share}% compacted` : `${zone} zone, ${conditionOf(at)}`
}

/** The facts that stood in what was summarised. */
function compactedIn(trace: readonly TraceEvent[]): Set<string> {
  const names = new Set<string>()
  for (const event of trace) {
    if (event.kind !== 'request' || event.purpose !== 'compaction') continue
    for (const [, { content }] of event.added)
      for (const { kind, name } of atomsIn(content)) if (kind === 'fact') names.add(name)
  }
  return names
}

/** Facts recalled and facts asked for, in each zone. */
interface Seen {
  readonly compacted: readonly [hits: number, of: number]
  readonly untouched: readonly [hits: number, of: number]
}

export default experiment<Seen>({
  about: 'recall of facts all over a long context whose oldest share was compacted, in rounds',
  source:
    'Lost in compaction (Zenodo 10.5281/zenodo.20273814); here facts are found by their meaning, a prompt of Q questions is a conversation of Q, and each further round summarises the summary again with the next piece',
  tables: ['lost_in_compaction_profff'],
  harness: 'reader',
  options: {
    length: whole('tokens of the context', [2000, 10_000_000], (_, { window }) => [
      Math.min(LENGTH, Math.floor((window.native * 0.95) / 1000) * 1000),
    ]),
    share: decimal('per cent of the context that is compacted, its oldest part', [0, 100], () => [
      ...[0, 25, 50, 98],
    ]),
    rounds: whole('compactions, each of the summary and the next piece', [1, 50], () => [1]),
    density: decimal('facts in a thousand tokens', [0.01, 20], () => [DENSITY]),
    questions: whole('questions in one conversation', [1, 1000], () => [QUESTIONS]),
  },
  published: (rows) =>
    rows.flatMap(({ condition }) => {
      const [, share, density, questions] = SHORT.exec(condition) ?? LONG.exec(condition) ?? []
      if (questions === undefined) return []
      const [of, at, asked] = [Number(share), Number(density), Number(questions)]
      return [{ length: LENGTH, share: of, rounds: 1, density: at, questions: asked }]
    }),
  size: () => ({ instances: 40, trials: 1 }),
  needs: (at) => ({
    tokens: numberOf(at, 'length') + FRAME_TOKENS,
    what: `a length of ${at.length}`,
  }),
  draw(draw, at, { pages, profile }) {
    const [length, each] = [numberOf(at, 'length'), numberOf(at, 'questions')]
    const count = Math.max(1, Math.round((length / 1000) * numberOf(at, 'density')))
    const facts = Array.from({ length: count }, () => needle(draw))
    const texts = fill(draw, pages, length - 50 * count)
    const put = facts.map(({ text }, i) => ({
      text,
      place: Math.floor(((i + draw.next()) / count) * (texts.length + 1)),
    }))
    const asked = draw.some(facts, ASKED)
    const jobs = []
    for (let i = 0; i < asked.length; i += each) jobs.push(asked.slice(i, i + each))
    const windowTokens = profile.window.native
    return asking({ texts: among(texts, put), jobs, isSemantic: true, windowTokens })
  },
  kernel: (at) =>
    reader({
      tools: ['write_file'],
      compacts: { sharePercent: numberOf(at, 'share'), rounds: numberOf(at, 'rounds') },
    }),
  observe(run) {
    const compacted = compactedIn(run.trace)
    const zones = { compacted: [0, 0] as [number, number], untouched: [0, 0] as [number, number] }
    for (const [name, isRecalled] of recalled(run)) {
      const zone = compacted.has(name) ? zones.compacted : zones.untouched
      zone[0] += Number(isRecalled)
      zone[1]++
    }
    return zones
  },
  measure(seen, at) {
    const metric = 'recall_pct'
    const all = seen.flatMap(([one]) => (one === undefined ? [] : [one]))
    const of = (condition: string, zones: readonly (keyof Seen)[]) =>
      percent(
        { condition, metric },
        all.map((one) => zones.reduce((sum, zone) => sum + one[zone][0], 0)),
        all.map((one) => zones.reduce((sum, zone) => sum + one[zone][1], 0)),
      )
    const both = of(conditionOf(at), ['compacted', 'untouched'])
    if (at.share === 0) return both
    return [
      ...both,
      ...of(zoneOf(at, 'compacted'), ['compacted']),
      ...of(zoneOf(at, 'remaining (untouched)'), ['untouched']),
    ]
  },
})
