// What moves when one part of a good kernel is broken, beside what was expected: the tables of
// docs/credibility.md. Needs dist/; takes some ten minutes.   node docs/credibility.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { campaign, workers } from '../dist/testbed/campaign.js'
import { baseOf, changed, couplingsOf, mutantsOf } from '../dist/testbed/credibility.js'
import { credibilityPage } from '../dist/testbed/credibility-page.js'
import { openHouse } from '../dist/testbed/house.js'
import { openHost } from '../dist/testbed/index.js'
import { planned } from '../dist/testbed/plan.js'
import { suiteOf } from '../dist/testbed/suite.js'

const DATA = 'docs/credibility/couplings.yaml'
const PAGE = 'docs/credibility.md'
const BASE = 'best'
/** Mutants are many: fewer cases of each, under the first profile alone. */
const MUTANT_INSTANCES = 4

const host = openHost()
const house = await openHouse(host)
const of = couplingsOf(parse(readFileSync(DATA, 'utf8')), DATA)
const { scenarios } = await suiteOf(house, [of.suite])
const mutants = await mutantsOf(house, await house.catalog.entry('kernel', BASE))
const script = fileURLToPath(new URL('../dist/testbed/worker.js', import.meta.url))
const pool = workers(2, script)
const light = ({
  id,
  scenario,
  params,
  harness,
  profile,
  seed,
  instance,
  trial,
  verdict,
  reason,
  metrics,
}) => ({
  ...{ id, scenario, params, harness, profile, seed, instance, trial, verdict, reason },
  // Of a run that hung there are none: it counts as lost.
  metrics: 'usable-recall' in metrics ? { 'usable-recall': metrics['usable-recall'] } : {},
})

async function ran(harnesses, profiles, instances) {
  const plan = {
    ...{ scenarios, set: {}, harnesses, profiles, instances, trials: 1, seed: 1 },
    ...{ controlInstances: 0, realInstances: 0, swarm: false, shard: [0, 1] },
  }
  const records = []
  const runs = await planned(plan, house)
  const onRecord = (record) => {
    records.push(light(record))
    if (records.length % 2000 === 0)
      process.stderr.write(`credibility: ${records.length} of ${runs.orders.length} runs\n`)
  }
  await campaign({ plan: runs, pool, known: new Set(), onRecord })
  return records
}

try {
  const named = [of.ceiling, of.floor, of.base]
  const all = [...of.breaks, ...of.shams]
  const changes = all.map((one) => changed(baseOf(one, of), one.change))
  const bases = all.map((one) => baseOf(one, of))
  const main = await ran([...new Set([...named, ...bases, ...changes])], of.profiles, of.instances)
  const others = mutants.map((mutant) => changed(of.base, mutant))
  const small = await ran([...named, ...others], of.profiles.slice(0, 1), MUTANT_INSTANCES)
  const text = credibilityPage(of, { mutants, instances: MUTANT_INSTANCES }, { main, small })
  const page = readFileSync(PAGE, 'utf8')
  writeFileSync(
    PAGE,
    page.replace(
      /<!-- effects -->[\s\S]*<!-- end -->/,
      () => `<!-- effects -->\n${text}\n<!-- end -->`,
    ),
  )
} finally {
  await pool.close()
}
