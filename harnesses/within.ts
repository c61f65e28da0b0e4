// How the ceiling keeps to what the users have configured: what a rule denies is not run, what is to be asked
// about is asked; a command line is run on a branch first, and kept if it changed nothing that it may not.
import type { CallToolResult, Machine, Tool } from '../sim/index.ts'
import type { Call, Session } from './kernel.ts'
import { type Act, actsOf } from './rules/acts.ts'
import { deniedIn, isAskedIn } from './rules/configured.ts'
import { questionOf } from './rules/rules.ts'

/** The result; undefined where the call may not be made. */
export async function runWithin(
  machine: Machine,
  session: Session,
  tools: readonly Tool[],
  call: Call,
): Promise<CallToolResult | undefined> {
  const { name, args } = call
  const plainly = { name, arguments: args }
  const { deny, ask } = machine.policy
  if (deny.length + ask.length === 0) return session.tools.callTool(plainly)
  const acts = actsOf(call, { tools })
  const isPermitted = async (wanted: readonly Act[]): Promise<boolean> =>
    deniedIn(wanted, { machine }) === undefined &&
    (!isAskedIn(wanted, { machine }) || (await session.confirm(questionOf(name, args))))
  if (!(await isPermitted(acts))) return undefined
  if (!acts.some(({ kind }) => kind === 'run')) return session.tools.callTool(plainly)
  const trial = machine.open({ job: session.job.id, on: session.workspace.branch() })
  const result = await trial.tools.callTool(plainly)
  const changed = trial.workspace
    .changes()
    .flatMap((path) => actsOf({ id: '', name: 'write_file', args: { path } }, { tools }))
  if (await isPermitted(changed)) {
    trial.workspace.commit()
    return result
  }
  trial.workspace.abort()
  return undefined
}
