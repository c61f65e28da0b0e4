// What a worker thread does to see whether users' files load: nothing of them touches the campaign, even
// where a file ends the process, waits for ever or prints as it is imported.
import { openHost } from '../sim/host/index.ts'
import { loadFresh } from '../sim/host/load.ts'
import type { Batch, Done } from '../sim/host/pool.ts'
import { enter, seal } from '../sim/host/seal.ts'
import { kernelOfUser, tame } from './user-harness.ts'

/** A user's file, and what is wrong with it: empty where nothing is. */
export type Load = string
export type Problem = string

const never = {
  now: () => 0,
  timer: () => ({}),
  cancel: () => {},
  random: () => 0.5,
}

async function problemOf(path: Load): Promise<Problem> {
  try {
    kernelOfUser(await loadFresh(openHost().pathOf(path), path), path)
    return ''
  } catch (thrown) {
    return tame(thrown).message
  }
}

export default async function work({ items, port, progress }: Batch<Load>): Promise<void> {
  seal()
  enter(never)
  Atomics.add(progress, 0, 1)
  for (const path of items) {
    const done: Done<Problem> = { result: await problemOf(path), retire: false }
    port.postMessage(done)
  }
  port.close()
}
