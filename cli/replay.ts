// enosys replay: one run again, exactly, on a worker of its own, shown as a listing or in a few lines.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { quoted } from '../reports/command.ts'
import { visible } from '../reports/escape.ts'
import { isolationOf, storiesOf } from '../reports/isolation/index.ts'
import type { RunRecord } from '../reports/record.ts'
import { UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/names.ts'
import { type Host, openHost } from '../sim/host/index.ts'
import { writeText } from '../sim/host/journal.ts'
import type { Instance } from '../sim/index.ts'
import { brokenRecord } from '../testbed/broken.ts'
import { workers } from '../testbed/campaign.ts'
import { instanceFor } from '../testbed/drawn.ts'
import { canonical, type House, openHouse } from '../testbed/house.ts'
import { proc } from '../testbed/proc.ts'
import { HELP, type Rerun, Stepper } from '../testbed/ptrace.ts'
import { formatRunId, parseRunId } from '../testbed/run-id.ts'
import { contextAt, type Filter, strace, VERBS } from '../testbed/strace.ts'
import { checkTape, readTape, tapeText } from '../testbed/tape-file.ts'
import { checkHarnesses } from '../testbed/user-files.ts'
import type { Delivery, Order } from '../testbed/worker.ts'

interface ReplayOptions {
  tape?: string
  strace?: boolean | string
  session?: string
  grep?: string
  proc?: string
  ptrace?: boolean
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

/** Runs orders on a worker, so that a harness that hangs or takes all memory costs no more. */
function runner(root: string) {
  const pool = workers(1, join(root, 'testbed', 'worker.js'))
  return { close: () => pool.close(), run: (order: Order) => runOne(order, pool) }
}

async function runOne(order: Order, pool: ReturnType<typeof workers>): Promise<Delivery> {
  const broken = (reason: string): Delivery => ({
    record: brokenRecord(order.spec, 'crash', reason),
    unreached: [],
    trace: [],
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
  return delivery
}

/** `12.5`, `12.5s` or `800ms`, as milliseconds. */
function instant(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text) ?? []
  if (number === undefined)
    throw new UsageError(`--proc ${text}: expected an instant, e.g. 12.5 (seconds) or 800ms`)
  return Number(number) * (unit === 'ms' ? 1 : 1000)
}

/** `req,call,LAPSE`: the verbs of a listing, in any case. */
function verbsIn(text: string): string[] {
  return text.split(',').map((word) => {
    const verb = VERBS.find((one) => one.toLowerCase() === word.trim().toLowerCase())
    if (verb !== undefined) return verb
    throw new UsageError(
      `--strace ${text}: no event '${word}'. Nearest: ${nearest(word, VERBS)}. All: ${VERBS.join(', ')}`,
    )
  })
}

/** What runs in processes of its own cannot be stopped, nor run again to the same point. */
async function refuseProcesses(id: string, house: House): Promise<void> {
  if ((await house.harness(id)).kind !== 'adapter') return
  throw new UsageError(
    `${id} runs in a process of its own: look at it with --strace or --context, or at what mirrors it`,
  )
}

/** What is a tape already may be replaced by another. @throws {UsageError} for all else that is there. */
function checkWritable(path: string, host: Host): void {
  if (path.trim() === '') throw new UsageError('--write: is empty; expected a file, e.g. tape.yaml')
  if (!existsSync(path)) return
  try {
    readTape(host, path)
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown
    throw new UsageError(
      `--write ${path}: is there, and is no tape of enosys; name a file that does not exist yet`,
    )
  }
}

/** Stop, look, step: commands from standard input, until it ends. */
async function debug(rerun: Rerun, isTty: boolean): Promise<Delivery> {
  const stepper = await Stepper.open(rerun, process.stdout.columns ?? 120)
  if (isTty) process.stdout.write(HELP)
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: isTty })
  lines.setPrompt(isTty ? '(enosys) ' : '')
  lines.prompt()
  for await (const line of lines) {
    if (['quit', 'exit', 'q'].includes(line.trim())) break
    try {
      process.stdout.write(await stepper.command(line))
    } catch (thrown) {
      if (!(thrown instanceof UsageError)) throw thrown
      process.stdout.write(`${thrown.message}\n`)
    }
    lines.prompt()
  }
  lines.close()
  return stepper.whole
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

/** What agents did to each other in a run that failed: nothing where one job was alone. */
function storiesIn({ record, trace }: Delivery, { users, world }: Instance): string[] {
  const isAlone = users.flatMap(({ jobs }) => jobs).length < 2
  if (record.verdict !== 'fail' || isAlone) return []
  return storiesOf(isolationOf(trace, world.files).anomalies).map((story) => `\n${story}`)
}

/** What stands in a listing above it: the verdict with what was violated; and, where it is whole, the decisions. */
interface Told {
  readonly verdict: boolean
  readonly decisions: boolean
}

function tell({ record, unreached }: Delivery, above: Told, stories: readonly string[]): string {
  const lines: string[] = []
  const lapses = record.decisions.filter(({ p }) => p !== null)
  if (!above.verdict) {
    const why = record.reason === '' ? '' : `  ${visible(record.reason)}`
    lines.push(`${record.verdict.toUpperCase()}${why}`)
    for (const { name, says } of record.violations) lines.push(`  ${name}: ${visible(says)}`)
  }
  lines.push(...stories)
  lines.push(`decisions: ${lapses.length}${chance(record.decisions)}`)
  if (!above.decisions)
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
  if (options.write !== undefined) checkWritable(options.write, host)
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
  const instance = await instanceFor(spec, house)
  await house.profile(spec.profile)
  await house.harness(spec.harness)
  await checkHarnesses([spec.harness], house)
  if (tape !== undefined)
    await checkTape({ ...tape, run: formatRunId(spec) }, options.tape ?? '', house)

  const source = tape === undefined ? 'sampled' : tape.decisions
  const atMs = options.proc === undefined ? undefined : instant(options.proc)
  const only: Filter = {
    ...(typeof options.strace === 'string' && { verbs: verbsIn(options.strace) }),
    ...(options.session !== undefined && { session: options.session }),
    ...(options.grep !== undefined && { grep: options.grep }),
  }
  const { run, close } = runner(host.root)
  const order: Order = { spec, source, twice: false, trace: true }
  try {
    if (options.ptrace === true || atMs !== undefined) await refuseProcesses(spec.harness, house)
    if (options.ptrace === true) {
      const rerun: Rerun = (events) =>
        run(events === undefined ? order : { ...order, stop: { events } })
      return CODES[(await debug(rerun, process.stdin.isTTY === true)).record.verdict]
    }
    if (atMs !== undefined) {
      const { trace, inside, record } = await run({ ...order, stop: { atMs } })
      if (inside === undefined) throw new UsageError(`${record.id}: ${record.reason}`)
      process.stdout.write(proc(trace, inside, process.stdout.columns ?? 120))
      return 0
    }
    return show(await run(order), options, only, instance)
  } finally {
    await close()
  }
}

function show(
  delivery: Delivery,
  options: ReplayOptions,
  only: Filter,
  instance: Instance,
): number {
  const { record } = delivery
  if (options.write !== undefined) writeText(options.write, tapeText(record.id, record.decisions))
  if (options.json === true) {
    process.stdout.write(
      `${JSON.stringify({ record, trace: delivery.trace, notReached: delivery.unreached })}\n`,
    )
    return CODES[record.verdict]
  }
  const isAsked = options.strace !== undefined || Object.keys(only).length > 0
  const isListed = isAsked && options.context === undefined
  if (options.context !== undefined)
    process.stdout.write(contextAt(delivery.trace, options.context))
  else if (isListed)
    process.stdout.write(`${strace(delivery, process.stdout.columns ?? 120, only)}\n`)
  const above = { verdict: isListed, decisions: isListed && Object.keys(only).length === 0 }
  process.stdout.write(tell(delivery, above, storiesIn(delivery, instance)))
  if (options.write !== undefined) {
    process.stdout.write(
      `tape: ${options.write}   npx enosys replay --tape ${quoted(options.write)}\n`,
    )
  }
  return CODES[record.verdict]
}
