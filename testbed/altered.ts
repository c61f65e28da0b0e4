// A design with other parts: what stands behind the + of a harness. `slot=part`, a chain `slot=part/part`; of a
// part `part(constant=value)` sets a constant, and `part~moment` silences it at one moment of the loop.
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

const SETTING = /\(([^()=]*)=([^()]*)\)/g
const PART = /^([^()~]*)((?:\([^()=]*=[^()]*\))*)((?:~[^()~]*)*)$/

/** @throws {UsageError} for what does not exist, and for parts that exclude each other. */
export async function altered(
  entries: Catalog,
  base: PagedKernel,
  overrides: string,
): Promise<PagedKernel> {
  const known = Object.keys(SLOTS)
  const slots: Record<string, readonly Part[]> = {}
  for (const item of overrides.split(',')) {
    const [, slot = '', policies = ''] = /^([^=]*)=?(.*)$/s.exec(item) ?? []
    if (!known.includes(slot))
      throw new UsageError(
        `no slot '${slot}'. Nearest: ${nearest(slot, known)}. All: ${known.join(', ')}`,
      )
    const parts = (await entries.ids('part')).filter((id) => id.startsWith(`${slot}/`))
    const names = parts.map((id) => id.slice(slot.length + 1))
    if (Object.hasOwn(slots, slot))
      throw new UsageError(`${slot}: named twice; a chain is written ${slot}=a/b`)
    if (policies === '')
      throw new UsageError(`${slot}: names no part: ${slot}=PART. All: ${names.join(', ')}`)
    const chain: Part[] = []
    for (const text of policies.split('/')) {
      const [, name = '', settings = '', silences = ''] = PART.exec(text) ?? [text, text]
      if (!names.includes(name)) {
        throw new UsageError(
          `no part '${name}' for slot ${slot}. Nearest: ${nearest(name, names)}. All: ${names.join(', ')}`,
        )
      }
      const where = `${slot}=${name}`
      let part = (await entries.entry('part', `${slot}/${name}`)) as Part
      for (const [, constant = '', value = ''] of settings.matchAll(SETTING))
        part = set(part, constant, value, where)
      for (const moment of silences.split('~').slice(1)) part = silenced(part, moment, where)
      chain.push(part)
    }
    slots[slot] = chain
  }
  const page = { ...base.page, slots: { ...base.page.slots, ...slots } as KernelPage['slots'] }
  for (const moment of SOLE) soleIn(page, moment)
  return kernel(page)
}

/** Lists of texts are not set here: they are a design's own page. */
function set(part: Part, constant: string, value: string, where: string): Part {
  const { constants } = part
  const known = Object.keys(constants).filter((name) => typeof constants[name] !== 'object')
  if (!known.includes(constant))
    throw new UsageError(
      `${where}(${constant}=${value}): no such constant. Nearest: ${nearest(constant, known)}. All: ${known.join(', ')}`,
    )
  const usual = constants[constant]
  if (typeof usual === 'string') return made(value)
  const number = Number(value)
  const isPositive = Number(usual) > 0 && !/^(max|on|is)/.test(constant)
  if (value.trim() === '' || !Number.isFinite(number))
    throw new UsageError(`${where}(${constant}=${value}): expected a number`)
  if (number < 0 || (isPositive && number === 0 && /(Ms|AtOnce|answers)$/.test(constant)))
    throw new UsageError(`${where}(${constant}=${value}): expected a number above 0`)
  return made(number)

  /** A part that cannot be made so says why. */
  function made(to: string | number): Part {
    try {
      return part.with({ ...constants, [constant]: to })
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      throw new UsageError(`${where}(${constant}=${value}): ${why}`)
    }
  }
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
