// What a harness meets, whatever it does; the same with namespaces and without.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { UsageError } from '../../sim/core/assert.ts'
import { isolation, OPEN } from '../../sim/host/bridge.ts'
import { LOOK, scratch, started } from './harness.ts'

const walled = await isolation()
afterEach(() => vi.unstubAllEnvs())

describe.each([
  ['without namespaces', OPEN],
  ['behind namespaces', walled],
] as const)('%s', (name, isolated) => {
  const possible = name === 'without namespaces' || isolated.namespaces
  const it = test.skipIf(!possible)

  it('tells how the harness ended and what it said', async () => {
    const script = `console.log('hello'); console.error('oh'); process.exit(3)`
    const exit = await (await started(isolated, script)).exited
    const expected = { code: 3, signal: null, timedOut: false, stdout: 'hello\n', stderr: 'oh\n' }
    expect(exit).toEqual(expected)
  })

  it('tells which signal ended it', async () => {
    const running = await started(isolated, `process.kill(process.pid, 'SIGTERM')`)
    expect(await running.exited).toMatchObject({ code: null, signal: 'SIGTERM' })
  })

  it('shows nothing of the user but an empty home and folder', async () => {
    vi.stubEnv('ENOSYS_TEST_SECRET', 'mine')
    const exit = await (await started(isolated, LOOK)).exited
    const seen = JSON.parse(exit.stdout)
    const root = dirname(seen.env.HOME)
    expect(seen.env).toEqual({
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: join(root, 'home'),
      TMPDIR: join(root, 'tmp'),
      LANG: 'C.UTF-8',
      TZ: 'UTC',
    })
    expect(seen).toMatchObject({ cwd: join(root, 'work'), home: [], work: [] })
  })

  it('gives it the files and variables of its launch', async () => {
    const script = `
      import { readFileSync } from 'node:fs'
      const config = readFileSync(process.env.HOME + '/.config/a.json', 'utf8')
      console.log([config, process.env.SPEED, readFileSync('in/b.txt', 'utf8')].join(' '))`
    const running = await started(isolated, script, {
      launch: () => ({ args: [], env: { SPEED: '9' }, files: { '.config/a.json': '{}' } }),
      workFiles: { 'in/b.txt': 'beta' },
    })
    expect((await running.exited).stdout).toBe('{} 9 beta\n')
  })

  it('answers its requests, and counts those that wait', async () => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const running = await started(
      isolated,
      `const url = process.argv[2] + '/chat/completions'
       const response = await fetch(url, { method: 'POST', body: 'q' })
       console.log(response.status, response.headers.get('x-by'), await response.text())`,
      {
        handle: async (request) => {
          const path = new URL(request.url).pathname
          const text = `${request.method} ${path} ${await request.text()}`
          await held
          return new Response(text, { status: 201, headers: { 'x-by': 'us' } })
        },
      },
    )
    await vi.waitFor(() => expect(running.pendingRequests()).toBe(1), 10_000)
    await sleep(50)
    expect(running.lastActivityMs()).toBeGreaterThan(40)
    release()
    expect((await running.exited).stdout).toBe('201 us POST /v1/chat/completions q\n')
    expect(running.pendingRequests()).toBe(0)
  })

  it('counts no request of a client that is gone', async () => {
    const endless = new ReadableStream({ start: (c) => c.enqueue(new Uint8Array(10)) })
    const running = await started(
      isolated,
      `const response = await fetch(process.argv[2])
       await response.body.getReader().read()
       process.exit()`,
      { handle: async () => new Response(endless) },
    )
    await running.exited
    await vi.waitFor(() => expect(running.pendingRequests()).toBe(0))
  })

  it('ends the whole tree of one that hangs', async () => {
    const running = await started(
      isolated,
      `import { spawn } from 'node:child_process'
       import { writeFileSync } from 'node:fs'
       const beat = 'setInterval(() => require("fs").appendFileSync("beat", "."), 20)'
       const child = spawn(process.execPath, ['-e', beat], { detached: true, stdio: 'ignore' })
       child.unref()
       process.on('SIGTERM', () => {})
       setInterval(() => {}, 1000)`,
      { timeLimitMs: 1_500 },
    )
    expect(await running.exited).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: true })
    const { beat } = running.files()
    expect(beat).toMatch(/^\.+$/)
    await sleep(200)
    expect(running.files()).toEqual({ beat })
  })

  it('ends what a harness leaves behind', async () => {
    const running = await started(
      isolated,
      `import { spawn } from 'node:child_process'
       import { existsSync } from 'node:fs'
       const beat = 'setInterval(() => require("fs").appendFileSync("beat", "."), 20)'
       spawn(process.execPath, ['-e', beat], { detached: true }).unref()
       while (!existsSync('beat')) await new Promise((resolve) => setTimeout(resolve, 10))
       process.exit(0)`,
    )
    expect(await running.exited).toMatchObject({ code: 0, timedOut: false })
    const { beat } = running.files()
    await sleep(200)
    expect(running.files()).toEqual({ beat })
  })

  it('keeps the last MiB of a flood', async () => {
    const script = `
      const line = 'x'.repeat(1023) + '\\n'
      const write = (left) => left === 0
        ? process.stdout.write('the end')
        : process.stdout.write(line.repeat(64), () => write(left - 1))
      write(200)`
    const { stdout } = await (await started(isolated, script)).exited
    expect(stdout.length).toBe(1 << 20)
    expect(stdout.endsWith('x\nthe end')).toBe(true)
  })

  it('reads the texts of the work folder, and nothing outside it', async () => {
    const outside = scratch()
    const running = await started(
      isolated,
      `import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
       mkdirSync('src/deep', { recursive: true })
       writeFileSync('src/deep/a.txt', 'alpha é')
       writeFileSync('src.txt', 'edited')
       writeFileSync('binary', Buffer.from([1, 0, 2]))
       writeFileSync('latin', Buffer.from([0xe9]))
       writeFileSync('large', 'x'.repeat(300_000))
       symlinkSync('src.txt', 'link')
       symlinkSync('/etc/hostname', 'out')
       symlinkSync(process.argv[3], 'outside')
       symlinkSync('..', 'src/up')
       symlinkSync('nowhere', 'dangling')`,
      {
        workFiles: { 'src.txt': 'before' },
        launch: ({ baseUrl }) => ({ args: [baseUrl, outside], env: {}, files: {} }),
      },
    )
    expect((await running.exited).stderr).toBe('')
    expect(Object.entries(running.files())).toEqual([
      ['link', 'edited'],
      ['src/deep/a.txt', 'alpha é'],
      ['src.txt', 'edited'],
    ])
  })

  it('is killed on demand, and removes its folders', async () => {
    let home = ''
    const running = await started(isolated, `setInterval(() => {}, 1000); console.log('up')`, {
      launch: (place) => {
        home = place.home
        return { args: [], env: {}, files: {} }
      },
    })
    await running.kill()
    expect(await running.exited).toMatchObject({ signal: 'SIGKILL', timedOut: false })
    await running.dispose()
    await running.dispose()
    expect(existsSync(home)).toBe(false)
  })

  it('says so when the program cannot be run', async () => {
    const bin = join(scratch(), 'program')
    writeFileSync(bin, 'no program', { mode: 0o600 })
    const exit = await (await started(isolated, '', { bin })).exited
    expect(exit.code).not.toBe(0)
    expect(exit.stderr).toContain('EACCES')
  })
})

test('a program that is not there is a mistake of whoever named it', async () => {
  vi.stubEnv('TMPDIR', scratch())
  await expect(started(OPEN, '', { bin: '/nowhere/pi' })).rejects.toThrow(UsageError)
})

test('a file that leads out of its folder is refused, and nothing is left', async () => {
  const temporary = scratch()
  const bin = join(scratch(), 'program.js')
  writeFileSync(bin, '')
  vi.stubEnv('TMPDIR', temporary)
  const attempt = started(OPEN, '', { bin, workFiles: { '../home/a': '' } })
  await expect(attempt).rejects.toThrow('../home/a: leads out of its folder')
  const left = readdirSync(temporary).filter((name) => !name.startsWith('enosys-test-'))
  expect(left).toEqual([])
})
