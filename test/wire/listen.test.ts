// Where the server listens, and how it ends.
import { mkdtempSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../sim/core/assert.ts'
import { chatHandler } from '../../sim/wire/openai-chat.ts'
import { fake, hello } from './fake.ts'
import { ask, served } from './served.ts'

const never = new Promise<never>(() => {})

describe('serve', () => {
  it('keeps a connection for many requests', async () => {
    const { url } = await served()
    const ports = new Set<number | undefined>()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let i = 0; i < 3; i++) {
      await new Promise<void>((resolve) => {
        get(`${url}/v1/models`, { agent }, (res) => {
          ports.add(res.socket.localPort)
          res.resume().on('end', resolve)
        })
      })
    }
    agent.destroy()
    expect(ports.size).toBe(1)
  })

  it('says in one line that a port is in use', async () => {
    const { port } = await served()
    const second = served({ port })
    await expect(second).rejects.toBeInstanceOf(UsageError)
    await expect(second).rejects.toThrow(`port ${port} is in use. Another: --port 0`)
  })

  it.each(['0.0.0.0', '::', '192.168.1.2', 'example.com', ''])('refuses host %s', async (host) => {
    await expect(served({ host })).rejects.toBeInstanceOf(UsageError)
  })

  it('listens on a unix socket', async () => {
    const socketPath = join(mkdtempSync(join(tmpdir(), 'enosys-')), 'model.sock')
    const { url, port } = await served({ socketPath })
    expect([url, port]).toEqual([`unix:${socketPath}`, 0])
    const status = await new Promise((resolve) => {
      get({ socketPath, path: '/v1/models' }, (res) => resolve(res.resume().statusCode))
    })
    expect(status).toBe(200)
  })

  it('may be closed twice, and ends what is open', async () => {
    const server = await served({ handle: chatHandler(fake(() => never).generate) })
    const asked = ask(server.url, hello)
    const failed = expect(asked).rejects.toBeInstanceOf(TypeError)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await server.close()
    await server.close()
    await failed
  })
})
