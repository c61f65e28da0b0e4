// A run as strace shows a process: one line an event, from the first request to the failed check.
import { visible } from '../reports/escape.ts'
import type { Message, TraceEvent } from '../sim/index.ts'
import type { RunResult } from './run.ts'
import { Windows } from './windows.ts'

type Shown = Pick<RunResult, 'trace' | 'record'>

const SECONDS = 9
const VERB = 8
const WHO = 22

/** One line, without control characters, at most so many columns. */
export function brief(text: string, columns: number): string {
  const line = visible(text).trim()
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`
}

export const count = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',')

const percent = (p: number | null): string => (p === null ? '' : `  p = ${p.toPrecision(2)}`)

type Row = readonly [verb: string, who: string, what: string]

/** Decisions that only say how long something took. */
const isTiming = (id: string): boolean => /\/(pace|slow)$/.test(id)

/** What was heard of an answer whose connection ended, in few words. */
function half({ content, calls = [] }: Message): string {
  const said = [content, ...calls.map(({ name, args }) => `${name} ${args}`)]
  const text = said.filter((piece) => piece !== '').join('; ')
  return text === '' ? 'nothing was heard' : `heard: ${text}`
}

/** A key of the machine's own events has a number sign: what departs there is no lapse of the model's. */
const wordFor = (id: string): string => (id.includes('#') ? 'FAULT' : 'LAPSE')

function departure(verb: string, { id, value }: { id: string; value: unknown }, p: string): Row {
  const cut = id.lastIndexOf('/')
  return [verb, id.slice(0, cut), `${id.slice(cut + 1)} = ${value}${p}`]
}

function rowOf(event: TraceEvent, width: number): Row | undefined {
  switch (event.kind) {
    case 'boot':
      return ['boot', event.user, event.boot === 1 ? '' : `boot ${event.boot}`]
    case 'job':
      return ['job', event.job, `arrived  ${brief(JSON.stringify(event.prompt), width - 9)}`]
    case 'request': {
      const { dropped, added, purpose, tools } = event
      const changes = [
        `${count(event.tokens)} tok (${count(event.cached)} cached)`,
        `+${added.length}`,
        ...(dropped.length > 0 ? [`dropped ${dropped.length}`] : []),
        ...(purpose === 'work' ? [] : [purpose]),
        ...(tools === undefined ? [] : [`tools ${tools.join(' ')}`]),
      ]
      return ['req', `${event.session} #${event.n}`, brief(changes.join('  '), width)]
    }
    case 'decision':
      // A sample is a detail of the lapse before it, or only says how long something took.
      if (isTiming(event.id)) return undefined
      return departure(event.p === null ? 'drawn' : wordFor(event.id), event, percent(event.p))
    case 'hazard':
      return departure('PLACED', event, '')
    case 'plan': {
      const bad = event.needs.filter(({ status }) => status !== 'usable')
      if (bad.length === 0) return undefined
      return [
        'mind',
        `${event.job}/${event.step}`,
        bad.map((n) => `${n.fact} ${n.status} ${n.value}`).join(', '),
      ]
    }
    case 'unknown':
      return ['mind', event.session, brief(`effect unknown: ${event.what}`, width)]
    case 'generation': {
      const calls = event.calls.map((call) => `${call.name} ${call.args}`)
      const said = calls.length > 0 ? calls.join('; ') : JSON.stringify(event.content)
      return [
        'gen',
        `${event.session} #${event.n}`,
        brief(`${event.usage.output} tok  ${said}`, width),
      ]
    }
    case 'refusal': {
      const { status, code, message, heard } = event
      const who = `${event.session} #${event.n}`
      if (heard !== undefined) return ['CUT', who, brief(`${code}: ${half(heard)}`, width)]
      return ['REFUSED', who, brief(`${status} ${code}: ${message}`, width)]
    }
    case 'call': {
      const room = Math.max(20, width >> 1)
      const what = `${event.name} ${brief(event.args, room)} -> ${event.isError ? 'ERROR ' : ''}`
      return [
        'call',
        `${event.session} #${event.n}`,
        what + brief(event.text, Math.max(12, width - what.length)),
      ]
    }
    case 'effect': {
      const from = event.previous === 0 ? 'new' : `over v${event.previous}`
      return [
        'effect',
        event.session,
        brief(
          `${event.op} ${event.key}  v${event.version} (${from})  ${event.value.length} chars`,
          width,
        ),
      ]
    }
    case 'branch':
      return ['branch', event.session, `${event.move} ${event.paths.join(' ')}`]
    case 'reply':
      return ['exit', event.job, brief(JSON.stringify(event.text), width)]
    case 'interrupt':
      return ['abort', `${event.session} #${event.n}`, `after ${event.spoken} characters`]
    case 'withdraw':
      return ['job', event.job, 'taken back']
    case 'confirm': {
      const answer = event.isAllowed ? 'yes' : 'NO'
      const who = `${event.session} #${event.n}`
      return ['ask', who, `${brief(event.question, width - 8)} -> ${answer}`]
    }
    case 'crash':
      return [
        'CRASH',
        event.key,
        event.landed.length > 0 ? `landed: ${event.landed.join(' ')}` : '',
      ]
    case 'end':
      return event.how === 'done' ? undefined : ['END', event.how, event.detail]
    default:
      return undefined
  }
}

