// docs/validity.md: what was published beside what came out here, contrast by contrast. Misses stay.
import type { Interval } from '../reports/stats/bootstrap.ts'
import { table } from './pages.ts'
import type { Published } from './published.ts'
import {
  type Compared,
  type Contrast,
  compared,
  isBuiltIn,
  type Model,
  outcomeOf,
  publishedOf,
  type Samples,
  told,
} from './validity.ts'
import { measureNamed } from './validity-measures.ts'

/** A contrast that was run. */
export interface Answered {
  readonly of: Contrast
  readonly samples: Samples
}

const percent = (share: number): string => (100 * share).toFixed(1)

const plus = (value: number): string => (value > 0 ? `+${value}` : String(value))

const points = (value: number): string => plus(Number(value.toFixed(1)))

const between = (of: Interval | null): string =>
  of === null ? '' : ` (${percent(of.low)} to ${percent(of.high)})`

/** A file of ours without its hash. */
const nameOf = (profile: string): string => /([^/.][^#]*\.yaml)/.exec(profile)?.[1] ?? profile

const setting = (params: Readonly<Record<string, number>>): string => {
  const all = Object.entries(params).map(([name, value]) => `${name}=${value}`)
  return all.length === 0 ? '' : `[${all.join(',')}]`
}

const everyOf = (
  { of, samples }: Answered,
  published: Published,
): { readonly model: Model; readonly all: readonly Compared[] }[] =>
  of.models.map((model) => ({
    model,
    all: compared(of, model, published, samples.get(model.model) ?? new Map()),
  }))

export const outcome = (one: Answered, published: Published): string =>
  outcomeOf(everyOf(one, published).flatMap(({ all }) => all))

function armsTable({ of, samples }: Answered, published: Published): string {
  const rows = of.models.flatMap((model) =>
    Object.entries(of.arms).map(([name, { harness, params, measure = of.measure }]) => {
      const sample = samples.get(model.model)?.get(name)
      const figure = publishedOf(published, of, model, name)
      const key = `validity ${of.id} ${model.model} ${name}`
      const { mean, of: interval } = sample ? told(sample, key) : { mean: null, of: null }
      return [
        ...(of.models.length > 1 ? [model.model] : []),
        name,
        `\`${harness}\`${setting(params)}`,
        measureNamed(measure).about,
        figure === undefined ? '–' : String(figure),
        mean === null ? '–' : percent(mean) + between(interval),
        String(sample?.values.size ?? 0),
      ]
    }),
  )
  const head = ['design', 'harness', 'measured, in %', 'published', 'simulated', 'instances']
  return table([...(of.models.length > 1 ? ['model'] : []), ...head], rows)
}

function comparedTable(one: Answered, published: Published): string {
  const several = one.of.models.length > 1
  const rows = everyOf(one, published).flatMap(({ model, all }) =>
    all.map(({ a, b, published: sign, simulated, interval, instances, p, reading }) => [
      ...(several ? [model.model] : []),
      `${a} less ${b}`,
      points(sign),
      simulated === null ? '–' : points(100 * simulated) + between(interval),
      String(instances),
      p === null ? '–' : p < 0.001 ? '< .001' : p.toFixed(3).replace(/^0/, ''),
      isBuiltIn(one.of, { a, b }) ? `${reading} (built in)` : reading,
    ]),
  )
  return table(
    [
      ...(several ? ['model'] : []),
      'compared',
      'published',
      'simulated',
      'instances',
      'p',
      'reading',
    ],
    rows,
  )
}

function section(one: Answered, published: Published): string[] {
  const { of } = one
  const found = outcome(one, published)
  const cases = of.cases.map(({ scenario, params }) => `\`${scenario}${setting(params)}\``)
  const profiles = of.models.map(({ model, profile }) => `\`${nameOf(profile)}\` for ${model}`)
  const stale =
    found === of.outcome ? [] : [`_This was written when the outcome was: ${of.outcome}._`, '']
  return [
    `## ${of.id}: ${found}`,
    '',
    `${of.found} Here: ${of.here} On ${cases.join(' and ')}, with ${profiles.join(', ')}.`,
    '',
    armsTable(one, published),
    '',
    comparedTable(one, published),
    '',
    ...stale,
    of.why,
    ...(of.builtIn === undefined ? [] : ['', `**Built in.** ${of.builtIn.says}`]),
    '',
  ]
}

/** In Markdown: how many came out, one line a contrast, then each with its figures. */
export function validityPage(all: readonly Answered[], published: Published): string {
  const readings = all.flatMap((one) => everyOf(one, published).flatMap((each) => each.all))
  const tests = all.flatMap((one) =>
    everyOf(one, published).flatMap((each) => each.all.filter((pair) => !isBuiltIn(one.of, pair))),
  )
  const count = (of: readonly Compared[], reading: string): number =>
    of.filter((each) => each.reading === reading).length
  const said = (of: readonly Compared[]): string =>
    `${count(of, 'holds')} hold, ${count(of, 'misses')} miss, ${count(of, 'not told apart')} are not told apart, and ${count(of, 'cannot be seen')} cannot be seen`
  const rows = all.map((one) => [
    `[${one.of.id}](#${anchor(`${one.of.id}: ${outcome(one, published)}`)})`,
    one.of.found,
    outcome(one, published),
    one.of.builtIn === undefined ? 'no' : one.of.builtIn.compare === undefined ? 'yes' : 'in part',
  ])
  return [
    `Of ${readings.length} published comparisons in ${all.length} contrasts, ${said(readings)}. Where nothing`,
    `of the effect was built in or fitted, of ${tests.length}: ${said(tests)}.`,
    '',
    table(['contrast', 'found on real models', 'here', 'built in'], rows),
    '',
    ...all.flatMap((one) => section(one, published)),
  ].join('\n')
}

/** As GitHub makes one of a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-')
