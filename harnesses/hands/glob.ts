// Patterns of paths: `*` and `?` within a folder's name, `**` across folders, `{a,b}` for either. All places that
// a piece may end at are followed at once: none takes more than the product of the lengths.

const PIECES = /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[\s\S]/g

type Places = ReadonlySet<number>

/** Whether a wild piece that got as far as a letter may go on over it, and stop there. */
const WILD: Readonly<Record<string, (letter: string) => { goes: boolean; stops: boolean }>> = {
  '**/': (letter) => ({ goes: true, stops: letter === '/' }),
  '**': () => ({ goes: true, stops: true }),
  '*': (letter) => ({ goes: letter !== '/', stops: letter !== '/' }),
}

function behindPiece(piece: string, path: string, from: Places): Places {
  if (piece.length > 1 && piece.startsWith('{')) {
    const either = piece.slice(1, -1).split(',')
    return new Set(either.flatMap((pattern) => [...behind(pattern, path, from)]))
  }
  const over = WILD[piece]
  if (over === undefined) {
    const fits = (letter = '/'): boolean => (piece === '?' ? letter !== '/' : letter === piece)
    return new Set([...from].filter((at) => at < path.length && fits(path[at])).map((at) => at + 1))
  }
  const to = new Set(from)
  let isOn = false
  for (const [i, letter] of path.split('').entries()) {
    const { goes, stops } = over(letter)
    isOn = (isOn || from.has(i)) && goes
    if (isOn && stops) to.add(i + 1)
  }
  return to
}

/** Where in a path a pattern may end that begins at one of some places. */
function behind(pattern: string, path: string, from: Places): Places {
  let places = from
  for (const [piece] of pattern.matchAll(PIECES)) {
    if (places.size === 0) return places
    places = behindPiece(piece, path, places)
  }
  return places
}

/** Whether a path is as the pattern says, from its start to its end; a bare name, in any folder. */
export function globbed(pattern: string): (path: string) => boolean {
  const whole = pattern.includes('/') ? pattern : `**/${pattern}`
  return (path) => behind(whole, path, new Set([0])).has(path.length)
}
