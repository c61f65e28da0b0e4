// Progress of long work: a bar on a terminal, a plain line now and then elsewhere. On standard error.
import { SingleBar } from 'cli-progress'
import type { RunRecord } from '../reports/record.ts'

export interface Progress {
  /** A run ended; without a record where it is not judged. */
  tick(record?: Pick<RunRecord, 'verdict'>): void
  stop(): void
  /** Real seconds since the start. */
  seconds(): number
}

export function progress(name: string, total: number, { isJudged = true } = {}): Progress {
  const started = performance.now()
  const seconds = (): number => (performance.now() - started) / 1000
  let done = 0
  let failed = 0
  const note = (record: Parameters<Progress['tick']>[0]): void => {
    done++
    const { verdict = 'pass' } = record ?? {}
    if (verdict !== 'pass' && verdict !== 'skip') failed++
  }
  if (process.stderr.isTTY !== true) {
    let said = 0
    return {
      seconds,
      stop: () => {},
      tick(record) {
        note(record)
        const tenth = Math.floor((done / total) * 10)
        if (tenth === said) return
        said = tenth
        process.stderr.write(`${name}: ${done}/${total} runs, ${seconds().toFixed(0)} s\n`)
      },
    }
  }
  const bar = new SingleBar({
    format: `${name} {bar} {value}/{total} runs  ${isJudged ? '{failed} not passed  ' : ''}{eta_formatted} left`,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(total, 0, { failed: 0 })
  return {
    seconds,
    stop: () => bar.stop(),
    tick(record) {
      note(record)
      bar.update(done, { failed })
    },
  }
}
