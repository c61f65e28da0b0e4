// Compiles to dist/, cleanly, and puts the data files beside the code that reads them. The new dist/ takes
// the place of the old one at once, so that what runs from it never finds it half there.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'

const fresh = `dist-${process.pid}`
const old = `${fresh}-old`
const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', fresh]
try {
  execFileSync(process.execPath, tsc, { stdio: 'inherit' })
  const data = ['sim/cpu/profiles', 'scenarios/suites', 'testbed/published']
  for (const path of [...data, 'testbed/experiments/domains.yaml']) {
    cpSync(path, `${fresh}/${path}`, { recursive: true })
  }
  chmodSync(`${fresh}/cli/main.js`, 0o755)
  // What there is does not change in a compiled tree: a list of it need not load each entry.
  const list = [`${fresh}/cli/main.js`, 'list', '--json']
  writeFileSync(`${fresh}/list.json`, execFileSync(process.execPath, list, { maxBuffer: 1 << 24 }))
  if (existsSync('dist')) renameSync('dist', old)
  renameSync(fresh, 'dist')
} catch (failed) {
  // What is wrong stands in the output already; a stack of ours would hide it.
  if (typeof failed.status !== 'number') throw failed
  process.exitCode = failed.status
} finally {
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
}
