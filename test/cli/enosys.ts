// The compiled command line, started as a user would start it, in a folder of its own.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll } from 'vitest'

export const MAIN = resolve('dist/cli/main.js')
const MANY = resolve('test/cli/many.mjs')

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A harness that misbehaves, or does not. */
export const fixture = (name: string): string => resolve(`test/bad-harness/fixtures/${name}.ts`)

/** A folder with these files, gone after the tests. */
export function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'enosys-cli-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** All files of a folder, by path. */
export function contents(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name))
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(file, 'utf8')]))
}

const started = (args: readonly string[], cwd: string): Promise<Outcome> =>
  new Promise((done) => {
    const options = { cwd, maxBuffer: 1 << 28 }
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })

export const enosys = (args: readonly string[], cwd: string): Promise<Outcome> =>
  started([MAIN, ...args], cwd)

/** Several commands, one after the other, in one process: starting it takes longer than most of them. */
export async function several(
  commands: readonly (readonly string[])[],
  cwd: string,
): Promise<Outcome[]> {
  const { stdout, stderr } = await started([MANY, MAIN, JSON.stringify(commands)], cwd)
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as Outcome[]
}
