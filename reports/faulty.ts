// Metrics that throw, or give what is no number: told once each, by their file, since they may be the reader's own.
import { plural } from './format.ts'
import type { RunRecord } from './record.ts'
import { byText } from './units.ts'

/** Of a metric that says several things, one; for any order of the records the same. */
export function faultyNotes(records: readonly RunRecord[]): string[] {
  const said = new Map<string, { what: string; runs: number }>()
  for (const what of records.flatMap(({ faulty = [] }) => faulty)) {
    const [file = what] = what.split(': ')
    const known = said.get(file) ?? { what, runs: 0 }
    const first = byText(what, known.what) < 0 ? what : known.what
    said.set(file, { what: first, runs: known.runs + 1 })
  }
  return [...said]
    .sort(([a], [b]) => byText(a, b))
    .map(([, { what, runs }]) => `${what} (${plural(runs, 'run')}, of which it says nothing).`)
}
