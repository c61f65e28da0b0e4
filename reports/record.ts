// What reports are made of: one small record a run, as it stands in `runs.ndjson`.
import { z } from 'zod'
import { VERDICTS } from './verdicts.ts'

export const violationSchema = z.object({
  /** A stable name of what was violated, e.g. `payment-made-twice`. */
  name: z.string(),
  /** One sentence, in the third person, without a subject: `pays ACME twice`. */
  says: z.string(),
})

export const recordSchema = z.object({
  /** The RUN_ID: enough to replay. */
  id: z.string(),
  scenario: z.string(),
  params: z.record(z.string(), z.number()),
  harness: z.string(),
  profile: z.string(),
  seed: z.number(),
  instance: z.number(),
  trial: z.number(),
  verdict: z.enum(VERDICTS),
  /** Why, for all but pass: a violation's name, `late`, `deadlock`, `returned`, `hung`, ... */
  reason: z.string(),
  /** Hazards placed, and how many of them were met. */
  placed: z.number(),
  met: z.number(),
  violations: z.array(violationSchema),
  /** By metric id; null where a metric does not apply. */
  metrics: z.record(z.string(), z.number().nullable()),
  /** What is wrong with metrics that give no number, each by its file. */
  faulty: z.array(z.string()).optional(),
  requests: z.number(),
  tokens: z.number(),
  virtualMs: z.number(),
  /** The departures from competence, with the probability of each; null for samples. */
  decisions: z.array(
    z.object({
      id: z.string(),
      value: z.union([z.string(), z.number(), z.boolean()]),
      p: z.number().nullable(),
    }),
  ),
  /** What looked like a defence in a window, and has an effect that the model does not know. */
  unknown: z.array(z.string()).optional(),
  /** The run waited for the real world, so its replay may differ. */
  inexact: z.boolean(),
  digest: z.string(),
})

export type RunRecord = z.infer<typeof recordSchema>
export type Violation = z.infer<typeof violationSchema>
export type { Verdict } from './verdicts.ts'
