// The table of `enosys calibrate`: a block an experiment and profile, a line a number. Fits 100 columns.
import { plural } from '../reports/format.ts'
import type { Row } from '../testbed/calibrate.ts'
import type { Experiment } from '../testbed/experiment.ts'

const COLUMNS = 100
/** Of numbers: simulated, interval, published, difference. */
const WIDTHS = [9, 17, 10, 11] as const

/** Three digits that matter, as a person would write them. */
function told(value: number): string {
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
}

const signed = (value: number): string => (value > 0 ? `+${told(value)}` : told(value))

function lineOf({ metric, simulated, low, high, published }: Row, width: number): string {
  const interval = `[${told(low)} ${told(high)}]`
  const beside =
    published === undefined ? ['–', ''] : [told(published), signed(simulated - published)]
  const numbers = [told(simulated), interval, ...beside].map((text, i) =>
    text.padStart(WIDTHS[i] ?? 0),
  )
  return `    ${metric.padEnd(width)}${numbers.join('')}`.trimEnd()
}

export function calibrationTable(
  rows: readonly Row[],
  experiments: ReadonlyMap<string, Experiment>,
): string {
  const lines: string[] = []
  const room = COLUMNS - 4 - WIDTHS.reduce((sum, width) => sum + width, 0)
  const width = Math.min(room, Math.max(0, ...rows.map(({ metric }) => metric.length + 2)))
  const names = ['simulated', 'interval', 'published', 'difference']
  const head = names.map((name, i) => name.padStart(WIDTHS[i] ?? 0)).join('')
  let block = ''
  let condition = ''
  for (const row of rows) {
    const own = `${row.experiment} ${row.profile}`
    if (own !== block) {
      const harness = experiments.get(row.experiment)?.harness ?? ''
      if (block !== '') lines.push('')
      lines.push(`${row.experiment}, profile ${row.profile}, kernel ${harness}`)
      lines.push(`${''.padEnd(width + 4)}${head}`)
      condition = ''
    }
    if (row.condition !== condition) lines.push(`  ${row.condition}`)
    block = own
    condition = row.condition
    lines.push(lineOf(row, width))
  }
  const compared = rows.filter(({ published }) => published !== undefined)
  const far = compared.filter(
    ({ published = 0, low, high }) => published < low || published > high,
  ).length
  lines.push('')
  lines.push(
    compared.length === 0
      ? 'No published number to compare with: other conditions, or no model of it under `like`.'
      : `${plural(compared.length, 'published number')}, ${compared.length - far} of them inside the interval of what was simulated.`,
  )
  return `${lines.join('\n')}\n`
}
