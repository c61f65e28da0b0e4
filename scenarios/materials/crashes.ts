// What scenarios with crashes have in common: where the machine goes down, and bills.
import { atom, type Draw, type Fact, type Placed, type Step, type Truth } from '../../sim/index.ts'
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
