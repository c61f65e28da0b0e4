// How far each claim of the suite `standard` depends on the model: the tables of docs/robustness.md. Needs
// dist/; takes some twenty minutes.   node docs/robustness.mjs
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const PAGE = 'docs/robustness.md'
const HARNESSES = ['loop', 'micro', 'monolith', 'best']
const [CLAIMS, MODELS, INSTANCES] = [20, 100, 2]

const started = performance.now()
const words = [
  ...['dist/cli/main.js', 'robust', 'standard', '--json', '--harness', HARNESSES.join(',')],
  ...['--claims', CLAIMS, '--models', MODELS, '--instances', INSTANCES].map(String),
]
const { stdout, status } = spawnSync(process.execPath, words, {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  stdio: ['ignore', 'pipe', 'inherit'],
})
if (status !== 0) throw new Error(`robust ended with ${status}`)
const claims = JSON.parse(stdout)
const minutes = ((performance.now() - started) / 60_000).toFixed(0)

const signed = (value) => `${value < 0 ? '-' : '+'}${Math.abs(Math.round(100 * value))}`
const row = (cells) => `| ${cells.join(' | ')} |`
const onWhat = ({ dependsOnModel, parameter }) => {
  if (!dependsOnModel) return 'holds'
  if (parameter === undefined) return 'depends on the model: on no single parameter'
  const { name, correlation } = parameter
  return `depends on the model: most on \`${name}\` (${correlation.toFixed(2)})`
}
const holds = claims.filter(({ dependsOnModel }) => !dependsOnModel).length
const families = new Set(claims.map(({ family }) => family)).size
const text = [
  `${claims.length} claims in ${families} families, from ${CLAIMS} instances of every scenario under \`typical\`; each asked`,
  `again of ${MODELS} models redrawn, ${INSTANCES} instances of every scenario, in ${minutes} minutes on two cores. ${holds} hold in at`,
  `least 90 % of the models.`,
  '',
  row(['family', 'metric', 'claim', 'as it stands', 'holds', 'turns', '5 % to 95 %', 'reading']),
  row(['---', '---', '---', '--:', '--:', '--:', '---', '---']),
  ...claims.map((claim) =>
    row([
      ...[claim.family, claim.metric, `\`${claim.better}\` > \`${claim.worse}\``],
      ...[signed(claim.difference), `${claim.holds} of ${claim.holds + claim.turns + claim.level}`],
      ...[claim.turns, `${signed(claim.low)} to ${signed(claim.high)}`, onWhat(claim)],
    ]),
  ),
].join('\n')
const page = readFileSync(PAGE, 'utf8')
const MARKED = /<!-- claims -->[\s\S]*<!-- end -->/
writeFileSync(
  PAGE,
  page.replace(MARKED, () => `<!-- claims -->\n${text}\n<!-- end -->`),
)
