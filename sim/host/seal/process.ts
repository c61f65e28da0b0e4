// What a process can tell of itself and differs from one to the next: ids and clocks. And it may not
// end its own, which is the user's.
import os from 'node:os'
import workerThreads from 'node:worker_threads'

/** As good as any. */
const PID = 4242

export function sealProcess(now: () => number | undefined): void {
  const { pid, ppid } = process
  const ids = { pid: [pid, PID], ppid: [ppid, 1] } as const
  for (const [name, [real, virtual]] of Object.entries(ids)) {
    const get = (): number => (now() === undefined ? real : virtual)
    Object.defineProperty(process, name, { get, configurable: true, enumerable: true })
  }
  const uptimes = [
    [process, process.uptime.bind(process)],
    [os, os.uptime],
  ] as const
  for (const [of, real] of uptimes) {
    Object.assign(of, {
      uptime: () => {
        const ms = now()
        return ms === undefined ? real() : ms / 1000
      },
    })
  }
  Object.defineProperty(workerThreads, 'threadId', { value: 1, configurable: true, writable: true })
  const { kill } = process
  process.kill = (target, signal) => {
    const isOurs = [0, pid, ppid, PID, 1, -pid].includes(target)
    if (now() === undefined || signal === 0 || !isOurs) return kill.call(process, target, signal)
    throw Object.assign(new Error('kill EPERM: the process is sealed'), { code: 'EPERM' })
  }
}
