// The parts of the page in a terminal, as lines. Every text is made visible before it is measured.

import type { Column } from './columns.ts'
import { visible } from './escape.ts'
import { cause, type Finding, isUsers, likelihood } from './findings.ts'
import { cell, plural, whole } from './format.ts'
import { clipped, laidOut, widthOf, wrapped } from './layout.ts'
import type { Report } from './report.ts'
import type { Table } from './table.ts'
import {
  columnsOf,
  flawlessLines,
  meaningOf,
  nameOf,
  notApart,
  notTested,
  portabilityRows,
  sizeOf,
  titleOf,
} from './wording.ts'

export interface Pen {
  readonly columns: number
  bold(text: string): string
  dim(text: string): string
}

const MARGIN = '  '
const SENTENCE = 300
const ERRORS_SHOWN = 3

/** Wrapped at the pen's width, later lines under the text of the first. */
export function paragraph(text: string, pen: Pen, margin = MARGIN): string[] {
  return wrapped(visible(text), pen.columns - margin.length).map((line) => margin + line)
}

export function findingLines(report: Report, pen: Pen): string[] {
  const shown = report.findings.filter(({ headline }) => headline)
  const brought = shown.filter(({ harness }) => isUsers(harness))
  const lines: string[] = []
  for (const harness of new Set(brought.map((finding) => finding.harness))) {
    const own = brought.filter((finding) => finding.harness === harness)
    const name = clipped(visible(harness), pen.columns - 20)
    const head = `${plural(own.length, 'finding')} in ${name}`
    lines.push(pen.bold(MARGIN + head), ...own.flatMap((f, i) => one(f, i, report, pen)), '')
  }
  if (shown.length > 0 && brought.length === 0) {
    const others = report.findings.length - shown.length
    const more = others > 0 ? `, the worst of ${whole(report.findings.length)}` : ''
    lines.push(pen.bold(`${MARGIN}${plural(shown.length, 'finding')}${more}`))
    lines.push(...shown.flatMap((finding, i) => one(finding, i, report, pen)), '')
  }
  return lines
}

/** The line to paste stands alone and whole, however long it is. */
function one(finding: Finding, i: number, { tables }: Report, pen: Pen): string[] {
  const who = isUsers(finding.harness) ? '' : `${finding.harness} `
  const sentence = clipped(visible(who + finding.sentence), SENTENCE)
  const several = new Set(tables.map(({ profile }) => profile)).size > 1
  const under = several ? ` · ${visible(finding.profile)}` : ''
  const odds = `${likelihood(finding)} · ${cause(finding)}${under}`
  const number = `${MARGIN}${i + 1}  `
  const indent = ' '.repeat(number.length)
  const gap = pen.columns - number.length - widthOf(sentence) - widthOf(odds)
  const said =
    gap >= 2
      ? [`${number}${sentence}${' '.repeat(gap)}${odds}`]
      : [...paragraph(sentence, pen, indent), ...paragraph(odds, pen, indent)]
  const [first = '', ...rest] = said
  const numbered = gap >= 2 ? first : number + first.slice(number.length)
  return [numbered, ...rest, pen.dim(indent + visible(finding.replay))]
}

/** Up to so many tables, those who look at them want the details too. */
const WHOLE_UP_TO = 2

/** What every family has, and details of many tables, are left to the other formats, and named there. */
const isShown =
  ({ tables }: Report) =>
  ({ general, detail }: Column): boolean =>
    !general && (!detail || tables.length <= WHOLE_UP_TO)

export function tableLines(table: Table, report: Report, pen: Pen): string[] {
  const shows = isShown(report)
  const places = table.columns.flatMap((column, i) => (shows(column) ? [i] : []))
  const columns = places.flatMap((i) => table.columns[i] ?? [])
  const heads = [titleOf(table, report), ...columns.map(({ title }) => title)].map(visible)
  const rows = table.rows.map((row) => [
    visible(`  ${nameOf(row)}`),
    ...places.map((i) => {
      const [value, column] = [row.cells[i], table.columns[i]]
      return value === undefined || column === undefined ? '' : cell(value, column)
    }),
  ])
  const blocks = laidOut(heads, rows, pen.columns - MARGIN.length)
  const notes = [sizeOf(table), notApart(table), notTested(table)].filter((n) => n !== undefined)
  return [
    ...blocks.flatMap((block) => [
      ...block.heads.map((line) => pen.bold(MARGIN + line)),
      ...block.rows.map((line) => MARGIN + line),
    ]),
    ...notes.flatMap((note) => paragraph(note, pen, '    ').map(pen.dim)),
    '',
  ]
}

/** Nothing where there is one profile. */
export function portabilityTable(report: Report, pen: Pen): string[] {
  const { heads, rows } = portabilityRows(report)
  if (rows.length === 0) return []
  const shown = rows.map((row) => row.map((text, i) => (i === 0 ? `  ${visible(text)}` : text)))
  const blocks = laidOut(heads.map(visible), shown, pen.columns - MARGIN.length)
  return blocks.flatMap((block) => [
    ...block.heads.map((line) => pen.bold(MARGIN + line)),
    ...block.rows.map((line) => MARGIN + visible(line)),
    '',
  ])
}

export function flawlessTable(report: Report, pen: Pen): string[] {
  const lines = flawlessLines(report)
  if (lines.length === 0) return []
  const width = Math.min(
    Math.floor(pen.columns / 3),
    Math.max(...lines.map(({ harness }) => widthOf(visible(harness)))),
  )
  const indent = ' '.repeat(4 + width + 2)
  return [
    pen.bold(`${MARGIN}without lapses`),
    ...lines.flatMap(({ harness, says }) => {
      const name = clipped(visible(harness), width)
      const [first = '', ...rest] = paragraph(says, pen, indent)
      const gap = ' '.repeat(width - widthOf(name) + 2)
      return [`    ${name}${gap}${first.slice(indent.length)}`, ...rest]
    }),
    '',
  ]
}

export function errorLines({ errors }: Report, pen: Pen): string[] {
  if (errors.length === 0) return []
  const what = `${plural(errors.length, 'run')} went wrong in enosys itself, and count for nothing`
  return [
    ...paragraph(what, pen).map(pen.bold),
    ...errors
      .slice(0, ERRORS_SHOWN)
      .flatMap(({ reason, replay }) => [
        ...paragraph(clipped(visible(reason), SENTENCE), pen, '    '),
        pen.dim(`    ${visible(replay)}`),
      ]),
    '',
  ]
}

export function legendLines(report: Report, pen: Pen): string[] {
  const columns = columnsOf(report.tables)
  const shown = columns.filter(isShown(report))
  const general = columns.filter((column) => !shown.includes(column)).map(({ title }) => title)
  const width = Math.max(0, ...shown.map(({ title }) => widthOf(title)))
  const indent = ' '.repeat(MARGIN.length + width + 2)
  const lines = shown.flatMap((column) => {
    const [first = '', ...rest] = paragraph(meaningOf(column), pen, indent)
    const head = (MARGIN + visible(column.title)).padEnd(indent.length)
    return [head + first.slice(indent.length), ...rest]
  })
  if (general.length > 0) lines.push(...paragraph(`in other formats: ${general.join(', ')}`, pen))
  return lines.length === 0 ? [] : [...lines.map(pen.dim), '']
}
