// What pages name is there: links, files, entries of the catalogue, options of the command line.
// What they quote is quoted word for word.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SLOTS } from '../../harnesses/kernel.ts'
import { openHost } from '../../sim/host/index.ts'
import { catalog, ENTRY_KINDS } from '../../testbed/catalog.ts'
import { linksOf, PAGES, ROOT, spansOf } from './pages.ts'
import { written } from './tree.ts'

const entries = catalog(openHost())
const ids = new Set<string>()
for (const kind of ENTRY_KINDS) for (const id of await entries.ids(kind)) ids.add(id)
for (const path of written.keys()) ids.add(path.replace(/^.*\/(\S+)\.ts$/, '$1'))
const names = new Set([...ids].flatMap((id) => [id, id.slice(id.indexOf('/') + 1)]))

/** Words of the pages' own that look like names of entries. */
const OTHERS = new Set([
  ...['per-solved', 'enosys/testbed', 'timers/promises'],
  ...['key/yield', 'key/landed', 'key/torn'],
])

/** Marks for headings as GitHub makes them. */
const anchors = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )

describe.each(PAGES)('$path', (page) => {
  test('links lead somewhere', () => {
    for (const link of linksOf(page)) {
      const [path = '', anchor] = link.split('#')
      const file = path === '' ? page.path : join(dirname(page.path), path)
      expect(existsSync(join(ROOT, file)), link).toBe(true)
      if (anchor === undefined) continue
      expect(anchors(readFileSync(join(ROOT, file), 'utf8')), link).toContain(anchor)
    }
  })

  test('files and folders that it names exist', () => {
    const paths = spansOf(page).filter((span) =>
      /^(sim|scenarios|harnesses|reports|testbed|cli|docs|examples)\/[\w./-]*$/.test(span),
    )
    for (const path of paths) expect(existsSync(join(ROOT, path)), path).toBe(true)
  })

  test('entries that it names are in the catalogue', () => {
    const named = spansOf(page).filter((span) => /^[a-z]+(-[a-z]+)+$/.test(span))
    for (const name of named) expect(names.has(name) || OTHERS.has(name), name).toBe(true)
    const full = spansOf(page).filter((span) => /^[a-z]+(-[a-z]+)*\/[a-z]+(-[a-z]+)*$/.test(span))
    for (const id of full)
      expect(ids.has(id) || existsSync(join(ROOT, id)) || OTHERS.has(id), id).toBe(true)
  })

  test('options that it names are there', () => {
    const main = readFileSync(join(ROOT, 'cli/main.ts'), 'utf8')
    for (const span of spansOf(page)) {
      for (const [, option = ''] of span.matchAll(/(?:^| )(--[a-z][a-z-]+)/g))
        expect(main, `${span}: ${option}`).toContain(option)
    }
  })

  test('files that it quotes are quoted word for word', () => {
    for (const { source, text } of page.blocks) {
      const path = /^file: (\S+)$/.exec(source ?? '')?.[1]
      if (path !== undefined) expect(text).toBe(readFileSync(join(ROOT, path), 'utf8'))
    }
  })
})

const tableOf = (path: string, head: string): string[][] => {
  const text = PAGES.find((page) => page.path === path)?.prose ?? ''
  const lines = text
    .slice(text.search(new RegExp(`^\\| ${head} +\\|`, 'm')))
    .trimStart()
    .split('\n')
  const end = lines.findIndex((line) => !line.startsWith('|'))
  const rows = lines.slice(2, end < 0 ? lines.length : end)
  const spans = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, s = '']) => s)
  return rows.flatMap((row) => [row.split('|').flatMap(spans)])
}

test('the slots of a kernel and their parts are those in the tables', async () => {
  const parts = await entries.ids('part')
  const rows = tableOf('docs/your-own-kernel.md', 'slot')
  expect(rows.map(([slot]) => slot)).toEqual(Object.keys(SLOTS))
  for (const [slot, ...policies] of rows) {
    for (const policy of policies) expect(parts).toContain(`${slot}/${policy}`)
  }
})

test('the profiles and controls in the tables exist', async () => {
  const profiles = tableOf('docs/the-simulated-model.md', 'profile').map(([id]) => id)
  expect(await entries.ids('profile')).toEqual(expect.arrayContaining(profiles))
  const controls = tableOf('docs/fairness.md', 'control').map(([id]) => id)
  expect(await entries.ids('kernel')).toEqual(expect.arrayContaining(controls))
})

test('no page names a path of a machine', () => {
  for (const { text } of PAGES) expect(text).not.toMatch(/\/(home|root|work|Users)\//)
})
