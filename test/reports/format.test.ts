// How figures are written: short, and never so that some looks like none.
import { expect, it } from 'vitest'
import { type Column, SOLVED } from '../../reports/columns.ts'
import { cell } from '../../reports/format.ts'

const written = (value: number | null, of: Partial<Column> = {}): string =>
  cell({ value, interval: null }, { ...SOLVED, ...of })

it('writes shares with two decimals, and with a third under a hundredth', () => {
  const shares = [0, 0.0004, 0.0061, 0.0099, 0.01, 0.0149, 0.5, 0.999, 1, -0.07]
  expect(shares.map((value) => written(value))).toEqual([
    ...['.00', '.00', '.006', '.010', '.01', '.01', '.50', '1.0', '1.0', '-.07'],
  ])
})

it('writes counts whole where they are, and hardly any as such', () => {
  const counts = [0, 0.02, 0.05, 2.5, 7, 12.4, 2640]
  expect(counts.map((value) => written(value, { unit: 'count' }))).toEqual([
    ...['0', '<0.1', '0.1', '2.5', '7', '12', '2,640'],
  ])
})

it('writes names where numbers have some', () => {
  const of = { unit: 'count', names: ['none', 'some'] } as const
  expect([0, 1, null].map((value) => written(value, of))).toEqual(['none', 'some', '–'])
})
