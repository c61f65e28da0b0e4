// The record of a run that did not come to its own end: nothing is known of it but why.
import type { RunRecord, Verdict } from '../reports/record.ts'
import { formatRunId, type RunSpec } from './run-id.ts'

export function brokenRecord(spec: RunSpec, verdict: Verdict, reason: string): RunRecord {
  return {
    id: formatRunId(spec),
    ...spec,
    params: { ...spec.params },
    verdict,
    reason,
    placed: 0,
    met: 0,
    violations: [],
    metrics: {},
    requests: 0,
    tokens: 0,
    virtualMs: 0,
    decisions: [],
    inexact: false,
    digest: '',
  }
}
