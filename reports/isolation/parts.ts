// What of a job is done by whom: by itself on the files that all share, by a sub-agent, or on a branch of its own.
// For all others these are one, if the same came of them; for each other sub-agents and branches are strangers.
import type { Transaction } from './history.ts'

export interface Part extends Transaction {
  /** A job on shared files: what its own branches and sub-agents do is done within it. */
  readonly isWhole: boolean
  /** It commits or aborts by itself, whatever becomes of its job. */
  readonly isOnBranch: boolean
  /** The sub-agent that it is, or that has it done. */
  readonly delegate?: string | undefined
}

/** By part: as what it counts for others. What has no whole counts for itself, and is not in it. */
export function outermost(parts: readonly Part[]): ReadonlyMap<Transaction, Transaction> {
  const found = new Map<Transaction, Transaction>()
  for (const [whole, members] of wholes(parts)) {
    const one = merged(
      whole,
      members.filter(({ fate }) => fate === whole.fate),
    )
    found.set(whole, one)
    for (const part of members)
      found.set(part, part.fate === whole.fate ? one : { ...part, within: one })
  }
  return found
}

/** Of each whole with several within it: by part, as what it counts for its siblings. */
export function innermost(parts: readonly Part[]): ReadonlyMap<Transaction, Transaction>[] {
  return wholes(parts).flatMap(([, members]) => {
    const agents = members.filter(({ isOnBranch }) => !isOnBranch)
    const found = new Map<Transaction, Transaction>()
    for (const part of members) {
      const isOwn = ({ delegate, fate }: Part): boolean =>
        delegate === part.delegate && fate === part.fate
      found.set(part, agents.find(isOwn) ?? part)
    }
    return new Set(found.values()).size > 1 ? [found] : []
  })
}

const wholes = (parts: readonly Part[]): (readonly [Part, readonly Part[]])[] =>
  parts
    .filter(({ isWhole }) => isWhole)
    .map((whole) => [whole, parts.filter((one) => one.job === whole.job && one !== whole)] as const)

const merged = (whole: Part, members: readonly Part[]): Transaction => ({
  ...whole,
  begins: Math.min(whole.begins, ...members.map(({ begins }) => begins)),
  ends: Math.max(whole.ends, ...members.map(({ ends }) => ends)),
})
