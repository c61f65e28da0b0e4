// Which reference harnesses the suite `standard` tells apart, and how small an effect it would show: the table
// of docs/discrimination.md. Needs dist/.   node docs/discrimination.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { contender } from '../dist/reports/primary.js'
import { campaign, workers } from '../dist/testbed/campaign.js'
import { discrimination } from '../dist/testbed/discrimination.js'
import { openHouse } from '../dist/testbed/house.js'
import { openHost } from '../dist/testbed/index.js'
import { planned } from '../dist/testbed/plan.js'
import { suiteOf } from '../dist/testbed/suite.js'

const PAGE = 'docs/discrimination.md'
const HARNESSES = ['loop', 'micro', 'monolith', 'best']
const CEILING = 'clairvoyant'

const started = performance.now()
const house = await openHouse(openHost())
const suite = await suiteOf(house, ['standard'])
const plan = {
  ...{ scenarios: suite.scenarios, set: {}, harnesses: [CEILING, ...HARNESSES] },
  ...{ profiles: suite.profiles, instances: suite.instances, trials: 1, seed: 1 },
  ...{ controlInstances: 0, realInstances: 0, swarm: false, shard: [0, 1] },
}
const runs = await planned(plan, house)
const pool = workers(2, fileURLToPath(new URL('../dist/testbed/worker.js', import.meta.url)))
const records = []
const onRecord = (record) => {
  records.push({ ...record, decisions: [] })
  if (records.length % 1000 === 0)
    process.stderr.write(`discrimination: ${records.length} of ${runs.orders.length} runs\n`)
}
try {
  await campaign({ plan: runs, pool, known: new Set(), onRecord })
} finally {
  await pool.close()
}
const minutes = (performance.now() - started) / 60_000
const pairs = discrimination(records, HARNESSES)
const points = (value) => (value === null ? '–' : `${Math.round(100 * value)}`)
const signed = (value) => `${value < 0 ? '-' : '+'}${Math.abs(Math.round(100 * value))}`
const row = (cells) => `| ${cells.join(' | ')} |`
const table = [
  row(['family', 'metric', 'pair', 'n', 'difference', 'adjusted p', 'told apart', 'visible from']),
  row(['---', '---', '---', '--:', '--:', '--:', '---', '--:']),
  ...pairs.map((pair) =>
    row([
      ...[pair.family, pair.metric, `\`${pair.a}\` \`${pair.b}\``, pair.instances],
      ...[signed(pair.difference), pair.adjusted < 0.001 ? '< .001' : pair.adjusted.toFixed(3)],
      ...[pair.toldApart ? '**yes**' : 'no', points(pair.visible)],
    ]),
  ),
]
const apart = pairs.filter(({ toldApart }) => toldApart).length
const families = new Set(pairs.filter(({ toldApart }) => toldApart).map(({ family }) => family))
const better = pairs.length === 0 ? [] : ceilings(records)
const text = [
  `${runs.orders.length} runs of ${new Set(records.map(({ scenario }) => scenario)).size} scenarios, ${suite.instances} instances each, profile ${suite.profiles.join(', ')}, in ${minutes.toFixed(1)} minutes on two cores.`,
  `${apart} of ${pairs.length} pairs are told apart, in ${families.size} of ${new Set(pairs.map(({ family }) => family)).size} families.`,
  '',
  ...table,
  '',
  better.length === 0
    ? 'No harness solves more than the ceiling in any scenario, or has more of its primary metric.'
    : `Scenarios in which a harness has more solved cases, or more of the primary metric, than the ceiling: ${better.join('; ')}.`,
].join('\n')
const page = readFileSync(PAGE, 'utf8')
const MARKED = /<!-- pairs -->[\s\S]*<!-- end -->/
writeFileSync(
  PAGE,
  page.replace(MARKED, () => `<!-- pairs -->\n${text}\n<!-- end -->`),
)

/** Where a harness has more of a scenario's solved cases, or of its primary metric, than the ceiling. */
function ceilings(of) {
  const mean = (shares) => [...shares.values()].reduce((sum, one) => sum + one, 0) / shares.size
  return [...new Set(of.map(({ scenario }) => scenario))].flatMap((scenario) => {
    const runs = of.filter((record) => record.scenario === scenario)
    const solved = (harness) =>
      runs.filter((record) => record.harness === harness && record.verdict === 'pass').length
    const primary = (harness) => mean(contender(harness, runs).shares)
    return HARNESSES.flatMap((harness) => {
      const isMore = solved(harness) > solved(CEILING) || primary(harness) > primary(CEILING)
      const [own, most] = [harness, CEILING].map((id) => `${solved(id)}, ${primary(id).toFixed(3)}`)
      return isMore ? [`\`${harness}\` in ${scenario} (${own} against ${most})`] : []
    })
  })
}
