// Installs a published harness with npm, at its pinned version and without its scripts, into a
// folder of its own: made beside its place and moved there whole, so what is there is complete.
import { spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import * as z from 'zod'
import { assert, UsageError } from '../core/assert.ts'

/** What to install, as an adapter has it. */
export interface Packaged {
  readonly package: string
  readonly version: string
  /** The name of the program among those of the package. */
  readonly bin: string
}

const Manifest = z.object({
  version: z.string(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]),
})

const folderOf = (of: Packaged, root: string): string =>
  resolve(root, `${of.package}@${of.version}`)

/** The absolute path of its program; undefined where it is not there. */
export function installed(of: Packaged, root: string): string | undefined {
  return programIn(folderOf(of, root), of)
}

function programIn(folder: string, of: Packaged): string | undefined {
  const home = join(folder, 'node_modules', of.package)
  try {
    const text = readFileSync(join(home, 'package.json'), 'utf8')
    const { version, bin } = Manifest.parse(JSON.parse(text))
    const path = typeof bin === 'string' ? bin : bin[of.bin]
    if (version !== of.version || path === undefined) return undefined
    const program = join(home, path)
    return statSync(program).isFile() ? program : undefined
  } catch {
    return undefined
  }
}

/**
 * Does nothing where it is installed. `onLine` is told what npm says.
 * @throws {UsageError} with npm's own reason.
 */
export async function install(
  of: Packaged,
  { root, onLine }: { readonly root: string; readonly onLine: (line: string) => void },
): Promise<{ bin: string }> {
  const known = installed(of, root)
  if (known !== undefined) return { bin: known }
  const folder = folderOf(of, root)
  await mkdir(dirname(folder), { recursive: true })
  const fresh = await mkdtemp(join(dirname(folder), '.installing-'))
  try {
    await writeFile(join(fresh, 'package.json'), '{}\n')
    await npm(fresh, `${of.package}@${of.version}`, onLine)
    if (programIn(fresh, of) === undefined)
      throw new UsageError(`${of.package}@${of.version} has no program ${of.bin}`)
    await place(fresh, folder, () => installed(of, root) !== undefined)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  const bin = installed(of, root)
  assert(bin !== undefined, `${folder} was there a moment ago`)
  return { bin }
}

/** Another process may have been faster; what is there and not whole is a wreck, and goes. */
async function place(fresh: string, folder: string, isThere: () => boolean): Promise<void> {
  if (isThere()) return
  await rm(folder, { recursive: true, force: true })
  await rename(fresh, folder).catch((error: unknown) => {
    if (!isThere()) throw error
  })
}

const FLAGS = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save']

async function npm(folder: string, spec: string, onLine: (line: string) => void): Promise<void> {
  const child = spawn('npm', ['install', '--prefix', folder, ...FLAGS, spec], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const errors: string[] = []
  const listen = (line: string): void => {
    const [, error] = /^npm (?:error|ERR!) (.+)/.exec(line) ?? []
    if (error !== undefined) errors.push(error)
    onLine(line)
  }
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', listen)
  const code = await new Promise<number | null>((settle, reject) => {
    child.on('error', () => reject(new UsageError('npm is not on the PATH: it comes with Node')))
    child.on('close', settle)
  })
  if (code !== 0) throw new UsageError(`npm could not install ${spec}: ${reasonIn(errors)}`)
}

/** The first line of prose: before it npm gives codes, after it advice and the name of a log. */
function reasonIn(errors: readonly string[]): string {
  const said = errors.filter((line) => !/^(code|syscall|errno|path|A complete log)\b/.test(line))
  return said[0] ?? errors.at(-1) ?? 'it does not say why'
}
