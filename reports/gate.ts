// The exit code of a campaign, from the same verdicts as every page: 0 pass, 1 fail, 2 stuck, 3
// crash, 70 error, by precedence error, crash, stuck, fail. Controls never gate.
import { UsageError } from '../sim/index.ts'
import type { Report } from './report.ts'

export type ExitCode = 0 | 1 | 2 | 3 | 70

/** Without harnesses to gate on, only an error of ours is worth another code than 0. */
export function gate(report: Report, harnesses: readonly string[] = []): ExitCode {
  if (report.counts.verdicts.error > 0) return 70
  const gating = harnesses.map((name) => lineOf(report, name)).filter(({ control }) => !control)
  const any = (verdict: 'crash' | 'stuck' | 'fail'): boolean =>
    gating.some(({ verdicts }) => verdicts[verdict] > 0)
  if (any('crash')) return 3
  if (any('stuck')) return 2
  return any('fail') ? 1 : 0
}

/** @throws {UsageError} where the harness was not judged at all: that must not pass a gate. */
function lineOf(report: Report, name: string): Report['harnesses'][number] {
  const line = report.harnesses.find(({ harness }) => harness === name)
  if (line === undefined) {
    const known = report.harnesses.map(({ harness }) => harness).join(', ')
    throw new UsageError(`cannot gate on '${name}': it has no runs here. There are: ${known}`)
  }
  const { pass, fail, stuck, crash } = line.verdicts
  if (pass + fail + stuck + crash === 0)
    throw new UsageError(`cannot gate on '${name}': all of its runs were skipped`)
  return line
}
