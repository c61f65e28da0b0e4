// A harness of a few lines, written to a folder of its own and started as a real one would be.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Isolation } from '../../sim/host/bridge.ts'
import { type ProcessOptions, type RunningProcess, startProcess } from '../../sim/host/process.ts'

export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'enosys-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Says what it sees of the machine. */
export const LOOK = `
  import { readdirSync } from 'node:fs'
  console.log(JSON.stringify({
    env: process.env,
    cwd: process.cwd(),
    home: readdirSync(process.env.HOME),
    work: readdirSync('.'),
    descriptors: readdirSync('/proc/self/fd').length,
    processes: readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length,
    interfaces: readdirSync('/proc/sys/net/ipv4/conf'),
  }))`

const silent = async (): Promise<Response> => new Response('nobody asked', { status: 500 })

/** `script` is an ES module; its first argument is the base URL of the endpoint. */
export async function started(
  isolation: Isolation,
  script: string,
  options: Partial<ProcessOptions> = {},
): Promise<RunningProcess> {
  const bin = join(scratch(), 'harness.mjs')
  writeFileSync(bin, script)
  const running = await startProcess({
    bin,
    launch: ({ baseUrl }) => ({ args: [baseUrl], env: {}, files: {} }),
    workFiles: {},
    handle: silent,
    timeLimitMs: 20_000,
    isolation,
    ...options,
  })
  onTestFinished(() => running.dispose())
  return running
}
