// Ctrl-C: one line on what is kept, and the exit code of what was interrupted.
const INTERRUPTED = 130

/** Says so where the command is ended from outside, until the function that it returns is called. */
export function onInterrupt(says: string): () => void {
  const end = (): void => {
    process.stderr.write(`\nenosys: ended; ${says}\n`)
    process.exit(INTERRUPTED)
  }
  process.once('SIGINT', end)
  return () => void process.off('SIGINT', end)
}
