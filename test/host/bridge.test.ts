// The wall: what is behind it, and that nothing gets out.
import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { isolation, OPEN } from '../../sim/host/bridge.ts'
import { LOOK, started } from './harness.ts'

const walled = await isolation()
const NAME = 'the namespaces of this machine'

describe.skipIf(!walled.namespaces)(
  walled.namespaces ? NAME : `${NAME} (not permitted here)`,
  () => {
    test('hold no other process, no other network and no descriptor of ours', async () => {
      const seen = JSON.parse((await (await started(walled, LOOK)).exited).stdout)
      expect(seen.processes).toBe(2)
      expect(
        seen.interfaces.filter((name: string) => name !== 'all' && name !== 'default'),
      ).toEqual(['lo'])
      // 0, 1, 2, those of Node itself and the folder being read, as outside.
      const outside = JSON.parse((await (await started(OPEN, LOOK)).exited).stdout)
      expect(seen.descriptors).toBe(outside.descriptors)
    })

    test('show the same paths and the same port in every run', async () => {
      const script = `console.log(process.argv[2], process.env.HOME, process.cwd())`
      const { stdout } = await (await started(walled, script)).exited
      expect(stdout).toBe('http://127.0.0.1:8123/v1 /mnt/home /mnt/work\n')
    })

    test('let nothing out', async () => {
      const script = `
      const reach = (url) => fetch(url, { signal: AbortSignal.timeout(3000) }).then(
        () => 'reached', (error) => error.cause?.code ?? error.name)
      const ours = 'http://localhost:' + process.argv[3]
      console.log(await reach('http://1.1.1.1/'), await reach(ours))`
      const server = createServer((_, response) => response.end('mine')).listen(0, '127.0.0.1')
      await new Promise((resolve) => server.once('listening', resolve))
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const launch = () => ({ args: ['', `${port}`], env: {}, files: {} })
      const { stdout } = await (await started(walled, script, { launch })).exited
      server.close()
      expect(stdout).toBe('ENETUNREACH ECONNREFUSED\n')
    })
  },
)
