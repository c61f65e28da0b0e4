// The laws that every metric keeps.
import { describe, expect, it } from 'vitest'
import type { Metric } from '../../reports/index.ts'
import { entriesOf } from './folder.ts'
import { eventful, instance, runOf } from './traces.ts'

const metrics = await entriesOf<Metric>('metrics')

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) frozen(member)
    Object.freeze(value)
  }
  return value
}

it('finds the metrics', () => expect(metrics.length).toBeGreaterThanOrEqual(19))

it('has a title for each, and no title twice', () => {
  expect(new Set(metrics.map(([, { title }]) => title)).size).toBe(metrics.length)
})

describe.each(metrics)('%s', (_id, metric) => {
  it('says nothing of an empty trace', () => {
    expect(metric.measure(runOf([]))).toBeNull()
    expect(metric.measure(runOf([], { ...instance, programs: [], truths: {} }))).toBeNull()
  })

  it('says something of an eventful one, within its range', () => {
    // Some are about runs in which no stranger asks for anything.
    const calm = { ...instance, world: { files: {} } }
    const value = metric.measure(runOf(eventful)) ?? metric.measure(runOf(eventful, calm))
    expect(value).not.toBeNull()
    expect(value).toBeGreaterThanOrEqual(0)
    if (metric.unit === 'share') expect(value).toBeLessThanOrEqual(1)
    if (metric.unit === 'count') expect(Number.isInteger(value)).toBe(true)
  })

  it('changes nothing it is given, and gives the same again, whatever came between', () => {
    const run = frozen(structuredClone(runOf(eventful)))
    const first = metric.measure(run)
    metric.measure(runOf(eventful.slice(3)))
    metric.measure(runOf([]))
    expect(metric.measure(run)).toBe(first)
  })

  it('survives every beginning of a trace', () => {
    for (let n = 0; n <= eventful.length; n++) {
      const value = metric.measure(runOf(eventful.slice(0, n)))
      expect(value === null || Number.isFinite(value)).toBe(true)
    }
  })

  it('explains itself in one line that fits a legend', () => {
    expect(metric.about).not.toMatch(/[\n.]$/)
    expect(metric.about.length).toBeLessThan(100)
    expect(metric.title.length).toBeLessThan(24)
  })
})
