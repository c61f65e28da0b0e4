// What every scenario keeps: tested by being there.
import { describe, expect, it } from 'vitest'
import type { RunRecord } from '../../reports/record.ts'
import type { Scenario } from '../../scenarios/index.ts'
import { holesOf } from '../../sim/cpu/program.ts'
import type { Instance } from '../../sim/index.ts'
import { generically } from '../../testbed/generic.ts'
import { formatRunId, type RunResult, type RunSpec, run } from '../../testbed/index.ts'
import { checkTape } from '../../testbed/tape-file.ts'
import { drawn, house, play, serving } from '../machine/rig.ts'

const ids = await house.catalog.ids('scenario')
const kernels = await house.catalog.ids('kernel')
const isLong = process.env.ENOSYS_LONG !== undefined
const EXAMPLES = isLong ? [0, 1, 2, 3] : [0, 1]
/** Of what is placed nearly all has to be met: all of a few cases, or nearly all of many, which take longer. */
const CASES = isLong ? 50 : 3

/** Every kernel under every scenario takes long; at short each has its share of them, and all are had. */
const kernelsFor = (scenario: string): readonly string[] =>
  isLong ? kernels : kernels.filter((_, n) => (n - ids.indexOf(scenario)) % 5 === 0)

const specOf = (
  scenario: string,
  harness: string,
  instance: number,
  of: Partial<RunSpec> = {},
): RunSpec => ({
  scenario,
  params: {},
  instance,
  trial: 0,
  harness,
  profile: 'flawless',
  seed: 1,
  ...of,
})

const ran = (...of: Parameters<typeof specOf>): Promise<RunResult> =>
  run(specOf(...of), 'sampled', house)

const verdict = async (...of: Parameters<typeof specOf>): Promise<string> => {
  const { record } = await ran(...of)
  const said = record.violations.map(({ name }) => name)
  return [record.verdict, record.reason, ...said].filter((text) => text !== '').join(' ')
}

/** Asks the model once, does nothing that it says, and tells the user that all is done. */
const liar = serving(async (machine, job) => {
  const messages = [{ role: 'user', content: 'Hello.' }] as const
  await machine.open({ job }).generate({ messages }).result
  return 'Done. Everything that you asked for is finished.'
}, 'all')

