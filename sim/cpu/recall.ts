// Recall: what of the window is usable. Present is not the same as usable.
// Forms as measured: against length A / (1 + (L/L50)^(s/ln 2)) (RULER for literal facts, NoLiMa for
// semantic ones); against position a floor and two exponentials (Liu et al., Lost in the Middle, 2023).
import type { Profile } from './profile.ts'
import type { Entry, Occurrence, View } from './read.ts'

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

/** How much this window is smaller than the one for which the profile's lengths hold. */
export const sigma = (profile: Profile, windowTokens: number): number =>
  Math.min(1, windowTokens / profile.window.native)

/** How many messages that say the same are looked at: each is a chance of its own; assumed. */
const CHANCES = 3

/** The probability that the newest value of an atom is usable now: by any of the messages that say it. */
export function usable(
  profile: Profile,
  view: View,
  found: readonly Occurrence[],
  semantic: boolean,
  windowTokens: number,
): number {
  const value = found.at(-1)?.value
  let missed = 1
  for (let i = found.length - 1; i >= Math.max(0, found.length - CHANCES); i--) {
    const occurrence = found[i]
    if (occurrence === undefined || occurrence.value !== value) break
    missed *= 1 - usableIn(profile, view, occurrence.entry, semantic, windowTokens)
  }
  return 1 - missed
}

/** The probability that what stands in this message is usable now. */
function usableIn(
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
