// enosys report: the runs in a folder, reported on again.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../sim/core/assert.ts'
import { openHost } from '../sim/host/index.ts'
import { openHouse } from '../testbed/house.ts'
import { pricesOf } from '../testbed/user-prices.ts'
import { checkOwn } from './out.ts'
import { filesOf, printReport, reportOn, writersOf } from './reports.ts'
import { readRuns, tornLines } from './runs.ts'

export default async function show(
  dir: string,
  { format, prices: file }: { readonly format: string; readonly prices?: string },
): Promise<number> {
  const path = join(dir, 'runs.ndjson')
  if (!existsSync(path))
    throw new UsageError(`${path}: no such file. \`enosys run --out ${dir}\` writes it`)
  const house = await openHouse(openHost())
  const prices = file === undefined ? undefined : pricesOf(house.host, file)
  const writers = await writersOf(house, format)
  const { records, torn } = readRuns(path)
  if (records.length === 0) throw new UsageError(`${path}: no record of a run in it`)
  if (writers.size > 1) checkOwn(dir, { journal: 'runs.ndjson', beside: filesOf(writers) })
  const notes = torn.length === 0 ? [] : [`${path}: ${tornLines(torn)} left out.`]
  printReport(writers, await reportOn(house, records, { notes, prices }), { out: dir })
  return 0
}
