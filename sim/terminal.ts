// A session's terminal: each command is one event, as a call is, and meets what calls meet. While it runs,
// virtual time stands still; what it slept passes afterwards.
import type { Boot } from './boot.ts'
import type { Ran, Terminal } from './index.ts'
import type { Simulation } from './machine.ts'
import { seenBy, type Workspace } from './world/files.ts'
import type { Actor } from './world/index.ts'
import type { Outcome } from './world/shell.ts'
import { WorldTerminal } from './world/terminal.ts'

const TIMED_OUT = 124

export function terminalOf(
  sim: Simulation,
  boot: Boot,
  { id: session, workspace, actor }: { id: string; workspace: Workspace; actor: Actor },
): Terminal {
  const terminal = new WorldTerminal(sim.shell)
  /** What lands after its boot is gone acts all the same. */
  const lasting = (): Workspace => seenBy(workspace, { ...actor.audit, isRevoked: () => false })
  const run = (line: string, timeoutMs: number | undefined): Promise<Ran> => {
    const n = sim.operation(session, 'call')
    const key = `${session}/call#${n}`
    const args = JSON.stringify({ command: line })
    const act = (on: Workspace): Promise<Outcome> => {
      const acting = terminal.run({ key, line, now: sim.now, timeoutMs }, on)
      const done = acting.finally(() => sim.working.delete(done))
      sim.working.add(done)
      return acting
    }
    return new Promise((resolve) => {
      const answer = (output: string, exitCode: number): void => {
        const isError = exitCode !== 0
        const told = { kind: 'call', session, n, name: 'terminal', args } as const
        sim.trace.add({ ...told, at: sim.now, text: output, isError })
        resolve({ output, exitCode })
      }
      const after = (ms: number, output: string, exitCode: number): void => {
        if (ms === 0) answer(output, exitCode)
        else sim.schedule(boot, `${key}.ended`, ms, () => answer(output, exitCode))
      }
      const fire = async (): Promise<void> => {
        const verdict = sim.fault('call', key)
        if (verdict.kind === 'hollow') return answer('', 0)
        const isDropped = verdict.kind === 'drop'
        if (isDropped || verdict.kind === 'fail') {
          const { message, afterMs } = verdict
          if (isDropped) await act(workspace)
          return after(afterMs, message, afterMs === 0 ? 1 : TIMED_OUT)
        }
        const { stdout, stderr, exitCode, elapsedMs } = await act(workspace)
        after(elapsedMs, stdout + stderr, exitCode)
      }
      sim.schedule(boot, key, sim.profile.pace.toolMs, fire, () => act(lasting()))
    })
  }
  return {
    run: (command, options) =>
      boot.revoked ? new Promise(() => {}) : run(String(command), options?.timeoutMs),
  }
}
