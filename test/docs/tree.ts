// A copy of the project with every file that a page tells its reader to write, built: so what
// stands in the pages compiles, and is there for the commands of the pages.
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { PAGES, ROOT } from './pages.ts'

const COPIED = [
  ...['sim', 'scenarios', 'harnesses', 'reports', 'testbed', 'cli', 'examples'],
  ...['index.ts', 'build.mjs', 'package.json', 'tsconfig.json', 'tsconfig.build.json'],
]

const FILE = /^\/\/ ((?:sim|scenarios|harnesses|reports)\/\S+\.ts)\n/
const ADDITION = /^# add to (\S+) under (\w+):\n/

export const blocks = PAGES.flatMap((page) => page.blocks)

/** The files that pages tell to write, by path. */
export const written = new Map(
  blocks.flatMap(({ text }): [string, string][] => {
    const path = FILE.exec(text)?.[1]
    return path === undefined ? [] : [[path, text.replace(FILE, '')]]
  }),
)

function add(root: string, text: string): void {
  const [head, path = '', key = ''] = ADDITION.exec(text) ?? []
  if (head === undefined) return
  const file = join(root, path)
  const before = readFileSync(file, 'utf8')
  const entry = text.slice(head.length).replaceAll(/^(?=.)/gm, '  ')
  writeFileSync(file, before.replace(`\n${key}:\n`, `\n${key}:\n${entry}`))
}

/** Resolves to its folder. */
export async function builtTree(): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'enosys-docs-'))
  for (const name of COPIED) cpSync(join(ROOT, name), join(root, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  for (const [path, text] of written) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const { text } of blocks) add(root, text)
  await promisify(execFile)(process.execPath, ['build.mjs'], { cwd: root })
  return root
}
