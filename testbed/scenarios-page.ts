// The page of scenarios: each with its claim, source and parameters, and one case in which one harness fails
// and another passes, as it was run. Made of the catalogue and of runs, so it is true of both.
import type { Scenario } from '../scenarios/scenario.ts'
import { type Case, caseOf, type Ran } from './cases.ts'
import type { House } from './house.ts'
import { table } from './pages.ts'
import { formatRunId } from './run-id.ts'
import { linesOf } from './strace.ts'

/** What decides a run, without what was said on the way. */
const TELLING = [
  ...['PLACED', 'LAPSE', 'FAULT', 'CRASH', 'REFUSED', 'CUT', 'effect', 'ask', 'branch', 'abort'],
  ...['job', 'req', 'exit', 'END'],
]
/** How something was said decides nothing, nor that a job has come or the model was asked as ever. */
const WORDS = /divergent-wording|words = | job +\S+ +arrived| req (?!.*dropped)/
/** Once is enough. */
const DROPPED = / req .*dropped/
/** Never left out: what was placed or went wrong, what was taken back or refused, and how it ended. */
const DECIDING = / (PLACED|CRASH|REFUSED|CUT|END|abort|req) | taken back$| -> NO$/
/** At least so many others are shown, those next to what decides, and so many lines in all where it is few. */
const OTHERS = 5
const LINES = 12
const COLUMNS = 100

const GAP = `${' '.repeat(11)}...`

/** Lines in their order, without those that are farthest from all that decides. */
function shortened(lines: readonly string[]): string[] {
  const isKept = lines.map((line, i) => DECIDING.test(line) || i === lines.length - 1)
  const kept = isKept.flatMap((is, i) => (is ? [i] : []))
  const room = Math.max(OTHERS, LINES - kept.length)
  // What comes behind says what became of it, so it counts as nearer.
  const far = (i: number): number => Math.min(...kept.map((k) => (i > k ? i - k : 1.5 * (k - i))))
  const others = lines.flatMap((_, i) => (isKept[i] === true ? [] : [i]))
  const nearest = others.toSorted((a, b) => far(a) - far(b) || a - b).slice(0, room)
  const shown = [...kept, ...nearest].toSorted((a, b) => a - b)
  return shown.flatMap((i, n) => {
    const left = i - (shown[n - 1] ?? -1) - 1
    const line = lines[i] ?? ''
    if (left === 0) return [line]
    return [left === 1 ? (lines[i - 1] ?? '') : GAP, line]
  })
}

function excerpt({ trace, record }: Ran): string {
  const told = linesOf(trace, COLUMNS, { verbs: TELLING }).filter((line) => !WORDS.test(line))
  const drop = told.findIndex((line) => DROPPED.test(line))
  const lines = told
    .filter((line, i) => i === drop || !DROPPED.test(line))
    .map((line) => (line.length > COLUMNS ? `${line.slice(0, COLUMNS - 1)}…` : line))
  const says = record.violations.map(({ name, says: text }) => `${' '.repeat(11)}${name}: ${text}`)
  const ended = `${' '.repeat(11)}${record.verdict.toUpperCase()}`
  const why =
    (says.length === 0 || record.verdict === 'crash') && record.reason !== ''
      ? `   ${record.reason}`
      : ''
  return ['```text', ...shortened(lines), ended + why, ...new Set(says), '```'].join('\n')
}

/** A number as its writer would put it. */
const number = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

function paramsTable({ params }: Scenario): string {
  const rows = Object.entries(params).map(([name, { about, default: usual, min, max }]) => [
    `\`${name}\``,
    about,
    number(usual),
    `${number(min)} to ${number(max)}`,
  ])
  return table(['parameter', 'is', 'default', 'range'], rows)
}

const who = ({ spec }: Ran): string => `\`${spec.harness}\``

/** Said where nobody fails so. */
const NOT_FOUND = 'No harness that was tried fails by what is asked here, in some tens of cases.'

/** Two harnesses in one case; or that no such case was found. */
function cases(found: Case | undefined): string[] {
  if (found === undefined) return [NOT_FOUND, '']
  const { bad, good } = found
  const failing = [`${who(bad)} does not pass: \`${formatRunId(bad.spec)}\``, '', excerpt(bad), '']
  return good === undefined
    ? [...failing, 'No harness that was tried passes the same case.', '']
    : [...failing, `${who(good)} passes the same case:`, '', excerpt(good), '']
}

/** What stands of one scenario. */
export async function section(id: string, house: House): Promise<string[]> {
  const entry = await house.scenario(id)
  return [
    `### \`${id}\``,
    '',
    entry.claim,
    '',
    `- A good harness ${entry.good}.`,
    `- A bad one ${entry.bad}.`,
    '',
    `Source: ${entry.source}.${entry.asks === undefined ? '' : ` Asks for ${entry.asks}.`} ${entry.isPortable ? 'Any coding agent can be asked.' : ''}`.trim(),
    '',
    paramsTable(entry),
    '',
    ...cases(await caseOf(id, house)),
  ]
}

export async function scenariosPage(house: House): Promise<string> {
  const ids = await house.catalog.ids('scenario')
  const families = [...new Set(ids.map((id) => id.split('/')[0] ?? ''))]
  const lines = [
    '# Scenarios',
    '',
    `${ids.length} questions in ${families.length} families. Each is asked of a drawn world, with its trouble placed where`,
    'every harness comes by; it is judged by the world and the trace. Below each stand two harnesses in the',
    'same case, one that fails by what is asked and one that passes, with what decided it: what was placed,',
    'lapses, faults, effects and the answer. Where a model without lapses is enough to fail, it is shown with',
    'one (`flawless`). `enosys replay RUN_ID --strace` shows all of a run. This page is made of the catalogue',
    'and of runs: `npm run pages`.',
    '',
    families.map((family) => `[${family}](#${family})`).join(' · '),
    '',
  ]
  for (const family of families) {
    lines.push(`## ${family}`, '')
    for (const id of ids.filter((one) => one.startsWith(`${family}/`)))
      lines.push(...(await section(id, house)))
  }
  return `${lines.join('\n').trimEnd()}\n`
}
