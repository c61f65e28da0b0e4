// The profiles as they stand: what the fit writes, whose numbers they take, and two ideas that the tables
// cannot be met without.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Profile } from '../../sim/cpu/index.ts'
import { cells, openLab, simulate } from '../../testbed/calibrate.ts'
import type { Experiment } from '../../testbed/experiment.ts'
import {
  correlatedError,
  errorOf,
  fitOneCurve,
  independentError,
} from '../../testbed/fit/ablations.ts'
import { lengthCells, passCells } from '../../testbed/fit/cells.ts'
import { domainsText } from '../../testbed/fit/index.ts'
import { known } from '../../testbed/fit/known.ts'
import { MODELS, PARTS, TABLES } from '../../testbed/fit/models.ts'
import { profileOf } from '../../testbed/fit/profiles.ts'
import { fitLength, recalledIn } from '../../testbed/fit/recall.ts'
import { pageText } from '../../testbed/fit/sheet.ts'
import { readPublished, rowsOf } from '../../testbed/published.ts'
import { house } from '../machine/rig.ts'

const MINUTES = 4 * 60_000

const published = await readPublished(house.host)
const all = known(published)
const ids = (await house.catalog.ids('profile')).filter((id) => id.startsWith('like-')).toSorted()
const profiles = new Map<string, Profile>()
for (const id of ids) profiles.set(id, await house.profile(id))

const page = (id: string): string => readFileSync(`sim/cpu/profiles/${id}.yaml`, 'utf8')

describe('the profiles', () => {
  it('are ten and more, one for each model', () => {
    expect(ids.length).toBeGreaterThanOrEqual(10)
    expect(ids).toEqual(MODELS.map(({ id }) => `like-${id}`).toSorted())
  })

  // Those that borrow a summary's recall wait for those that own it: left to `node fit.mjs --check`.
  it.each(['gpt-4o-mini', 'llama-2-70b'])(
    'are what the fit writes now: %s',
    (id) => {
      const model = MODELS.find((one) => one.id === id)
      if (model === undefined) throw new TypeError(id)
      const donor = profiles.get(`like-${model.borrows.compaction}`)
      const donors = new Map([[model.borrows.compaction ?? '', donor?.summary.usable ?? 0]])
      const text = pageText(profileOf(all, model, donors))
      expect(text).toBe(page(`like-${id}`))
    },
    MINUTES,
  )

  it('stand beside domains that are what the fit writes now', () => {
    expect(domainsText(all)).toBe(readFileSync('testbed/experiments/domains.yaml', 'utf8'))
  })

  it.each(ids)('%s names models that stand in the tables', (id) => {
    const { like, origins } = profiles.get(id) as Profile
    expect(Object.keys(like).length).toBeGreaterThan(0)
    for (const [table, model] of Object.entries(like))
      expect([table, rowsOf(published, table, model).length > 0]).toEqual([table, true])
    const tables = new Set(PARTS.map((part) => TABLES[part] as string))
    const measured = [...origins].filter(([, origin]) => origin.startsWith('measured'))
    expect(measured.length).toBeGreaterThan(0)
    for (const [path, origin] of measured) {
      const [, model = '', table = ''] = /^measured on (.+) \(([\w.-]+)\)$/.exec(origin) ?? []
      expect([path, tables.has(table), like[table]]).toEqual([path, true, model])
    }
  })

  it.each(ids)('%s says what it is, and lets nothing happen for certain', (id) => {
    const { instance, behaviours, about } = profiles.get(id) as Profile
    expect(about).not.toBe('')
    expect(instance.spread).toBeGreaterThan(1)
    for (const { rate = 0 } of Object.values(behaviours)) expect(rate).toBeLessThan(1)
  })

  it('stand in the page, each table with its own section', () => {
    const text = readFileSync('docs/profiles.md', 'utf8')
    for (const id of ids) expect(text).toContain(`| ${id} |`)
    for (const part of PARTS) if (part !== 'probes') expect(text).toContain(`### ${part}\n`)
  })
})

describe('a form and the machine', () => {
  it('say the same of recall at a length that no table has', async () => {
    const lab = await openLab(house, 1)
    const nolima = (await house.catalog.entry('experiment', 'nolima')) as Experiment
    const profile = profiles.get('like-llama-3.1-8b') as Profile
    const found = cells({
      experiments: new Map([['nolima', nolima]]),
      profiles: [profile],
      published,
      asked: { length: [3000] },
      instances: 400,
    })
    const [row] = await simulate(lab, found.cells[0] as (typeof found.cells)[0])
    const { semanticTop: top, semanticHalf: half, semanticSlope: slope, ...recall } = profile.recall
    const around = { ...recall, spread: all.spread, trained: 1e15, beyond: 1, spoiled: 0 }
    const told = 100 * recalledIn({ top, half, slope }, { tokens: [3000] }, around)
    expect(Math.abs((row?.simulated ?? 0) - told)).toBeLessThan(5)
  })
})

describe('without an idea', () => {
  it('of difficulty, pass^2 is missed by far', () => {
    const pass = passCells(published)
    expect(independentError(pass)).toBeGreaterThan(7)
    expect(correlatedError(pass, all.abilities)).toBeLessThan(2)
  })

  it('of literal against semantic, the long-context tables cannot both be met', () => {
    const around = {
      ...{ floor: 1, first: 0, last: 0, reach: 0.2 },
      ...{ spread: all.spread, trained: 1e15, beyond: 1, spoiled: 0 },
    }
    const literal = lengthCells(published, 'literal', 'Llama3.1 8B')
    const semantic = lengthCells(published, 'semantic', 'Llama 3.1 8B')
    const one = fitOneCurve(literal, semantic, around)
    expect(errorOf(one, [...literal, ...semantic], around)).toBeGreaterThan(10)
    expect(errorOf(fitLength(literal, around), literal, around)).toBeLessThan(1)
    expect(errorOf(fitLength(semantic, around), semantic, around)).toBeLessThan(2)
  })
})
