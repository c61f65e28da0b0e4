// The pages that are made of the catalogue are as it is.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { kernelsPage, partsPage } from '../../testbed/pages.ts'
import { house } from '../machine/rig.ts'

test('the page of parts', async () => {
  expect(readFileSync('docs/parts.md', 'utf8')).toBe(await partsPage(house.catalog))
})

test('the page of kernels', async () => {
  expect(readFileSync('docs/kernels.md', 'utf8')).toBe(await kernelsPage(house.catalog))
})
