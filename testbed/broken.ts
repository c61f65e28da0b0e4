// The record of a run that did not come to its own end: nothing is known of it but why.
import type { RunRecord, Verdict } from '../reports/record.ts'
import { formatRunId, type RunSpec } from './run-id.ts'

/** `params` are all of the scenario's, where it is to stand beside runs that went on: those of a record are. */
export function brokenRecord(
  spec: RunSpec,
  verdict: Verdict,
  reason: string,
  params: RunRecord['params'] = spec.params,
): RunRecord {
  return {
    id: formatRunId(spec),
    ...spec,
    params: { ...params },
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
