// A node request whose body was read, as the wire's plain data or as a whole Request.
import type { IncomingMessage } from 'node:http'
import type { Incoming, Reply } from '../wire/handler.ts'

/** The path of a request line, which may name the whole address. */
function pathOf(url: string): string {
  if (!url.startsWith('/')) return URL.canParse(url) ? new URL(url).pathname : url
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

export function incomingOf(req: IncomingMessage, body: string, signal: AbortSignal): Incoming {
  const { method = 'GET', url = '/', headers } = req
  return {
    method,
    path: pathOf(url),
    signal,
    header: (name) => {
      const value = headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    text: () => Promise.resolve(body),
  }
}

/** `undefined` for what no Request can be: a method like TRACE, a host that is none. */
export function requestOf(
  req: IncomingMessage,
  body: string,
  signal: AbortSignal,
): Request | undefined {
  const { method = 'GET', url = '/', headersDistinct } = req
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value)
  }
  const bodiless = body === '' || method === 'GET' || method === 'HEAD'
  const init = { method, headers, signal }
  try {
    const address = new URL(url, `http://${req.headers.host ?? 'localhost'}`)
    return new Request(address, bodiless ? init : { ...init, body })
  } catch {
    return undefined
  }
}

export const replyOf = ({ status, headers, body }: Response): Reply => ({
  status,
  headers: Object.fromEntries(headers),
  body: body ?? '',
})
