// Whether the families measure what they say: one part of a good kernel is broken at a time, and what moves is
// compared with what was written down before. An effect is the paired change of a family's primary metric over
// the distance of ceiling and floor. Sham changes must move nothing; mutants made by a machine show how much of
// each part any family sees at all.
import { z } from 'zod'
import { type PagedKernel, type Part, SLOTS, type Slot } from '../harnesses/kernel.ts'
import { contender, pairedDifferences } from '../reports/primary.ts'
import type { RunRecord } from '../reports/record.ts'
import { bootstrap, type Interval } from '../reports/stats/bootstrap.ts'
import { average, familyOf, groupBy } from '../reports/units.ts'
import { UsageError } from '../sim/core/assert.ts'
import { momentsOf } from './altered.ts'
import type { House } from './house.ts'
import { chainOf, partNames } from './pages.ts'

const change = z.strictObject({
  /** Behind the + of a harness: `recovery=repair-json`. */
  change: z.string(),
  why: z.string(),
  /** The kernel whose part it is, where another part of the usual one would stand in for it. */
  base: z.string().optional(),
})

const couplings = z.strictObject({
  base: z.string(),
  ceiling: z.string(),
  floor: z.string(),
  suite: z.string(),
  profiles: z.array(z.string()).min(1),
  instances: z.int().min(2),
  breaks: z.array(
    change.extend({
      /** The families that have to see it. */
      moves: z.array(z.string()).min(1),
      /** Families that may see it too, each with its reason. */
      may: z.record(z.string(), z.string()).default({}),
      /** The metrics that have to move, and which way. */
      measures: z.record(z.string(), z.enum(['more', 'less'])).default({}),
    }),
  ),
  shams: z.array(change),
})

export type Couplings = z.infer<typeof couplings>

/** @throws {UsageError} that says where the data is not as it has to be. */
export function couplingsOf(data: unknown, where: string): Couplings {
  const parsed = couplings.safeParse(data)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UsageError(`${where}: ${issue?.path.join('.')}: ${issue?.message}`)
}

/** The kernel that a change is made in. */
export const baseOf = (one: { readonly base?: string | undefined }, of: Couplings): string =>
  one.base ?? of.base

/** A harness with one slot filled otherwise. */
export function changed(base: string, more: string): string {
  const [name = '', items = ''] = base.split('+')
  const slot = `${more.split('=')[0]}=`
  const kept = items.split(',').filter((item) => item !== '' && !item.startsWith(slot))
  return `${name}+${[...kept, more].join(',')}`
}

/** Every part of a kernel without one of its moments. Parts with constants of the kernel's own are left out. */
export async function mutantsOf(house: House, kernel: PagedKernel): Promise<string[]> {
  const all = (await house.catalog.all('part')) as Map<string, Part>
  const name = await partNames(house.catalog)
  return (Object.keys(SLOTS) as Slot[]).flatMap((slot) => {
    const chain = chainOf(kernel.page, slot)
    const names = chain.map(name)
    if (chain.some((part, i) => all.get(`${slot}/${names[i]}`)?.constants !== part.constants))
      return []
    return chain.flatMap((part, i) =>
      momentsOf(part).map((moment) => {
        const silenced = names.map((one, at) => (at === i ? `${one}~${moment}` : one))
        return `${slot}=${silenced.join('/')}`
      }),
    )
  })
}

export interface Effect {
  readonly family: string
  /** Of the range from floor to ceiling, lost: above 0 is worse. Null where floor and ceiling meet. */
  readonly effect: number | null
  readonly interval: Interval | null
  readonly instances: number
}

/** Below this distance of ceiling and floor an effect would be noise over noise. */
const SPAN_FROM = 0.05

/** By family, in the order of the records. */
export function effectsOf(
  variant: string,
  { base, ceiling, floor }: Pick<Couplings, 'base' | 'ceiling' | 'floor'>,
  records: readonly RunRecord[],
): Effect[] {
  const families = groupBy(records, ({ scenario }) => familyOf(scenario))
  return [...families].map(([family, runs]) => {
    const mean = (harness: string): number =>
      average([...contender(harness, runs).shares.values()]) ?? 0
    const span = mean(ceiling) - mean(floor)
    const differences = pairedDifferences(base, variant, runs)
    const of = (value: number): number => value / span
    const interval = bootstrap(differences, `${family} ${variant}`)
    const isSaid = span >= SPAN_FROM && differences.length > 0
    return {
      family,
      effect: isSaid ? of(average(differences) ?? 0) : null,
      interval: isSaid && interval ? { low: of(interval.low), high: of(interval.high) } : null,
      instances: differences.length,
    }
  })
}

/** Off-diagonal effects up to this are nothing. */
export const NOTHING = 0.05

export type Reading = 'as expected' | 'declared' | 'missed' | 'surprise' | 'nothing'

/** What an effect says of what was expected of it. */
export function readingOf(
  { family, effect, interval }: Effect,
  expected: { readonly moves: readonly string[]; readonly may: Readonly<Record<string, string>> },
): Reading {
  const isBeyond = effect !== null && Math.abs(effect) > NOTHING
  const isWorse = effect !== null && effect > NOTHING && interval !== null && interval.low > 0
  if (expected.moves.includes(family)) return isWorse ? 'as expected' : 'missed'
  if (!isBeyond) return 'nothing'
  return family in expected.may ? 'declared' : 'surprise'
}
