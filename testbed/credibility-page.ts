// docs/credibility.md: what was expected to move, and what moved. Surprises stay in the table.
import type { RunRecord } from '../reports/record.ts'
import { familyOf } from '../reports/units.ts'
import {
  baseOf,
  type Couplings,
  changed,
  type Effect,
  effectsOf,
  NOTHING,
  type Reading,
  readingOf,
} from './credibility.ts'
import { table } from './pages.ts'

const MARK: Readonly<Record<Reading, string>> = {
  'as expected': '**',
  declared: '°',
  missed: ' (missed)',
  surprise: ' (!)',
  nothing: '',
}

function shown({ effect }: Effect, reading: Reading): string {
  if (effect === null) return '–'
  const number = Math.abs(effect) < 0.005 ? '.00' : effect.toFixed(2).replace(/^(-?)0/, '$1')
  const mark = MARK[reading]
  return mark === '**' ? `**${number}**` : number + mark
}

export interface Expected {
  readonly change: string
  readonly base?: string | undefined
  readonly why: string
  readonly moves: readonly string[]
  readonly may: Readonly<Record<string, string>>
}

const NONE = { moves: [], may: {} }

interface Counted {
  readonly text: string
  readonly readings: readonly Reading[]
}

function tableOf(
  changes: readonly Expected[],
  of: Couplings,
  records: readonly RunRecord[],
): Counted {
  const families = [...new Set(records.map(({ scenario }) => familyOf(scenario)))].sort()
  const readings: Reading[] = []
  const rows = changes.map((one) => {
    const base = baseOf(one, of)
    const effects = effectsOf(changed(base, one.change), { ...of, base }, records)
    const cells = families.map((family) => {
      const effect = effects.find((found) => found.family === family)
      if (effect === undefined) return '–'
      const reading = readingOf(effect, one)
      readings.push(reading)
      return shown(effect, reading)
    })
    return [`\`${one.change}\``, ...cells]
  })
  return { text: table(['change', ...families], rows), readings }
}

const howMany = (readings: readonly Reading[], of: Reading): number =>
  readings.filter((reading) => reading === of).length

/** Those of the machine's mutants that any family sees, of all. */
function seen(
  mutants: readonly string[],
  of: Couplings,
  records: readonly RunRecord[],
): { readonly seen: string[]; readonly unseen: string[] } {
  const isSeen = (mutant: string): boolean =>
    effectsOf(changed(of.base, mutant), of, records).some((effect) => {
      const reading = readingOf(effect, NONE)
      const { interval } = effect
      return reading === 'surprise' && interval !== null && (interval.low > 0 || interval.high < 0)
    })
  return {
    seen: mutants.filter(isSeen),
    unseen: mutants.filter((mutant) => !isSeen(mutant)),
  }
}

/** `small`: runs of mutants, with those that they are compared with. */
export function credibilityPage(
  of: Couplings,
  { mutants, instances }: { readonly mutants: readonly string[]; readonly instances: number },
  { main: records, small }: Readonly<Record<'main' | 'small', readonly RunRecord[]>>,
): string {
  const breaks = tableOf(of.breaks, of, records)
  const shams = tableOf(
    of.shams.map((sham) => ({ ...sham, ...NONE })),
    of,
    records,
  )
  const found = seen(mutants, of, small)
  const shamsSeen = seen(
    of.shams.map(({ change }) => change),
    of,
    records,
  ).seen.length
  const [expected, missed, surprises, declared] = (
    ['as expected', 'missed', 'surprise', 'declared'] as const
  ).map((reading) => howMany(breaks.readings, reading))
  const moved = shams.readings.filter((reading) => reading !== 'nothing').length
  const reasons = [...of.breaks, ...of.shams].map(({ change, why, base }) => {
    const other = base === undefined ? '' : ` (in \`${base}\`)`
    return `- \`${change}\`${other}: ${why}`
  })
  const may = of.breaks.flatMap((one) =>
    Object.entries(one.may).map(([family, why]) => `- \`${one.change}\` on ${family}: ${why}`),
  )
  const note =
    'Bold: expected, and seen. °: declared as possible. (!): a surprise. (missed): expected, and not seen.'
  const unseen = found.unseen.map((mutant) => `\`${mutant}\``).join(', ') || 'none'
  return [
    `${of.breaks.length} breakages, ${of.instances} instances of every scenario under ${of.profiles.join(' and ')}:`,
    `${expected} effects as expected, ${missed} missed, ${declared} declared beforehand, ${surprises}`,
    `surprises. ${of.shams.length} sham changes: ${moved} of ${shams.readings.length} effects beyond ${NOTHING}.`,
    '',
    breaks.text,
    '',
    note,
    '',
    'Sham changes, which must move nothing:',
    '',
    shams.text,
    '',
    `Mutants made by a machine, every part of the kernel without one of its moments (${instances} instances):`,
    `${found.seen.length} of ${mutants.length} are seen by some family, of the shams by the same rule ${shamsSeen}. Not seen: ${unseen}.`,
    '',
    `Why each is there; the kernel is \`${of.base}\` where no other is named:`,
    '',
    ...reasons,
    ...(may.length === 0 ? [] : ['', 'What was declared as possible:', '', ...may]),
  ].join('\n')
}
