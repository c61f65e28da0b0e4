// docs/profiles.md: how close each profile comes to what was published, table by table, and what of it was
// measured, borrowed or assumed.
import { sharesOf } from '../origins.ts'
import { correlatedError, independentError } from './ablations.ts'
import { passCells } from './cells.ts'
import type { Close } from './closeness.ts'
import { FORMS, type Form } from './forms.ts'
import { type Part, TABLES } from './models.ts'
import type { Trial } from './trial.ts'

const mean = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length)

const told = (value: number): string => value.toFixed(value < 10 ? 1 : 0)

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const inside = (close: readonly Close[]): number => close.filter(({ isInside }) => isInside).length

const errorIn = (close: readonly Close[]): string => told(mean(close.map(({ error }) => error)))

/** By model, in the order of the profiles. */
function byModel(close: readonly Close[]): Map<string, Close[]> {
  const models = new Map<string, Close[]>()
  for (const one of close) models.set(one.model, [...(models.get(one.model) ?? []), one])
  return models
}

const parts = Object.entries(FORMS) as [Exclude<Part, 'probes'>, Form][]

function freeOf(form: Form, models: Iterable<string>): number {
  let sum = form.shared
  for (const model of models) sum += form.free(model)
  return sum
}

function summary(close: readonly Close[]): string {
  const rows = parts.map(([part, form]) => {
    const own = close.filter((one) => one.part === part)
    const models = [...byModel(own).keys()]
    const label =
      form.isIdentity === undefined ? '' : models.every(form.isIdentity) ? 'yes' : 'partly'
    return [
      `[${TABLES[part]}](#${part})`,
      form.experiment,
      String(models.length),
      String(own.length),
      String(freeOf(form, models)),
      errorIn(own),
      `${inside(own)} of ${own.length}`,
      label,
    ]
  })
  return table(
    ['table', 'experiment', 'models', 'cells', 'free', 'mean error', 'inside', 'identity check'],
    rows,
  )
}

const rounded = (value: number): string => String(Number(value.toPrecision(3)))

/** The cells that are farthest off. */
const FARTHEST = 5

function farthest(close: readonly Close[]): string {
  const off = close.filter(({ isInside }) => !isInside).toSorted((a, b) => b.error - a.error)
  if (off.length === 0) return 'Every cell is inside.'
  const rows = off
    .slice(0, FARTHEST)
    .map(({ model, row }) => [
      model,
      row.condition,
      row.metric,
      rounded(row.simulated),
      rounded(row.published ?? 0),
    ])
  const which = off.length > FARTHEST ? `The farthest ${FARTHEST} of ${off.length}` : 'All'
  return `${which} outside:\n\n${table(['model', 'condition', 'metric', 'simulated', 'published'], rows)}`
}

function section(part: Exclude<Part, 'probes'>, form: Form, close: readonly Close[]): string {
  const own = close.filter((one) => one.part === part)
  const rows = [...byModel(own)].map(([model, cells]) => [
    model,
    cells[0]?.row.profile ?? '',
    String(cells.length),
    `${form.free(model)}${form.isIdentity?.(model) === true ? ', identity check' : ''}`,
    errorIn(cells),
    `${inside(cells)} of ${cells.length}`,
  ])
  const shared = form.shared === 0 ? '' : ` ${form.shared} more are shared by all models.`
  return [
    `### ${part}`,
    `\`${TABLES[part]}\`, \`npx enosys calibrate ${form.experiment}\`. ${form.form}`,
    `Free: ${form.parameters}.${shared}`,
    table(['model', 'profile', 'cells', 'free', 'mean error', 'inside'], rows),
    farthest(own),
    `Where it does not fit: ${form.misfit}`,
  ].join('\n\n')
}

function origins({ profiles }: Trial): string {
  const rows = profiles.map(({ name, about, origins, like }) => {
    const { measured, borrowed, assumed } = sharesOf(origins.values())
    return [
      name,
      about,
      String(Object.keys(like).length),
      ...[measured, borrowed, assumed].map(String),
    ]
  })
  return table(['profile', 'what', 'tables', 'measured %', 'borrowed %', 'assumed %'], rows)
}

function ablations({ known, close, withoutDifficulty, oneCurve }: Trial): string {
  const pass = passCells(known.published)
  const of = (all: readonly Close[], metric: string) =>
    all.filter(({ part, row }) => part === 'tasks' && row.metric === metric)
  const curves = (all: readonly Close[], part: Part) =>
    all.filter((one) => one.part === part && oneCurve.some(({ model }) => model === one.model))
  const both = ['pass^1_pct', 'pass^2_pct']
  return [
    '**Without difficulty.** No task is harder than another, and each domain as hard as its pass^1 wants it.',
    table(
      ['through the machine', ...both.map((metric) => `${metric.replace('_pct', '')}, mean error`)],
      [
        ['with difficulty', ...both.map((metric) => errorIn(of(close, metric)))],
        ['without', ...both.map((metric) => errorIn(of(withoutDifficulty, metric)))],
      ],
    ),
    `Given each cell's own pass^1, trials that know of no difficulty miss pass^2 by ${told(independentError(pass))} points in the mean over ${pass.length} cells, always to the low side; with the spread of the domain it is ${told(correlatedError(pass, known.abilities))}.`,
    '**Without literal against semantic.** One curve, fitted to the cells of both tables, for models that stand in both.',
    table(
      ['through the machine', 'RULER, mean error', 'NoLiMa, mean error', 'inside'],
      [
        ['two curves', close],
        ['one curve', oneCurve],
      ].map(([name, all]) => {
        const [literal, semantic] = [
          curves(all as readonly Close[], 'literal'),
          curves(all as readonly Close[], 'semantic'),
        ]
        const count = literal.length + semantic.length
        return [
          String(name),
          errorIn(literal),
          errorIn(semantic),
          `${inside(literal) + inside(semantic)} of ${count}`,
        ]
      }),
    ),
  ].join('\n\n')
}

const HEAD = `# Profiles and what they rest on

<!-- Written by \`npm run profiles\`: do not edit. -->

\`npm run fit\` writes the profiles \`like-<model>\` from the published tables in \`testbed/published\`
(numbers only; sources and licences in its README). A profile is a composite: each parameter says
whether it was \`measured on\` the model, \`borrowed from\` another one, or \`assumed\`; what a page
does not say is as in \`typical\`. No published table has all of one model.

Every number below was simulated: cases are drawn and run through the machine with the reference
kernel of the experiment, as \`npx enosys calibrate\` does it, and what came of them is compared
with what was published. The forms were fitted by their formulas, not by these runs. What a
profile says holds in the median case; difficulty differs from case to case (\`instance.spread\`),
and a published share is the mean over cases.

**Inside** means: within the published 95 % interval where tests or calls were counted that have
nothing to do with each other (BFCL, ToolBench, tau-bench traces, AgentDojo); within a tenth for
seconds and counts; else within 3 points, as a mean over tasks or a clustered share has no
binomial interval. **Mean error** is in points, for seconds and counts in per cent. **Identity
check**: as many parameters as cells. That such a table is met says that the machine carries out
what was put into it, and is no evidence for the form.
`

export function page(of: Trial): string {
  const { close } = of
  return [
    HEAD,
    '## How close, by table',
    summary(close),
    ...parts.map(([part, form]) => section(part, form, close)),
    '## What the profiles are made of',
    'Shares of all parameters, those of faults and of what was never measured on any model too.',
    origins(of),
    '## Two ideas left out',
    ablations(of),
    '',
  ].join('\n\n')
}
