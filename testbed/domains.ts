// Domains: how hard the tasks of a benchmark are, and how much they differ. Conditions of an experiment,
// shared by all models: a case's difficulty is `hardness + ratio * z`, with z standard normal.
import { parse } from 'yaml'
import { z } from 'zod'
import { assert } from '../sim/core/assert.ts'
import type { Host } from '../sim/host/index.ts'

const schema = z.record(
  z.string(),
  z.strictObject({ hardness: z.number().min(-50).max(50), ratio: z.number().min(0).max(50) }),
)

export type Domains = Readonly<z.infer<typeof schema>>

export const DOMAINS_FILE = 'testbed/experiments/domains.yaml'

export async function readDomains(host: Host): Promise<Domains> {
  const read = schema.safeParse(parse(await host.read(DOMAINS_FILE)) ?? {})
  assert(read.success, `${DOMAINS_FILE}: ${read.error?.issues[0]?.path.join('.')}`)
  return read.data
}

/** The difficulty of a case; a domain that is not in the table is as hard as any. */
export function difficultyOf(domains: Domains, domain: string, z: number): number {
  const { hardness, ratio } = domains[domain] ?? { hardness: 0, ratio: 1 }
  return hardness + ratio * z
}
