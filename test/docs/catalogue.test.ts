// The pages that are made of the catalogue are as it is.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { kernelsPage, partsPage } from '../../testbed/pages.ts'
import { scenariosPage } from '../../testbed/scenarios-page.ts'
import { house } from '../machine/rig.ts'

test('the page of parts', async () => {
  expect(readFileSync('docs/parts.md', 'utf8')).toBe(await partsPage(house.catalog))
})

test('the page of kernels', async () => {
  expect(readFileSync('docs/kernels.md', 'utf8')).toBe(await kernelsPage(house.catalog))
})

test('the page of scenarios has each of them, with its claim and where it was seen', async () => {
  const page = readFileSync('docs/scenarios.md', 'utf8')
  for (const id of await house.catalog.ids('scenario')) {
    const { claim, source, params } = await house.scenario(id)
    const section = page.split(`### \`${id}\``)[1]?.split('\n### ')[0] ?? ''
    expect([id, section.includes(claim), section.includes(source)]).toEqual([id, true, true])
    for (const name of Object.keys(params)) expect(section).toContain(`| \`${name}\` |`)
  }
})

// It runs some hundreds of cases.
test.skipIf(process.env.ENOSYS_LONG === undefined)(
  'the page of scenarios, runs and all',
  async () => {
    expect(readFileSync('docs/scenarios.md', 'utf8')).toBe(await scenariosPage(house))
  },
)
