// A handler of Requests on a loopback socket, over node:http. Clients may vanish, send too much or
// reuse a connection after minutes; the handler may throw. None of it ends the server.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { ListenOptions } from 'node:net'
import { assert, UsageError } from '../core/assert.ts'
import type { Handler, Reply } from '../wire/handler.ts'
import { ConnectionLost } from '../wire/lost.ts'
import { invalidRequest, problemReply, serverError, TOO_LARGE } from '../wire/problem.ts'
import { discardBody, readBody } from './body.ts'
import { incomingOf, replyOf, requestOf } from './node-request.ts'

export interface ServeOptions {
  readonly handle: Handler
  /** 0 takes any free one. */
  readonly port: number
  /** Loopback only: a simulated model has no business on a network. */
  readonly host?: string
  /** Listen on this unix socket instead. */
  readonly socketPath?: string
  /** Told what the handler threw; the client is told 500. */
  readonly onError?: (error: unknown) => void
}

export interface Served {
  readonly url: string
  /** 0 on a unix socket. */
  readonly port: number
  /** Ends open connections too. May be called twice. */
  close(): Promise<void>
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/

/** Answers first, then reads and forgets the rest: a reset could overtake the answer. */
async function refuseBody(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { status, headers, body } = problemReply(TOO_LARGE)
  const length = Buffer.byteLength(`${body}`)
  res.writeHead(status, { ...headers, 'content-length': length, connection: 'close' })
  res.write(body)
  await discardBody(req)
  res.end()
}

const drained = (res: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      res.off('drain', done).off('close', done)
      resolve()
    }
    res.once('drain', done).once('close', done)
  })

/** Reads on only as fast as the client does, and not at all when it is gone. */
async function pour(body: ReadableStream<Uint8Array>, res: ServerResponse): Promise<void> {
  const reader = body.getReader()
  const stop = (): void => void reader.cancel().catch(() => {})
  res.once('close', stop)
  for (;;) {
    const { done, value } = await reader.read()
    if (done || res.destroyed) break
    if (!res.write(value)) await drained(res)
  }
  res.off('close', stop)
  // The client may have gone before there was anybody to be told.
  if (res.destroyed) stop()
  res.end()
}

async function send({ status, headers, body }: Reply, res: ServerResponse): Promise<void> {
  if (typeof body === 'string') {
    const length = Buffer.byteLength(body)
    res.writeHead(status, { ...headers, 'content-length': length }).end(body)
    return
  }
  res.writeHead(status, headers)
  await pour(body, res)
}

/** Real milliseconds for what was sent to be read before the end is: a client forgets the rest with it. */
const LAST_WORDS_MS = 20

/** Before an answer the connection is reset; in the middle of one it is closed when all was sent. */
function drop(req: IncomingMessage, res: ServerResponse): void {
  const { socket } = req
  // A unix socket has no address, and knows no reset.
  if (res.headersSent) setTimeout(() => res.destroy(), LAST_WORDS_MS)
  else if (socket.remoteAddress === undefined) socket.destroy()
  else socket.resetAndDestroy()
}

async function replied(
  handle: Handler,
  req: IncomingMessage,
  body: string,
  signal: AbortSignal,
): Promise<Reply> {
  if (handle.answer) return handle.answer(incomingOf(req, body, signal))
  const request = requestOf(req, body, signal)
  if (request === undefined)
    return problemReply(invalidRequest('Invalid request line.', null, null))
  return replyOf(await handle(request))
}

async function answer(
  { handle, onError }: ServeOptions,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  res.once('close', () => {
    if (!res.writableFinished) gone.abort()
  })
  try {
    const body = await readBody(req)
    if (body === undefined) return await refuseBody(req, res)
    await send(await replied(handle, req, body, gone.signal), res)
  } catch (error) {
    if (gone.signal.aborted || req.socket.destroyed) return void res.destroy()
    if (error instanceof ConnectionLost) return drop(req, res)
    onError?.(error)
    if (res.headersSent) return void res.destroy()
    const problem = serverError(`The server had an error: ${messageOf(error)}`)
    await send(problemReply(problem), res)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`)

function explained(error: NodeJS.ErrnoException, where: string): Error {
  if (error.code === 'EADDRINUSE') return new UsageError(`${where} is in use. Another: --port 0`)
  if (error.code === 'EACCES') return new UsageError(`${where} is not permitted. Another: --port 0`)
  return error
}

/** @throws {UsageError} when the host is not loopback, or the port is taken. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { port, host = '127.0.0.1', socketPath } = options
  if (!LOOPBACK.test(host)) throw new UsageError(`host ${host} is not loopback. Use 127.0.0.1`)
  const server = createServer((req, res) => void answer(options, req, res))
  // A harness may think for minutes: whoever closed first would race with its next request.
  server.keepAliveTimeout = 0
  const where = socketPath ?? `port ${port}`
  const at: ListenOptions = socketPath === undefined ? { port, host } : { path: socketPath }
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explained(error, where)))
    server.listen(at, resolve)
  })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  if (socketPath !== undefined) return { url: `unix:${socketPath}`, port: 0, close }
  const bound = server.address()
  assert(typeof bound === 'object' && bound !== null, 'a server on a port has an address')
  const name = host.includes(':') ? `[${host}]` : host
  return { url: `http://${name}:${bound.port}`, port: bound.port, close }
}
