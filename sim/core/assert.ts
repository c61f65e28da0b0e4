// The two ways in which enosys itself speaks of trouble. A simulated failure is neither: it is data.

/** Our bug. On in releases, caught by nobody but the run's boundary, where it becomes `error`. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** The user's mistake: one line that says what, where, and the nearest thing that would work. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** @throws {AssertionError} when `condition` is false. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}

/** For the default branch of an exhaustive switch. @throws {AssertionError} always. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`)
}
