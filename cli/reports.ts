// Reports as commands print and write them: one report, many formats.
import { join } from 'node:path'
import { plural } from '../reports/format.ts'
import type { Prices } from '../reports/prices.ts'
import type { RunRecord } from '../reports/record.ts'
import { type Report, report } from '../reports/report.ts'
import type { Writer } from '../reports/writer.ts'
import { UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/index.ts'
import { writeText } from '../sim/host/journal.ts'
import { plainly } from '../testbed/generic.ts'
import type { House } from '../testbed/house.ts'
import type { CampaignPlan } from '../testbed/plan.ts'
import { parseScenario } from '../testbed/run-id.ts'
import type { Suite } from '../testbed/suite.ts'

/** @throws {UsageError} for a format that no writer writes. */
export async function writersOf({ catalog }: House, formats: string): Promise<Map<string, Writer>> {
  const ids = await catalog.ids('writer')
  const chosen = new Map<string, Writer>()
  for (const id of formats.split(',')) {
    if (!ids.includes(id))
      throw new UsageError(
        `--format: no format '${id}'. Nearest: ${nearest(id, ids)}. All: ${ids.join(', ')}`,
      )
    chosen.set(id, (await catalog.entry('writer', id)) as Writer)
  }
  return chosen
}

/** The kernels that are ceilings and floors. */
export async function controlsOf(house: House): Promise<Set<string>> {
  const controls = new Set<string>()
  for (const id of await house.catalog.ids('kernel')) {
    const harness = await house.harness(id)
    if (harness.kind === 'kernel' && harness.isControl) controls.add(id)
  }
  return controls
}

/** The report on records, with what the catalogue knows of their scenarios and harnesses. */
export async function reportOn(
  house: House,
  records: readonly RunRecord[],
  { notes, prices }: { readonly notes: readonly string[]; readonly prices?: Prices | undefined },
): Promise<Report> {
  const claims = new Map<string, string>()
  const known = await house.catalog.ids('scenario')
  for (const id of new Set(records.map(({ scenario }) => scenario))) {
    if (known.includes(plainly(id))) claims.set(id, (await house.scenario(id)).claim)
  }
  const controls = await controlsOf(house)
  return report(records, { metrics: house.metrics, controls, claims, prices, notes: [...notes] })
}

const isColoured = (): boolean =>
  process.stdout.isTTY === true && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb'

const columns = (): number => Math.min(process.stdout.columns ?? 100, 100)

export interface Facts {
  readonly plan: CampaignPlan
  readonly suite: Suite
  readonly seconds: number
  readonly runs: number
}

function headline({ plan, suite, seconds, runs }: Facts, errors: number): string {
  const { instances, profiles, harnesses, scenarios } = plan
  // One that a suite asks with several parameters is one.
  const asked = new Set(scenarios.map((name) => parseScenario(name).scenario))
  const what = `${plural(asked.size, 'scenario')} x ${plural(instances, 'instance')}, profile ${profiles.join(', ')}, ${plural(harnesses.length, 'harness', 'harnesses')}`
  return `${suite.name}: ${what}\n${plural(runs, 'run')} in ${seconds.toFixed(0)} s, ${plural(errors, 'error')}\n`
}

/** One format is printed; of several, what is for the terminal is, and a file is written for each of the others. */
export function printReport(
  writers: ReadonlyMap<string, Writer>,
  of: Report,
  { out }: { readonly out: string },
): void {
  const files = writers.size === 1 ? [] : writeFiles(writers, of, out)
  for (const [id, writer] of writers) {
    if (id === 'terminal' || writers.size === 1)
      process.stdout.write(
        writer.write(of, { columns: columns(), colour: id === 'terminal' && isColoured() }),
      )
  }
  if (files.length > 0) process.stdout.write(`${out}/: ${files.join(' ')}\n`)
}

/** The files that are written for the formats. */
export const filesOf = (writers: ReadonlyMap<string, Writer>): string[] =>
  [...writers.values()].flatMap(({ file }) => (file === undefined ? [] : [file]))

/** The names of the files, in the order of the writers. */
function writeFiles(writers: ReadonlyMap<string, Writer>, of: Report, out: string): string[] {
  const files: string[] = []
  for (const { file, write } of writers.values()) {
    if (file === undefined) continue
    writeText(join(out, file), write(of, { columns: 100, colour: false }))
    files.push(file)
  }
  return files
}

/** Prints what is for the terminal, and writes a file a format. */
export function writeReports(
  writers: ReadonlyMap<string, Writer>,
  of: Report,
  { out, json, facts }: { out: string; json: boolean; facts: Facts },
): void {
  const files = writeFiles(writers, of, out)
  if (json) {
    process.stdout.write(`${JSON.stringify(of)}\n`)
    return
  }
  const terminal = writers.get('terminal')
  if (terminal === undefined) return
  process.stdout.write(`\n${headline(facts, of.counts.verdicts.error)}\n`)
  process.stdout.write(terminal.write(of, { columns: columns(), colour: isColoured() }))
  process.stdout.write(`\n${out}/: runs.ndjson ${files.join(' ')}\n`)
}
