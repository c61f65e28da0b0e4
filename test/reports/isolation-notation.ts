// Histories in the notation of Berenson et al. and Adya et al.: `w1(x1)` T1 writes its version of x (`x1.1` one
// that it writes over itself later), `r2(x1)` T2 reads it, `x0` what stood there at the start, `c1`, `a1`. `p1(x0,y2)`
// is a predicate read that saw these; `w2(z2*)` changes what fits it. `[x2<<x1]` gives the order of
// versions where it is not that of the writes.
import type {
  History,
  Look,
  Reading,
  Transaction,
  Version,
} from '../../reports/isolation/history.ts'

type Draft<T> = { -readonly [K in keyof T]: T[K] }

const STEP = /([rwp])(\d+)\(([^)]*)\)|([ca])(\d+)|\[([^\]]*)\]/g
const pathOf = (name: string): string => name.replace(/[\d.*]+$/, '')

export function history(text: string): History {
  const transactions = new Map<string, Draft<Transaction>>()
  const versions = new Map<string, Draft<Version>>()
  const stood = new Map<string, Draft<Version>[]>()
  const [readings, looking]: [Reading[], { by: Transaction; at: number; names: string[] }[]] = [
    [],
    [],
  ]
  const changes = new Set<Version>()
  let place = 0
  const by = (n: string): Draft<Transaction> => {
    const known = transactions.get(n)
    if (known !== undefined) return known
    const of = { id: `T${n}`, job: `T${n}`, fate: 'committed' } as const
    const made = { ...of, openMs: 0, closeMs: Infinity, begins: place, ends: Infinity }
    transactions.set(n, made)
    return made
  }
  const version = (name: string): Draft<Version> => {
    const known = versions.get(name)
    if (known !== undefined) return known
    const start = { path: pathOf(name), version: 0, text: name, by: undefined, atMs: 0, shownMs: 0 }
    const made = { ...start, place: -1, over: undefined, basis: [], isFinal: true }
    versions.set(name, made)
    return made
  }
  for (const [, act = '', n = '', what = '', end, ended = '', order] of text.matchAll(STEP)) {
    place++
    if (order !== undefined) reorder(order, version)
    else if (end !== undefined) {
      const transaction = by(ended)
      transaction.ends = place
      if (end === 'a') transaction.fate = 'aborted'
    } else if (act === 'r') readings.push({ by: by(n), of: version(what), atMs: place })
    else if (act === 'p') looking.push({ by: by(n), at: place, names: what.split(',') })
    else {
      const name = what.replace('*', '')
      const [path, writer] = [pathOf(name), by(n)]
      const before = stood.get(path) ?? []
      const own = (reading: Reading): boolean => reading.by === writer && reading.of.path === path
      const made = Object.assign(version(name), {
        ...{ by: writer, atMs: place, shownMs: place, place, version: place, isFinal: false },
        ...{ over: before.at(-1) ?? version(`${path}0`) },
        basis: readings
          .filter(own)
          .map(({ of }) => of)
          .filter((of) => of.by !== writer),
      })
      stood.set(path, [...before, made])
      if (what.endsWith('*')) changes.add(made)
    }
  }
  const order = new Map<string, readonly Version[]>()
  for (const [path, all] of stood) {
    for (const last of new Map(all.map((one) => [one.by, one])).values()) last.isFinal = true
    const final = all.filter((one) => one.isFinal && one.by?.fate === 'committed')
    order.set(
      path,
      final.sort((a, b) => a.place - b.place),
    )
  }
  const writes = [...stood.values()].flat()
  const looks = looking.map(({ by, at, names }): Look => {
    const saw = names.map(version).filter((one) => changes.has(one))
    const isLater = (one: Version): boolean => {
      const seen = names.find((name) => pathOf(name) === one.path)
      return one.by !== by && one.place > (seen === undefined ? -1 : version(seen).place)
    }
    return { by, atMs: at, says: 'which fit', saw, missed: [...changes].filter(isLater) }
  })
  const others = readings.filter((reading) => reading.of.by !== reading.by)
  return {
    ...{ transactions: [...transactions.values()], order, readings: others, looks, writes },
    isPartial: false,
  }
}

/** The places of the versions, handed out again in the order that is given. */
function reorder(given: string, version: (name: string) => Draft<Version>): void {
  for (const chain of given.split(',')) {
    const versions = chain.split('<<').map((name) => version(name.trim()))
    const places = versions.map(({ place }) => place).sort((a, b) => a - b)
    for (const [i, one] of versions.entries()) one.place = places[i] ?? 0
  }
}
