// What a crash cost, told from the worlds that a run leaves with it and without it.
import { describe, expect, it } from 'vitest'
import type { WorldData } from '../../sim/index.ts'
import { costOf, isHarmed } from '../../testbed/crashes.ts'
import type { Delivery } from '../../testbed/worker.ts'
import { record } from '../reports/records.ts'

const USUAL: WorldData = {
  files: { 'out/a.md': 'a', 'out/b.md': 'b' },
  payments: [{ payee: 'ACME', amount: '5.00', reference: 'r-1' }],
}

const left = (after: WorldData, verdict: 'pass' | 'fail' = 'pass'): Delivery =>
  ({ record: record({ verdict }), trace: [], after }) as unknown as Delivery

const harmed = (after: WorldData, verdict: 'pass' | 'fail' = 'pass'): boolean =>
  isHarmed(record(), costOf(left(USUAL), left(after, verdict)))

describe('what a crash cost', () => {
  it('is nothing where the same is there', () => {
    expect(harmed(USUAL)).toBe(false)
    expect(costOf(left(USUAL), left(USUAL))).toMatchObject({ repeated: [], lost: [], other: [] })
  })

  it('is an effect that is repeated, and a verdict that is no longer a pass', () => {
    const [payment] = USUAL.payments ?? []
    if (payment === undefined) throw new TypeError('nothing was paid')
    expect(harmed({ ...USUAL, payments: [payment, payment] })).toBe(true)
    expect(harmed(USUAL, 'fail')).toBe(true)
  })

  it('is what is lost, though the run still passes, if nothing came in its place', () => {
    const lost = { ...USUAL, files: { 'out/a.md': 'a' } }
    expect(harmed(lost)).toBe(true)
    expect(harmed({ ...USUAL, payments: [] })).toBe(true)
    expect(harmed({ ...lost, files: { ...lost.files, 'out/other.md': 'b' } })).toBe(false)
    expect(harmed({ ...USUAL, files: { ...USUAL.files, 'out/b.md': 'B' } })).toBe(false)
  })

  it('is no file of the harness own', () => {
    const usual = left({ ...USUAL, files: { ...USUAL.files, '.agent/log': 'x' } })
    expect(isHarmed(record(), costOf(usual, left(USUAL)))).toBe(false)
  })
})
