// One start of a kernel, for all users or for one, and the machine as it sees it. After a crash it is
// revoked: whatever it still does is not heard, and nothing is ever heard of what it waits for.
import { RunDisk } from './disk.ts'
import { Inbox } from './inbox.ts'
import type { Machine } from './index.ts'
import type { Simulation } from './machine.ts'
import type { Oracle } from './oracle.ts'
import { actorOf, openSession } from './session.ts'

export interface BootableKernel {
  /** Booted once for all users, or once for each. */
  readonly users: 'all' | 'one'
  /** The oracle is given to controls only. */
  boot(machine: Machine, oracle?: Oracle): Promise<void>
  readonly isControl?: boolean
}

export class Boot {
  readonly users: readonly string[]
  /** Names the events of the kernel itself: `kernel`, or its user. */
  readonly scope: string
  readonly inbox = new Inbox()
  /** What the kernel holds, by its own keys. */
  readonly published = new Map<string, unknown>()
  revoked = false
  returned = false

  constructor(users: readonly string[], scope: string) {
    this.users = users
    this.scope = scope
  }

  revoke(): void {
    this.revoked = true
    this.inbox.revoke()
  }
}

/** The machine, as the kernel of this boot is given it. */
export function machineOf(sim: Simulation, boot: Boot): Machine {
  const { scope } = boot
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (boot.revoked) return
      const stop = (): void => reject(signal?.reason)
      if (signal?.aborted === true) {
        stop()
        return
      }
      const key = `${scope}/sleep#${sim.operation(scope, 'sleep')}`
      sim.schedule(boot, key, ms, () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      })
      signal?.addEventListener('abort', stop, { once: true })
    })
  const hold = <T>(promise: Promise<T>): Promise<T> =>
    boot.revoked ? new Promise<T>(() => {}) : sim.hold(promise)
  return {
    jobs: boot.inbox,
    disk: new RunDisk(sim, boot),
    limits: sim.limits,
    policy: sim.policy,
    workspace: sim.world.workspace(actorOf(sim, scope, boot)),
    clock: { now: () => sim.now, sleep, hold },
    open: (of) => openSession(sim, boot, of),
    reply: (job, text) => void (boot.revoked || sim.reply(job, text)),
  }
}
