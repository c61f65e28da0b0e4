// The only source of chance. Wherever a model, a tool or the machine could do otherwise, the code asks
// here under a stable id; the answer depends on the key of the run and that id alone, never on the order
// of asking. Same id, same uniform: a smaller probability never adds a lapse.
import { uniform } from './hash.ts'

/**
 * A departure from the competent, fault-free course.
 * `p` is the probability at which it was drawn; null for a sample, which has none.
 */
export interface Decision {
  readonly id: string
  readonly value: string | number | boolean
  readonly p: number | null
}

export type RecordDecision = (decision: Decision) => void

/** Labels with their odds against the first, competent label, whose weight is 1. Weights are >= 0. */
export type Weighted<K extends string> = readonly (readonly [label: K, weight: number])[]

export interface Chance {
  /** False is always the competent outcome. `p` in [0, 1]; 0 draws nothing, 1 is part of the instance. */
  flip(id: string, p: number): boolean
  /** As `flip` of `scope + site`, for many sites under one scope: it may cost less. */
  flipAt?(scope: string, site: string, p: number): boolean
  /**
   * The first label is the competent one. Where its weight is 0 there is no competent label. `odds` is how
   * much likelier than weighted all others are; 1 where nothing is said.
   */
  pick<K extends string>(id: string, weighted: Weighted<K>, odds?: number): K
  /** A number drawn by inverse transform from uniforms, rounded to 6 significant digits. */
  sample(id: string, draw: (u: () => number) => number, nominal: number): number
}

/** How much likelier (odds) lapses of a site are made: 1 leaves them, 0 removes them. */
type Intensity = (site: string) => number

const siteOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1)

export const sixDigits = (value: number): number =>
  Number.isInteger(value) && Math.abs(value) < 1e6 ? value : Number(value.toPrecision(6))

/** The label that wins the exponential race: noise keyed by id and label, divided by the weight. */
function race<K extends string>(
  noise: (label: string) => number,
  weighted: Weighted<K>,
  odds: number,
  times: Intensity | undefined,
): K | undefined {
  let winner: K | undefined
  let first = Number.POSITIVE_INFINITY
  let isCompetent = true
  for (const [label, weight] of weighted) {
    let rate = weight
    if (!isCompetent) rate *= times === undefined ? odds : odds * times(label)
    isCompetent = false
    if (rate <= 0) continue
    const value = noise(label)
    // A time is no less than (1 - value) / rate: most labels lose without a logarithm.
    if (1 - value >= first * rate) continue
    const time = -Math.log(value) / rate
    if (time < first) {
      first = time
      winner = label
    }
  }
  return winner
}

/** The weights with all but the first times `odds`. */
export const withOdds = <K extends string>(weighted: Weighted<K>, odds: number): Weighted<K> =>
  odds === 1
    ? weighted
    : weighted.map(([label, weight], i) => [label, i === 0 ? weight : weight * odds])

const share = <K extends string>(weighted: Weighted<K>, label: K): number => {
  let total = 0
  let own = 0
  for (const [other, weight] of weighted) {
    total += weight
    if (other === label) own = weight
  }
  return total === 0 ? 0 : own / total
}

/** Tells of a label with its share of the weights, unless there was no other. */
function departed<K extends string>(
  record: RecordDecision,
  id: string,
  weighted: Weighted<K>,
  label: K,
): void {
  const p = share(weighted, label)
  if (p < 1) record({ id, value: label, p })
}

/** What happens when nobody departs: the first label that can happen at all. */
const competent = <K extends string>(weighted: Weighted<K>): K => {
  for (const [label, weight] of weighted) if (weight > 0) return label
  const [head] = weighted
  if (head === undefined) throw new TypeError('pick needs at least one label')
  return head[0]
}

/** A probability with its odds times `k`. */
const likelier = (p: number, k: number): number => (k === 1 ? p : (k * p) / (1 - p + k * p))

