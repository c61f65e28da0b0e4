// Facts as a history of whoever counts as one: what sub-agents and branches of a job do is done by the job for
// all others, and by themselves for each other. Facts are told of the smallest that act.
import { byText } from '../units.ts'
import type { History, Look, Reading, Transaction, Version } from './history.ts'
import { lookOf } from './looks.ts'
import type { Scanned } from './window.ts'

export type Draft<T> = { -readonly [K in keyof T]: T[K] }

export interface Facts {
  /** By path, every version that all could see, in that order. */
  readonly stood: ReadonlyMap<string, readonly Version[]>
  readonly start: ReadonlyMap<string, Version>
  /** In the order in which they became known to whoever went by them. */
  readonly readings: readonly Reading[]
  readonly scanned: readonly Scanned[]
  readonly isPartial: boolean
}

/** Whose act it counts as; undefined where it is left out. */
export type Counts = (by: Transaction) => Transaction | undefined

export function historyOf(facts: Facts, counts: Counts): History {
  const copies = new Copies(counts)
  const readings = readingsOf(facts, counts, copies)
  const stood = new Map<string, readonly Version[]>()
  const order = new Map<string, readonly Version[]>()
  for (const [path, all] of [...facts.stood].sort(([a], [b]) => byText(a, b))) {
    const own = all.filter(({ by }) => by !== undefined && counts(by) !== undefined)
    const versions = own.map((one) => copies.written(one, readings))
    for (const last of new Map(versions.map((one) => [one.by, one])).values()) last.isFinal = true
    stood.set(path, versions)
    order.set(
      path,
      versions.filter(({ by, isFinal }) => isFinal && by?.fate === 'committed'),
    )
  }
  const looks = facts.scanned.flatMap((scanned): Look[] => {
    const by = counts(scanned.by)
    const look = by && lookOf({ ...scanned, by }, { stood, order, start: facts.start })
    return look === undefined ? [] : [look]
  })
  const writes = [...stood.values()].flat()
  const transactions = [
    ...new Set([...writes, ...readings, ...looks].flatMap(({ by }) => by ?? [])),
  ]
  return { transactions, order, readings, looks, writes, isPartial: facts.isPartial }
}

/** Each once, of what others wrote. */
function readingsOf({ readings }: Facts, counts: Counts, copies: Copies): Reading[] {
  const seen = new Map<Transaction, Set<Version>>()
  return readings.flatMap(({ by: reader, of: read, atMs }) => {
    const [by, of] = [counts(reader), copies.of(read)]
    if (by === undefined || by === of.by) return []
    const known = seen.get(by) ?? new Set()
    if (known.has(of)) return []
    seen.set(by, known.add(of))
    return [{ by, of, atMs }]
  })
}

/** Versions by whoever counts as their writer. */
class Copies {
  readonly #counts: Counts
  readonly #known = new Map<Version, Draft<Version>>()

  constructor(counts: Counts) {
    this.#counts = counts
  }

  of(version: Version): Draft<Version> {
    const known = this.#known.get(version)
    if (known !== undefined) return known
    const by = version.by && this.#counts(version.by)
    const made = { ...version, by, isFinal: by === undefined, over: undefined, basis: [] }
    this.#known.set(version, made)
    return made
  }

  /** One that stood: by what its writer went, with all that counts as the writer. */
  written(version: Version, readings: readonly Reading[]): Draft<Version> {
    const copy = this.of(version)
    const { by, path, atMs } = copy
    copy.over = version.over && this.of(version.over)
    copy.basis = version.basis.map((one) => this.of(one)).filter((one) => one.by !== by)
    if (copy.basis.length > 0) return copy
    // Its window tells nothing of it: it goes on from another, as after a crash, or had it read by a sub-agent.
    const seen = readings.findLast(
      (one) => one.by === by && one.of.path === path && one.atMs <= atMs,
    )
    if (seen !== undefined) copy.basis = [seen.of]
    return copy
  }
}
