// Writes the profiles `like-<model>` and the hardness of domains from the published tables; needs dist/.
// node fit.mjs            writes sim/cpu/profiles/like-*.yaml and testbed/experiments/domains.yaml
// node fit.mjs --check    only says what is not as it was; exits 1 then
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fitted } from './dist/testbed/fit/index.js'
import { openHost } from './dist/testbed/index.js'

const isCheck = process.argv.includes('--check')
const FOLDER = 'sim/cpu/profiles'
const files = await fitted(openHost())
const stale = [...files].filter(
  ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
)
const old = readdirSync(FOLDER)
  .map((name) => `${FOLDER}/${name}`)
  .filter((path) => path.startsWith(`${FOLDER}/like-`) && !files.has(path))
if (!isCheck) {
  for (const [path, text] of stale) writeFileSync(path, text)
  for (const path of old) rmSync(path)
}
for (const path of [...stale.map(([path]) => path), ...old]) console.log(path)
if (isCheck && stale.length + old.length > 0) process.exitCode = 1
