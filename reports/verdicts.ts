// How a run can end. A page of its own, so that who only counts verdicts need not load the schemas.

export const VERDICTS = ['pass', 'fail', 'stuck', 'crash', 'error', 'skip'] as const

export type Verdict = (typeof VERDICTS)[number]
