// JUnit XML for CI: a suite for each harness and profile, a case for each scenario. A case fails
// where any run of it did, with the lines that replay the first ones. Controls are shown as
// skipped: they never gate.
import { createRequire } from 'node:module'
import type * as builder from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import type { ScenarioCell } from '../cells.ts'
import { visible } from '../escape.ts'
import { groupBy } from '../units.ts'
import { writer } from '../writer.ts'

type Outcome = 'error' | 'failure' | 'skipped' | 'passed'

function outcomeOf({ control, verdicts }: ScenarioCell): Outcome {
  if (verdicts.error > 0) return 'error'
  if (control) return 'skipped'
  if (verdicts.crash + verdicts.stuck + verdicts.fail > 0) return 'failure'
  return verdicts.pass > 0 ? 'passed' : 'skipped'
}

const tally = (cells: readonly ScenarioCell[]): Record<string, number> => {
  const of = (outcome: Outcome): number => cells.filter((c) => outcomeOf(c) === outcome).length
  const [failures, errors, skipped] = [of('failure'), of('error'), of('skipped')]
  return { tests: cells.length, failures, errors, skipped }
}

export default writer({
  file: 'junit.xml',
  write(report) {
    const claims = new Map(report.scenarios.map(({ scenario, claim }) => [scenario, claim]))
    // Loaded when there is something to write: a listing of writers need not wait for it.
    const { create }: typeof builder = createRequire(import.meta.url)('xmlbuilder2')
    const root = create({ version: '1.0', encoding: 'UTF-8' })
    const suites = root.ele('testsuites', { name: 'enosys', ...tally(report.cells) })
    const groups = groupBy(report.cells, (c) => JSON.stringify([c.harness, c.profile]))
    for (const cells of groups.values()) {
      const [first] = cells
      if (first === undefined) continue
      const name = visible(`${first.harness} ${first.profile}`)
      const suite = suites.ele('testsuite', { name, ...tally(cells) })
      for (const cell of cells) testCase(suite, cell, name, claims.get(cell.scenario) ?? '')
    }
    return `${root.end({ prettyPrint: true })}\n`
  },
})

function testCase(suite: XMLBuilder, cell: ScenarioCell, classname: string, claim: string): void {
  const element = suite.ele('testcase', { classname, name: visible(cell.scenario) })
  const outcome = outcomeOf(cell)
  if (outcome === 'passed') return
  if (outcome === 'skipped') {
    const why = cell.control ? 'a control, which never gates' : cell.skips.join('; ')
    element.ele('skipped', { message: visible(why) })
    return
  }
  const { error, crash, stuck, fail } = cell.verdicts
  const bad = outcome === 'error' ? error : crash + stuck + fail
  const [worst = 'fail'] = (['error', 'crash', 'stuck', 'fail'] as const).filter(
    (verdict) => cell.verdicts[verdict] > 0,
  )
  element
    .ele(outcome, { message: `${bad} of ${cell.runs} runs`, type: worst })
    .txt(`\n${detail(cell, claim).map(visible).join('\n')}\n`)
}

function detail({ failures }: ScenarioCell, claim: string): string[] {
  const runs = failures.flatMap(({ verdict, says, replay }) => [
    `${verdict}: ${says.join('; ')}`,
    `  ${replay}`,
  ])
  return claim === '' ? runs : [claim, ...runs]
}