/** The words that lines begin with, as a filter names them. */
export const VERBS = [
  ...['boot', 'job', 'req', 'gen', 'call', 'effect', 'branch', 'ask', 'exit', 'abort'],
  ...['LAPSE', 'FAULT', 'PLACED', 'drawn', 'mind', 'CUT', 'REFUSED', 'CRASH', 'END'],
] as const

/** Which lines are shown; all where nothing is said. */
export interface Filter {
  /** Of `VERBS`. */
  readonly verbs?: readonly string[]
  /** A session or a job, and what belongs to it. */
  readonly session?: string
  /** A text that a line has to have, in any case. */
  readonly grep?: string
}

const isOf = (who: string, session: string): boolean =>
  who.startsWith(session) && /^($|[ /~#+])/.test(who.slice(session.length))

export function linesOf(
  trace: readonly TraceEvent[],
  columns: number,
  { verbs, session, grep }: Filter,
): string[] {
  const lines: string[] = []
  for (const event of trace) {
    const line = lineOf(event, columns)
    if (line === undefined) continue
    const [verb = '', ...rest] = line.slice(SECONDS + 2).split(/ +/)
    if (verbs !== undefined && !verbs.includes(verb)) continue
    if (session !== undefined && !isOf(rest.join(' '), session)) continue
    if (grep !== undefined && !line.toLowerCase().includes(grep.toLowerCase())) continue
    lines.push(line)
  }
  return lines
}

/** One event as a line of a listing; undefined for what is not shown. */
export function lineOf(event: TraceEvent, columns: number): string | undefined {
  const width = Math.max(40, columns - SECONDS - VERB - WHO - 4)
  const row = rowOf(event, width)
  if (row === undefined) return undefined
  const [verb, who, what] = [row[0], visible(row[1]), visible(row[2])]
  const at = (event.at / 1000).toFixed(3).padStart(SECONDS)
  return `${at}  ${verb.padEnd(VERB)}${who.padEnd(WHO)} ${what}`.trimEnd()
}

/** The listing, ending in the verdict and what was violated. */
export function strace({ trace, record }: Shown, columns = 120, only: Filter = {}): string {
  const lines = linesOf(trace, columns, only)
  const indent = ' '.repeat(SECONDS + 2)
  lines.push(
    `${indent}${record.verdict.toUpperCase()}${record.reason === '' ? '' : `   ${visible(record.reason)}`}`,
  )
  for (const { name, says } of record.violations)
    lines.push(`${indent}  ${visible(name)}: ${visible(says)}`)
  return lines.join('\n')
}

/** The model's window at the nth request of a run, message by message. */
export function contextAt(trace: readonly TraceEvent[], turn: number): string {
  const windows = new Windows()
  let seen = 0
  for (const event of trace) {
    if (event.kind !== 'request') continue
    const window = windows.add(event)
    if (++seen !== turn) continue
    const head = `${event.session} request ${event.n} at ${(event.at / 1000).toFixed(3)} s: ${window.messages.length} messages, ${count(event.tokens)} tokens\n`
    const shown = window.messages.map(({ message: { role, content, calls = [] } }, i) => {
      const spoken = calls.map(({ name, args }) => `\n    -> ${name} ${brief(args, 2000)}`).join('')
      return `${String(i).padStart(4)} ${role.padEnd(9)} ${brief(content, 4000)}${spoken}`
    })
    return `${head}${shown.join('\n')}\n`
  }
  return `no request ${turn}: this run has ${seen}\n`
}
