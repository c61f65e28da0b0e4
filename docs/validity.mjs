// Runs the published contrasts and writes their figures into docs/validity.md. Needs dist/; takes some minutes.
// node docs/validity.mjs             all of them, into the page
// node docs/validity.mjs ID..        these alone, to the screen
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { workers } from '../dist/testbed/campaign.js'
import { isPath, withHash } from '../dist/testbed/house.js'
import { openHost } from '../dist/testbed/index.js'
import { readPublished } from '../dist/testbed/published.js'
import { contrastsOf, runsOf, sampled } from '../dist/testbed/validity.js'
import { validityPage } from '../dist/testbed/validity-page.js'

const PAGE = 'docs/validity.md'
const DATA = 'docs/validity/contrasts.yaml'
const MARKED = /(<!-- validity -->\n)[\s\S]*?(<!-- end -->)/
const host = openHost()
const script = fileURLToPath(new URL('../dist/testbed/worker.js', import.meta.url))
const wanted = process.argv.slice(2)

const { seed, contrasts } = contrastsOf(parse(readFileSync(DATA, 'utf8')), DATA)
const hashed = (profile) => (isPath(profile) ? withHash(host, profile) : profile)
const chosen = contrasts
  .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
  .map((of) => ({
    ...of,
    models: of.models.map(({ model, profile }) => ({ model, profile: hashed(profile) })),
  }))
const published = await readPublished(host)
const pool = workers(2, script, { hangMs: 60_000 })
const answered = []
for (const of of chosen) {
  const all = runsOf(of, seed).length
  let done = 0
  const samples = await sampled(of, seed, pool, () => {
    if (++done % 20 === 0) process.stderr.write(`\r${of.id}: ${done} of at most ${all} runs `)
  })
  process.stderr.write(`\r${of.id}: ${done} runs, done          \n`)
  answered.push({ of, samples })
}
await pool.close()
const text = validityPage(answered, published)
if (wanted.length > 0) console.log(text)
else {
  const page = readFileSync(PAGE, 'utf8')
  writeFileSync(
    PAGE,
    page.replace(MARKED, (_, head, end) => `${head}${text}${end}`),
  )
}