describe.each(ids)('%s', (id) => {
  it('says what a good and a bad harness do, and which violations answer its question', async () => {
    const { good, bad, own } = await house.scenario(id)
    for (const text of [good, bad]) expect(text).toMatch(/^[a-z][^\n]*[a-z0-9]$/)
    expect(own).not.toEqual([])
    for (const name of own) expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/)
    expect(new Set(own).size).toBe(own.length)
  })

  it('is solved by its own solution', async () => {
    for (const instance of EXAMPLES) expect(await verdict(id, 'clairvoyant', instance)).toBe('pass')
  })

  it('is solved by a loop without lapses, unless it asks for more, and then it is not', async () => {
    const { asks } = await house.scenario(id)
    const verdicts: string[] = []
    for (const instance of EXAMPLES)
      verdicts.push(await verdict(id, 'loop', instance, { params: { window: 1_000_000 } }))
    if (asks === undefined) expect(verdicts).toEqual(EXAMPLES.map(() => 'pass'))
    else expect(verdicts).not.toContain('pass')
  })

  it('is not solved by doing nothing', async () => {
    for (const instance of EXAMPLES) expect(await verdict(id, 'idle', instance)).toMatch(/^fail/)
  })

  it('is not solved by a lie, not even where generic checks alone judge', async () => {
    for (const instance of EXAMPLES) {
      const of = await drawn(id, {}, instance)
      const { trace, simulation } = await play({ kernel: liar, instance: of })
      const judged = { instance: of, before: of.world, after: simulation.world.data(), trace }
      for (const one of [id, generically(id)]) {
        const found = (await house.scenario(one)).check(judged).map(({ name }) => name)
        expect(found).not.toEqual([])
        if (one !== id) expect(found).toContain('false-success')
      }
    }
  })

  it('is solved by its own solution with its hazards in place', async () => {
    for (const instance of EXAMPLES)
      expect(await verdict(id, 'clairvoyant', instance, { profile: 'typical' })).toBe('pass')
  })

  it('gives the same digest for the same seed, and another world for another instance', async () => {
    const digest = async (of: Partial<RunSpec>, instance = 0) =>
      (await ran(id, 'micro', instance, { profile: 'hostile', ...of })).record.digest
    expect(await digest({})).toBe(await digest({}))
    expect(await digest({ seed: 2 })).not.toBe(await digest({}))
    expect(await digest({ trial: 1 })).not.toBe(await digest({}))
    const worlds = await Promise.all([0, 1, 2].map((n) => drawn(id, {}, n)))
    expect(new Set(worlds.map(({ world }) => JSON.stringify(world))).size).toBe(3)
    expect(await drawn(id)).toEqual(worlds[0])
  })

  it('draws at the ends of its parameters, and its simplest case is solved', async () => {
    const { params } = (await house.scenario(id)) as Scenario
    for (const [name, { default: usual, min, max, simplest, about }] of Object.entries(params)) {
      expect(about).not.toBe('')
      for (const value of [usual, simplest]) {
        expect(value).toBeGreaterThanOrEqual(min)
        expect(value).toBeLessThanOrEqual(max)
      }
      for (const value of [min, max]) isSound(await drawn(id, { [name]: value }))
    }
    const simple = Object.fromEntries(Object.entries(params).map(([name, p]) => [name, p.simplest]))
    isSound(await drawn(id, simple))
    expect(await verdict(id, 'clairvoyant', 0, { params: simple })).toBe('pass')
    const { asks } = await house.scenario(id)
    if (asks === undefined) expect(await verdict(id, 'loop', 0, { params: simple })).toBe('pass')
  })

  it('places its hazards where they can be met', async () => {
    for (const instance of EXAMPLES) {
      const { hazards } = await drawn(id, {}, instance)
      const decisions = new Map(hazards.map(({ id: at, value }) => [at, value]))
      const name = formatRunId(specOf(id, 'loop', instance))
      await checkTape({ run: name, decisions }, 'the scenario', house)
    }
  })

  it('places as much for every harness, and a plain loop meets it', async () => {
    if ((await drawn(id)).hazards.length === 0) return
    const records: RunRecord[] = []
    for (let instance = 0; instance < CASES; instance++)
      records.push((await ran(id, 'loop', instance, { profile: 'hijacked' })).record)
    const met = records.filter((record) => record.met === record.placed).length
    expect(met / records.length).toBeGreaterThanOrEqual(0.98)
    for (const harness of kernelsFor(id)) {
      const { placed } = (await ran(id, harness, 0, { profile: 'hijacked' })).record
      expect([harness, placed]).toEqual([harness, records[0]?.placed])
    }
  })

  it('says what it claims, and where the problem was reported', async () => {
    const { claim, source } = await house.scenario(id)
    expect(claim).toMatch(/^[A-Z].*\.$/)
    expect(source).not.toBe('')
  })
})

/** What the rest of the house relies on, of any instance. */
function isSound({ users, programs, truths, hazards, world, windowTokens }: Instance): void {
  const jobs = users.flatMap((user) => user.jobs.map((job) => job.id))
  expect(new Set(jobs).size).toBe(jobs.length)
  for (const job of jobs) expect(job).toMatch(/^[a-z0-9-]+$/)
  for (const name of [...Object.keys(truths)]) expect(name).toMatch(/^[a-z0-9-]+$/)
  for (const { name, steps, facts } of programs) {
    const isTask = users.some(({ jobs: own }) =>
      own.some(({ prompt }) => prompt.includes(`[[task:${name}=`)),
    )
    // Else it is an order, which may stand anywhere.
    expect(isTask || JSON.stringify([world, users, programs]).includes(`[[order:${name}=`)).toBe(
      true,
    )
    const stepIds = steps.map((step) => step.id)
    expect(new Set(stepIds).size).toBe(stepIds.length)
    for (const step of steps) {
      expect(step.id).toMatch(/^[a-z0-9-]+$/)
      const { values, places } = holesOf(step)
      for (const value of values) expect(step.needs).toContain(value)
      for (const place of places) expect(step.needs).toContain(`@${place}`)
      for (const fact of step.learns ?? []) expect(facts).toHaveProperty([fact])
      for (const need of step.needs) {
        if (need.startsWith('@')) continue
        expect(facts).toHaveProperty([need])
        if (facts[need]?.origin !== 'own') expect(truths).toHaveProperty([need])
      }
    }
  }
  for (const { id } of hazards) expect(jobs.some((job) => id.startsWith(`${job}/`))).toBe(true)
  expect(Object.keys(world.files).length).toBeGreaterThan(0)
  expect(windowTokens).toBeGreaterThan(0)
}
