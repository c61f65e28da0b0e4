// Users whose jobs run side by side, and a kernel of nothing but the parts that are tried.
import { type Kernel, type KernelPage, kernel } from '../../harnesses/kernel.ts'
import type { Instance, JobData, Program, Step } from '../../sim/index.ts'
import { instanceWith } from '../machine/rig.ts'

export const kernelWith = (slots: KernelPage['slots']): Kernel =>
  kernel({ mirrors: 'a test', system: 'You are an agent.', slots, retries: [1000] })

/** About so many tokens of prose. */
export const words = (tokens: number): string =>
  Array.from({ length: tokens }, (_, i) => (i % 2 === 0 ? 'again' : 'and')).join(' ')

export interface Work extends Partial<Omit<JobData, 'id' | 'prompt'>> {
  /** Of its own, where nothing is said. */
  readonly user?: string
  /** Files that are written, one after the other. */
  readonly writes?: readonly string[]
  /** All in one answer. */
  readonly isBatch?: boolean
  /** Of each file, where nothing is said about its length. */
  readonly content?: string
  /** Of each file, and of the answer at the end, in tokens. */
  readonly fileTokens?: number
  readonly answerTokens?: number
}

function programOf(job: string, work: Work): Program {
  const { writes = [], content, fileTokens = 5, answerTokens = 5, isBatch = false } = work
  const steps = writes.map(
    (path, i): Step => ({
      id: `write-${i + 1}`,
      needs: [],
      call: {
        op: 'files.write',
        args: { path, content: content ?? `${path} by ${job} ${words(fileTokens)}` },
      },
      effect: 'idempotent',
      ...(isBatch && i > 0 ? { isBeside: true } : {}),
    }),
  )
  return { name: `do-${job}`, facts: {}, steps, answer: words(answerTokens) }
}

/** A user for each, `user-1`, `user-2`, ..., if it has none, with the job `job-1`, `job-2`, ... */
export function usersDoing(works: readonly Work[], of: Partial<Instance> = {}): Instance {
  const users = works.map((work, i) => {
    const { arrivesMs = 0, priority, deadlineMs, withdrawnMs } = work
    const id = `job-${i + 1}`
    const job: JobData = {
      id,
      prompt: `[[task:do-${id}=${id}]] Do it.`,
      arrivesMs,
      ...(priority === undefined ? {} : { priority }),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      ...(withdrawnMs === undefined ? {} : { withdrawnMs }),
    }
    return { id: work.user ?? `user-${i + 1}`, jobs: [job] }
  })
  const byUser = new Map<string, JobData[]>()
  for (const { id, jobs } of users) byUser.set(id, [...(byUser.get(id) ?? []), ...jobs])
  const programs = works.map((work, i) => programOf(`job-${i + 1}`, work))
  return instanceWith({
    users: [...byUser].map(([id, jobs]) => ({ id, jobs })),
    programs,
    windowTokens: 32_000,
    ...of,
  })
}
