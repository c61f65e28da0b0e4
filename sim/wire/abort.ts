// Aborting, as fetch has it: whoever waits is rejected at once with the signal's reason.

/** A signal that follows the caller's and can be aborted by itself. */
export interface Leash {
  readonly signal: AbortSignal
  abort(): void
  /** Lets go of the caller's signal, which may outlive many requests. */
  release(): void
}

export function leash(signal: AbortSignal | undefined): Leash {
  const own = new AbortController()
  const follow = (): void => own.abort(signal?.reason)
  if (signal?.aborted) follow()
  signal?.addEventListener('abort', follow, { once: true })
  return {
    signal: own.signal,
    abort: () => own.abort(),
    release: () => signal?.removeEventListener('abort', follow),
  }
}

/** As `promise`, unless the signal aborts before. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    const release = (): void => signal.removeEventListener('abort', stop)
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(release)
  })
}
