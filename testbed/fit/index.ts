// The fit, whole: from the published tables to the files that are made of them.
import type { Host } from '../../sim/host/index.ts'
import { DOMAINS_FILE } from '../domains.ts'
import { readPublished } from '../published.ts'
import { EPISODES, type Known, known } from './known.ts'
import { profilesOf } from './profiles.ts'
import { pageText } from './sheet.ts'

export { page } from './page.ts'
export { trial } from './trial.ts'

/** Texts by path. */
export async function fitted(host: Host): Promise<Map<string, string>> {
  const all = known(await readPublished(host))
  const files = new Map(
    profilesOf(all).map((page) => [`sim/cpu/profiles/${page.name}.yaml`, pageText(page)]),
  )
  files.set(DOMAINS_FILE, domainsText(all))
  return files
}

const digits = (value: number): number => Number(value.toPrecision(3))

/** Difficulty is counted in spreads of the domain in the middle. */
export function domainsText({ abilities, stability, spread }: Known): string {
  const line = (name: string, hardness: number, ratio: number): string =>
    `${name}: { hardness: ${digits(hardness / spread)}, ratio: ${digits(ratio / spread)} }`
  return [
    '# Written by `npm run fit`: do not edit. How hard the tasks of a domain are and how much they differ, in',
    '# spreads of difficulty of the domain in the middle. Conditions of the experiments, the same for every model.',
    ...[...abilities.domains]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, of]) => line(name, of.hardness, of.spread)),
    ...Object.entries(EPISODES).map(([name, of]) =>
      line(name, of.hardness * spread, of.ratio * spread),
    ),
    ...[...stability.tasks]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, hardness]) => line(name, hardness, spread)),
    '',
  ].join('\n')
}
