// The search behind the kernel `best`, and its one judgement on cases that the search never saw. Needs dist/.
// node docs/best.mjs search     prints what stays in each slot; takes some minutes
// node docs/best.mjs judge      writes the table of docs/best.md
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { workers } from '../dist/testbed/campaign.js'
import { catalog } from '../dist/testbed/catalog.js'
import { openHost } from '../dist/testbed/index.js'
import { score, scoreTable, search } from '../dist/testbed/search.js'

const script = fileURLToPath(new URL('../dist/testbed/worker.js', import.meta.url))
const profiles = ['typical', 'forgetful', 'hostile']

/** What it is chosen on. */
const TRAINING = {
  cases: [
    { scenario: 'compaction/ledger', params: {} },
    { scenario: 'compaction/exactly-once', params: {} },
    { scenario: 'isolation/lost-update', params: {} },
    { scenario: 'phantom-calls/malformed', params: {} },
  ],
  profiles,
  instances: 16,
  seed: 1,
}

const FAR = { distance: 24_000, window: 12_000 }

/** What it is judged on, once: another seed and other parameters, so other worlds and other strains. */
const JUDGEMENT = {
  cases: [
    { scenario: 'compaction/ledger', params: { items: 20, ...FAR } },
    { scenario: 'compaction/exactly-once', params: { invoices: 20, ...FAR } },
    { scenario: 'isolation/lost-update', params: { filler: 2000 } },
    { scenario: 'phantom-calls/malformed', params: { lookalikes: 6, length: 400 } },
  ],
  profiles,
  instances: 40,
  seed: 7,
}
const SLOTS = [
  ...['access', 'checkpoint', 'recovery', 'context', 'pinning', 'memory', 'isolation'],
  ...['turn', 'loops'],
]
const SHOWN = [
  ...['clairvoyant', 'best', 'loop', 'micro', 'monolith', 'codex', 'opencode', 'letta', 'paging'],
  ...['aios', 'openharness', 'branching', 'mini', 'aci', 'terminal', 'amnesiac'],
]
const PAGE = 'docs/best.md'
const MARKED = /(<!-- best -->\n)[\s\S]*?(<!-- end -->)/

if (process.argv[2] === 'search') {
  const found = await search({
    ...TRAINING,
    base: 'loop',
    slots: SLOTS,
    catalog: catalog(openHost()),
    script,
    told: (line) => console.log(line),
  })
  console.log(found)
} else {
  const pool = workers(2, script)
  const scores = new Map()
  for (const harness of SHOWN) scores.set(harness, await score(harness, JUDGEMENT, pool))
  await pool.close()
  const table = scoreTable(scores)
  console.log(table)
  const page = readFileSync(PAGE, 'utf8')
  writeFileSync(
    PAGE,
    page.replace(MARKED, (_, head, end) => `${head}${table}${end}`),
  )
}
