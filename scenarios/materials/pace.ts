// Time as scenarios of schedulers reckon it: how long work takes on a model at the usual pace, and what a trace
// tells of when a job was answered and who worked for it.
import { changesIn } from '../../sim/changes.ts'
import type { Judged } from '../scenario.ts'

/** Of the profile `typical`: virtual milliseconds to the first token, and tokens a second. */
const FIRST_TOKEN_MS = 700
const TOKENS_PER_SECOND = 60

/** Tokens of a call that reads, and of one that writes, without the text. */
const READ_TOKENS = 15
const WRITE_TOKENS = 25

/** Virtual milliseconds of one answer with so many tokens. */
export const answerMs = (tokens: number): number =>
  FIRST_TOKEN_MS + Math.round((tokens / TOKENS_PER_SECOND) * 1000)

/** Of a job that reads so many documents, writes as many texts, and says that it is done. */
export const workMs = (documents: number, textTokens: number): number =>
  documents * (answerMs(READ_TOKENS) + answerMs(WRITE_TOKENS + textTokens)) + answerMs(5)

/** When a job was done: answered, and nothing changed for it any more. Nothing where it never was answered. */
export function answeredMs({ instance, trace }: Judged): (job: string) => number | undefined {
  const changes = changesIn(instance, trace)
  return (job) => {
    const answer = trace.find((event) => event.kind === 'reply' && event.job === job)
    if (answer === undefined) return undefined
    return Math.max(answer.at, changes.findLast((change) => change.isFor(job))?.at ?? 0)
  }
}
