// enosys report: the runs in a folder, reported on again.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type RunRecord, recordSchema } from '../reports/record.ts'
import { UsageError } from '../sim/core/assert.ts'
import { openHost } from '../sim/host/index.ts'
import { readJournal } from '../sim/host/journal.ts'
import { openHouse } from '../testbed/house.ts'
import { printReport, reportOn, writersOf } from './reports.ts'

export default async function show(dir: string, { format }: { format: string }): Promise<number> {
  const path = join(dir, 'runs.ndjson')
  if (!existsSync(path))
    throw new UsageError(`${path}: no such file. \`enosys run --out ${dir}\` writes it`)
  const house = await openHouse(openHost())
  const writers = await writersOf(house, format)
  const { values, torn } = readJournal(path)
  const records: RunRecord[] = []
  for (const [i, value] of values.entries()) {
    const parsed = recordSchema.safeParse(value)
    if (!parsed.success)
      throw new UsageError(
        `${path}:${i + 1}: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`,
      )
    records.push(parsed.data)
  }
  const notes = torn === undefined ? [] : [`${path}:${torn}: a torn line was left out.`]
  printReport(writers, await reportOn(house, records, { notes }))
  return 0
}
