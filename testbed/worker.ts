// What a worker thread does with a batch: runs it, one run after the other, each told as it ends. The
// house is opened once a thread; after code of others crashed, the thread asks to be replaced.
import type { RunRecord } from '../reports/record.ts'
import { UsageError } from '../sim/core/assert.ts'
import { openHost } from '../sim/host/index.ts'
import type { Batch, Done } from '../sim/host/pool.ts'
import { hear } from '../sim/host/seal/output.ts'
import { isSpoilt } from '../sim/host/seal.ts'
import type { TraceEvent, WorldData } from '../sim/index.ts'
import type { Inside } from '../sim/inside.ts'
import { brokenRecord } from './broken.ts'
import type { CrashPoint } from './crash-points.ts'
import { openHouse } from './house.ts'
import { type RunResult, run, type Source, type Stop } from './run.ts'
import type { RunSpec } from './run-id.ts'

export interface Order {
  readonly spec: RunSpec
  /** Its parameters with the defaults, for a record should it come to no end. */
  readonly allParams?: Readonly<Record<string, number>>
  readonly source: Source
  /** Run a second time: it must end on the same digest. */
  readonly twice: boolean
  /** The trace is wanted, not the record alone. */
  readonly trace: boolean
  /** Where to stop, to look. */
  readonly stop?: Stop
  /** The events that a crash can come before are wanted. */
  readonly crashPoints?: boolean
}

export type Delivery = Pick<RunResult, 'record' | 'unreached'> & {
  readonly trace: readonly TraceEvent[]
  /** Of a run whose trace is wanted. */
  readonly inside?: Inside
  /** The world that such a run leaves. */
  readonly after?: WorldData
  readonly crashPoints?: readonly CrashPoint[]
}

/** Whether code of others may still go on, and speak up in a later run. What threw is over. */
const lingers = ({ verdict, reason, inexact }: RunRecord): boolean =>
  inexact || !(verdict === 'pass' || verdict === 'fail' || reason.startsWith('threw: '))

const house = openHouse(openHost())
// Told by each run that needs it, not to the thread.
house.catch(() => {})

/** The first event in which two traces differ, as a reason. */
function difference(a: readonly TraceEvent[], b: readonly TraceEvent[]): string {
  const i = a.findIndex((event, at) => JSON.stringify(event) !== JSON.stringify(b[at]))
  const at = i < 0 ? Math.min(a.length, b.length) : i
  const kind = (a[at] ?? b[at])?.kind ?? 'end'
  return `nondeterministic: event ${at} (${kind}) differs the second time`
}

async function carryOut(
  { spec, source, twice, trace, stop, crashPoints }: Order,
  progress: () => void,
): Promise<Done<Delivery>> {
  hear(trace)
  try {
    const open = await house
    progress()
    const points: CrashPoint[] = []
    const asked = crashPoints === true && { crashPoint: (at: CrashPoint) => points.push(at) }
    const first = await run(spec, source, open, { progress, stop, ...asked })
    let { record } = first
    const harness = await open.harness(spec.harness)
    const isForeign = harness.kind === 'kernel' && harness.isForeign
    if (twice && !record.inexact && record.verdict !== 'crash') {
      const second = await run(spec, source, open, { progress })
      if (second.record.digest !== record.digest && !second.record.inexact) {
        const reason = difference(first.trace, second.trace)
        record = { ...record, verdict: isForeign ? 'crash' : 'error', reason }
      }
    }
    const retire = isForeign && (isSpoilt() || lingers(record))
    const { unreached, inside, after } = first
    const seen = trace
      ? { trace: first.trace, inside: asData(inside()), after: after() }
      : { trace: [] }
    return { result: { record, unreached, ...seen, crashPoints: points }, retire }
  } catch (thrown) {
    const isSaid = thrown instanceof UsageError || !(thrown instanceof Error)
    const reason = isSaid
      ? String(thrown).replace(/^UsageError: /, '')
      : `${thrown.name}: ${thrown.message}`
    const record = brokenRecord(spec, 'error', reason)
    return { result: { record, unreached: [], trace: [] }, retire: true }
  }
}

const plain = (value: unknown): unknown => {
  try {
    return structuredClone(value)
  } catch {
    return typeof value
  }
}

const asData = (inside: Inside): Inside => ({
  ...inside,
  published: new Map([...inside.published].map(([key, value]) => [key, plain(value)])),
})

export default async function work({ items, port, progress }: Batch<Order>): Promise<void> {
  const tick = (): void => void Atomics.add(progress, 0, 1)
  for (const order of items) {
    const done = await carryOut(order, tick)
    tick()
    port.postMessage(done)
    if (done.retire) await new Promise(() => {})
  }
  port.close()
}
