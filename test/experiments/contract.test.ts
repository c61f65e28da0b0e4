// What every experiment keeps: tested by being there.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { draw } from '../../sim/core/draw.ts'
import { calibrate } from '../../testbed/calibrate.ts'
import { readPublished } from '../../testbed/published.ts'
import { enosys, folder } from '../cli/enosys.ts'
import { house } from '../machine/rig.ts'
import { cellsOf, experiments, lab, rowsFor, typical } from './lab.ts'

const published = await readPublished(house.host)
const kernels = await house.catalog.ids('kernel')

const rowSchema = z.strictObject({
  experiment: z.string(),
  profile: z.string(),
  condition: z.string().min(1),
  metric: z.string().min(1),
  simulated: z.number(),
  low: z.number(),
  high: z.number(),
  published: z.number().optional(),
  n: z.number().int().positive(),
})

/** One setting of each, cheap. */
const ONE: Readonly<Record<string, Readonly<Record<string, readonly (string | number)[]>>>> = {
  agentdojo: { attack: ['direct'] },
  bfcl: { category: ['simple'] },
  compaction: { length: [6000], share: [50] },
  latency: { percentile: [50] },
  nolima: { length: [700] },
  passk: { domain: ['retail'], trials: [2] },
  position: { documents: [4], gold: [2] },
  ruler: { length: [700] },
  stability: { task: ['navigate'], runs: [3] },
  toolbench: { tools: [5] },
}

it('has one setting of each to try', () =>
  expect(Object.keys(ONE)).toEqual([...experiments.keys()]))

describe.each([...experiments])('%s', (id, experiment) => {
  it('says what it is like, which tables have it and which kernel meets it', () => {
    expect(experiment.about).not.toBe('')
    expect(experiment.source).not.toBe('')
    expect(kernels).toContain(experiment.harness)
    for (const table of experiment.tables) expect([...published.keys()]).toContain(table)
  })

  it('gives rows of one form, the same each time', async () => {
    const [first, again] = [await rowsFor(id, ONE[id] ?? {}), await rowsFor(id, ONE[id] ?? {})]
    expect(first.length).toBeGreaterThan(0)
    expect(again).toEqual(first)
    for (const row of first) {
      expect(rowSchema.safeParse(row).error).toBeUndefined()
      expect(row).toMatchObject({ experiment: id, profile: 'typical' })
      expect(row.low).toBeLessThanOrEqual(row.simulated)
      expect(row.high).toBeGreaterThanOrEqual(row.simulated)
    }
  })

  it('draws other cases for another seed', async () => {
    const [cell] = cellsOf(id, ONE[id] ?? {})
    if (cell === undefined) throw new TypeError('no cell')
    const { pages } = lab
    const given = { profile: typical, tokens: house.tokens, pages, trial: 0 }
    const drawn = ['1', '1', '2'].map((key) =>
      JSON.stringify(experiment.draw(draw(key), cell.setting, given)),
    )
    expect(drawn[1]).toBe(drawn[0])
    expect(drawn[2]).not.toBe(drawn[0])
  })

  it('has usual values that its own options admit', () => {
    for (const { setting } of cellsOf(id, {})) {
      for (const [name, option] of Object.entries(experiment.options)) {
        const value = setting[name]
        if (option.kind === 'word') expect(option.words).toContain(value)
        else if (value !== option.word)
          expect(Number(value) >= option.min && Number(value) <= option.max).toBe(true)
      }
    }
  })

  it('runs each model of its tables as published, and finds its numbers', async () => {
    for (const table of experiment.tables) {
      for (const model of new Set(published.get(table)?.rows.map((row) => row.model))) {
        const native = 1e7
        const profile = {
          ...typical,
          like: { [table]: model },
          window: { ...typical.window, native },
        }
        const own = published.get(table)?.rows.filter((row) => row.model === model) ?? []
        const settings = experiment.published(own)
        const found = cellsOf(id, {}, { profile })
        if (settings.length > 0) expect(found.map(({ setting }) => setting)).toEqual(settings)
      }
    }
    const [table = ''] = experiment.tables
    const model = published.get(table)?.rows[0]?.model ?? ''
    const profile = { ...typical, like: { [table]: model } }
    const [first] = cellsOf(
      id,
      {},
      { profile: { ...profile, window: { ...typical.window, native: 1e7 } } },
    )
    if (first === undefined) throw new TypeError('no cell')
    const rows = await calibrate(lab, [{ ...first, size: { ...first.size, instances: 4 } }])
    expect(rows.some((row) => row.published !== undefined)).toBe(true)
  })
})

it('has each condition as an option of the command, and no other', async () => {
  const { stdout } = await enosys(['calibrate', '--help'], folder())
  const said = [...stdout.matchAll(/^ +(?:-\w, )?--([a-z]+)/gm)].map(([, name]) => name)
  const own = ['profile', 'instances', 'seed', 'quick', 'json', 'help']
  const conditions = [...experiments.values()].flatMap(({ options }) => Object.keys(options))
  expect(new Set(said)).toEqual(new Set([...own, ...conditions]))
})
