// Guesses: effects that a harness brought about from calls that could not be run as they were spoken, before
// the session spoke again.
import type { ToolCall } from './core/message.ts'
import type { TraceEvent } from './core/trace.ts'

export type Effect = Extract<TraceEvent, { kind: 'effect' }>

/** Whether all arguments are as spoken: no text at all, or JSON. */
export function isWellFormed({ args }: Pick<ToolCall, 'args'>): boolean {
  if (args.trim() === '') return true
  try {
    JSON.parse(args)
    return true
  } catch {
    return false
  }
}

export interface Guessing {
  /** Whether these calls leave something to guess. */
  isBad(
    calls: readonly ToolCall[],
    offered: ReadonlySet<string>,
    meant: readonly ToolCall[],
  ): boolean
  /** Whether an effect of such an answer is a guess. */
  isGuess(effect: Effect, meant: readonly ToolCall[]): boolean
}

/** How many effects were guesses. With `isOneAnAnswer` each answer counts once at most. */
export function guessesIn(
  trace: readonly TraceEvent[],
  { isBad, isGuess }: Guessing,
  isOneAnAnswer = false,
): number {
  const meant = new Map<string, readonly ToolCall[]>()
  const offers = new Map<string, ReadonlySet<string>>()
  const bad = new Set<string>()
  let guesses = 0
  for (const event of trace) {
    if (event.kind === 'request' && event.tools !== undefined)
      offers.set(event.session, new Set(event.tools))
    if (event.kind === 'plan') meant.set(event.session, event.meant)
    const isLost = event.kind === 'refusal'
    if (event.kind === 'generation' || isLost) {
      const calls = isLost ? (event.heard?.calls ?? []) : event.calls
      const { session } = event
      const offered = offers.get(session) ?? new Set(calls.map(({ name }) => name))
      if (isBad(calls, offered, meant.get(session) ?? [])) bad.add(session)
      else if (!isLost) bad.delete(session)
    }
    if (event.kind !== 'effect' || !bad.has(event.session)) continue
    if (!isGuess(event, meant.get(event.session) ?? [])) continue
    guesses++
    if (isOneAnAnswer) bad.delete(event.session)
  }
  return guesses
}

/** Whether a file was written with what a call says. */
export const isWritten = ({ value }: Effect, meant: readonly ToolCall[]): boolean =>
  meant.flatMap(textsOf).some((text) => writes(text, value))

/** Whether a payment is one that a call says: payee, amount and reference. */
export const isPaid = ({ key, value }: Effect, meant: readonly ToolCall[]): boolean =>
  meant.some((call) => {
    const { payee, amount, reference } = Object.fromEntries(argumentsOf(call))
    return payee === key && `${amount} ${reference}` === value
  })

/** Whether a mail is one that a call says: recipient, subject and body. */
export const isSent = ({ key, value }: Effect, meant: readonly ToolCall[]): boolean =>
  meant.some((call) => {
    const { to, subject, body } = Object.fromEntries(argumentsOf(call))
    return to === key && `${subject}\n${body}` === value
  })

/** As the content itself, as the here-document that ends a shell's command, or as what it prints. */
const writes = (text: string, value: string): boolean =>
  text === value ||
  text.trimEnd().endsWith(`\n${value}EOF`) ||
  text.includes(`printf '%s' '${value.replaceAll("'", "'\\''")}' >`)

/** The arguments of a call, by name; none where they are no JSON object. */
export function argumentsOf(call: ToolCall): [name: string, value: unknown][] {
  if (!isWellFormed(call)) return []
  const parsed: unknown = JSON.parse(call.args.trim() || '{}')
  return typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
}

export const textsOf = (call: ToolCall): string[] =>
  argumentsOf(call).flatMap(([, value]) => (typeof value === 'string' ? [value] : []))
