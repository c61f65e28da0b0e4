// enosys crashes: one run, crashed before every event and booted again on its disk; where work was lost or an
// effect repeated is a row, with a tape that replays it.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { quoted } from '../reports/command.ts'
import { visible } from '../reports/escape.ts'
import { plural } from '../reports/format.ts'
import { clipped, laidOut } from '../reports/layout.ts'
import type { RunRecord } from '../reports/record.ts'
import { assert, UsageError } from '../sim/core/assert.ts'
import { openHost } from '../sim/host/index.ts'
import { writeText } from '../sim/host/journal.ts'
import { lockFolder } from '../sim/host/lock.ts'
import { cores } from '../sim/host/pool.ts'
import { brokenRecord } from '../testbed/broken.ts'
import { workers } from '../testbed/campaign.ts'
import { type Crashed, casesAt, costOf, doings, isHarmed, orderFor } from '../testbed/crashes.ts'
import { instanceFor } from '../testbed/drawn.ts'
import { canonical, openHouse } from '../testbed/house.ts'
import { parseRunId, type RunSpec } from '../testbed/run-id.ts'
import { tapeText } from '../testbed/tape-file.ts'
import { checkHarnesses } from '../testbed/user-files.ts'
import type { Delivery, Order } from '../testbed/worker.ts'
import { onInterrupt } from './interrupt.ts'
import { checkFolder } from './out.ts'
import { progress } from './progress.ts'

interface CrashesOptions {
  all?: boolean
  out: string
  workers?: number
  json?: boolean
}

interface Row extends Crashed {
  readonly isHarmed: boolean
  /** The tape that replays it, where one was written. */
  readonly tape: string | undefined
}

const broken = (spec: RunSpec, reason: string): Delivery => ({
  record: brokenRecord(spec, 'crash', reason),
  unreached: [],
  trace: [],
})

/** The run without a crash. @throws {UsageError} where it does not come to an end of its own. */
function whole(usual: Delivery): Delivery {
  const { verdict, reason, id } = usual.record
  if (verdict === 'pass' || verdict === 'fail') return usual
  assert(verdict !== 'error', `${id}: ${reason}`)
  throw new UsageError(`${id}: ends in ${verdict} without a crash: ${visible(reason)}`)
}

async function specOf(id: string, host: ReturnType<typeof openHost>): Promise<RunSpec> {
  const house = await openHouse(host)
  const asked = parseRunId(id)
  const spec = {
    ...asked,
    harness: canonical(host, asked.harness),
    profile: canonical(host, asked.profile),
  }
  await instanceFor(spec, house)
  await house.profile(spec.profile)
  if ((await house.harness(spec.harness)).kind === 'adapter')
    throw new UsageError(`${id} runs in processes of its own, which no crash of ours reaches`)
  await checkHarnesses([spec.harness], house)
  return spec
}

export default async function crashes(id: string, options: CrashesOptions): Promise<number> {
  const host = openHost()
  checkFolder(options.out)
  const spec = await specOf(id, host)
  const lock = lockFolder(options.out)
  const done = onInterrupt('tapes are written when all have run: there are none of this')
  const count = options.workers ?? cores()
  const pool = workers(count, join(host.root, 'testbed', 'worker.js'))
  const one = async (order: Order): Promise<Delivery> => {
    let delivery = broken(order.spec, 'not run')
    await pool.run([order], {
      done: (_order, result) => {
        delivery = result
      },
      lost: (_order, loss) => {
        delivery = broken(order.spec, loss)
      },
    })
    return delivery
  }
  try {
    const first: Order = { spec, source: 'sampled', twice: false, trace: true, crashPoints: true }
    const usual = whole(await one(first))
    const cases = (usual.crashPoints ?? []).flatMap(casesAt)
    const doing = doings(usual.trace)
    const found = new Map<Order, Crashed>()
    const orders = new Map(
      cases.map((of) => [orderFor(spec, usual.record.decisions, of), of] as const),
    )
    const bar = progress('crashes', orders.size, { isJudged: false })
    const take = (order: Order, delivery: Delivery): void => {
      const of = orders.get(order)
      if (of === undefined) return
      found.set(order, { ...of, ...costOf(usual, delivery), doing: doing(of.point.key) })
      bar.tick(delivery.record)
    }
    await pool.run([...orders.keys()], {
      done: take,
      lost: (order, loss) => take(order, broken(order.spec, loss)),
    })
    bar.stop()
    const all = [...orders.keys()].flatMap((order) => found.get(order) ?? [])
    return show(usual.record, all, options)
  } finally {
    done()
    await pool.close()
    lock.release()
  }
}

