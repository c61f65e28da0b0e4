// A harness of the user's: an async function of a session, or a kernel.
import { visible } from '../reports/escape.ts'
import type { BootableKernel } from '../sim/boot.ts'
import { AssertionError, UsageError } from '../sim/core/assert.ts'
import type { Machine, Session } from '../sim/index.ts'
import { checked } from './checked.ts'

type AgentFunction = (session: Session) => unknown

const kindOf = (value: unknown): string =>
  value === undefined
    ? 'nothing'
    : value === null
      ? 'null'
      : typeof value === 'object'
        ? 'an object'
        : `a ${typeof value}`

/** What was thrown may be anything, even what throws when it is looked at. Never throws. */
export function tame(thrown: unknown): Error {
  if (thrown instanceof AssertionError) return thrown
  let text = ''
  try {
    text = thrown instanceof Error ? `${thrown.message}` || thrown.name : String(thrown)
  } catch {
    text = 'something that cannot be told'
  }
  const [line = ''] = text.trim().slice(0, 1_000).split('\n')
  return new Error(visible(line).slice(0, 200))
}

/** One session a job, one job after the other; what the function returns is the reply. */
async function serve(agent: AgentFunction, machine: Machine): Promise<void> {
  for await (const job of machine.jobs) {
    const reply = await agent(machine.open({ job: job.id }))
    machine.reply(job.id, typeof reply === 'string' ? reply : '')
  }
}

/** With whatever it throws as an Error of one harmless line. */
const told =
  (boot: (machine: Machine) => Promise<void>): BootableKernel['boot'] =>
  async (machine) => {
    try {
      await boot(checked(machine))
    } catch (thrown) {
      throw tame(thrown)
    }
  }

/** @throws {UsageError} where the module's default export is neither. */
export function kernelOfUser(module: Record<string, unknown>, shown: string): BootableKernel {
  const entry = module.default
  if (typeof entry === 'function') {
    return { users: 'one', boot: told((machine) => serve(entry as AgentFunction, machine)) }
  }
  if (
    typeof entry === 'object' &&
    entry !== null &&
    'boot' in entry &&
    typeof entry.boot === 'function'
  ) {
    const { boot } = entry as { boot: (machine: Machine) => Promise<void> }
    const users = 'users' in entry && entry.users === 'all' ? 'all' : 'one'
    return { users, boot: told(async (machine) => void (await boot.call(entry, machine))) }
  }
  throw new UsageError(
    `${shown}: the default export is ${kindOf(entry)}; expected an async function (session) => ... or a kernel. See docs/your-own-harness.md`,
  )
}
