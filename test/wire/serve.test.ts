// The server on a real socket: nothing a client or a handler does ends it.
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import type { Completion, Delta } from '../../sim/core/message.ts'
import type { Served } from '../../sim/host/serve.ts'
import { chatHandler } from '../../sim/wire/openai-chat.ts'
import { fake, hello } from './fake.ts'
import { ask, served } from './served.ts'

const never = new Promise<never>(() => {})

/** Sends bytes as they are, and gives what came back until the connection ended. */
function raw({ port }: Served, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let seen = ''
    socket.setEncoding('utf8').on('data', (piece) => {
      seen += piece
    })
    socket.on('close', () => resolve(seen)).on('error', reject)
  })
}

describe('a bad request on a socket', () => {
  it.each([true, false])('over 10 MiB is answered with 413, length told: %s', async (told) => {
    const server = await served()
    const before = process.memoryUsage().arrayBuffers
    const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = told ? { 'content-length': 20 * 1024 * 1024 } : {}
      const url = `${server.url}/v1/chat/completions`
      const req = httpRequest(url, { method: 'POST', headers }, (res) => {
        let text = ''
        res.setEncoding('utf8').on('data', (piece: string) => {
          text += piece
        })
        res.on('end', () => resolve({ status: res.statusCode ?? 0, text }))
      })
      req.on('error', reject)
      for (let i = 0; i < 20; i++) req.write('x'.repeat(1024 * 1024))
      req.end()
    })
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.text)).toMatchObject({ error: { type: 'invalid_request_error' } })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024)
    expect((await ask(server.url, hello)).status).toBe(200)
  })

  it('over 10 MiB is answered with 413 to fetch as well', async () => {
    const server = await served()
    expect((await ask(server.url, 'x'.repeat(20 * 1024 * 1024))).status).toBe(413)
    expect((await ask(server.url, hello)).status).toBe(200)
  })

  it.each([
    ['not HTTP', 'hello\r\n\r\n', '400'],
    [
      'a method that no Request has',
      'TRACE / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
      '404',
    ],
    ['an address that is none', 'GET // HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', '404'],
    [
      'a whole address',
      'GET http://x/v1/models HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
      '200',
    ],
  ])('is answered: %s', async (_name, text, status) => {
    const server = await served()
    expect((await raw(server, text)).slice(9, 12)).toBe(status)
    expect((await ask(server.url, hello)).status).toBe(200)
  })

  it('is answered: bad JSON, unknown route, wrong method', async () => {
    const { url } = await served()
    expect((await ask(url, '{')).status).toBe(400)
    expect((await fetch(`${url}/v2`, { method: 'POST', body: '{}' })).status).toBe(404)
    expect((await fetch(`${url}/v1/chat/completions`)).status).toBe(405)
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200)
    expect((await ask(url, hello)).status).toBe(200)
  })

  it('that breaks off in the middle of its body leaves the server alone', async () => {
    const server = await served()
    const socket = connect(server.port, '127.0.0.1')
    socket.write(
      'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"mod',
    )
    await new Promise((resolve) => setTimeout(resolve, 20))
    socket.destroy()
    expect((await ask(server.url, hello)).status).toBe(200)
  })
})

describe('a handler', () => {
  it.each([false, true])(
    'that throws is a 500 for the client, as plain data: %s',
    async (plain) => {
      const errors: unknown[] = []
      const bug = async (): Promise<never> => {
        throw new Error('our bug')
      }
      const handle = plain ? Object.assign(bug, { answer: bug }) : bug
      const { url } = await served({ handle, onError: (error) => errors.push(error) })
      for (let i = 0; i < 2; i++) {
        const response = await ask(url, hello)
        expect(response.status).toBe(500)
        expect(await response.json()).toMatchObject({ error: { type: 'server_error' } })
      }
      expect(errors).toHaveLength(2)
    },
  )

  it('of Requests is not asked about what no Request can be', async () => {
    const errors: unknown[] = []
    const handle = async () => new Response('ok')
    const server = await served({ handle, onError: (error) => errors.push(error) })
    const trace = 'TRACE / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'
    expect((await raw(server, trace)).slice(9, 12)).toBe('400')
    const got = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx'
    expect((await raw(server, got)).slice(9, 12)).toBe('200')
    expect(errors).toEqual([])
  })

  it('of Requests gets method, path, headers and body, and may stream', async () => {
    const handle = async (request: Request): Promise<Response> => {
      const { method, url, headers } = request
      const told = [method, new URL(url).search, headers.get('x-kind'), await request.text()]
      return new Response(new Blob([told.join(' ')]).stream(), { status: 201 })
    }
    const { url } = await served({ handle })
    const init = { method: 'PUT', headers: { 'x-kind': 'title' }, body: 'héllo' }
    const response = await fetch(`${url}/a?b=c`, init)
    expect(response.status).toBe(201)
    expect(await response.text()).toBe('PUT ?b=c title héllo')
  })

  it.each([false, true])('is aborted when the client goes away, stream: %s', async (stream) => {
    const model = fake(() => never)
    const { url } = await served({ handle: chatHandler(model.generate) })
    const controller = new AbortController()
    const asked = ask(url, { ...hello, stream }, controller.signal)
    await vi.waitFor(() => expect(model.signals).toHaveLength(1))
    controller.abort()
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
    await vi.waitFor(() => expect(model.signals[0]?.aborted).toBe(true))
  })
})

describe('a stream on a socket', () => {
  const endless = () => {
    const model = { pulled: 0, signal: undefined as AbortSignal | undefined }
    const handle = chatHandler((_request, options) => {
      model.signal = options?.signal
      return {
        result: new Promise<Completion>(() => {}),
        async *[Symbol.asyncIterator](): AsyncGenerator<Delta> {
          for (;;) {
            model.pulled++
            yield { kind: 'text', text: 'x'.repeat(64 * 1024) }
          }
        },
      }
    })
    return { model, handle }
  }

  it('is spoken no faster than the client reads, and ends when the client goes', async () => {
    const { model, handle } = endless()
    const { port } = await served({ handle })
    const body = JSON.stringify({ ...hello, stream: true })
    const socket = connect(port, '127.0.0.1')
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}`
    socket.write(`${head}\r\n\r\n${body}`)
    await vi.waitFor(() => expect(model.pulled).toBeGreaterThan(1))
    await new Promise((resolve) => setTimeout(resolve, 200))
    const { pulled } = model
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(model.pulled).toBe(pulled)
    expect(model.signal?.aborted).toBe(false)
    socket.destroy()
    await vi.waitFor(() => expect(model.signal?.aborted).toBe(true))
  })
})
