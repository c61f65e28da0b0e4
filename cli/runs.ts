// The runs that a folder holds already: its journal, with torn lines told and a run's last record taken.
import { plural } from '../reports/format.ts'
import { type RunRecord, recordSchema } from '../reports/record.ts'
import { UsageError } from '../sim/core/assert.ts'
import { readJournal } from '../sim/host/journal.ts'

export interface Runs {
  readonly records: RunRecord[]
  /** Numbers of the lines that were being written when something ended. */
  readonly torn: readonly number[]
}

/** None where there is no file. @throws {UsageError} for a line that is no record of a run. */
export function readRuns(path: string): Runs {
  const { lines, torn } = readJournal(path)
  const records = new Map<string, RunRecord>()
  for (const { number, value } of lines) {
    const parsed = recordSchema.safeParse(value)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const where =
        issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
      throw new UsageError(`${path}:${number}: no record of a run: ${where}${issue?.message}`)
    }
    records.set(parsed.data.id, parsed.data)
  }
  return { records: [...records.values()], torn }
}

const SHOWN = 3

/** `2 torn lines (12, 40)`: so many, and which were first. */
export function tornLines(torn: readonly number[]): string {
  const more = torn.length > SHOWN ? ', ..' : ''
  return `${plural(torn.length, 'torn line')} (${torn.slice(0, SHOWN).join(', ')}${more})`
}
