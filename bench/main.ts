// npm run bench: every figure with a goal, in one table. Nothing here fails a build: the machine is shared,
// and real time decides no exit code.
import { branches } from './branches.ts'
import { campaign } from './campaign.ts'
import { growth } from './growth.ts'
import { isMet, type Row } from './measure.ts'
import { turns } from './turns.ts'
import { wire } from './wire.ts'

const figure = (value: number, unit: string): string =>
  `${value.toPrecision(value < 10 ? 2 : 3)}${unit === 'times' ? ' x' : ` ${unit}`}`

function cells(row: Row): string[] {
  const { what, goal, detail, unit } = row
  const told = [what, figure(row.measured, unit)]
  if (goal === undefined) return [...told, 'no goal', '', detail]
  const bound = `${row.atLeast ? '>=' : '<='} ${figure(goal, unit)}`
  return [...told, bound, isMet(row) ? 'met' : 'not met', detail]
}

function table(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((l) => (l[i] ?? '').length)))
  return lines.map((line) => line.map((c, i) => c.padEnd(widths[i] ?? 0)).join('  ')).join('\n')
}

const rows = [...(await turns()), ...(await growth()), ...(await branches()), ...(await wire())]
const { rows: further, rates } = await campaign()
console.log(
  table([['what', 'measured', 'goal', '', 'behind it'], ...[...rows, ...further].map(cells)]),
)
console.log('\nruns a second, one after the other (loop, typical)')
console.log(table([...rates].map(([id, rate]) => [id, rate.toFixed(0)])))
