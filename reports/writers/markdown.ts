// Markdown as GitHub has it, for a job summary or a comment. Text of others becomes entities, which
// never start a construct; lines to paste stand in fences that their text cannot close.
import { fenced, markdown } from '../escape.ts'
import { cause, likelihood } from '../findings.ts'
import { cell } from '../format.ts'
import type { Report } from '../report.ts'
import type { Table } from '../table.ts'
import {
  columnsOf,
  flawlessLines,
  headline,
  meaningOf,
  nameOf,
  notApart,
  notTested,
  portabilityRows,
  sizeOf,
  titleOf,
  verdicts,
} from '../wording.ts'
import { writer } from '../writer.ts'

export default writer({
  file: 'summary.md',
  write(report) {
    const notes = report.notes.map((note) => `- ${markdown(note)}`).join('\n')
    return `${[
      '# enosys',
      `${markdown(headline(report))}<br>${markdown(verdicts(report))}`,
      ...findingParts(report),
      ...report.tables.flatMap((table) => tableParts(table, report)),
      ...portabilityParts(report),
      ...flawlessParts(report),
      ...errorParts(report),
      ...legendParts(report),
      ...(notes === '' ? [] : [notes]),
    ].join('\n\n')}\n`
  },
})

function findingParts({ findings }: Report): string[] {
  const shown = findings.filter(({ headline }) => headline)
  if (shown.length === 0) return []
  return [
    '## Findings',
    ...shown.flatMap((finding, i) => {
      const who = `**${i + 1}. ${markdown(finding.harness)}** ${markdown(finding.sentence)}`
      const odds = `${likelihood(finding)} · ${cause(finding)} · ${markdown(finding.profile)}`
      return [`${who} (${odds})`, fenced([finding.replay])]
    }),
  ]
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function tableParts(table: Table, report: Report): string[] {
  const heads = ['harness', ...table.columns.map(({ title }) => markdown(title))]
  const rows = table.rows.map((row) => [
    markdown(nameOf(row)),
    ...row.cells.map((value, i) => {
      const column = table.columns[i]
      return column === undefined ? '' : markdown(cell(value, column))
    }),
  ])
  const notes = [sizeOf(table), notApart(table), notTested(table)].filter((n) => n !== undefined)
  return [
    `## ${markdown(titleOf(table, report))}`,
    [line(heads), line(heads.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join(
      '\n',
    ),
    notes.map(markdown).join('<br>'),
  ]
}

function portabilityParts(report: Report): string[] {
  const { heads, rows } = portabilityRows(report)
  if (rows.length === 0) return []
  const body = [heads, heads.map((_, i) => (i === 0 ? '---' : '--:')), ...rows]
  const lines = body.map((cells, i) => line(i === 1 ? cells : cells.map(markdown)))
  return ['## Portability', lines.join('\n')]
}

function flawlessParts(report: Report): string[] {
  const lines = flawlessLines(report)
  if (lines.length === 0) return []
  const rows = lines.map(({ harness, says }) => line([markdown(harness), markdown(says)]))
  return [
    '## Without lapses',
    [line(['harness', 'solved']), line(['---', '---']), ...rows].join('\n'),
  ]
}

function errorParts({ errors }: Report): string[] {
  if (errors.length === 0) return []
  const shown = errors.slice(0, 3)
  return [
    '## Errors of enosys itself',
    ...shown.flatMap(({ reason, replay }) => [`**error** ${markdown(reason)}`, fenced([replay])]),
  ]
}

function legendParts({ tables }: Report): string[] {
  const columns = columnsOf(tables)
  if (columns.length === 0) return []
  const rows = columns.map((column) => line([markdown(column.title), markdown(meaningOf(column))]))
  const body = [line(['column', 'what it says']), line(['---', '---']), ...rows].join('\n')
  return ['<details><summary>What the columns say</summary>', body, '</details>']
}
