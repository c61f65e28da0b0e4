// A harness of the user's: an async function of a session, or a kernel.
import { UsageError } from '../sim/core/assert.ts'
import type { Machine, Session } from '../sim/index.ts'
import type { BootableKernel } from '../sim/machine.ts'

type AgentFunction = (session: Session) => unknown

const told = (value: unknown): string =>
  value === undefined
    ? 'nothing'
    : value === null
      ? 'null'
      : typeof value === 'object'
        ? 'an object'
        : `a ${typeof value}`

/** One session a job, one job after the other; what the function returns is the reply. */
async function serve(agent: AgentFunction, machine: Machine): Promise<void> {
  for await (const job of machine.jobs) {
    const reply = await agent(machine.open({ job: job.id }))
    machine.reply(job.id, typeof reply === 'string' ? reply : '')
  }
}

/** @throws {UsageError} where the module's default export is neither. */
export function kernelOfUser(module: Record<string, unknown>, shown: string): BootableKernel {
  const entry = module.default
  if (typeof entry === 'function') {
    return { users: 'one', boot: (machine) => serve(entry as AgentFunction, machine) }
  }
  if (
    typeof entry === 'object' &&
    entry !== null &&
    'boot' in entry &&
    typeof entry.boot === 'function'
  ) {
    const { boot } = entry as { boot: (machine: Machine) => Promise<void> }
    const users = 'users' in entry && entry.users === 'all' ? 'all' : 'one'
    return { users, boot: async (machine) => void (await boot.call(entry, machine)) }
  }
  throw new UsageError(
    `${shown}: the default export is ${told(entry)}; expected an async function (session) => ... or a kernel. See docs/your-own-harness.md`,
  )
}
