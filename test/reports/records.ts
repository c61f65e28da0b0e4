// Records for tests of reports: a campaign whose figures can be reckoned by hand.
import type { Metric, ReportOptions, RunRecord } from '../../reports/index.ts'

export function record(of: Partial<RunRecord> = {}): RunRecord {
  const scenario = of.scenario ?? 'compaction/ledger'
  const harness = of.harness ?? 'loop'
  const profile = of.profile ?? 'typical'
  const instance = of.instance ?? 0
  const trial = of.trial ?? 0
  return {
    id: `${scenario}@${instance}.${trial}:${harness}:${profile}:1`,
    scenario,
    params: {},
    harness,
    profile,
    seed: 1,
    instance,
    trial,
    verdict: 'pass',
    reason: '',
    placed: 0,
    met: 0,
    violations: [],
    metrics: {},
    requests: 5,
    tokens: 1_000,
    virtualMs: 100,
    decisions: [],
    inexact: false,
    digest: `${harness} ${instance}.${trial}`,
    ...of,
  }
}

export const failing = (name: string, says: string, of: Partial<RunRecord> = {}): RunRecord =>
  record({ verdict: 'fail', reason: name, violations: [{ name, says }], ...of })

const SHARE: Metric = {
  title: 'usable recall',
  about: 'needs served / needs',
  unit: 'share',
  better: 'more',
  restsOn: 'calibrated',
  families: ['compaction'],
  measure: () => null,
}

export const options: ReportOptions = {
  metrics: new Map<string, Metric>([
    ['usable-recall', SHARE],
    [
      'repeated-effects',
      {
        ...SHARE,
        title: 'repeated effects',
        about: 'twice',
        unit: 'count',
        better: 'less',
        cell: 'in-100-runs',
      },
    ],
    [
      'requests',
      {
        ...SHARE,
        title: 'requests',
        about: 'requests, a run',
        unit: 'count',
        families: ['compaction', 'isolation'],
      },
    ],
  ]),
  controls: new Set(['clairvoyant', 'amnesiac', 'idle']),
  claims: new Map([['compaction/ledger', 'Facts outlive a compaction.']]),
}

/** `solved` of `instances` instances passed, the first ones, and recalled all; the others fail, and did not. */
export function campaign(
  harness: string,
  solved: number,
  instances: number,
  of: Partial<RunRecord> = {},
): RunRecord[] {
  return Array.from({ length: instances }, (_, instance) => {
    const more = { harness, instance, ...of }
    const isSolved = instance < solved
    const metrics = { 'usable-recall': Number(isSolved), 'repeated-effects': 1, requests: 5 }
    return isSolved
      ? record({ ...more, metrics })
      : failing('ledger-wrong', 'writes a wrong total', { ...more, metrics })
  })
}
