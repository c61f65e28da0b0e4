// The pages of parts and of kernels, made of the catalogue: what each does, its constants, and where it was
// seen.
import {
  type KernelPage,
  type PagedKernel,
  type Part,
  SLOTS,
  type Slot,
} from '../harnesses/kernel.ts'
import type { Catalog } from './catalog.ts'

const slots = Object.keys(SLOTS) as Slot[]

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')

const value = (constant: unknown): string =>
  typeof constant === 'number'
    ? String(constant).replace(/\B(?=(\d{3})+$)/g, ',')
    : String(constant)

const constantsOf = ({ constants }: Part): string =>
  Object.entries(constants)
    .map(([name, constant]) => {
      const text = Array.isArray(constant) ? `${constant.length} entries` : value(constant)
      return `\`${name}\` ${text}`
    })
    .join(', ')

/** A part is known by what it says of itself: with other constants it is the same part. */
const saying = ({ slot, about, source }: Part): string => `${slot} ${about} ${source}`

/** Parts by what they say of themselves. */
export async function partNames(catalog: Catalog): Promise<(part: Part) => string> {
  const all = (await catalog.all('part')) as Map<string, Part>
  const ids = new Map([...all].map(([id, part]) => [saying(part), id]))
  return (part) => (ids.get(saying(part)) ?? `${part.slot}/its own`).slice(part.slot.length + 1)
}

export const chainOf = ({ slots: filled }: KernelPage, slot: Slot): readonly Part[] =>
  [filled[slot] ?? []].flat() as Part[]

async function kernelsOf(catalog: Catalog): Promise<[string, PagedKernel][]> {
  const all = (await catalog.all('kernel')) as Map<string, PagedKernel>
  return [...all].filter(([, entry]) => 'page' in entry)
}

/** A part that mirrors a fault says so first. */
const FAULT = 'known fault: '

export async function partsPage(catalog: Catalog): Promise<string> {
  const parts = (await catalog.all('part')) as Map<string, Part>
  const kernels = await kernelsOf(catalog)
  const name = await partNames(catalog)
  const lines = [
    '# Parts',
    '',
    'A part is one policy of one slot. Any of them can take the place of another, so an ablation is one',
    'line: `--harness micro+context=paging,recovery=strict`; a chain is written with strokes:',
    '`--harness loop+context=prune-tool-output/compaction-agent`. Sizes in tokens and characters are for',
    'the native window of the design and scale with the window at hand; `--absolute` takes them as they',
    'stand. This page is made of the catalogue: `npm run pages`.',
  ]
  for (const slot of slots) {
    const own = [...parts].filter(([id]) => id.startsWith(`${slot}/`))
    const rows = own.map(([id, part]) => {
      const policy = id.slice(slot.length + 1)
      const users = kernels.flatMap(([kernel, { page }]) =>
        chainOf(page, slot).some((one) => name(one) === policy) ? [`\`${kernel}\``] : [],
      )
      return [`\`${policy}\``, part.about, constantsOf(part), part.source, users.join(' ')]
    })
    lines.push('', `## \`${slot}\`: ${SLOTS[slot]}`, '')
    lines.push(table(['part', 'does', 'constants', 'source', 'kernels'], rows))
  }
  const faults = [...parts].filter(([, { about }]) => about.startsWith(FAULT))
  lines.push('', '## Known faults', '')
  lines.push(
    'Parts that mirror what is wrong with a design, so that what it costs can be seen.',
    '',
  )
  lines.push(
    table(
      ['part', 'fault', 'seen in'],
      faults.map(([id, { about, source }]) => [`\`${id}\``, about.slice(FAULT.length), source]),
    ),
  )
  return `${lines.join('\n')}\n`
}

export async function kernelsPage(catalog: Catalog): Promise<string> {
  const kernels = await kernelsOf(catalog)
  const name = await partNames(catalog)
  const lines = [
    '# Kernels',
    '',
    'A kernel is a page that names parts, constants and what it mirrors; `harnesses/kernel.ts` is the one',
    'loop under all of them. Which slots each fills, and with what, in the order from the inside to the',
    'outside; constants where they differ from those of the [part](parts.md). This page is made of the',
    'catalogue: `npm run pages`.',
  ]
  for (const [id, { mirrors, page }] of kernels) {
    const rows = slots.flatMap((slot) => {
      const chain = chainOf(page, slot)
      if (chain.length === 0) return []
      return [[`\`${slot}\``, chain.map((part) => `\`${name(part)}\``).join(', '), told(chain)]]
    })
    const window = value(page.nativeWindowTokens ?? 200_000)
    const waits = page.retries.map((ms) => `${ms / 1000}`).join(', ')
    lines.push('', `## \`${id}\``, '', `${mirrors}. Native window ${window} tokens.`)
    lines.push(`Waits after refusals that pass: ${waits === '' ? 'none' : `${waits} s`}.`, '')
    lines.push(table(['slot', 'parts', 'constants'], rows))
    const fails = Object.entries(page.failsUnder ?? {}).map(
      ([fault, reason]) => `\`${fault}\` (${reason})`,
    )
    if (fails.length > 0) lines.push('', `Does not survive, each alone: ${fails.join('; ')}.`)
  }
  return `${lines.join('\n')}\n`
}

const told = (chain: readonly Part[]): string =>
  chain
    .map(constantsOf)
    .filter((text) => text !== '')
    .join('; ')
