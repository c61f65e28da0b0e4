// Recall: what of the window is usable. Present is not the same as usable.
// Forms as measured: against length A / (1 + (L/L50)^(s/ln 2)) (RULER for literal facts, NoLiMa for
// semantic ones), times a cliff; against position a floor and two exponentials (Liu et al., Lost in the
// Middle, 2023); of what stands in a summary alone, a share (lost-in-compaction, 2026).
import { shifted } from '../core/difficulty.ts'
import type { Profile } from './profile.ts'
import type { Occurrence, View } from './read.ts'

/** Whose recall it is, in which window. */
export interface Reader {
  readonly profile: Profile
  readonly windowTokens: number
}

/** What is looked for. */
export interface Sought {
  readonly kind: 'fact' | 'choice' | 'rule'
  readonly name: string
  /** Found by its meaning, not by its letters. */
  readonly semantic: boolean
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

/** How much this window is smaller than the one for which the profile's lengths hold. */
export const sigma = (profile: Profile, windowTokens: number): number =>
  Math.min(1, windowTokens / profile.window.native)

/** How many messages that say the same count: each is a chance of its own; assumed. */
const CHANCES = 3
/** So many of the newest mentions of a fact are looked at, whatever they say. */
const MENTIONS = 8

/** Recall at the best position of a window of so many tokens, lengths scaled by `scale`. */
export function byLength(
  { recall, window }: Pick<Profile, 'recall' | 'window'>,
  semantic: boolean,
  tokens: number,
  scale: number,
): number {
  const top = semantic ? recall.semanticTop : recall.literalTop
  const half = (semantic ? recall.semanticHalf : recall.literalHalf) * scale
  const slope = (semantic ? recall.semanticSlope : recall.literalSlope) / Math.LN2
  const left = tokens > window.trained * scale ? recall.beyond : 1
  return left * top * logistic(-slope * Math.log(tokens / half))
}

/**
 * Recall at a place of the window, 0 its start and 1 its end, against the best place, which is one of the
 * two. Only the proportions of floor, first and last count: in a profile their best place adds up to 1.
 */
export function byPosition({ recall }: Pick<Profile, 'recall'>, place: number): number {
  const { floor, first, last, reach } = recall
  const far = Math.exp(-1 / reach)
  const best = floor + Math.max(first, last) + Math.min(first, last) * far
  if (best === 0) return 0
  const here = floor + first * Math.exp(-place / reach) + last * Math.exp((place - 1) / reach)
  return Math.min(1, here / best)
}

/** Where in the window it stands: 0 at the start, 1 at the end. */
const placeOf = (view: View, { entry, at }: Occurrence): number =>
  1 - (view.distance(entry) + (1 - at) * entry.tokens) / view.tokens

/**
 * The probability that the newest value of an atom is usable now. Each message that says it is a chance
 * of its own. Summaries are not: they repeat each other, so the best one counts, and what is said
 * elsewhere too counts by the better of both.
 */
export function usable({ profile, windowTokens }: Reader, view: View, sought: Sought): number {
  const { kind, name, semantic } = sought
  const found = view.atoms.get(`${kind}:${name}`) ?? []
  const value = found.at(-1)?.value
  if (value === undefined) return 0
  const top = byLength(profile, semantic, view.tokens, sigma(profile, windowTokens))
  const others = view.likes.of(kind, name) - 1
  const odds = Math.exp(-profile.recall.distractors * Math.log1p(others))
  let missed = 1
  let summarised = 0
  let chances = 0
  for (let i = found.length - 1; i >= Math.max(0, found.length - MENTIONS); i--) {
    const mention = found[i]
    if (mention === undefined || mention.value !== value) continue
    const p = shifted(top * byPosition(profile, placeOf(view, mention)), odds)
    if (mention.summary > 0) summarised = Math.max(summarised, p * profile.summary.usable)
    else if (chances++ < CHANCES) missed *= 1 - p
  }
  return Math.max(1 - missed, summarised)
}

/**
 * The newest other value of a fact in view, and the probability that it is taken for the newest: by the
 * profile where each is said once; the odds go with how often either is said.
 */
export function older(
  { recall }: Pick<Profile, 'recall'>,
  found: readonly Occurrence[],
): { readonly value: string; readonly p: number } | undefined {
  const newest = found.at(-1)?.value
  let other: string | undefined
  let others = 0
  let own = 0
  for (let i = found.length - 1; i >= Math.max(0, found.length - MENTIONS); i--) {
    const value = found[i]?.value
    if (value === newest) own++
    else {
      other ??= value
      others++
    }
  }
  return other === undefined ? undefined : { value: other, p: shifted(recall.older, others / own) }
}

/** The probability that an atom is still there after a summary of `content` in `summary` tokens. */
export function survives(
  { summary: s }: Pick<Profile, 'summary'>,
  kind: keyof Profile['summary'],
  of: { readonly summary: number; readonly content: number; readonly generation: number },
): number {
  const compression = Math.min(0, Math.log(of.summary / Math.max(1, of.content)))
  return logistic(s[kind] + s.compression * compression - s.generation * of.generation)
}
