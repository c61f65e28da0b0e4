// Waiting for something that others do, kernels that were booted apart among them: nobody calls back through
// a disk, so it is looked at again and again, in virtual time.
import type { Clock } from '../../sim/index.ts'

export interface Patience {
  /** Virtual milliseconds until it is given up. */
  readonly waitMs: number
  readonly pollMs: number
}

/** What was seen, looked at once at least; nothing where it did not come in time. */
export async function until<T>(
  clock: Clock,
  { waitMs, pollMs }: Patience,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const lastMs = clock.now() + waitMs
  for (;;) {
    const seen = await look()
    const leftMs = lastMs - clock.now()
    if (seen !== undefined || leftMs <= 0) return seen
    await clock.sleep(Math.min(pollMs, leftMs))
  }
}
