// Groups that share a budget, as cgroups do: a job in its user's, a user's in that of the machine. What is used
// is charged to all of them, in one ledger on the disk, so that kernels booted once for each user share it.
import type { Conversation } from '../kernel.ts'

/** `all`, `user` or `job`: each of them, or the one of that name. 0 is no bound. */
export interface Limit {
  readonly text: string
  readonly scope: 'all' | 'user' | 'job'
  readonly name: string | undefined
  readonly tokens: number
  readonly requests: number
  /** Granted by the machine for the whole run: as it stands, whatever the window. */
  readonly isGranted?: boolean
}

/** What the machine grants, as limits. */
export function granted({ machine: { limits } }: Conversation): Limit[] {
  const { jobTokens, userTokens, allTokens } = limits.budget ?? {}
  const grants = { job: jobTokens, user: userTokens, all: allTokens }
  return Object.entries(grants).flatMap(([scope, tokens]) =>
    tokens === undefined
      ? []
      : [{ ...limitOf(`${scope} tokens=${Math.floor(tokens)}`), isGranted: true }],
  )
}

const SCOPE = /^(?:(all)|(user|job)(?::([^\s:]+))?)$/
const BOUND = /^(tokens|requests)=(\d+)$/

/** Reads `user tokens=1000 requests=10`, `user:ana tokens=5000`. @throws {TypeError} for anything else. */
export function limitOf(text: string): Limit {
  const [first = '', ...rest] = text.trim().split(/\s+/)
  const [isScope, all, each, name] = SCOPE.exec(first) ?? []
  const bounds = rest.map((word) => BOUND.exec(word))
  if (isScope === undefined || rest.length === 0 || bounds.includes(null))
    throw new TypeError(`no limit of a group: '${text}'; one is 'user tokens=1000 requests=10'`)
  const given = new Map(bounds.map((bound) => [bound?.[1], Number(bound?.[2])]))
  return {
    text,
    scope: (all ?? each) as Limit['scope'],
    name,
    tokens: given.get('tokens') ?? 0,
    requests: given.get('requests') ?? 0,
  }
}

/** One request that was answered or refused. */
export interface Charge {
  readonly atMs: number
  readonly user: string
  readonly job: string
  readonly tokens: number
}

interface Ledger {
  readonly charges: Charge[]
  /** Of the file, so far read. */
  chars: number
}

const PATH = 'budget/ledger.jsonl'

function ledgerOf({ shared }: Conversation): Ledger {
  const known = shared.get('budget.ledger') as Ledger | undefined
  const ledger = known ?? { charges: [], chars: 0 }
  shared.set('budget.ledger', ledger)
  return ledger
}

/** What was charged as of the last look. */
export const charges = (c: Conversation): readonly Charge[] => ledgerOf(c).charges

/** Looks what others have charged meanwhile. A line that was torn at a crash is nobody's. */
export async function refresh(c: Conversation): Promise<void> {
  const ledger = ledgerOf(c)
  const text = (await c.machine.disk.read(PATH)) ?? ''
  for (const line of text.slice(ledger.chars).split('\n')) {
    try {
      if (line !== '') ledger.charges.push(JSON.parse(line) as Charge)
    } catch {}
  }
  ledger.chars = text.length
}

/** A line begins with its break, so that one behind a torn line stands by itself. */
export async function charge(c: Conversation, tokens: number): Promise<void> {
  const { id: job, user } = c.session.job
  const made: Charge = { atMs: c.machine.clock.now(), user, job, tokens }
  await c.machine.disk.append(PATH, `\n${JSON.stringify(made)}`)
  await refresh(c)
}

/** Whether what a job uses is charged to this limit. */
export const applies = ({ scope, name }: Limit, { session: { job } }: Conversation): boolean =>
  scope === 'all' || name === undefined || name === (scope === 'user' ? job.user : job.id)

const isOf = ({ scope }: Limit, { session: { job } }: Conversation, made: Charge): boolean =>
  scope === 'all' || (scope === 'user' ? made.user === job.user : made.job === job.id)

/**
 * When this limit lets a job go on, in virtual milliseconds: now, or when enough of what was charged is longer
 * ago than the period. Never, where there is no period.
 */
export function freeAtMs(c: Conversation, limit: Limit, ownPeriodMs: number): number {
  const nowMs = c.machine.clock.now()
  const periodMs = limit.isGranted === true ? 0 : ownPeriodMs
  const since = periodMs > 0 ? nowMs - periodMs : Number.NEGATIVE_INFINITY
  const own = charges(c).filter((made) => made.atMs > since && isOf(limit, c, made))
  let tokens = own.reduce((sum, made) => sum + made.tokens, 0)
  let requests = own.length
  const mostTokens = limit.tokens * (limit.isGranted === true ? 1 : c.scale)
  let atMs = nowMs
  for (const made of own) {
    const isOver =
      (mostTokens > 0 && tokens >= mostTokens) || (limit.requests > 0 && requests >= limit.requests)
    if (!isOver) break
    if (periodMs <= 0) return Number.POSITIVE_INFINITY
    tokens -= made.tokens
    requests--
    atMs = made.atMs + periodMs
  }
  return atMs
}
