// Mail between sessions: a file for each message in the inbox of whom it is for, a job or a user.
import type { Conversation } from '../kernel.ts'
import { namesOf } from './peers.ts'
import { file, filed, load, unread } from './spool.ts'

interface Mail {
  readonly type: string
  /** A job. */
  readonly from: string
  readonly text: string
  readonly atMs: number
}

export interface Letter extends Mail {
  readonly path: string
}

export const inboxOf = (name: string): string => `mail/${name}`

async function letters(c: Conversation, paths: readonly string[]): Promise<Letter[]> {
  const found = paths.map(async (path): Promise<Letter[]> => {
    const mail = await load<Mail>(c.machine.disk, path)
    return mail === undefined ? [] : [{ path, ...mail }]
  })
  return (await Promise.all(found)).flat()
}

/** The mail of a session and of its user that nobody has read, by arrival. */
export async function waiting(c: Conversation): Promise<Letter[]> {
  const folders = namesOf(c).map((name) => unread(c.machine.disk, inboxOf(name)))
  const found = await letters(c, (await Promise.all(folders)).flat())
  return found.sort((a, b) => a.atMs - b.atMs)
}

/** Who ever wrote to this session or to its user. */
export async function writersTo(c: Conversation): Promise<Set<string>> {
  const folders = namesOf(c).map((name) => filed(c.machine.disk, inboxOf(name)))
  const found = await letters(c, (await Promise.all(folders)).flat())
  return new Set(found.map(({ from }) => from))
}

/** @returns the number of the message in the inbox. */
export function post(c: Conversation, to: string, type: string, text: string): Promise<number> {
  const mail: Mail = { type, from: c.session.job.id, text, atMs: c.machine.clock.now() }
  return file(c.machine.disk, inboxOf(to), mail)
}
