// Compiles to dist/, cleanly, and puts the data files beside the code that reads them.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, rmSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
})
for (const folder of ['sim/cpu/profiles', 'scenarios/suites']) {
  cpSync(folder, `dist/${folder}`, { recursive: true })
}
chmodSync('dist/cli/main.js', 0o755)
