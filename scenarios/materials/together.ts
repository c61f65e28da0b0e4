// What scenarios with several agents on one workspace have in common: when users come, how long the first one
// thinks in between, and which job has done its part on a file that several write.
import type { Change } from '../../sim/changes.ts'
import type { Draw, Instance } from '../../sim/index.ts'
import type { Parameter } from '../scenario.ts'

/** Virtual milliseconds: whoever comes next comes well after a job of ordinary length is over. */
export const NEXT_COMES_MS = 120_000

/** The first user's agent thinks for 0 seconds up to so many at the step that matters. */
export const pauseOf = (seconds: number, nextComesMs = NEXT_COMES_MS): Parameter => ({
  default: seconds,
  min: 0,
  max: 3600,
  simplest: 0,
  about: `seconds that the first agent thinks in between, at most; the next comes after ${nextComesMs / 1000}`,
})

/** Virtual milliseconds of one such pause. */
export const thinks = (draw: Draw, seconds: number): number => draw.int(0, seconds) * 1000

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
