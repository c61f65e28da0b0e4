// What of a long output is shown: its first whole lines, its last ones, or both its ends.

/** How much is shown at most. */
export interface Room {
  readonly maxLines: number
  readonly maxBytes: number
}

export interface Clipped {
  readonly text: string
  /** What it was that did not fit; undefined where all of it is shown. */
  readonly by: 'lines' | 'bytes' | undefined
  /** Whole lines that are shown. */
  readonly lines: number
  readonly totalLines: number
}

export const bytesOf = (text: string): number => new TextEncoder().encode(text).length

export const size = (bytes: number): string => {
  if (bytes < 1024) return `${bytes}B`
  const [amount, unit] = bytes < 1024 * 1024 ? [bytes / 1024, 'KB'] : [bytes / (1024 * 1024), 'MB']
  return `${amount.toFixed(1)}${unit}`
}

/** So many lines from one end fit, line ends counted. */
function fitting(lines: readonly string[], { maxLines, maxBytes }: Room): number {
  let room = maxBytes
  for (const [i, line] of lines.entries()) {
    room -= bytesOf(line) + (i > 0 ? 1 : 0)
    if (i >= maxLines || room < 0) return i
  }
  return lines.length
}

/** Whole lines from one end. None where the first of them alone is too long. */
export function clipped(text: string, end: 'head' | 'tail', room: Room): Clipped {
  const all = text.split('\n')
  const totalLines = all.length
  const lines = fitting(end === 'head' ? all : all.toReversed(), room)
  if (lines === totalLines) return { text, by: undefined, lines, totalLines }
  const shown = end === 'head' ? all.slice(0, lines) : all.slice(totalLines - lines)
  return {
    text: shown.join('\n'),
    by: lines < room.maxLines ? 'bytes' : 'lines',
    lines,
    totalLines,
  }
}

/** The last characters that fit into so many bytes. */
export function lastBytes(text: string, maxBytes: number): string {
  const bytes = new TextEncoder().encode(text)
  let start = Math.max(0, bytes.length - maxBytes)
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start++
  return new TextDecoder().decode(bytes.subarray(start))
}

/** The first characters that fit into so many bytes. */
function firstBytes(text: string, maxBytes: number): string {
  const bytes = new TextEncoder().encode(text)
  let end = Math.min(bytes.length, maxBytes)
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return new TextDecoder().decode(bytes.subarray(0, end))
}

/** Half of so many bytes from either end, and how many are left out between them, in Terminus's words. */
export function bothEnds(text: string, maxBytes: number): string {
  const bytes = bytesOf(text)
  if (bytes <= maxBytes) return text
  const [first, last] = [firstBytes(text, maxBytes / 2), lastBytes(text, maxBytes / 2)]
  const omitted = bytes - bytesOf(first) - bytesOf(last)
  return `${first}\n[... output limited to ${maxBytes} bytes; ${omitted} interior bytes omitted ...]\n${last}`
}

/** The end of an output and where all of it is, in Pi's words. Pi keeps that in a file; here it is gone. */
export function tailOf(output: string, room: Room): string {
  const { by, lines, text, totalLines } = clipped(output, 'tail', room)
  if (by === undefined) return output
  const max = size(room.maxBytes)
  const where = 'Full output: /tmp/pi-bash-output.log'
  if (lines === 0) {
    const line = output.split('\n').at(-1) ?? ''
    const whole = size(bytesOf(line))
    return `${lastBytes(line, room.maxBytes)}\n\n[Showing last ${max} of line ${totalLines} (line is ${whole}). ${where}]`
  }
  const why = by === 'bytes' ? ` (${max} limit)` : ''
  return `${text}\n\n[Showing lines ${totalLines - lines + 1}-${totalLines} of ${totalLines}${why}. ${where}]`
}
