// A campaign of given runs on one worker, each followed by a run of a harness that did nothing wrong.
import { join } from 'node:path'
import type { RunRecord } from '../../reports/index.ts'
import type { TraceEvent } from '../../sim/index.ts'
import { campaign, workers } from '../../testbed/campaign.ts'
import type { Order } from '../../testbed/worker.ts'

/** Real milliseconds until a harness counts as hung here. */
const HANG_MS = 1_000

const SCRIPT = join(process.cwd(), 'dist', 'testbed', 'worker.js')

/** The path of a fixture, as a user would give it. */
export const fixture = (name: string): string =>
  `./test/bad-harness/fixtures/${name}${name.includes('.') ? '' : '.ts'}`

export const order = (name: string, instance = 0): Order => ({
  spec: {
    scenario: 'phantom-calls/malformed',
    params: {},
    instance,
    trial: 0,
    harness: fixture(name),
    profile: 'typical',
    seed: 1,
  },
  source: 'sampled',
  twice: true,
  trace: false,
})

/** The records in the order in which the runs ended: on one worker, that of `orders`. */
export async function records(
  orders: readonly Order[],
  { hangMs = HANG_MS } = {},
): Promise<RunRecord[]> {
  const pool = workers(1, SCRIPT, { hangMs })
  const ended: RunRecord[] = []
  try {
    await campaign({
      plan: { orders, skipped: [] },
      pool,
      known: new Set(),
      onRecord: (record) => void ended.push(record),
    })
  } finally {
    await pool.close()
  }
  return ended
}

export interface Pair {
  readonly bad: RunRecord
  /** The run after it, in the same campaign. */
  readonly next: RunRecord
}

/** Each of the harnesses once, and after each the good one. */
export async function afterEachAGoodOne(names: readonly string[]): Promise<Map<string, Pair>> {
  const ended = await records(names.flatMap((name) => [order(name), order('good')]))
  return new Map(
    names.map((name, i) => [name, { bad: ended[2 * i], next: ended[2 * i + 1] } as Pair]),
  )
}

/** The events of a run. */
export async function trace(name: string): Promise<readonly TraceEvent[]> {
  const pool = workers(1, SCRIPT)
  let events: readonly TraceEvent[] = []
  await pool.run([{ ...order(name), twice: false, trace: true }], {
    done(_order, delivery) {
      events = delivery.trace
    },
    lost(_order, loss) {
      throw new Error(loss)
    },
  })
  await pool.close()
  return events
}
