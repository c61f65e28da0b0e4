// A run that stands still, as /proc shows a system: jobs, sessions and what is in each window and why, what
// is under way and what is to come, cores, files, the disk, and what the kernel itself published. What its
// trace tells is known of any harness; the rest of those that run in process.
import { visible } from '../reports/escape.ts'
import { jobOf, type TraceEvent } from '../sim/index.ts'
import type { Inside } from '../sim/inside.ts'
import { brief, count } from './strace.ts'
import { type Window, Windows } from './windows.ts'

interface JobState {
  readonly user: string
  readonly arrivedMs: number
  state: 'open' | 'answered' | 'taken back'
  requests: number
}

interface SessionState {
  readonly parent: string | undefined
  /** Begun and not ended. */
  underway: { readonly what: string; readonly sinceMs: number } | undefined
  calls: number
  input: number
  output: number
}

interface Account {
  readonly jobs: Map<string, JobState>
  readonly sessions: Map<string, SessionState>
  readonly windows: Windows
}

function account(trace: readonly TraceEvent[]): Account {
  const jobs = new Map<string, JobState>()
  const sessions = new Map<string, SessionState>()
  const windows = new Windows()
  for (const event of trace) {
    if (event.kind === 'job')
      jobs.set(event.job, { user: event.user, arrivedMs: event.at, state: 'open', requests: 0 })
    else if (event.kind === 'reply' || event.kind === 'withdraw') {
      const job = jobs.get(event.job)
      if (job?.state === 'open') job.state = event.kind === 'reply' ? 'answered' : 'taken back'
    } else if (event.kind === 'session') {
      const fresh = { underway: undefined, calls: 0, input: 0, output: 0 }
      sessions.set(event.session, { parent: event.parent, ...fresh })
    } else if (event.kind === 'crash') {
      for (const session of sessions.values()) session.underway = undefined
    } else if ('session' in event) of(event, jobs, sessions.get(event.session), windows)
  }
  return { jobs, sessions, windows }
}

function of(
  event: TraceEvent,
  jobs: Map<string, JobState>,
  session: SessionState | undefined,
  windows: Windows,
): void {
  if (session === undefined) return
  if (event.kind === 'request') {
    windows.add(event)
    const job = jobs.get(jobOf(event.session))
    if (job !== undefined) job.requests++
    session.underway = { what: `generate #${event.n} (${event.purpose})`, sinceMs: event.at }
  } else if (event.kind === 'generation' || event.kind === 'refusal') {
    session.underway = undefined
    if (event.kind === 'generation') {
      session.input += event.usage.input
      session.output += event.usage.output
    }
  } else if (event.kind === 'call') session.calls++
}

/** A value as text, whatever it is: what a kernel publishes is its own. */
function valueText(value: unknown): string {
  try {
    const text = JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? `${one}` : one))
    return text ?? String(value)
  } catch {
    return `a ${typeof value} that is no plain data`
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

const table = (cells: readonly (readonly string[])[]): string[] => {
  const rows = cells.map((row) => row.map(visible))
  const widths: number[] = []
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd(),
  )
}

/** Why a message stands in the window, as a kernel publishes it. */
interface Why {
  readonly why?: unknown
}

function windowLines(
  { messages, newest, purpose, tools }: Window,
  published: Inside['published'],
  columns: number,
): string[] {
  const told = published.get(`${newest.session}/context`)
  const whys: readonly Why[] = Array.isArray(told) && purpose === 'work' ? told : []
  const head = `${newest.session}  ${purpose}, as of request ${newest.n}: ${messages.length} messages, ${count(newest.tokens)} tokens (${count(newest.cached)} cached); tools ${tools.join(' ') || 'none'}`
  const rows = messages.map(({ message: { role, content, calls = [] }, since }, i) => {
    const spoken = calls.map(({ name, args }) => `-> ${name} ${args}`).join('; ')
    const why = String(whys[i]?.why ?? '')
    const text = brief(`${content} ${spoken}`.trim(), Math.max(20, columns - 48))
    return [String(i), role, `since ${since}`, why, text]
  })
  return [brief(head, columns), ...table(rows)]
}

/** The state of a run as text, at most so many columns wide where it can. */
export function proc(trace: readonly TraceEvent[], inside: Inside, columns = 100): string {
  const { jobs, sessions, windows } = account(trace)
  const { pending, cores, disk, files, published } = inside
  const lines = [`at ${seconds(inside.atMs)} s, ${count(trace.length)} events`, '', 'jobs']
  lines.push(
    ...table(
      [...jobs].map(([id, { user, state, arrivedMs, requests }]) => [
        visible(id),
        visible(user),
        state,
        `arrived ${seconds(arrivedMs)}`,
        `${requests} requests`,
      ]),
    ),
    '',
    'sessions',
    ...table(
      [...sessions].map(([id, { parent, underway, calls, input, output }]) => [
        visible(id),
        underway === undefined ? 'idle' : `${underway.what} since ${seconds(underway.sinceMs)}`,
        `${calls} calls`,
        `${count(input)} tokens in, ${count(output)} out`,
        parent === undefined ? '' : `of ${visible(parent)}`,
      ]),
    ),
  )
  for (const window of windows.all.values())
    lines.push('', 'window', ...windowLines(window, published, columns))
  lines.push('', `cores  ${cores.busy} of ${cores.of} busy, ${cores.waiting} waiting`)
  lines.push(`queue  ${pending.length} to come`)
  lines.push(...table(pending.slice(0, SHOWN).map(({ at, key }) => [seconds(at), visible(key)])))
  lines.push(`files  ${files.length}`)
  lines.push(`disk   ${disk.size} files`)
  lines.push(
    ...table([...disk].slice(0, SHOWN).map(([path, n]) => [visible(path), `${count(n)} chars`])),
  )
  const held = [...published].filter(([key]) => !key.endsWith('/context'))
  lines.push(`held   ${held.length} things published by the kernel`)
  lines.push(...table(held.map(([key, value]) => [visible(key), brief(valueText(value), 400)])))
  return `${lines.join('\n')}\n`
}

/** So many of a kind are shown. */
const SHOWN = 20
