// Payments: an effect that must happen once. Nothing undoes one, and nobody checks for a second.

export interface Payment {
  readonly payee: string
  readonly amount: string
  readonly reference: string
}

export class Payments {
  readonly made: Payment[] = []

  pay(payment: Payment): number {
    this.made.push(payment)
    return this.made.length
  }
}
