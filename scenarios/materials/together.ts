// What scenarios with several agents on one workspace have in common: when users come, how long the first one
// thinks in between, and which job has done its part on a file that several write.
import type { Change } from '../../sim/changes.ts'
import type { Draw, Instance, Placed } from '../../sim/index.ts'
import type { Parameter } from '../scenario.ts'

/** Virtual milliseconds: whoever comes next comes well after a job of ordinary length is over. */
export const NEXT_COMES_MS = 120_000

/** Virtual milliseconds: by then whoever came has looked, and has acted on what it saw. */
const ACTS_MS = 60_000

/** A shorter pause is over before anybody could come in between, and puts nothing to the test. */
export const LEAST_PAUSE_MS = NEXT_COMES_MS + ACTS_MS

/** The first user's agent thinks for so many seconds at most at the step that matters. */
export const pauseOf = (seconds: number, leastMs = LEAST_PAUSE_MS): Parameter => ({
  default: seconds,
  min: 0,
  max: 3600,
  simplest: 0,
  about: `seconds that the first agent thinks in between, from ${leastMs / 1000} to this, so that others come meanwhile; 0: not at all`,
})

/** Such a pause at a step, by its id in the job. None where it would take no time. */
export function pausedAt(
  draw: Draw,
  step: string,
  seconds: number,
  leastMs = LEAST_PAUSE_MS,
): Placed[] {
  if (seconds < 1) return []
  const least = leastMs / 1000
  return [{ id: `${step}/1/slow`, value: draw.int(least, Math.max(least, seconds)) * 1000 }]
}

const PEOPLE = ['ana', 'ben', 'carla', 'dario', 'emil', 'fay', 'gita', 'hugo', 'ines', 'jonas']

export const people = (draw: Draw, count: number): string[] => draw.some(PEOPLE, count)

/** Two people in a random order. */
export function twoPeople(draw: Draw): [string, string] {
  const [one = '', other = ''] = people(draw, 2)
  return [one, other]
}

/**
 * The jobs that changed a file which several of them write, each by a change of its own: by one that its session
 * made, else by one since it came that no other job has any use for, made by whatever hand.
 */
export function doers({ users }: Pick<Instance, 'users'>, changes: readonly Change[]): Set<string> {
  const jobs = users.flatMap((user) => user.jobs).toSorted((a, b) => a.arrivesMs - b.arrivesMs)
  const claimed = new Map<Change, string>()
  const done = new Set<string>()
  const claim = (job: string, isIts: (change: Change) => boolean): void => {
    const found = changes.find((change) => !claimed.has(change) && isIts(change))
    if (done.has(job) || found === undefined) return
    claimed.set(found, job)
    done.add(job)
  }
  for (const { id } of jobs) claim(id, (change) => change.suits(id) && change.isFor(id))
  for (const { id, arrivesMs } of jobs)
    claim(id, (change) => change.suits(id) && change.at >= arrivesMs)
  return done
}
