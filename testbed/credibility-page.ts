// docs/credibility.md: what was expected to move, and what moved. Surprises stay in the table.

import { plural } from '../reports/format.ts'
import type { Metric } from '../reports/metric.ts'
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
import { type Moved, movedBy } from './credibility-metrics.ts'
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

/** The kernel itself, in runs of another trial: what sampling alone does. */
export const ANOTHER = 'another trial'

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
    const variant = one.change === ANOTHER ? ANOTHER : changed(base, one.change)
    const effects = effectsOf(variant, { ...of, base }, records)
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

/** What was expected of single metrics, and what moved where nothing should. */
function metricsOf(
  of: Couplings,
  metrics: ReadonlyMap<string, Metric>,
  records: readonly RunRecord[],
): { readonly text: string; readonly counted: string } {
  const changes = of.breaks.map((one) => {
    const base = baseOf(one, of)
    const { change, measures, moves, may } = one
    const families = [...moves, ...Object.keys(may)]
    return { change, base, variant: changed(base, change), measures, families }
  })
  const all = movedBy(changes, metrics, records)
  const number = (value: number): string =>
    Math.abs(value) >= 100 ? String(Math.round(value)) : value.toPrecision(2).replace(/^0\./, '.')
  const p = ({ adjusted }: Moved): string => (adjusted < 0.001 ? '< .001' : adjusted.toFixed(3))
  const shown = all.filter(({ reading }) => reading !== 'nothing' && reading !== 'alongside')
  const rows = shown.map((one) => [
    ...[`\`${one.change}\``, one.metric, one.expected ?? '–'],
    ...[`${number(one.before)} → ${number(one.after)}`, String(one.cases), p(one)],
    one.reading === 'as expected' ? '**as expected**' : one.reading,
  ])
  const beside = of.breaks.flatMap(({ change }) => {
    const own = all.filter((one) => one.change === change && one.reading === 'alongside')
    return own.length === 0
      ? []
      : [`- \`${change}\`: ${own.map(({ metric }) => metric).join(', ')}`]
  })
  const count = (reading: Moved['reading']): number =>
    all.filter((one) => one.reading === reading).length
  const heads = ['change', 'metric', 'expected', 'before → after', 'cases', 'adjusted p', 'reading']
  return {
    counted: `${count('as expected')} of ${count('as expected') + count('missed')} expected movements of single metrics are seen, of ${all.length} tested; ${count('surprise')} surprises.`,
    text: [
      table(heads, rows),
      '',
      'What moved beside them, in families that may see it:',
      '',
      ...beside,
    ].join('\n'),
  }
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
  {
    mutants,
    instances,
    metrics,
  }: {
    readonly mutants: readonly string[]
    readonly instances: number
    readonly metrics: ReadonlyMap<string, Metric>
  },
  { main: records, small }: Readonly<Record<'main' | 'small', readonly RunRecord[]>>,
): string {
  const breaks = tableOf(of.breaks, of, records)
  const shams = tableOf(
    of.shams.map((sham) => ({ ...sham, ...NONE })),
    of,
    records,
  )
  const chance = tableOf([{ change: ANOTHER, why: '', ...NONE }], of, records)
  const single = metricsOf(of, metrics, records)
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
    `${expected} effects as expected, ${missed} missed, ${declared} declared beforehand, ${plural(surprises ?? 0, 'surprise')}.`,
    `${of.shams.length} sham changes: ${moved} of ${shams.readings.length} effects beyond ${NOTHING}.`,
    '',
    breaks.text,
    '',
    note,
    '',
    'Sham changes, which must move nothing:',
    '',
    shams.text,
    '',
    'The same kernel in another trial, no change at all: how far sampling alone moves a family. Read the marks',
    'above beside it: all changes are made on the same draws.',
    '',
    chance.text,
    '',
    `Metrics one by one, each a paired change of its mean over all cases of its families. ${single.counted}`,
    '',
    single.text,
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
