// Payments: an effect that must happen once. Nothing undoes one, and nobody checks for a second.

export interface Payment {
  readonly payee: string
  readonly amount: string
  readonly reference: string
}

/** `120`, `120.0` and `120.00` are one amount. */
export const isSameAmount = (a: string, b: string): boolean =>
  a === b || (a !== '' && b !== '' && Number(a) === Number(b))

export class Payments {
  readonly made: Payment[] = []

  pay(payment: Payment): number {
    this.made.push(payment)
    return this.made.length
  }
}
