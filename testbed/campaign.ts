// A campaign: many runs over worker threads, each told and written down as it ends.
import type { RunRecord } from '../reports/record.ts'
import { givenUp } from '../reports/units.ts'
import { type Loss, type Pool, pool } from '../sim/host/pool.ts'
import { brokenRecord } from './broken.ts'
import { idOf, type Planned } from './plan.ts'
import type { Delivery, Order } from './worker.ts'

/** Real milliseconds without progress after which a run is ended. */
const HANG_MS = 10_000
/** MiB that a run may take beyond what a usual one does. */
const MEMORY_MB = 768
/** After so many hung runs of a harness its others are skipped: each costs ten seconds. */
const HANGS_MAX = 3

export type Workers = Pool<Order, Delivery>

/** `script` is the compiled `testbed/worker.js`. */
export function workers(count: number, script: string, { hangMs = HANG_MS } = {}): Workers {
  return pool<Order, Delivery>({ script, workers: count, hangMs, memoryMb: MEMORY_MB })
}

export interface CampaignOptions {
  readonly plan: Planned
  readonly pool: Workers
  /** Ids of runs that are known already. */
  readonly known: ReadonlySet<string>
  /** Told of each record as it ends, in no order. */
  readonly onRecord: (record: RunRecord) => void
}

const lossRecord = ({ spec, allParams }: Order, loss: Loss): RunRecord =>
  brokenRecord(spec, 'crash', loss, allParams)

export async function campaign({ plan, pool, known, onRecord }: CampaignOptions): Promise<void> {
  for (const record of plan.skipped) if (!known.has(record.id)) onRecord(record)
  const hangs = new Map<string, number>()
  const todo = plan.orders.filter((order) => !known.has(idOf(order)))
  const isGivenUp = ({ spec }: Order): boolean => (hangs.get(spec.harness) ?? 0) >= HANGS_MAX
  await pool.run(todo, {
    skip(order) {
      if (!isGivenUp(order)) return false
      onRecord(brokenRecord(order.spec, 'skip', givenUp(HANGS_MAX), order.allParams))
      return true
    },
    done: (_order, { record }) => onRecord(record),
    lost(order, loss) {
      if (loss === 'hung') hangs.set(order.spec.harness, (hangs.get(order.spec.harness) ?? 0) + 1)
      onRecord(lossRecord(order, loss))
    },
  })
}
