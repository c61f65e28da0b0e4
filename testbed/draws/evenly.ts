// The difficulty of the cases of an experiment: standard normal, and spread evenly over any number of them
// that begins with the first. The n-th case takes the n-th point of van der Corput's sequence, moved by a
// draw of the seed (Cranley and Patterson, 1976). So a mean over few cases is as near as that over many.

/** The digits of n in base 2, behind the point in reverse: in [0, 1). */
function corput(n: number): number {
  let left = n
  let digit = 0.5
  let value = 0
  while (left > 0) {
    if (left % 2 === 1) value += digit
    left = Math.floor(left / 2)
    digit /= 2
  }
  return value
}

const TOP = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2,
  -3.066479806614716e1, 2.506628277459239,
]
const BOTTOM = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1,
  -1.328068155288572e1, 1,
]
const TAIL_TOP = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734,
  4.374664141464968, 2.938163982698783,
]
const TAIL_BOTTOM = [
  7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1,
]
/** Where the tail begins. */
const EDGE = 0.02425

const polynomial = (terms: readonly number[], x: number): number =>
  terms.reduce((sum, term) => sum * x + term, 0)

/** The standard normal deviate below which that share lies; in (0, 1). To 1e-9 (Acklam, 2003). */
export function probit(share: number): number {
  if (share > 0.5) return -probit(1 - share)
  if (share < EDGE) {
    const x = Math.sqrt(-2 * Math.log(share))
    return polynomial(TAIL_TOP, x) / polynomial(TAIL_BOTTOM, x)
  }
  const x = share - 0.5
  return (x * polynomial(TOP, x * x)) / polynomial(BOTTOM, x * x)
}

/** The deviate of the n-th case, from 0; `shift` is in [0, 1). */
export const evenly = (n: number, shift: number): number => {
  const share = (corput(n) + shift) % 1
  return probit(Math.min(1 - 1e-12, Math.max(1e-12, share)))
}
