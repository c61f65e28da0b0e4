// The terminal: findings first, then a table a family, at most 100 columns wide. Colour only
// underlines.
import {
  errorLines,
  findingLines,
  flawlessTable,
  legendLines,
  type Pen,
  paragraph,
  portabilityTable,
  tableLines,
} from '../terminal.ts'
import { headline, verdicts } from '../wording.ts'
import { writer } from '../writer.ts'

const WIDEST = 100
const NARROWEST = 40

function pen(columns: number, colour: boolean): Pen {
  const style = (code: number) => (text: string) =>
    colour && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text
  return {
    columns: Math.max(NARROWEST, Math.min(WIDEST, columns)),
    bold: style(1),
    dim: style(2),
  }
}

export default writer({
  write(report, { columns, colour }) {
    const mine = pen(columns, colour)
    const lines = [
      ...paragraph(headline(report), mine),
      ...paragraph(verdicts(report), mine),
      '',
      ...findingLines(report, mine),
      ...report.tables.flatMap((table) => tableLines(table, report, mine)),
      ...portabilityTable(report, mine),
      ...flawlessTable(report, mine),
      ...legendLines(report, mine),
      ...errorLines(report, mine),
      ...report.notes.flatMap((note) => paragraph(note, mine)),
    ]
    return `${lines.join('\n').trimEnd()}\n`
  },
})
