// A run as a history of transactions in the sense of Adya, Liskov and O'Neil (Generalized isolation level
// definitions, ICDE 2000): who read and wrote which version of which file, and what stands in which order.
// A transaction is a job on the files that all share, with all that is done within it, or a branch from its
// beginning to its commit.

export interface Transaction {
  /** For people: its job, with its branch where it had one. */
  readonly id: string
  readonly job: string
  readonly fate: 'committed' | 'aborted'
  /** The whole of which it is a part that came to nothing: an attempt of its own. */
  readonly within?: Transaction | undefined
  /** Virtual milliseconds in which its job was open: infinite where that is not known. */
  readonly openMs: number
  readonly closeMs: number
  /** Places in the order of all events: its first act, and its commit. */
  readonly begins: number
  readonly ends: number
}

export interface Version {
  readonly path: string
  /** As the trace numbers it; 0 where there is no file. */
  readonly version: number
  /** Undefined where there is no file. */
  readonly text: string | undefined
  /** Undefined of what stood there at the start. */
  readonly by: Transaction | undefined
  readonly atMs: number
  /** When all could see it: later than it was written, where that was on a branch. */
  readonly shownMs: number
  /** Among the versions of its file, in the order in which all could see them; negative at the start. */
  readonly place: number
  /** What stood there when all could see it. */
  readonly over: Version | undefined
  /** What its writer had seen of the file when it wrote: none for a blind write. */
  readonly basis: readonly Version[]
  /** The last that its transaction made of this file. */
  readonly isFinal: boolean
}

export interface Reading {
  readonly by: Transaction
  readonly of: Version
  readonly atMs: number
}

/** A predicate read: somebody went by which files there are, or which of them have a text in them. */
export interface Look {
  readonly by: Transaction
  readonly atMs: number
  /** What was looked for, after `looks for`. */
  readonly says: string
  /** Changes of what fits that it saw, what was taken back or half done among them, and those that came
   * after: by others, the last and the first a file. */
  readonly saw: readonly Version[]
  readonly missed: readonly Version[]
}

export interface History {
  readonly transactions: readonly Transaction[]
  /** By path: the final versions of what was committed, in the order of their places. */
  readonly order: ReadonlyMap<string, readonly Version[]>
  /** Of transactions other than those that had written what was read. */
  readonly readings: readonly Reading[]
  readonly looks: readonly Look[]
  /** Every version that all could see, of whatever became of its transaction. */
  readonly writes: readonly Version[]
  /** Some of it was inferred, as what a real harness does in its own folder: levels are not claimed. */
  readonly isPartial: boolean
  /** Of each transaction that had several within it: what these did to each other. */
  readonly inner?: readonly History[]
}

/** What came next, as all saw it; undefined where it stands to the end. */
export const nextOf = ({ order }: Pick<History, 'order'>, version: Version): Version | undefined =>
  order.get(version.path)?.find(({ place }) => place > version.place)
