// Jobs that are broken off: taken back by their user while the model speaks or a call runs, or by a crash of the
// machine. What was still done for them, and what is left of the conversation.
import type { Message, PagedKernel } from '../../harnesses/kernel.ts'
import { ofKind, type Play, play } from '../machine/rig.ts'
import { usersDoing, type Work } from '../parts/users.ts'
import { type Walked, walk } from './walk.ts'

/** Three files, one an answer. */
export const STEPS: Work = { writes: ['a', 'b', 'c'], fileTokens: 60 }
/** All three in one answer. */
export const BATCH: Work = { ...STEPS, isBatch: true }

export interface BrokenOff extends Walked {
  /** What was done after the job was taken back. */
  readonly after: {
    readonly requests: number
    readonly calls: number
    readonly effects: number
    readonly replyMs: number
  }
  /** The conversation as it ended, behind the prompt. */
  readonly left: readonly Message[]
  /** The texts of all files on the disk. */
  readonly disk: string
}

export interface Moment {
  /** Half of the n-th answer is spoken; or it is spoken, and its first call runs. */
  readonly during: 'answer' | 'call'
  readonly n: number
  readonly work?: Work
  readonly chance?: Play['chance']
}

export async function takenBack(kernel: PagedKernel, moment: Moment): Promise<BrokenOff> {
  const { during, n, work = STEPS, chance = {} } = moment
  const whole = await play({ kernel, instance: usersDoing([work]) })
  const asked = ofKind(whole.trace, 'request')[n - 1]?.at ?? Number.NaN
  const spoken = ofKind(whole.trace, 'generation')[n - 1]?.at ?? Number.NaN
  const withdrawnMs = during === 'call' ? spoken + 10 : (asked + spoken) / 2
  const instance = usersDoing([{ ...work, withdrawnMs }])
  const walked = await walk(kernel, undefined, { instance, chance })
  const { trace, simulation, conversation } = walked
  const count = (kind: 'request' | 'call' | 'effect'): number =>
    ofKind(trace, kind).filter(({ at }) => at > withdrawnMs).length
  const after = {
    requests: count('request'),
    calls: count('call'),
    effects: count('effect'),
    replyMs: Math.round((ofKind(trace, 'reply')[0]?.at ?? Number.NaN) - withdrawnMs),
  }
  const left = conversation.messages.slice(2)
  return { ...walked, after, left, disk: [...simulation.disk.values()].join('\n') }
}

/** The machine goes down while the n-th answer is spoken, or the n-th call of the world runs. */
export async function crashed(
  kernel: PagedKernel,
  during: `generate#${number}` | `call#${number}`,
): Promise<Walked> {
  const chance = { [`job-1/${during}/crash`]: true }
  const walked = await walk(kernel, undefined, { instance: usersDoing([STEPS]), chance })
  if (walked.unreached.length > 0) throw new TypeError(`${walked.unreached} was not reached`)
  return walked
}

/** Files that were written, in order. */
export const written = ({ trace }: Walked): string[] =>
  ofKind(trace, 'effect').map(({ key }) => key)
