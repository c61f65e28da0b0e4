// A design with other parts: what stands behind the + of a harness. `slot=part`, a chain `slot=part/part`, and
// `slot=part~moment` for a part that no longer answers at one moment of the loop: an ablation within a part.
import {
  type KernelPage,
  kernel,
  type PagedKernel,
  type Part,
  partsOf,
  SLOTS,
} from '../harnesses/kernel.ts'
import type { Policy } from '../harnesses/policy.ts'
import { UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/index.ts'
import type { Catalog } from './catalog.ts'

/** Moments that one part at most can answer. */
const SOLE = ['serve', 'session'] as const

/** @throws {UsageError} for a slot, a part or a moment that does not exist, and for parts that exclude each other. */
export async function altered(
  entries: Catalog,
  base: PagedKernel,
  overrides: string,
): Promise<PagedKernel> {
  const known = Object.keys(SLOTS)
  const slots: Record<string, readonly Part[]> = {}
  for (const item of overrides.split(',')) {
    const [slot = '', policies] = item.split('=')
    if (!known.includes(slot))
      throw new UsageError(
        `no slot '${slot}'. Nearest: ${nearest(slot, known)}. All: ${known.join(', ')}`,
      )
    const parts = (await entries.ids('part')).filter((id) => id.startsWith(`${slot}/`))
    const names = parts.map((id) => id.slice(slot.length + 1))
    if (policies === undefined || policies === '')
      throw new UsageError(`${slot}: names no part: ${slot}=PART. All: ${names.join(', ')}`)
    const chain: Part[] = []
    for (const text of policies.split('/')) {
      const [name = '', ...without] = text.split('~')
      if (!names.includes(name)) {
        throw new UsageError(
          `no part '${name}' for slot ${slot}. Nearest: ${nearest(name, names)}. All: ${names.join(', ')}`,
        )
      }
      const part = (await entries.entry('part', `${slot}/${name}`)) as Part
      chain.push(without.reduce((one, moment) => silenced(one, moment, `${slot}=${name}`), part))
    }
    slots[slot] = chain
  }
  const page = { ...base.page, slots: { ...base.page.slots, ...slots } as KernelPage['slots'] }
  for (const moment of SOLE) soleIn(page, moment)
  return kernel(page)
}

/** The moments at which a part answers. */
export const momentsOf = ({ policy }: Part): string[] => Object.keys(policy).sort()

function silenced(part: Part, moment: string, where: string): Part {
  const moments = momentsOf(part)
  if (!moments.includes(moment))
    throw new UsageError(
      `${where}~${moment}: it answers at no such moment. Nearest: ${nearest(moment, moments)}. All: ${moments.join(', ')}`,
    )
  const { [moment as keyof Policy]: _, ...policy } = part.policy
  return { ...part, policy }
}

/** Of two that decide alone, the one would undo the other without a word. */
function soleIn(page: KernelPage, moment: (typeof SOLE)[number]): void {
  const claims = partsOf(page).filter(({ policy }) => policy[moment] !== undefined)
  if (claims.length < 2) return
  const slots = [...new Set(claims.map(({ slot }) => slot))].join(' and ')
  const what = moment === 'serve' ? 'in which order jobs are served' : 'whose files a job acts on'
  throw new UsageError(`${slots}: two parts would each decide ${what}; only one of them can`)
}
