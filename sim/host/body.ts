// Reading the body of a node request, up to a bound.
import type { IncomingMessage } from 'node:http'
import { MAX_BODY_BYTES } from '../wire/handler.ts'

/** Past either of them the connection is cut, whatever the client still has to say. */
const DISCARD_BYTES_MAX = 256 * 1024 * 1024
const DISCARD_MS_MAX = 5000

/** `undefined` where it is too large: no more of it is kept. Rejects when the client goes away. */
export function readBody(req: IncomingMessage): Promise<string | undefined> {
  const { 'content-length': length, 'transfer-encoding': encoding } = req.headers
  if (length === undefined && encoding === undefined) return Promise.resolve('')
  if (Number(length) > MAX_BODY_BYTES) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const keep = (chunk: Buffer): void => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes <= MAX_BODY_BYTES) return
      req.off('data', keep).off('end', end)
      resolve(undefined)
    }
    const end = (): void => {
      const [first] = chunks
      resolve((chunks.length === 1 && first ? first : Buffer.concat(chunks)).toString())
    }
    req.on('data', keep).once('end', end).once('error', reject)
  })
}

/** Reads on without keeping anything, until the end or until it is too much. */
export function discardBody(req: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0
    const timer = setTimeout(() => stop(), DISCARD_MS_MAX)
    const stop = (): void => {
      clearTimeout(timer)
      req.off('data', count)
      resolve()
    }
    const count = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes > DISCARD_BYTES_MAX) stop()
    }
    req.on('data', count).once('end', stop).once('close', stop).once('error', stop)
    req.resume()
  })
}
