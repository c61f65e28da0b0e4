// Defences whose effect the model does not know: told, so that nobody takes them for useless.
import { plural } from './format.ts'
import type { RunRecord } from './record.ts'
import { byText } from './units.ts'

/** One sentence for each, in plain text; for any order of the records the same. */
export function unknownNotes(records: readonly RunRecord[]): string[] {
  const seen = new Map<string, RunRecord[]>()
  for (const record of records) {
    for (const what of record.unknown ?? []) {
      const runs = seen.get(what) ?? []
      runs.push(record)
      seen.set(what, runs)
    }
  }
  return [...seen]
    .sort(([a], [b]) => byText(a, b))
    .map(([what, runs]) => {
      const who = [...new Set(runs.map(({ harness }) => harness))].sort(byText).join(', ')
      const where = `${who}, ${plural(runs.length, 'run')}`
      return `effect unknown: ${what} (${where}). The model takes no notice of it: these runs say nothing about that defence.`
    })
}
