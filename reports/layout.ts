// Plain text in aligned columns: names to the left, figures to the right, heads broken into lines,
// and a table that is too wide continued below. Widths are in characters.

export interface Block {
  readonly heads: readonly string[]
  readonly rows: readonly string[]
}

const GAP = '  '
/** A head takes two lines, and a third rather than this width. */
const HEAD_WIDTH = 10
const NAME_WIDTH = 34

export const widthOf = (text: string): number => [...text].length

/** Cut in the middle: names differ at both ends. */
export function clipped(text: string, width: number): string {
  const characters = [...text]
  if (characters.length <= width) return text
  const head = Math.ceil((width - 1) / 2)
  const tail = width - 1 - head
  return [...characters.slice(0, head), '…', ...characters.slice(characters.length - tail)].join('')
}

/** Broken at blanks; a word longer than `width` is cut. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((long) => pieces(long, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= width) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

function pieces(word: string, width: number): string[] {
  const characters = [...word]
  const found: string[] = []
  for (let i = 0; i < characters.length; i += width)
    found.push(characters.slice(i, i + width).join(''))
  return found.length === 0 ? [''] : found
}

const right = (text: string, width: number): string => ' '.repeat(width - widthOf(text)) + text
const left = (text: string, width: number): string => text + ' '.repeat(width - widthOf(text))

interface Figures {
  readonly head: readonly string[]
  readonly cells: readonly string[]
  readonly width: number
}

/** `heads[0]` and the first cell of each row are names; every block repeats them. */
export function laidOut(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): Block[] {
  const [title = '', ...titles] = heads
  const room = Math.min(NAME_WIDTH, Math.floor(columns / 2))
  const names = [title, ...rows.map(([name = '']) => name)].map((name) => clipped(name, room))
  const width = Math.max(...names.map(widthOf))
  const figures = titles.map((head, i) =>
    figuresOf(
      head,
      rows.map((row) => row[i + 1] ?? ''),
    ),
  )
  return fitting(figures, columns - width).map((group) => {
    const height = Math.max(...group.map(({ head }) => head.length))
    const line = (name: string, of: (column: Figures) => string): string =>
      [left(name, width), ...group.map((c) => right(of(c), c.width))].join(GAP).trimEnd()
    return {
      heads: Array.from({ length: height }, (_, i) =>
        line(
          i === height - 1 ? (names[0] ?? '') : '',
          ({ head }) => head[i - height + head.length] ?? '',
        ),
      ),
      rows: rows.map((_row, i) => line(names[i + 1] ?? '', ({ cells }) => cells[i] ?? '')),
    }
  })
}

function figuresOf(title: string, cells: readonly string[]): Figures {
  let width = Math.max(...title.split(' ').map(widthOf))
  while (width < HEAD_WIDTH && wrapped(title, width).length > 2) width++
  width = Math.max(width, ...cells.map(widthOf))
  return { head: wrapped(title, width), cells, width }
}

/** As many columns a block as fit, and at least one. */
function fitting(figures: readonly Figures[], room: number): Figures[][] {
  const groups: Figures[][] = []
  let used = Number.POSITIVE_INFINITY
  for (const column of figures) {
    const needs = column.width + GAP.length
    const group = groups.at(-1)
    if (group === undefined || used + needs > room) {
      groups.push([column])
      used = needs
    } else {
      group.push(column)
      used += needs
    }
  }
  return groups
}
