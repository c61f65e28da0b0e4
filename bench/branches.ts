// What a branch of the files costs, at ten files and at ten thousand: made, read, written and committed; one file
// at a time, as many branches one after the other as a long run makes.
// By itself: node dist/bench/branches.js
import { type Audit, Files, workspaceOn } from '../sim/world/files.ts'
import { isMain, median, type Row, timed } from './measure.ts'

const SIZES = [10, 10_000] as const
const BRANCHES = 2000
const ROUNDS = 15

const none = (): void => {}
const mute: Audit = { isRevoked: () => false, read: none, scan: none, write: none, branch: none }

const filesOf = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`src/${i}.ts`, `text ${i}`]))

/** Makes branches, and does something with each. Resolves to the microseconds of one. */
async function costUs(count: number, each: 'branch' | 'commit'): Promise<number> {
  const trunk = workspaceOn(Files.of(filesOf(count)), mute)
  const ms = await timed(() => {
    for (let i = 0; i < BRANCHES; i++) {
      const branch = trunk.branch()
      if (each === 'branch') continue
      const path = `src/${i % count}.ts`
      branch.read(path)
      branch.write(path, `new ${i}`)
      branch.commit()
    }
  })
  return (1000 * ms) / BRANCHES
}

async function row(
  what: string,
  each: 'branch' | 'commit',
  goal: number | undefined,
): Promise<Row> {
  const costs: number[][] = SIZES.map(() => [])
  for (let round = -2; round < ROUNDS; round++)
    for (const [i, size] of SIZES.entries()) {
      const us = await costUs(size, each)
      if (round >= 0) costs[i]?.push(us)
    }
  const [few = Number.NaN, many = Number.NaN] = costs.map(median)
  const told = [few, many].map((us, i) => `${us.toFixed(2)} us at ${SIZES[i]}`).join(', ')
  return { what, measured: many / few, goal, atLeast: false, unit: 'times', detail: told }
}

export const branches = async (): Promise<Row[]> => [
  await row('branch() at 10,000 files against 10', 'branch', 1.5),
  await row(
    'branch, read, write and commit of one file at 10,000 files against 10',
    'commit',
    undefined,
  ),
]

if (isMain(import.meta.url)) console.table(await branches())
