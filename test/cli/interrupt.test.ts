// Ctrl-C: a command that is ended says in a line what is kept, and leaves its folder to the next.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { folder, MAIN } from './enosys.ts'

const SWEEP = 'sweep compaction/ledger --over distance=1000..20000 -n 300 -H loop --no-controls'

test.each([SWEEP, 'calibrate ruler -n 3000'])(
  '%s says so as it is ended',
  async (command) => {
    const cwd = folder()
    const child = spawn(process.execPath, [MAIN, ...command.split(' ')], { cwd })
    onTestFinished(() => void child.kill('SIGKILL'))
    let said = ''
    const listen = (chunk: Buffer): void => {
      if (said === '') child.kill('SIGINT')
      said += chunk.toString()
    }
    child.stdout.resume()
    child.stderr.on('data', listen)
    const [code] = await once(child, 'close')
    expect([code, said.includes('\nenosys: ended; ')]).toEqual([130, true])
    expect(existsSync(join(cwd, 'enosys-out', '.enosys.lock'))).toBe(false)
  },
  60_000,
)
