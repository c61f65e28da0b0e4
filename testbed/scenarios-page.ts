// The page of scenarios: each with its claim, source and parameters, and one case in which one harness fails
// and another passes, as it was run. Made of the catalogue and of runs, so it is true of both.
import type { Scenario } from '../scenarios/scenario.ts'
import type { House } from './house.ts'
import { table } from './pages.ts'
import { type RunResult, run } from './run.ts'
import { formatRunId, type RunSpec } from './run-id.ts'
import { linesOf } from './strace.ts'

/** Tried in this order; a control stands in where none of them does. */
const GOOD = [
  ...['best', 'monolith', 'micro', 'loop', 'letta', 'openharness', 'branching', 'codex'],
  'loop+recovery=quorum',
]
const BAD = ['loop', 'micro', 'mini', 'monolith', 'best', 'codex']
const CEILING = 'clairvoyant'
const FLOOR = 'amnesiac'
const CASES = 12
/** The next one where nobody fails under those before. */
const PROFILES = ['typical', 'gullible', 'hijacked'] as const

/** What decides a run, without what was said on the way. */
const TELLING = ['PLACED', 'LAPSE', 'FAULT', 'CRASH', 'REFUSED', 'CUT', 'effect', 'ask', 'branch']
/** How something was said decides nothing. */
const WORDS = /divergent-wording|words = /
const LINES = 9
const COLUMNS = 100

interface Case {
  readonly good: RunResult & { readonly spec: RunSpec }
  readonly bad: RunResult & { readonly spec: RunSpec }
}

async function caseOf(id: string, house: House): Promise<Case> {
  const known = new Map<string, RunResult & { readonly spec: RunSpec }>()
  let profile: (typeof PROFILES)[number] = PROFILES[0]
  const ran = async (harness: string, instance: number): Promise<Case['good']> => {
    const key = `${harness} ${instance} ${profile}`
    const found = known.get(key)
    if (found !== undefined) return found
    const of = { params: {}, trial: 0, profile, seed: 1 }
    const spec = { ...of, scenario: id, instance, harness }
    const result = { ...(await run(spec, 'sampled', house)), spec }
    known.set(key, result)
    return result
  }
  const first = async (
    harnesses: readonly string[],
    instance: number,
    passes: boolean,
  ): Promise<Case['good'] | undefined> => {
    for (const harness of harnesses) {
      const result = await ran(harness, instance)
      const { verdict } = result.record
      if (passes ? verdict === 'pass' : verdict === 'fail' || verdict === 'stuck') return result
    }
    return undefined
  }
  for (profile of PROFILES) {
    for (let instance = 0; instance < CASES; instance++) {
      const bad = await first(BAD, instance, false)
      const good = bad && (await first(GOOD, instance, true))
      if (good !== undefined) return { good, bad: bad as Case['bad'] }
    }
  }
  profile = PROFILES[0]
  const good = (await first(GOOD, 0, true)) ?? (await ran(CEILING, 0))
  return { good, bad: (await first(BAD, 0, false)) ?? (await ran(FLOOR, 0)) }
}

function excerpt({ trace, record }: RunResult): string {
  const all = linesOf(trace, COLUMNS, { verbs: [...TELLING, 'exit', 'END'] })
  const lines = all.filter((line) => !WORDS.test(line))
  const shown =
    lines.length <= LINES
      ? lines
      : [...lines.slice(0, 3), `${' '.repeat(11)}...`, ...lines.slice(4 - LINES)]
  const says = record.violations.map((violation) => `${' '.repeat(11)}${violation.says}`)
  const ended = `${' '.repeat(11)}${record.verdict.toUpperCase()}`
  const why = says.length === 0 && record.reason !== '' ? `   ${record.reason}` : ''
  return ['```text', ...shown, ended + why, ...new Set(says), '```'].join('\n')
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

async function section(id: string, house: House): Promise<string[]> {
  const entry = await house.scenario(id)
  const { good, bad } = await caseOf(id, house)
  const who = ({ spec }: Case['good']): string => `\`${spec.harness}\``
  return [
    `### \`${id}\``,
    '',
    entry.claim,
    '',
    `Source: ${entry.source}.${entry.asks === undefined ? '' : ` Asks for ${entry.asks}.`} ${entry.isPortable ? 'Any coding agent can be asked.' : ''}`.trim(),
    '',
    paramsTable(entry),
    '',
    `${who(bad)} ${bad.record.verdict === 'pass' ? 'passes too' : 'does not pass'}: \`${formatRunId(bad.spec)}\``,
    '',
    excerpt(bad),
    '',
    `${who(good)} passes the same case:`,
    '',
    excerpt(good),
    '',
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
    'same case, one that fails and one that passes, with what decided it: what was',
    'placed, lapses, faults, effects and the answer. `enosys replay RUN_ID --strace` shows all of it. This page',
    'is made of the catalogue and of runs: `npm run pages`.',
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
