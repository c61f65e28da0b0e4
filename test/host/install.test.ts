// Installing against a registry of one package, on loopback.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { UsageError } from '../../sim/core/assert.ts'
import { install, installed } from '../../sim/host/install.ts'
import { type Served, serve } from '../../sim/host/serve.ts'
import { scratch } from './harness.ts'

const tiny = { package: '@someone/tiny-agent', version: '1.2.3', bin: 'tiny' }
const onLine = (): void => {}
let registry: Served

const MANIFEST = {
  name: tiny.package,
  version: tiny.version,
  bin: { tiny: 'run.js', other: 'other.js' },
  scripts: { postinstall: 'echo ran > ran' },
}

beforeEach(async () => {
  const folder = scratch()
  writeFileSync(join(folder, 'package.json'), JSON.stringify(MANIFEST))
  writeFileSync(join(folder, 'run.js'), 'console.log("tiny")')
  execFileSync('npm', ['pack', '--silent'], { cwd: folder, stdio: 'ignore' })
  const tarball = readFileSync(join(folder, 'someone-tiny-agent-1.2.3.tgz'))
  registry = await serve({
    port: 0,
    handle: async ({ url }) => {
      if (url.endsWith('.tgz')) return new Response(tarball)
      if (!/tiny-agent$/.test(url)) return Response.json({ error: 'Not found' }, { status: 404 })
      const dist = { tarball: `${registry.url}/tiny.tgz` }
      const { version } = tiny
      const versions = { [version]: { ...MANIFEST, dist } }
      return Response.json({ name: tiny.package, 'dist-tags': { latest: version }, versions })
    },
  })
  vi.stubEnv('npm_config_registry', registry.url)
  vi.stubEnv('npm_config_cache', join(folder, 'cache'))
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await registry.close()
})

test('installs the pinned version in a folder of its own and runs no scripts', async () => {
  const root = scratch()
  expect(installed(tiny, root)).toBe(undefined)
  const { bin } = await install(tiny, { root, onLine })
  const home = join(root, '@someone/tiny-agent@1.2.3/node_modules/@someone/tiny-agent')
  expect(bin).toBe(join(home, 'run.js'))
  expect(installed(tiny, root)).toBe(bin)
  expect(existsSync(join(home, 'ran'))).toBe(false)
  expect(readdirSync(join(root, '@someone'))).toEqual(['tiny-agent@1.2.3'])
})

test('does nothing where it is installed', async () => {
  const root = scratch()
  await install(tiny, { root, onLine })
  await registry.close()
  const lines: string[] = []
  await install(tiny, { root, onLine: (line) => lines.push(line) })
  expect(lines).toEqual([])
})

test('two at once end with one whole installation', async () => {
  const root = scratch()
  const both = await Promise.all([install(tiny, { root, onLine }), install(tiny, { root, onLine })])
  expect(both[0]).toEqual(both[1])
  expect(readdirSync(join(root, '@someone'))).toEqual(['tiny-agent@1.2.3'])
})

test('replaces what is there but not whole', async () => {
  const root = scratch()
  const wreck = join(root, '@someone/tiny-agent@1.2.3')
  mkdirSync(wreck, { recursive: true })
  writeFileSync(join(wreck, 'package.json'), '{}')
  const { bin } = await install(tiny, { root, onLine })
  rmSync(bin)
  expect(installed(tiny, root)).toBe(undefined)
  expect((await install(tiny, { root, onLine })).bin).toBe(bin)
})

test('tells in one line what npm could not do, and leaves nothing behind', async () => {
  const root = scratch()
  const attempt = install({ ...tiny, version: '9.9.9' }, { root, onLine })
  await expect(attempt).rejects.toThrow(UsageError)
  await expect(attempt).rejects.toThrow(
    /^npm could not install @someone\/tiny-agent@9\.9\.9: .*No matching version found[^\n]*$/,
  )
  expect(readdirSync(join(root, '@someone'))).toEqual([])
})

test('refuses a package without the program', async () => {
  const root = scratch()
  const attempt = install({ ...tiny, bin: 'huge' }, { root, onLine })
  await expect(attempt).rejects.toThrow('@someone/tiny-agent@1.2.3 has no program huge')
})
