// The seam of all provider protocols: plain data in and out, and the three ways to it: a Request,
// the arguments of fetch, and a server that makes neither: they cost more than the answer.
import { unlessAborted } from './abort.ts'

/** What a protocol needs of a request, whichever way it came. */
export interface Incoming {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly signal: AbortSignal | undefined
  /** `name` in lower case. */
  header(name: string): string | undefined
  text(): Promise<string>
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | ReadableStream<Uint8Array>
}

/**
 * After an abort it may settle or not. Who waits as fetch does is rejected by the callers here. Rejects
 * with a ConnectionLost where no answer comes any more.
 */
export type Answer = (incoming: Incoming) => Promise<Reply>

/**
 * Rejects with the signal's reason, or as `answer` does. `answer`, where there is one, must otherwise do
 * the same.
 */
export interface Handler {
  (request: Request): Promise<Response>
  readonly answer?: Answer
}

export const MAX_BODY_BYTES = 10 * 1024 * 1024

/** UTF-8 takes at most three bytes for a unit of a string. */
export const isTooLarge = (text: string): boolean =>
  text.length > MAX_BODY_BYTES / 3 && Buffer.byteLength(text) > MAX_BODY_BYTES

const JSON_HEADERS = { 'content-type': 'application/json' }

export const jsonReply = (body: string, status = 200, headers = {}): Reply => ({
  status,
  headers: { ...JSON_HEADERS, ...headers },
  body,
})

const responseOf = ({ status, headers, body }: Reply): Response =>
  new Response(body === '' ? null : body, { status, headers: { ...headers } })

const incomingOf = (request: Request): Incoming => ({
  method: request.method,
  path: new URL(request.url).pathname,
  signal: request.signal,
  header: (name) => request.headers.get(name) ?? undefined,
  text: () => request.text(),
})

/** As fetch waits. */
async function ask(answer: Answer, incoming: Incoming): Promise<Response> {
  const { signal } = incoming
  if (signal === undefined) return responseOf(await answer(incoming))
  signal.throwIfAborted()
  return responseOf(await unlessAborted(answer(incoming), signal))
}

export function requestHandler(answer: Answer): Handler {
  return Object.assign((request: Request) => ask(answer, incomingOf(request)), { answer })
}

/** Text bodies, which is what SDKs send, are spared the making of a Request. */
export function fetchThrough(answer: Answer): typeof fetch {
  return async (input, init = {}) => {
    const body = init.body ?? ''
    if (input instanceof Request || typeof body !== 'string')
      return ask(answer, incomingOf(new Request(input, init)))
    return ask(answer, {
      method: (init.method ?? 'GET').toUpperCase(),
      path: new URL(input).pathname,
      signal: init.signal ?? undefined,
      header: (name) => new Headers(init.headers).get(name) ?? undefined,
      text: () => Promise.resolve(body),
    })
  }
}
