// Locks as files on the machine's disk, so that kernels that were booted apart exclude each other. A lock is
// leased: after its time anybody may take it, for a crash leaves the locks of the dead behind. The files of a
// lock are numbered and the newest counts; it is made exclusively, so that of two that take over one wins.
import type { Disk, Machine } from '../../sim/index.ts'

export interface Lease {
  /** After so many virtual milliseconds others may take it. */
  readonly ttlMs: number
  /** How long it is tried. */
  readonly timeoutMs: number
  readonly retryMs: number
}

/** What holds a lock: given back by `release`. */
export interface Lock {
  readonly file: string
}

const FREE = '0'

const fileOf = (name: string, n: number): string => `locks/${name}.${n}`

/** The highest number among the files of a lock; 0 where there is none. */
async function newestOf(disk: Disk, name: string): Promise<number> {
  const prefix = fileOf(name, 0).slice(0, -1)
  let newest = 0
  for (const path of await disk.list()) {
    const number = path.startsWith(prefix) ? path.slice(prefix.length) : ''
    if (/^\d+$/.test(number)) newest = Math.max(newest, Number(number))
  }
  return newest
}

/** Nothing where it was not to be had in time. */
export async function acquire(
  { disk, clock }: Machine,
  name: string,
  { ttlMs, timeoutMs, retryMs }: Lease,
): Promise<Lock | undefined> {
  const lastMs = clock.now() + timeoutMs
  for (;;) {
    const newest = await newestOf(disk, name)
    const file = fileOf(name, newest + 1)
    // Nobody takes and gives back a whole turn while a file is made: the next number is free, or taken.
    if ((await isFree(newest)) && (await disk.create(file, String(clock.now() + ttlMs)))) {
      if (newest > 0) await disk.remove(fileOf(name, newest))
      return { file }
    }
    if (clock.now() + retryMs > lastMs) return undefined
    await clock.sleep(retryMs)
  }

  /** Torn at a crash, a lease ends at once, or early. */
  async function isFree(n: number): Promise<boolean> {
    const untilMs = n === 0 ? FREE : ((await disk.read(fileOf(name, n))) ?? FREE)
    return !(Number(untilMs) > clock.now())
  }
}

/** Whoever lost it meanwhile gives back what is nobody's any more. */
export const release = ({ disk }: Machine, { file }: Lock): Promise<void> => disk.write(file, FREE)
