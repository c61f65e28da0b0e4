// A crash before every event of one run: each in all ways that what is in flight can come out of it. All else is
// as in the run itself, whose departures from competence stand on a tape; after the crash the model does not lapse.
import { stepsOver } from '../reports/crashes.ts'
import type { RunRecord } from '../reports/record.ts'
import type { Decision } from '../sim/core/chance.ts'
import type { TraceEvent, WorldData } from '../sim/index.ts'
import type { CrashPoint } from './crash-points.ts'
import type { RunSpec } from './run-id.ts'
import type { Delivery, Order } from './worker.ts'

/** What becomes of what is in flight; `none` where nothing is. */
export const FATES = ['none', 'undone', 'landed', 'torn'] as const
export type Fate = (typeof FATES)[number]

export interface CrashCase {
  readonly point: CrashPoint
  readonly fate: Fate
  /** On the tape, beside those of the run itself. */
  readonly decisions: readonly Decision[]
}

const forced = (id: string, value: boolean): Decision => ({ id, value, p: 0 })

const isWrite = (key: string): boolean => /\/write#\d+$/.test(key)

export function casesAt(point: CrashPoint): CrashCase[] {
  const crash = forced(`${point.key}/crash`, true)
  const { inFlight } = point
  if (inFlight.length === 0) return [{ point, fate: 'none', decisions: [crash] }]
  const all = (fate: Fate): CrashCase => {
    const fates = inFlight.flatMap((key) => [
      forced(`${key}/landed`, fate !== 'undone'),
      ...(isWrite(key) && fate !== 'undone' ? [forced(`${key}/torn`, fate === 'torn')] : []),
    ])
    return { point, fate, decisions: [crash, ...fates] }
  }
  return [all('undone'), all('landed'), ...(inFlight.some(isWrite) ? [all('torn')] : [])]
}

/** The run of a case: the tape of the run without a crash, and the crash. */
export const orderFor = (
  spec: RunSpec,
  departures: readonly Decision[],
  { decisions }: CrashCase,
): Order => ({
  spec,
  source: new Map([...departures, ...decisions].map(({ id, value }) => [id, value])),
  twice: false,
  trace: true,
})

/** What a crash cost. */
export interface Cost {
  readonly verdict: RunRecord['verdict']
  readonly reason: string
  /** Effects that must happen once and happened more often than without the crash. */
  readonly repeated: readonly string[]
  /** Effects and files that are there without the crash, and not with it. */
  readonly lost: readonly string[]
  /** Files with other words in them, and what is there only with the crash. */
  readonly other: readonly string[]
  /** What is lost has nothing in its place: nothing is there only with the crash. */
  readonly isLostForGood: boolean
  /** Steps that were done before the crash and are done again, of how many. */
  readonly redone: number
  readonly done: number
}

export interface Crashed extends CrashCase, Cost {
  /** What was under way, in words. */
  readonly doing: string
}

/** Effects that nothing undoes, each as a line, as often as it happened. */
function onceIn({ payments = [], mail }: WorldData): Map<string, number> {
  const lines = [
    ...payments.map(({ payee, amount, reference }) => `paid ${payee} ${amount} (${reference})`),
    ...(mail?.sent ?? []).map(({ to, subject }) => `sent ${to} "${subject}"`),
  ]
  const found = new Map<string, number>()
  for (const line of lines) found.set(line, (found.get(line) ?? 0) + 1)
  return found
}

type Difference = Pick<Cost, 'repeated' | 'lost' | 'other' | 'isLostForGood'>

const NO_DIFFERENCE: Difference = { repeated: [], lost: [], other: [], isLostForGood: false }

function compared(usual: WorldData, now: WorldData): Difference {
  const repeated: string[] = []
  const lost: string[] = []
  const changed: string[] = []
  const added: string[] = []
  const [before, after] = [onceIn(usual), onceIn(now)]
  for (const [line, count] of after) {
    const wanted = before.get(line) ?? 0
    if (wanted === 0) added.push(line)
    else if (count > wanted) repeated.push(count - wanted > 1 ? `${line} x${count}` : line)
  }
  for (const [line, wanted] of before) if ((after.get(line) ?? 0) < wanted) lost.push(line)
  for (const [path, text] of Object.entries(usual.files)) {
    const found = now.files[path]
    if (found === undefined) lost.push(path)
    else if (found !== text) changed.push(path)
  }
  for (const path of Object.keys(now.files)) if (usual.files[path] === undefined) added.push(path)
  const isLostForGood = lost.some((one) => !HIDDEN.test(one)) && added.length === 0
  return { repeated, lost, other: [...changed, ...added], isLostForGood }
}

/** A harness's own files. */
const HIDDEN = /(^|\/)\./

/** The programs of a run stand in the first event of its trace. */
const programsIn = (trace: readonly TraceEvent[]): Parameters<typeof stepsOver>[0] => {
  const [first] = trace
  const none = { programs: [] }
  if (first?.kind !== 'instance') return none
  return (first.run as { instance?: Parameters<typeof stepsOver>[0] }).instance ?? none
}

/** `usual` is the run without a crash. */
export function costOf(usual: Delivery, { record, trace, after }: Delivery): Cost {
  const steps = stepsOver(programsIn(trace), trace)
  const { verdict, reason } = record
  const counts = { redone: steps?.again.size ?? 0, done: steps?.done.size ?? 0 }
  // A run that was ended from outside has left nothing to look at.
  if (usual.after === undefined || after === undefined)
    return { verdict, reason, ...NO_DIFFERENCE, ...counts }
  return { verdict, reason, ...compared(usual.after, after), ...counts }
}

/**
 * Whether the crash did harm: an effect is repeated, a run that passes does not any more, or something is lost and
 * nothing came in its place. What is different of one that still passes is none, a decision of its own maybe; of a
 * run that fails anyway, all that is lost is harm.
 */
export function isHarmed(usual: RunRecord, cost: Cost): boolean {
  const { repeated, lost, verdict, isLostForGood } = cost
  if (verdict === 'error') return false
  if (repeated.length > 0 || isLostForGood) return true
  if (usual.verdict === 'pass') return verdict !== 'pass'
  return lost.length > 0 || !(verdict === 'pass' || verdict === 'fail')
}

const brief = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

/** What the run was about to do at each event, by its key. */
export function doings(trace: readonly TraceEvent[]): (key: string) => string {
  const known = new Map<string, string>()
  for (const event of trace) {
    if (event.kind === 'generation') {
      const calls = event.calls.map(({ name, args }) => `${name} ${args}`).join(' ')
      known.set(`${event.session}/generate#${event.n}`, calls || JSON.stringify(event.content))
    }
    if (event.kind === 'refusal')
      known.set(`${event.session}/generate#${event.n}`, `refused: ${event.code}`)
    if (event.kind === 'call')
      known.set(`${event.session}/call#${event.n}`, `${event.name} ${event.args}`)
    if (event.kind === 'confirm')
      known.set(`${event.session}/confirm#${event.n}`, `asks ${event.question}`)
  }
  const WORDS: readonly (readonly [RegExp, string])[] = [
    [/\/write#/, 'a write to its disk'],
    [/\/sleep#/, 'a wait'],
    [/\/timer#/, 'a timer'],
  ]
  return (key) => {
    const of = known.get(key.replace(/[.+][^/]*$/, ''))
    return brief(of ?? WORDS.find(([form]) => form.test(key))?.[1] ?? '')
  }
}
