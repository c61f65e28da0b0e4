// What the programs of many scenarios are made of: steps that read, write, pay and send, and the parameter
// that all have.
import type { Fact, JobData, Step, Truth, UserData } from '../../sim/index.ts'
import type { Parameter } from '../scenario.ts'

/** Reads the file where a fact is found, whose place has to be known. */
export const reading = (place: string, learns: readonly string[] = [place]): Step => ({
  id: `read-${place}`,
  needs: [`@${place}`],
  call: { op: 'files.read', args: { path: `{@${place}}` } },
  effect: 'read',
  ...(learns.length > 0 ? { learns } : {}),
})

/** Writes a file from facts. */
export const writing = (
  id: string,
  needs: readonly string[],
  path: string,
  content: string,
): Step => ({
  id,
  needs,
  call: { op: 'files.write', args: { path, content } },
  effect: 'idempotent',
})

/** Pays, once. */
export const paying = (
  id: string,
  needs: readonly string[],
  args: { readonly payee: string; readonly amount: string; readonly reference: string },
): Step => ({ id, needs, call: { op: 'payments.pay', args }, effect: 'once' })

/** Sends an email, once. */
export const sending = (
  id: string,
  needs: readonly string[],
  args: { readonly to: string; readonly subject: string; readonly body: string },
): Step => ({ id, needs, call: { op: 'mail.send', args }, effect: 'once' })

/** Facts that stand in files which do not change, and their truths. */
export function stable(known: Readonly<Record<string, string>>): {
  facts: Record<string, Fact>
  truths: Record<string, Truth>
} {
  const facts: Record<string, Fact> = {}
  const truths: Record<string, Truth> = {}
  for (const [name, value] of Object.entries(known)) {
    facts[name] = { origin: 'stable' }
    truths[name] = { origin: 'stable', values: [{ value }] }
  }
  return { facts, truths }
}

/** One user with one job, at the start. */
export const oneJob = (id: string, prompt: string, of: Partial<JobData> = {}): UserData[] => [
  { id: 'ana', jobs: [{ id, prompt, arrivesMs: 0, ...of }] },
]

/** In the least one a good harness still solves the simplest case. */
export const windowOf = (tokens: number): Parameter => ({
  default: tokens,
  min: 2000,
  max: 1_000_000,
  simplest: 1_000_000,
  about: 'context window in tokens',
})
