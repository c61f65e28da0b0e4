// A three-way merge by lines, as version control does it: what each side changed since the base, where the
// changes neither overlap nor touch. A file is one text; a side without it has removed it.

/** Past so many pairs of lines all between the first and the last difference counts as one change. */
const PAIRS_MAX = 4_000_000

/** Lines of the base from `from` to before `to` became `lines`. */
interface Change {
  readonly from: number
  readonly to: number
  readonly lines: readonly string[]
}

/** For each pair of places, how many lines the rests have in common, in order. */
function commonOf(a: readonly string[], b: readonly string[]): (i: number, j: number) => number {
  const width = b.length + 1
  const table = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number): number => table[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  return at
}

function changesOf(base: readonly string[], side: readonly string[]): Change[] {
  const most = Math.min(base.length, side.length)
  let start = 0
  while (start < most && base[start] === side[start]) start++
  let end = 0
  while (end < most - start && base.at(-1 - end) === side.at(-1 - end)) end++
  const a = base.slice(start, base.length - end)
  const b = side.slice(start, side.length - end)
  if (a.length === 0 && b.length === 0) return []
  if (a.length * b.length > PAIRS_MAX) return [{ from: start, to: start + a.length, lines: b }]
  const common = commonOf(a, b)
  const changes: Change[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length; i++, j++) {
    const [from, first] = [i, j]
    while ((i < a.length || j < b.length) && (a[i] !== b[j] || i >= a.length || j >= b.length)) {
      if (j >= b.length || (i < a.length && common(i + 1, j) >= common(i, j + 1))) i++
      else j++
    }
    if (i > from || j > first)
      changes.push({ from: start + from, to: start + i, lines: b.slice(first, j) })
  }
  return changes
}

const isSame = (a: Change, b: Change): boolean =>
  a.from === b.from && a.to === b.to && a.lines.join('\n') === b.lines.join('\n')

function mergedLines(base: string, mine: string, theirs: string): string | undefined {
  const lines = base.split('\n')
  const ours = changesOf(lines, mine.split('\n'))
  const others = changesOf(lines, theirs.split('\n'))
  const merged: string[] = []
  let at = 0
  for (;;) {
    const [a] = ours
    const [b] = others
    const next = b === undefined || (a !== undefined && a.from <= b.from) ? a : b
    if (next === undefined) return [...merged, ...lines.slice(at)].join('\n')
    if (a !== undefined && b !== undefined) {
      if (isSame(a, b)) others.shift()
      else if (a.from <= b.to && b.from <= a.to) return undefined
    }
    ;(next === a ? ours : others).shift()
    merged.push(...lines.slice(at, next.from), ...next.lines)
    at = next.to
  }
}

/** What a file is after both sides' changes; nothing at all where they are in conflict. */
export function merge(
  base: string | undefined,
  mine: string | undefined,
  theirs: string | undefined,
): { readonly text: string | undefined } | undefined {
  if (theirs === base) return { text: mine }
  if (mine === base || mine === theirs) return { text: theirs }
  if (base === undefined || mine === undefined || theirs === undefined) return undefined
  const text = mergedLines(base, mine, theirs)
  return text === undefined ? undefined : { text }
}
