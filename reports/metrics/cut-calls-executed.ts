// Calls whose arguments were no JSON, spoken so or cut off with their connection, and that a harness
// guessed the rest of and ran: a file was written with another content than was meant, or a payment was
// made, before the session spoke again.
import type { ToolCall, TraceEvent } from '../../sim/index.ts'
import { metric } from '../metric.ts'
import { isWellFormed } from '../turns.ts'

type Effect = Extract<TraceEvent, { kind: 'effect' }>

export default metric({
  title: 'cut calls executed',
  about: 'calls with broken arguments that were run with a guess of them; sum of all runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['phantom-calls'],
  cell: 'sum',
  measure({ trace }) {
    if (trace.length === 0) return null
    const meant = new Map<string, readonly ToolCall[]>()
    const broken = new Set<string>()
    let executed = 0
    for (const event of trace) {
      if (event.kind === 'plan') meant.set(event.session, event.meant)
      if (event.kind === 'generation') {
        if (event.calls.every(isWellFormed)) broken.delete(event.session)
        else broken.add(event.session)
      }
      if (event.kind === 'refusal' && !(event.heard?.calls ?? []).every(isWellFormed))
        broken.add(event.session)
      if (event.kind !== 'effect' || !broken.has(event.session)) continue
      if (!isGuess(event, meant.get(event.session) ?? [])) continue
      executed++
      broken.delete(event.session)
    }
    return executed
  },
})

function isGuess({ op, value }: Effect, meant: readonly ToolCall[]): boolean {
  if (op === 'payments.pay') return true
  return op === 'files.write' && !meant.flatMap(textsOf).some((text) => writes(text, value))
}

/** As the content itself, as the here-document that ends a shell's command, or as what it prints. */
const writes = (text: string, value: string): boolean =>
  text === value ||
  text.trimEnd().endsWith(`\n${value}EOF`) ||
  text.includes(`printf '%s' '${value.replaceAll("'", "'\\''")}' >`)

function textsOf({ args }: ToolCall): string[] {
  if (!isWellFormed({ id: '', name: '', args })) return []
  const parsed: unknown = JSON.parse(args.trim() || '{}')
  if (typeof parsed !== 'object' || parsed === null) return []
  return Object.values(parsed).filter((value) => typeof value === 'string')
}
