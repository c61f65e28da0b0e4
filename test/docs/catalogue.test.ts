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

const page = readFileSync('docs/scenarios.md', 'utf8')
const has = (text: string): unknown => expect.stringContaining(text)

const sectionOf = (id: string): string => page.split(`### \`${id}\``)[1]?.split(/\n##+ /)[0] ?? ''

test('the page of scenarios has each of them, with its claim and where it was seen', async () => {
  for (const id of await house.catalog.ids('scenario')) {
    const { claim, source, good, bad, params } = await house.scenario(id)
    const section = sectionOf(id)
    for (const text of [claim, source, good, bad]) expect([id, section]).toEqual([id, has(text)])
    for (const name of Object.keys(params)) expect(section).toContain(`| \`${name}\` |`)
  }
})

test('each scenario is shown failing by a violation of its own, or it is said that none was found', async () => {
  for (const id of await house.catalog.ids('scenario')) {
    const { own } = await house.scenario(id)
    const failing = sectionOf(id).split(' passes the same case:')[0] ?? ''
    const shown = own.some((name) => failing.includes(`\n           ${name}: `))
    expect([id, shown || failing.includes('No harness that was tried fails')]).toEqual([id, true])
  }
})

// It runs some hundreds of cases.
test.skipIf(process.env.ENOSYS_LONG === undefined)(
  'the page of scenarios, runs and all',
  async () => {
    expect(readFileSync('docs/scenarios.md', 'utf8')).toBe(await scenariosPage(house))
  },
  600_000,
)