function drawn(key: string, tell: RecordDecision, times?: Intensity): Chance {
  const u = uniform(key)
  const record = toldOnce(tell)
  return {
    flip(id, p) {
      if (p <= 0) return false
      if (p >= 1) return true
      const happens = u(id) < (times === undefined ? p : likelier(p, times(siteOf(id))))
      if (happens) record({ id, value: true, p })
      return happens
    },
    flipAt(scope, site, p) {
      if (p <= 0) return false
      if (p >= 1) return true
      const happens = u.at(scope, site) < (times === undefined ? p : likelier(p, times(site)))
      if (happens) record({ id: scope + site, value: true, p })
      return happens
    },
    pick(id, weighted, odds = 1) {
      const usual = competent(weighted)
      const label = race(u.under(id), weighted, odds, times) ?? usual
      if (label !== usual || weighted[0]?.[1] === 0)
        departed(record, id, withOdds(weighted, odds), label)
      return label
    },
    sample(id, draw, nominal) {
      const noise = u.under(id)
      let asked = 0
      const value = sixDigits(draw(() => noise(`${asked++}`)))
      if (value !== nominal) record({ id, value, p: null })
      return value
    },
  }
}

/** Who is asked the same again and says the same is not told of again: it is one decision. */
function toldOnce(record: RecordDecision): RecordDecision {
  const told = new Map<string, Decision['value']>()
  return (decision) => {
    if (told.get(decision.id) === decision.value) return
    told.set(decision.id, decision.value)
    record(decision)
  }
}

/** Every decision drawn at its own probability. */
export function sampled(key: string, record: RecordDecision): Chance {
  return drawn(key, record)
}

/**
 * Swarm testing (Groce et al., ISSTA 2012): a random half of the sites is off in this run and the others
 * are likelier than usual, each by its own factor in [1, 16). The tape still has the profile's probability.
 */
export function swarm(key: string, record: RecordDecision): Chance {
  const u = uniform(`swarm ${key}`)
  const known = new Map<string, number>()
  const intensity: Intensity = (site) => {
    let factor = known.get(site)
    if (factor === undefined) {
      factor = u(site, 'on') < 0.5 ? 0 : Math.exp(u(site, 'by') * Math.LN2 * 4)
      known.set(site, factor)
    }
    return factor
  }
  return drawn(key, record, intensity)
}

/** What a tape says, else the competent outcome. */
export interface Taped extends Chance {
  /** Ids on the tape that no one asked for, or that asked for what was not offered there. In order. */
  unreached(): readonly string[]
}

export function taped(
  decisions: ReadonlyMap<string, Decision['value']>,
  tell: RecordDecision,
): Taped {
  const reached = new Set<string>()
  const record = toldOnce(tell)
  return {
    flip(id, p) {
      const usual = p >= 1
      const value = decisions.get(id)
      if (typeof value !== 'boolean') return usual
      reached.add(id)
      if (value !== usual) record({ id, value, p: value ? Math.max(p, 0) : 0 })
      return value
    },
    pick(id, weighted, odds = 1) {
      const usual = competent(weighted)
      const value = decisions.get(id)
      const label = weighted.find(([offered]) => offered === value)?.[0]
      if (label === undefined) return usual
      reached.add(id)
      if (label !== usual || weighted[0]?.[1] === 0)
        departed(record, id, withOdds(weighted, odds), label)
      return label
    },
    sample(id, _draw, nominal) {
      const value = decisions.get(id)
      if (typeof value !== 'number') return nominal
      reached.add(id)
      if (value !== nominal) record({ id, value, p: null })
      return value
    },
    unreached: () => [...decisions.keys()].filter((id) => !reached.has(id)),
  }
}

/** The flip of `scope + site`, as cheap as the chance has it. */
export const flipAt = (chance: Chance, scope: string, site: string, p: number): boolean =>
  chance.flipAt?.(scope, site, p) ?? chance.flip(scope + site, p)

/** Nobody departs from competence, ever. */
export const competence: Chance = {
  flip: () => false,
  pick: (_id, weighted) => competent(weighted),
  sample: (_id, _draw, nominal) => nominal,
}
