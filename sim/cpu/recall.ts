// Recall: what of the window is usable. Present is not the same as usable.
// Forms as measured: against length A / (1 + (L/L50)^(s/ln 2)) (RULER for literal facts, NoLiMa for
// semantic ones); against position a floor and two exponentials (Liu et al., Lost in the Middle, 2023).
import type { Profile } from './profile.ts'
import type { Entry, View } from './read.ts'

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

/** How much this window is smaller than the one for which the profile's lengths hold. */
export const sigma = (profile: Profile, windowTokens: number): number =>
  Math.min(1, windowTokens / profile.window.native)

/** The probability that what stands in this message is usable now. */
export function usable(
  profile: Profile,
  view: View,
  entry: Entry,
  semantic: boolean,
  windowTokens: number,
): number {
  const r = profile.recall
  const top = semantic ? r.semanticTop : r.literalTop
  const half = (semantic ? r.semanticHalf : r.literalHalf) * sigma(profile, windowTokens)
  const slope = (semantic ? r.semanticSlope : r.literalSlope) / Math.LN2
  const byLength = top * logistic(-slope * Math.log(view.tokens / half))
  const fromEnd = view.distance(entry) / view.tokens
  const fromStart = Math.max(0, 1 - fromEnd - entry.tokens / view.tokens)
  const byPosition =
    r.floor + r.first * Math.exp(-fromStart / r.reach) + r.last * Math.exp(-fromEnd / r.reach)
  return byLength * Math.min(1, byPosition)
}

/** The probability that an atom is still there after a summary of `content` in `summary` tokens. */
export function survives(
  profile: Profile,
  kind: keyof Profile['summary'],
  summary: number,
  content: number,
  generation: number,
): number {
  const s = profile.summary
  const compression = Math.min(0, Math.log(summary / Math.max(1, content)))
  return logistic(s[kind] + s.compression * compression - s.generation * generation)
}
