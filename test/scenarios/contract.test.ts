// What every scenario keeps: tested by being there.
import { describe, expect, it } from 'vitest'
import type { RunRecord } from '../../reports/record.ts'
import type { Scenario } from '../../scenarios/index.ts'
import { holesOf } from '../../sim/cpu/program.ts'
import type { Instance } from '../../sim/index.ts'
import { formatRunId, type RunResult, type RunSpec, run } from '../../testbed/index.ts'
import { checkTape } from '../../testbed/tape-file.ts'
import { drawn, house } from '../machine/rig.ts'

const ids = await house.catalog.ids('scenario')
const kernels = await house.catalog.ids('kernel')
const CONTROLS = ['amnesiac', 'clairvoyant', 'idle']
/** Ask once, and so need not come to what is placed. */
const BRIEF = ['reader']
const EXAMPLES = [0, 1, 2, 3]

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

describe.each(ids)('%s', (id) => {
  it('is solved by its own solution, and flawless kernels pass', async () => {
    for (const instance of EXAMPLES) {
      expect(await verdict(id, 'clairvoyant', instance)).toBe('pass')
      expect(await verdict(id, 'micro', instance)).toBe('pass')
      const params = { window: 1_000_000 }
      expect(await verdict(id, 'loop', instance, { params })).toBe('pass')
    }
  })

  it('is not solved by doing nothing', async () => {
    for (const instance of EXAMPLES) expect(await verdict(id, 'idle', instance)).toMatch(/^fail/)
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
    expect(new Set(worlds.map(({ world }) => JSON.stringify(world.files))).size).toBe(3)
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
    expect(await verdict(id, 'loop', 0, { params: simple })).toBe('pass')
  })

  it('places its hazards where they can be met', async () => {
    for (const instance of EXAMPLES) {
      const { hazards } = await drawn(id, {}, instance)
      const decisions = new Map(hazards.map(({ id: at, value }) => [at, value]))
      const name = formatRunId(specOf(id, 'loop', instance))
      await checkTape({ run: name, decisions }, 'the scenario', house)
    }
  })

  it('exposes every harness alike, and kernels at work meet what is placed', async () => {
    const instances = Array.from({ length: 50 }, (_, i) => i)
    const runs = new Map<string, RunRecord[]>()
    const isPlaced = (await drawn(id)).hazards.length > 0
    for (const harness of isPlaced ? kernels : []) {
      const records: RunRecord[] = []
      for (const instance of instances)
        records.push((await ran(id, harness, instance, { profile: 'hijacked' })).record)
      runs.set(harness, records)
    }
    const placed = [...runs.values()].map((records) => records.map((record) => record.placed))
    for (const other of placed) expect(other).toEqual(placed[0])
    for (const [harness, records] of runs) {
      if ([...CONTROLS, ...BRIEF].includes(harness)) continue
      const met = records.filter((record) => record.met === record.placed).length
      expect(met / records.length).toBeGreaterThanOrEqual(0.98)
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
    expect(
      users.some(({ jobs: own }) => own.some(({ prompt }) => prompt.includes(`[[task:${name}=`))),
    ).toBe(true)
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
