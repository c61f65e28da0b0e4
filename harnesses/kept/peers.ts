// Who can be spoken to: sessions by the id of their job, and users, whichever of their jobs listens. Told by
// files on the disk, so that kernels that were booted apart know of each other.

import { failed } from '../hands/own-tools.ts'
import type { Conversation } from '../kernel.ts'
import type { Result } from '../policy.ts'

export interface Peer {
  readonly job: string
  readonly user: string
  readonly hasEnded: boolean
}

const FOLDER = 'agents'
const ENDED = '.ended'

const fileOf = ({ session: { job } }: Conversation): string => `${FOLDER}/${job.user}/${job.id}`

/** From here on the session can be spoken to. A job that is done again listens again. */
export async function enlist(c: Conversation): Promise<void> {
  const { disk } = c.machine
  const paths = await disk.list()
  if (!paths.includes(fileOf(c))) await disk.create(fileOf(c), '')
  if (paths.includes(fileOf(c) + ENDED)) await disk.remove(fileOf(c) + ENDED)
}

export const discharge = (c: Conversation): Promise<boolean> =>
  c.machine.disk.create(fileOf(c) + ENDED, '')

export async function peersOf({ machine }: Conversation): Promise<Peer[]> {
  const paths = (await machine.disk.list()).filter((path) => path.startsWith(`${FOLDER}/`))
  const known = new Set(paths)
  return paths
    .filter((path) => !path.endsWith(ENDED))
    .map((path) => {
      const [, user = '', job = ''] = path.split('/')
      return { job, user, hasEnded: known.has(path + ENDED) }
    })
}

/** The names by which this session is spoken to. */
export const namesOf = ({ session: { job } }: Conversation): string[] => [job.id, job.user]

/** Nothing where `to` is somebody; else what is told to whoever wanted to speak to them. */
export async function misaddressed(c: Conversation, to: string): Promise<Result | undefined> {
  const peers = await peersOf(c)
  const job = peers.find((peer) => peer.job === to)
  if (job?.hasEnded === true) return failed(`${to} has ended.`)
  if (job !== undefined || peers.some(({ user }) => user === to)) return undefined
  const open = peers.filter(({ hasEnded }) => !hasEnded).map((peer) => peer.job)
  const names = [...new Set([...open, ...peers.map(({ user }) => user)])]
  return failed(`no agent '${to}'. ${choice(to, names)}`)
}

/** `Nearest: a. All: a, b.` */
export const choice = (name: string, names: readonly string[]): string =>
  names.length === 0
    ? 'There is none.'
    : `Nearest: ${nearestOf(name, names)}. All: ${names.join(', ')}.`

const pairsOf = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2))

/** By pairs of letters in common (Dice), the first of those that are equally near. */
function nearestOf(name: string, names: readonly string[]): string {
  const own = new Set(pairsOf(name.toLowerCase()))
  let best = names[0] ?? ''
  let most = 0
  for (const other of names) {
    const pairs = pairsOf(other.toLowerCase())
    const common = pairs.filter((pair) => own.has(pair)).length
    const share = (2 * common) / (own.size + pairs.length || 1)
    if (share > most) [best, most] = [other, share]
  }
  return best
}
