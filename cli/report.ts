// enosys report: the runs in a folder, reported on again.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../sim/core/assert.ts'
import { openHost } from '../sim/host/index.ts'
import { openHouse } from '../testbed/house.ts'
import { pricesOf } from '../testbed/user-prices.ts'
import { printReport, reportOn, writersOf } from './reports.ts'
import { readRuns } from './runs.ts'

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
  const notes = torn.map((line) => `${path}:${line}: a torn line was left out.`)
  printReport(writers, await reportOn(house, records, { notes, prices }), { out: dir })
  return 0
}
