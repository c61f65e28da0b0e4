// Writes the table of docs/twins.md: the real pi beside the kernel that mirrors it, on shared tapes. Needs
// dist/ and `npx enosys install pi`; takes some minutes. node docs/twins.mjs [instances of each cell]
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withHash } from '../dist/testbed/house.js'
import { openHost } from '../dist/testbed/index.js'
import { twins, twinsTable } from '../dist/testbed/twins.js'

const PAGE = 'docs/twins.md'
const MARKED = /(<!-- twins -->\n)[\s\S]*?(<!-- end -->)/
const host = openHost()
const profile = (name) => withHash(host, `./docs/twins/${name}.yaml`)
const cells = [
  { scenario: 'compaction/ledger', profile: profile('typical') },
  { scenario: 'compaction/ledger', profile: profile('forgetful') },
  { scenario: 'phantom-calls/malformed', profile: profile('typical') },
  { scenario: 'phantom-calls/malformed', profile: profile('hostile') },
]
const pairs = await twins({
  real: 'pi',
  kernel: 'micro',
  cells,
  instances: Number(process.argv[2] ?? 50),
  script: fileURLToPath(new URL('../dist/testbed/worker.js', import.meta.url)),
  workers: 2,
  progress: (done, of) => process.stderr.write(`\r${done} of ${of} `),
})
const table = twinsTable('pi', 'micro', pairs)
process.stdout.write(`\n${table}`)
if (process.argv[2] === undefined) {
  const page = readFileSync(PAGE, 'utf8')
  writeFileSync(
    PAGE,
    page.replace(MARKED, (_, head, end) => `${head}${table}${end}`),
  )
}
