// The published measurements, read from their tables: what experiments are compared with. Never fitted to
// here, and never looked at by a run.
import { parse } from 'yaml'
import { z } from 'zod'
import { assert } from '../sim/core/assert.ts'
import type { Host } from '../sim/host/index.ts'

const rowSchema = z.object({
  model: z.string(),
  condition: z.string(),
  metric: z.string(),
  value: z.number(),
  n: z.number().nullable().optional(),
  usable: z.boolean().optional(),
})

const tableSchema = z.object({
  source: z.string(),
  table: z.string(),
  paper: z.string().optional(),
  verified: z.boolean(),
  note: z.string().optional(),
  rows: z.array(rowSchema).min(1),
})

export type PublishedRow = z.infer<typeof rowSchema>
export type PublishedTable = z.infer<typeof tableSchema>

const FOLDER = 'testbed/published'

/** By file name without its ending, sorted. Rows that a table calls unusable are left out. */
export type Published = ReadonlyMap<string, PublishedTable>

/** Some of the tables, or all. */
export async function readPublished(host: Host, names?: ReadonlySet<string>): Promise<Published> {
  const tables = new Map<string, PublishedTable>()
  for (const file of await host.list(FOLDER)) {
    if (!file.endsWith('.yaml') || names?.has(file.slice(0, -'.yaml'.length)) === false) continue
    const read = tableSchema.safeParse(parse(await host.read(`${FOLDER}/${file}`)))
    assert(read.success, `${FOLDER}/${file}: ${read.error?.issues[0]?.path.join('.')}`)
    const rows = read.data.rows.filter(({ usable }) => usable !== false)
    tables.set(file.slice(0, -'.yaml'.length), { ...read.data, rows })
  }
  return tables
}

/** The rows of one model in one table; none where either is unknown. */
export const rowsOf = (
  published: Published,
  table: string,
  model: string | undefined,
): readonly PublishedRow[] => published.get(table)?.rows.filter((row) => row.model === model) ?? []
