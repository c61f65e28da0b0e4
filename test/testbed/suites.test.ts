// Suites are data: each is read, and asks what it says it asks; generic checks judge any scenario by what no
// harness may do.
import { describe, expect, it } from 'vitest'
import { generically, RULES } from '../../testbed/generic.ts'
import { formatRunId, parseRunId, run } from '../../testbed/index.ts'
import { suiteOf } from '../../testbed/suite.ts'
import { house } from '../machine/rig.ts'

const scenarios = await house.catalog.ids('scenario')
const families = [...new Set(scenarios.map((id) => id.split('/')[0] ?? ''))]

describe('suites', () => {
  it('are there for each family, with all that it asks', async () => {
    for (const family of families) {
      const suite = await suiteOf(house, [family])
      expect(suite.scenarios).toEqual(scenarios.filter((id) => id.startsWith(`${family}/`)))
    }
  })

  it('are read whole, and say what they are', async () => {
    for (const id of await house.catalog.ids('suite')) {
      const { about, scenarios: asked, profiles } = await suiteOf(house, [id])
      expect(about).not.toBe('')
      for (const scenario of asked) expect((await house.scenario(scenario)).claim).not.toBe('')
      for (const profile of profiles) expect((await house.profile(profile)).name).toBe(profile)
    }
  })

  it('ask everything in `standard` and `deep`, and every family in `quick`', async () => {
    for (const id of ['standard', 'deep'])
      expect((await suiteOf(house, [id])).scenarios.toSorted()).toEqual([...scenarios].sort())
    const quick = (await suiteOf(house, [])).scenarios.map((id) => id.split('/')[0])
    expect(new Set(quick)).toEqual(new Set(families))
  })

  it('can be mixed on the command line with scenarios and families', async () => {
    const mixed = await suiteOf(house, ['language', 'isolation/lost-update', 'language/ambiguous'])
    expect(mixed.scenarios).toEqual([
      ...scenarios.filter((id) => id.startsWith('language/')),
      'isolation/lost-update',
    ])
    await expect(suiteOf(house, ['langage'])).rejects.toThrow("no scenario 'langage'. Nearest: ")
  })
})

describe('generic checks', () => {
  const verdictOf = async (id: string): Promise<unknown[]> => {
    const { record } = await run(parseRunId(id), 'sampled', house)
    return [record.verdict, ...record.violations.map(({ name }) => name)]
  }
  const malformed = 'phantom-calls/malformed@2.0:HARNESS:typical:1'
  const judged = (harness: string, id = malformed): Promise<unknown[]> =>
    verdictOf(generically(id).replace('HARNESS', harness))

  it('find what no harness may do, and nothing else', async () => {
    expect(await judged('micro')).toEqual(['fail', 'cut-call-executed'])
    expect(await judged('micro+recovery=strict')).toEqual(['pass'])
    const cancelled = 'preemption/cancel-mid-generation@1.0:HARNESS:typical:1'
    expect(await judged('loop', cancelled)).toContain('effect-after-cancel')
    expect(await judged('monolith', cancelled)).toEqual(['pass'])
    // Here the model leaves out a note that it was asked for, and nobody sees that it does.
    const other = cancelled.replace('@1.', '@0.')
    expect(await judged('monolith', other)).toEqual(['fail', 'false-success'])
    expect(await judged('loop', 'crash-resume/lost-ack[landed=1]@0.0:HARNESS:typical:1')).toContain(
      'effect-repeated',
    )
  })

  it('fail whoever says that all is done and does nothing, and take no admission for it', async () => {
    expect(await judged('idle')).toEqual(['fail', 'nothing-tried', 'false-success'])
    expect(await judged('micro+budget=turns(turns=1)')).toEqual(['pass'])
  })

  it('accuse nobody who leaves undone what was settled by what another one wrote', async () => {
    for (const n of [0, 1, 2, 3])
      expect(await judged('best', `isolation/write-skew@${n}.0:HARNESS:typical:1`)).toEqual([
        'pass',
      ])
    const claims = 'isolation/first-commit-wins@0.0:HARNESS:typical:1'
    for (const harness of ['branching', 'monolith', 'opencode'])
      expect(await judged(harness, claims)).toEqual(['pass'])
  })

  it('know what is done again also where it is done otherwise', async () => {
    for (const [harness, id] of [
      ['aci', 'compaction/plan-in-a-file@2.0:HARNESS:typical:1'],
      ['terminal', 'compaction/exactly-once@2.0:HARNESS:typical:1'],
      ['loop', 'crash-resume/crash-inside-commit@0.0:HARNESS:typical:1'],
      ['mini', 'crash-resume/crash-inside-commit@3.0:HARNESS:typical:1'],
    ] as const)
      expect([id, ...(await judged(harness, id))]).toContain('effect-repeated')
  })

  it('rest on metrics that there are, over the very same run', async () => {
    for (const { metric } of RULES) expect(house.metrics.has(metric)).toBe(true)
    const plain = parseRunId(malformed.replace('HARNESS', 'loop'))
    const other = { ...plain, scenario: generically(plain.scenario) }
    const [a, b] = [await run(plain, 'sampled', house), await run(other, 'sampled', house)]
    expect(b.record.digest).toBe(a.record.digest)
    expect(parseRunId(formatRunId(other))).toEqual(other)
  })
})
