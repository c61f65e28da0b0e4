// No finding is printed that a replay does not reproduce: the examples are run once more.
import type { RunRecord } from '../reports/record.ts'
import type { Report } from '../reports/report.ts'
import type { Workers } from './campaign.ts'
import { isPath } from './house.ts'
import { parseRunId } from './run-id.ts'

/** Whether the second run says the same: by digest, or by verdict where real time had a part in it. */
const isSame = (a: RunRecord, b: RunRecord): boolean =>
  a.inexact || b.inexact
    ? a.verdict === b.verdict && a.reason === b.reason
    : a.digest === b.digest && a.verdict === b.verdict

/** Replays the examples of the headlines. Resolves to the records that turned out otherwise, corrected. */
export async function confirm(
  { findings }: Report,
  records: readonly RunRecord[],
  pool: Workers,
): Promise<Map<string, RunRecord>> {
  const examples = new Set(
    findings.filter(({ headline }) => headline).map(({ example }) => example),
  )
  const known = new Map(records.map((record) => [record.id, record]))
  const corrected = new Map<string, RunRecord>()
  const orders = [...examples].map((id) => ({
    spec: parseRunId(id),
    source: 'sampled' as const,
    twice: false,
    trace: false,
  }))
  await pool.run(orders, {
    done(_order, { record }) {
      const first = known.get(record.id)
      if (first === undefined || isSame(first, record) || first.digest === '') return
      const verdict = isPath(first.harness) || first.inexact ? 'crash' : 'error'
      corrected.set(first.id, { ...first, verdict, reason: 'nondeterministic' })
    },
    lost: () => {},
  })
  return corrected
}
