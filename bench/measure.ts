// How the bench measures: alternating rounds, medians, and ratios of the same run. Contenders live in
// processes of their own, so that neither has the other's garbage collected, and its code thrown away.
// Real time is read here, and decides nothing but the table.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[middle - 1] ?? Number.NaN, sorted[middle] ?? Number.NaN]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

/** Milliseconds of processor time, collector and compiler included: what others do on the machine is not. */
export async function timed(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** One row of the table: what was measured, against what, and whether the goal holds. */
export interface Row {
  readonly what: string
  readonly measured: number
  /** Undefined where there is nothing to reach. */
  readonly goal: number | undefined
  /** Whether more is better. */
  readonly atLeast: boolean
  /** `times` where the figure is a ratio. */
  readonly unit: string
  /** The numbers behind it. */
  readonly detail: string
}

export const isMet = ({ measured, goal, atLeast }: Row): boolean =>
  goal === undefined || (atLeast ? measured >= goal : measured <= goal)

/** Whether this process was started on the module as its main script. */
export const isMain = (url: string): boolean => process.argv[1] === fileURLToPath(url)

/** A contender's side of a duel: does its work when asked, and tells how long each unit of it took. */
export function contend(work: () => Promise<number>): void {
  process.on('message', async () => {
    let units = 0
    const ms = await timed(async () => {
      units = await work()
    })
    process.send?.(ms / units)
  })
  process.send?.('ready')
}

interface Contender {
  round(): Promise<number>
  stop(): void
}

async function contender(script: string, name: string): Promise<Contender> {
  // On one core: the collector does not work beside it.
  const child = fork(fileURLToPath(script), [name], { execArgv: ['--single-threaded-gc'] })
  const answer = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const gone = (): void => reject(new Error(`${name} ended before its time`))
      child.once('exit', gone)
      child.once('message', (message) => {
        child.off('exit', gone)
        resolve(message)
      })
    })
  await answer()
  return {
    async round() {
      const told = answer()
      child.send('go')
      return Number(await told)
    },
    stop: () => void child.kill(),
  }
}

export interface Duel {
  /** Medians of the milliseconds of a unit of work. */
  readonly oursMs: number
  readonly theirsMs: number
  /** Median over rounds of theirs / ours: how many times as fast ours is. */
  readonly ratio: number
}

/** Alternating rounds of two contenders of a script, after so many that warm them up. */
export async function duel(
  script: string,
  [ours, theirs]: readonly [string, string],
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
): Promise<Duel> {
  const [one, other] = await Promise.all([contender(script, ours), contender(script, theirs)])
  const times: [number, number][] = []
  for (let i = -warmUp; i < rounds; i++) {
    const pair: [number, number] = [await one.round(), await other.round()]
    if (i >= 0) times.push(pair)
  }
  one.stop()
  other.stop()
  return {
    oursMs: median(times.map(([a]) => a)),
    theirsMs: median(times.map(([, b]) => b)),
    ratio: median(times.map(([a, b]) => b / a)),
  }
}
