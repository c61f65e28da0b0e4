// How the effect of a call is told in a trace: what it acts on and what it says, as templates of its arguments.
import type { CallTemplate, Template } from './cpu/program.ts'

export interface Told {
  readonly key: Template
  readonly value: Template
}

const TELLS: Readonly<Record<string, (args: CallTemplate['args']) => Told>> = {
  'files.write': ({ path = '', content = '' }) => ({ key: path, value: content }),
  'payments.pay': ({ payee = '', amount = '', reference = '' }) => ({
    key: payee,
    value: `${amount} ${reference}`,
  }),
  'mail.send': ({ to = '', subject = '', body = '' }) => ({
    key: to,
    value: `${subject}\n${body}`,
  }),
}

/** Undefined of a call that leaves no effect, or none that tells what it was. */
export const toldOf = ({ op, args }: CallTemplate): Told | undefined => TELLS[op]?.(args)