/** Worth a row: harm, work that is done again, or another outcome. */
const isTold = ({ isHarmed: harmed, redone, lost, other }: Row): boolean =>
  harmed || redone + lost.length + other.length > 0

/** What a tape of such a list begins with: by it one is known again. */
const MARK = '# A crash of `enosys crashes`.\n'

/** Tapes of an earlier list of crashes, which this one replaces; nobody else's. */
function removeTapes(folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (/^\d+\.yaml$/.test(name) && readFileSync(path, 'utf8').startsWith(MARK)) rmSync(path)
  }
}

/** The next name that is nobody's. */
function freeName(folder: string, from: number): number {
  let n = from
  while (existsSync(join(folder, `${n}.yaml`))) n++
  return n
}

function show(usual: RunRecord, all: readonly Crashed[], options: CrashesOptions): number {
  const { id } = usual
  let written = 0
  removeTapes(options.out)
  const rows = all.map((crashed): Row => {
    const harmed = isHarmed(usual, crashed)
    if (!harmed) return { ...crashed, isHarmed: false, tape: undefined }
    written = freeName(options.out, written + 1)
    const tape = join(options.out, `${written}.yaml`)
    writeText(tape, MARK + tapeText(id, [...usual.decisions, ...crashed.decisions]))
    return { ...crashed, isHarmed: true, tape }
  })
  const isOurs = rows.some(({ verdict }) => verdict === 'error')
  const code = isOurs ? 70 : rows.some((row) => row.isHarmed) ? 1 : 0
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ run: id, verdict: usual.verdict, cases: rows })}\n`)
    return code
  }
  const shown = rows.filter((row) => options.all === true || isTold(row))
  process.stdout.write(text(id, usual, rows, shown))
  return code
}

const named = (texts: readonly string[]): string => {
  const [first = '', ...more] = texts
  return more.length === 0 ? visible(first) : `${visible(first)} and ${more.length} more`
}

/** What came of it, the worst first. */
function says(row: Row): string {
  const told = [
    row.repeated.length > 0 ? `repeated: ${named(row.repeated)}` : '',
    row.lost.length > 0 ? `lost: ${named(row.lost)}` : '',
    row.other.length > 0 ? `different: ${named(row.other)}` : '',
  ].filter((part) => part !== '')
  return told.length > 0 ? told.join('; ') : row.isHarmed ? visible(row.reason) : ''
}

const HEADS = ['event', 'at s', 'in flight', 'verdict', 'redone', 'tape']
const FATE: Readonly<Record<Crashed['fate'], string>> = {
  none: '-',
  undone: 'not done',
  landed: 'done',
  torn: 'torn',
}

const cells = (row: Row): string[] => [
  row.point.key,
  (row.point.at / 1000).toFixed(3),
  FATE[row.fate],
  row.verdict,
  `${row.redone}/${row.done}`,
  row.tape ?? '',
]

function text(id: string, usual: RunRecord, rows: readonly Row[], shown: readonly Row[]): string {
  const events = new Set(rows.map(({ point }) => point.key)).size
  const harmed = rows.filter((row) => row.isHarmed)
  const count = (of: (row: Row) => boolean): number => rows.filter(of).length
  const lines = [
    `${id}: ${usual.verdict} without a crash`,
    ...(usual.verdict === 'pass' ? [] : ['What a crash costs is told against that.']),
    `${plural(rows.length, 'crash', 'crashes')} at ${plural(events, 'event')}: ${count((row) => row.repeated.length > 0)} repeat an effect, ${count((row) => row.lost.length > 0)} lose one, ${count((row) => row.redone > 0)} do steps again, ${rows.length - harmed.length} do no harm`,
  ]
  if (shown.length > 0) {
    const columns = Math.max(100, process.stdout.columns ?? 120)
    const [block] = laidOut(HEADS, shown.map(cells), columns)
    lines.push('', ...(block?.heads ?? []))
    for (const [i, row] of shown.entries()) {
      lines.push(block?.rows[i] ?? '')
      const doing = row.doing === '' ? '' : visible(row.doing)
      const what = [doing, says(row)].filter((part) => part !== '').join('  ->  ')
      if (what !== '') lines.push(`  ${clipped(what, columns - 2)}`)
    }
  }
  const [worst] = harmed
  if (worst?.tape !== undefined)
    lines.push('', `npx enosys replay --tape ${quoted(worst.tape)} --strace`)
  return `${lines.join('\n')}\n`
}
