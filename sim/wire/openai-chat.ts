// OpenAI's Chat Completions over the simulated model: Request in, Response out, no sockets.
// @see https://platform.openai.com/docs/api-reference/chat (2026)
import type { Generate } from '../index.ts'
import { streamed, whole } from './chat-reply.ts'
import { chatReader } from './chat-request.ts'
import {
  type Answer,
  fetchThrough,
  type Handler,
  isTooLarge,
  jsonReply,
  type Reply,
  requestHandler,
} from './handler.ts'
import { problemReply, TOO_LARGE, unknownModel, unknownRoute, wrongMethod } from './problem.ts'

export interface ChatOptions {
  /** What GET /models lists. A completion may name any model: harnesses have theirs built in. */
  readonly models?: readonly string[]
}

function completions(generate: Generate): Answer {
  const read = chatReader()
  let answered = 0
  return async (incoming) => {
    const body = await incoming.text()
    if (isTooLarge(body)) return problemReply(TOO_LARGE)
    const asked = read(body)
    if (asked.kind === 'problem') return problemReply(asked)
    const id = `chatcmpl-${++answered}`
    return (asked.stream ? streamed : whole)(generate, asked, id, incoming.signal)
  }
}

const modelOf = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'enosys' })

const json = (value: unknown): Reply => jsonReply(JSON.stringify(value))

/** `undefined` where the path is none of theirs. The id may come encoded: it may hold a slash. */
function modelsAt(path: string, ids: readonly string[]): Reply | undefined {
  if (path.endsWith('/models')) return json({ object: 'list', data: ids.map(modelOf) })
  const [, named] = /\/models\/(.+)$/.exec(path) ?? []
  if (named === undefined) return undefined
  const id = ids.find((one) => one === named || encodeURIComponent(one) === named)
  return id === undefined ? problemReply(unknownModel(named)) : json(modelOf(id))
}

function chat(generate: Generate, { models = ['enosys'] }: ChatOptions): Answer {
  const complete = completions(generate)
  return async (incoming) => {
    const { method, path } = incoming
    const refuse = (allow: string): Reply => problemReply(wrongMethod(method, path, allow))
    if (path.endsWith('/chat/completions'))
      return method === 'POST' ? complete(incoming) : refuse('POST')
    if (path === '/' && method === 'HEAD') return jsonReply('')
    const found = modelsAt(path, models)
    if (found === undefined) return problemReply(unknownRoute(method, path))
    return method === 'GET' ? found : refuse('GET')
  }
}

/** For a server. Rejects only with the reason of the request's signal. */
export function chatHandler(generate: Generate, options: ChatOptions = {}): Handler {
  return requestHandler(chat(generate, options))
}

/** For a client in this process: what it would give to fetch, without a socket. */
export function fetchOf(generate: Generate, options: ChatOptions = {}): typeof fetch {
  return fetchThrough(chat(generate, options))
}
