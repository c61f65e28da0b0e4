// Reading a filled template back: as a regular expression would, where one can be had at all.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fill, readBack } from '../../sim/cpu/program.ts'

const HOLES = ['{a}', '{b}', '{@a}', '{=a+b}', '{job}']
const pieces = fc.array(
  fc.oneof(fc.constantFrom(...HOLES), fc.string({ unit: fc.constantFrom('x', 'y', '.') })),
  { maxLength: 6 },
)
const literally = (text: string): string => text.replaceAll('.', '\\.')

it('finds in the holes what a lazy regular expression finds', () => {
  const text = fc.string({ unit: fc.constantFrom('x', 'y', '.'), maxLength: 12 })
  fc.assert(
    fc.property(pieces, text, (template, said) => {
      const isHole = (piece: string): boolean => HOLES.includes(piece)
      const pattern = template.map((piece) => (isHole(piece) ? '(.*?)' : literally(piece)))
      const match = new RegExp(`^${pattern.join('')}$`, 's').exec(said)
      const names = template.filter(isHole).map((hole) => hole.slice(1, -1))
      const wanted = match && new Map(names.map((name, i) => [name, match[i + 1] ?? '']))
      expect(readBack(template.join(''), said)).toEqual(wanted ?? undefined)
    }),
    { numRuns: 2000 },
  )
})

it('reads a page of any length', () => {
  const template = `${'Prose (with signs). '.repeat(20_000)}[[fact:sum={sum}]]\n`
  const known = { value: () => '7', place: () => '' }
  expect(readBack(template, fill(template, known))?.get('sum')).toBe('7')
  expect(readBack(template, 'Prose.')).toBeUndefined()
})
