// What scenarios with crashes have in common: where the machine goes down, bills, and what has to have been
// paid of them in the end.
import { atom, type Draw, type Fact, type Placed, type Step, type Truth } from '../../sim/index.ts'
import type { Judged, Violation } from '../scenario.ts'
import { paying, stable } from './steps.ts'

/**
 * The machine goes down at an event of a job's first session: odd numbers are its answers, even ones its calls.
 * A call in flight has taken effect, or has not.
 */
export function crashAt(job: string, event: number, hasLanded: boolean): Placed[] {
  const turn = (event + 1) >> 1
  if (event % 2 === 1) return [{ id: `${job}/generate#${turn}/crash`, value: true }]
  return [
    { id: `${job}/call#${turn}/crash`, value: true },
    { id: `${job}/call#${turn}/landed`, value: hasLanded },
  ]
}

export interface Bill {
  /** Its reference; its facts are `payee-REFERENCE` and `amount-REFERENCE`. */
  readonly reference: string
  readonly names: readonly [payee: string, amount: string]
  /** What a file says of it. */
  readonly line: string
  readonly pay: Step
}

export interface Bills {
  readonly bills: readonly Bill[]
  readonly facts: Readonly<Record<string, Fact>>
  readonly truths: Readonly<Record<string, Truth>>
}

/** So many bills, no two alike. */
export function billsOf(draw: Draw, count: number): Bills {
  const references = new Set<string>()
  while (references.size < count) references.add(`${draw.word(2)}-${draw.int(100, 999)}`)
  const known: Record<string, string> = {}
  const bills = [...references].map((reference): Bill => {
    const names = [`payee-${reference}`, `amount-${reference}`] as const
    const [payee, amount] = [draw.word(3), `${draw.int(20, 900)}.00`]
    Object.assign(known, { [names[0]]: payee, [names[1]]: amount })
    const args = { payee: `{${names[0]}}`, amount: `{${names[1]}}`, reference }
    return {
      reference,
      names,
      line: `${atom('fact', names[1], amount)} to ${atom('fact', names[0], payee)}`,
      pay: paying(`pay-${reference}`, names, args),
    }
  })
  return { bills, ...stable(known) }
}

/** What is wrong with the payments: each of an instance's facts `payee-x` and `amount-x` asks for one. */
export function paymentsMade({ instance, after }: Judged): Violation[] {
  const found = new Map<string, string>()
  const isKnown = (reference: string): boolean => `payee-${reference}` in instance.truths
  if ((after.payments ?? []).some(({ reference }) => !isKnown(reference)))
    found.set('payment-unasked', 'makes a payment that nobody asked for')
  for (const [name, { values }] of Object.entries(instance.truths)) {
    if (!name.startsWith('payee-')) continue
    const reference = name.slice('payee-'.length)
    const amount = instance.truths[`amount-${reference}`]?.values[0]?.value
    const own = (after.payments ?? []).filter((payment) => payment.reference === reference)
    if (own.length === 0) found.set('payment-missing', 'leaves an invoice unpaid')
    if (own.length > 1) found.set('paid-twice', 'pays an invoice more than once')
    if (own.some((payment) => payment.payee !== values[0]?.value || payment.amount !== amount))
      found.set('payment-wrong', 'pays a wrong amount or a wrong payee')
  }
  return [...found].map(([name, says]) => ({ name, says }))
}
