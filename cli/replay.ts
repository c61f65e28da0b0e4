// enosys replay: one run again, exactly, on a worker of its own, shown as a listing or in a few lines.
import { join } from 'node:path'
import { quoted } from '../reports/command.ts'
import { visible } from '../reports/escape.ts'
import type { RunRecord } from '../reports/record.ts'
import { UsageError } from '../sim/core/assert.ts'
import { openHost } from '../sim/host/index.ts'
import { writeText } from '../sim/host/journal.ts'
import { brokenRecord } from '../testbed/broken.ts'
import { workers } from '../testbed/campaign.ts'
import { canonical, openHouse } from '../testbed/house.ts'
import { formatRunId, parseRunId } from '../testbed/run-id.ts'
import { contextAt, strace } from '../testbed/strace.ts'
import { checkTape, instanceFor, readTape, tapeText } from '../testbed/tape-file.ts'
import { checkFiles } from '../testbed/user-files.ts'
import type { Delivery, Order } from '../testbed/worker.ts'

interface ReplayOptions {
  tape?: string
  strace?: boolean
  context?: number
  write?: string
  json?: boolean
}

const CODES: Readonly<Record<RunRecord['verdict'], number>> = {
  pass: 0,
  skip: 0,
  fail: 1,
  stuck: 2,
  crash: 3,
  error: 70,
}

/** Runs one order on a worker, so that a harness that hangs or takes all memory costs no more. */
async function runOne(order: Order, root: string): Promise<Delivery> {
  const pool = workers(1, join(root, 'testbed', 'worker.js'))
  const broken = (reason: string): Delivery => ({
    record: brokenRecord(order.spec, 'crash', reason),
    unreached: [],
    trace: [],
    published: new Map(),
  })
  let delivery = broken('not run')
  await pool.run([order], {
    done: (_order, result) => {
      delivery = result
    },
    lost: (_order, loss) => {
      delivery = broken(loss)
    },
  })
  await pool.close()
  return delivery
}

/** More decisions than this say nothing of how likely the failure is: most have no part in it. */
const FEW = 4

const chance = (decisions: RunRecord['decisions']): string => {
  if (decisions.filter((decision) => decision.p !== null).length > FEW) return ''
  let p = 1
  for (const decision of decisions) if (decision.p !== null) p *= decision.p
  if (p === 0) return ', never by chance under this profile'
  return p >= 0.995
    ? ''
    : `, about 1 in ${Math.max(1, Math.round(1 / p)).toLocaleString('en')} runs`
}

function tell({ record, unreached }: Delivery, detail: boolean): string {
  const lines: string[] = []
  const lapses = record.decisions.filter(({ p }) => p !== null)
  const why = record.reason === '' ? '' : `  ${visible(record.reason)}`
  lines.push(`${record.verdict.toUpperCase()}${why}`)
  for (const { name, says } of record.violations) lines.push(`  ${name}: ${visible(says)}`)
  lines.push(`decisions: ${lapses.length}${chance(record.decisions)}`)
  if (detail)
    for (const { id, value, p } of lapses) lines.push(`  ${id}: ${value}  p = ${p?.toPrecision(2)}`)
  for (const id of unreached) lines.push(`not reached: ${id}`)
  lines.push(
    `digest: ${record.digest}${record.inexact ? ' (waited for the real world: may differ)' : ''}`,
  )
  return `${lines.join('\n')}\n`
}

export default async function replay(
  id: string | undefined,
  options: ReplayOptions,
): Promise<number> {
  const host = openHost()
  const house = await openHouse(host)
  const tape = options.tape === undefined ? undefined : readTape(host, options.tape)
  const name = id ?? tape?.run
  if (name === undefined) throw new UsageError('replay needs a RUN_ID, or --tape FILE')
  const asked = parseRunId(name)
  const spec = {
    ...asked,
    harness: canonical(host, asked.harness),
    profile: canonical(host, asked.profile),
  }
  for (const kind of ['harness', 'profile'] as const) {
    if (asked[kind].includes('#') && asked[kind] !== spec[kind])
      process.stderr.write(`enosys: ${asked[kind].split('#')[0]} has changed since that run\n`)
  }
  await instanceFor(spec, house)
  await house.profile(spec.profile)
  await house.harness(spec.harness)
  await checkFiles([spec.harness], host)
  if (tape !== undefined)
    await checkTape({ ...tape, run: formatRunId(spec) }, options.tape ?? '', house)

  const source = tape === undefined ? 'sampled' : tape.decisions
  const delivery = await runOne({ spec, source, twice: false, trace: true }, host.root)
  const { record } = delivery
  const result = { ...delivery, published: delivery.published }
  if (options.write !== undefined) writeText(options.write, tapeText(record.id, record.decisions))
  if (options.json === true) {
    process.stdout.write(
      `${JSON.stringify({ record, trace: delivery.trace, notReached: delivery.unreached })}\n`,
    )
    return CODES[record.verdict]
  }
  if (options.context !== undefined)
    process.stdout.write(contextAt(delivery.trace, options.context))
  else if (options.strace === true)
    process.stdout.write(`${strace(result, process.stdout.columns ?? 120)}\n`)
  process.stdout.write(tell(delivery, options.strace !== true))
  if (options.write !== undefined) {
    process.stdout.write(
      `tape: ${options.write}   npx enosys replay --tape ${quoted(options.write)}\n`,
    )
  }
  return CODES[record.verdict]
}
