// Every command that a page shows is run as it stands there, in a folder with the examples, and
// ends as the page says. Campaigns are cut to one instance where no exit code is promised. Those of the README
// always; those of all other pages at length (ENOSYS_LONG).
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import pi from '../../harnesses/adapters/pi.ts'
import { installed } from '../../sim/host/install.ts'
import { type Command, commandsOf, PAGES, type Page, ROOT } from './pages.ts'
import { builtTree, written } from './tree.ts'

const LIMIT_MS = 120_000
const IS_LONG = process.env.ENOSYS_LONG !== undefined
const isReal = ({ line }: Command): boolean => /\bpi\b/.test(line)
const hasPi = installed(pi, join(homedir(), '.cache', 'enosys', 'adapters')) !== undefined

let tree = ''
beforeAll(async () => {
  tree = await builtTree()
}, LIMIT_MS)
afterAll(() => rmSync(tree, { recursive: true, force: true }))

/** The folder in which the commands of a page are run, one after the other. */
function folderOf({ path }: Page): string {
  const folder = join(tree, 'pages', path.replaceAll('/', '-'))
  mkdirSync(join(folder, 'home'), { recursive: true })
  symlinkSync(join(tree, 'examples'), join(folder, 'examples'))
  return folder
}

/** Where a page names no scenario, two stand for all; the suite itself is run by the tests of the command. */
const FEW = 'phantom-calls/malformed isolation/lost-update'
const SCENARIO =
  /^npx enosys run (?:-\S+ \S+ )*(?:[a-z-]+\/|compaction|phantom|isolation|standard|generic)/

/** An option with its value, instead of the one that the page gives it: twice is one time too many. */
const giving = (line: string, option: string, value: number): string =>
  `${line.replace(new RegExp(` ${option} \\S+`), '')} ${option} ${value}`

const shortened = ({ line, exits }: Command): string => {
  if (!/^npx enosys run\b/.test(line)) return line
  const few = SCENARIO.test(line) ? line : `${line} ${FEW}`
  const alone = `${giving(few, '--instances', 1).replace(' --no-controls', '')} --no-controls`
  return giving(giving(exits === 0 ? alone : few, '--real', 1), '--workers', 1)
}

const inShell = (line: string): string =>
  line.replace(/^npx enosys/, `exec "${process.execPath}" "${join(tree, 'dist/cli/main.js')}"`)

const environment = (command: Command, folder: string) => ({
  ...process.env,
  NO_COLOR: '1',
  HOME: isReal(command) ? homedir() : join(folder, 'home'),
})

const runOne = (command: Command, cwd: string): Promise<{ code: number; stderr: string }> =>
  new Promise((resolve) => {
    const env = environment(command, cwd)
    const options = { cwd, env, timeout: LIMIT_MS, maxBuffer: 1 << 26 }
    const child = execFile('sh', ['-c', inShell(shortened(command))], options, (_, _out, stderr) =>
      resolve({ code: child.exitCode ?? -1, stderr }),
    )
  })

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  if (child.exitCode === null) await once(child, 'exit')
}

/** Started, asked which models there are, and stopped. */
async function serveOne(command: Command, cwd: string): Promise<void> {
  const child = spawn('sh', ['-c', inShell(command.line)], { cwd, env: environment(command, cwd) })
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /^Base URL: (\S+)/.exec(line)?.[1]
      if (url === undefined) continue
      const answer = await fetch(`${url}/models`)
      expect(await answer.json()).toMatchObject({ object: 'list' })
      return
    }
    expect.unreachable('serve ended without an address')
  } finally {
    await stop(child)
  }
}

const kindOf = ({ line }: Command): 'npm' | 'install' | 'serve' | 'other' =>
  /^npm\b/.test(line)
    ? 'npm'
    : /^npx enosys install\b/.test(line)
      ? 'install'
      : /^npx enosys serve\b/.test(line)
        ? 'serve'
        : 'other'

const seen = new Set<string>()

/** A campaign that an earlier page shows, and on which nothing rests, is not run again. */
function isNew({ line }: Command): boolean {
  if (!/^npx enosys run\b/.test(line) || line.includes('--out')) return true
  const bare = line.replace(/ --instances \d+/, '')
  const isFirst = !seen.has(bare)
  seen.add(bare)
  return isFirst
}

const shown = PAGES.map((page) => ({ path: page.path, page, commands: commandsOf(page) }))
  .map((of) => ({ ...of, commands: of.commands.filter(isNew) }))
  .filter(({ commands }) => commands.length > 0)

describe.concurrent('the commands of the pages', () => {
  const now = shown.filter(({ path }) => IS_LONG || path === 'README.md')
  test.for(now)('$path: each ends as it says', { timeout: LIMIT_MS }, async (of, { expect }) => {
    const folder = folderOf(of.page)
    for (const command of of.commands) {
      const kind = kindOf(command)
      if (kind === 'serve') await serveOne(command, folder)
      if (kind !== 'other' || (isReal(command) && !hasPi)) continue
      const { code, stderr } = await runOne(command, folder)
      expect({ line: command.line, code }, stderr).toEqual({
        line: command.line,
        code: command.exits,
      })
    }
  })
})

const all = shown.flatMap(({ commands }) => commands)

test('the npm commands are scripts of the package', () => {
  const text = readFileSync(join(ROOT, 'package.json'), 'utf8')
  const { scripts } = JSON.parse(text) as { scripts: Record<string, string> }
  const behind: Record<string, string> = {
    ci: 'prepare',
    cit: 'test',
    start: 'start',
    test: 'test',
  }
  const lines = all.filter((command) => kindOf(command) === 'npm').map(({ line }) => line)
  expect(lines).toEqual(expect.arrayContaining(['npm ci && npm start', 'npm cit']))
  for (const [, words = ''] of lines.join(' && ').matchAll(/npm ((?:run )?\w+)/g)) {
    const script = words.startsWith('run ') ? words.slice(4) : behind[words]
    expect(scripts, words).toHaveProperty([script ?? words])
  }
})

test('what is to be installed has an adapter', async () => {
  const lines = all.filter((command) => kindOf(command) === 'install').map(({ line }) => line)
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) expect(line).toBe('npx enosys install pi')
})

test('there is a file to write on every page that says how to write one', () => {
  const kinds = [...written.keys()].map((path) => path.split('/').slice(0, -1).join('/')).sort()
  expect(kinds).toEqual([
    'harnesses/adapters',
    'harnesses/kernels',
    'harnesses/parts/recovery',
    'reports/metrics',
    'reports/writers',
    'scenarios/phantom-calls',
    'sim/cpu/behaviours',
    'sim/faults',
  ])
})
