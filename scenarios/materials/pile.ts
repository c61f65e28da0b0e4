// A job as scenarios of schedulers and budgets have it: a pile of documents, each of which is read and summed
// up in a file of its own. What it costs in time and tokens is known beforehand.
import { atom, type Draw, type Program, type Step, type Truth } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import type { Judged } from '../scenario.ts'
import { workMs } from './pace.ts'
import { reading, writing } from './steps.ts'
import { documents, names } from './stretch.ts'
import { written } from './written.ts'

export interface Pile {
  readonly job: string
  readonly prompt: string
  readonly files: Readonly<Record<string, string>>
  readonly truths: Readonly<Record<string, Truth>>
  readonly program: Program
  /** The steps that write, in their order. */
  readonly writes: readonly string[]
  /** Virtual milliseconds at the usual pace, with nobody else there. */
  readonly aloneMs: number
}

export interface PileOf {
  readonly job: string
  /** What the user says of it, in a sentence. */
  readonly asks: string
  readonly count: number
  /** Of each document, and of what is written about it. */
  readonly documentTokens: number
  readonly textTokens: number
}

export function pileOf(draw: Draw, of: PileOf): Pile {
  const { job, asks, count, documentTokens, textTokens } = of
  const items = names(draw, count).map((name) => `${name}-${job}`)
  const known = documents(draw, items, count * documentTokens)
  const steps = items.flatMap((item): Step[] => [
    { ...reading(`amount-${item}`), id: `read-${item}` },
    writing(
      `sum-up-${item}`,
      [`amount-${item}`],
      `out/${item}.md`,
      `${item}: {amount-${item}}\n\n${prose(draw, textTokens)}\n`,
    ),
  ])
  const writes = items.map((item) => `sum-up-${item}`)
  const prompt = [
    `${atom('task', `sort-${job}`, job)} ${asks} ${sentence(draw)}`,
    'Read each document and sum it up in a file of its own under out/, with its amount in front.',
    `The documents: ${known.places.join(' ')}`,
  ].join('\n')
  const answer = 'All documents are summed up.'
  return {
    job,
    prompt,
    files: known.files,
    truths: known.truths,
    program: { name: `sort-${job}`, facts: known.facts, steps, answer },
    writes,
    aloneMs: workMs(count, textTokens),
  }
}

/** All piles as one world. */
export function piled(piles: readonly Pile[]) {
  return {
    world: { files: Object.assign({}, ...piles.map(({ files }) => files)) },
    reactions: [],
    programs: piles.map(({ program }) => program),
    truths: Object.assign({}, ...piles.map(({ truths }) => truths)),
  }
}

/** The share of a job's documents that are summed up as they should be. */
export function sortedShare(judged: Judged, job: string): number {
  const steps = judged.instance.programs.find(({ name }) => name === `sort-${job}`)?.steps ?? []
  const own = written(judged).filter(({ step }) => steps.includes(step))
  const right = own.filter(
    ({ text, isOther, flaws }) => text !== undefined && !isOther && flaws.length === 0,
  )
  return own.length === 0 ? 0 : right.length / own.length
}

export const isSorted = (judged: Judged, job: string): boolean => sortedShare(judged, job) === 1

/** So many writes of a pile are thought about for long: placed decisions, and what they take in all. */
export function pauses(
  draw: Draw,
  { job, writes }: Pile,
  {
    count,
    leastMs,
    mostMs,
  }: { readonly count: number; readonly leastMs: number; readonly mostMs: number },
) {
  const placed = draw
    .some(writes, Math.min(count, writes.length))
    .map((step) => ({ id: `${job}/${step}/1/slow`, value: draw.int(leastMs, mostMs) }))
  const ms = placed.reduce((sum, { value }) => sum + value, 0)
  return { placed, ms }
}
