// A model for tests of the wire: it answers by a function, speaks in small pieces, and notes what
// was asked.
import type { Completion, Delta, Message, Request, ToolCall } from '../../sim/core/message.ts'
import type { Generate, Speech } from '../../sim/index.ts'

export interface Fake {
  readonly generate: Generate
  readonly requests: Request[]
  readonly signals: (AbortSignal | undefined)[]
  /** Deltas pulled so far, of all generations. */
  pulled: number
}

export function say(content: string, calls?: readonly ToolCall[]): Completion {
  const message: Message = { role: 'assistant', content, calls }
  const usage = { input: 100, cached: 40, output: 7 }
  return { kind: 'message', message, finish: calls ? 'tool_calls' : 'stop', usage }
}

export const refusal = (
  status: number,
  code: string,
  message: string,
  retryAfterMs?: number,
): Completion =>
  retryAfterMs === undefined
    ? { kind: 'refused', status, code, message }
    : { kind: 'refused', status, code, message, retryAfterMs }

function deltasOf(completion: Completion): Delta[] {
  if (completion.kind === 'refused') return []
  const { content, calls = [] } = completion.message
  const words = content.match(/\S+\s*/g) ?? []
  const deltas: Delta[] = words.map((text) => ({ kind: 'text', text }))
  for (const [call, { id, name, args }] of calls.entries()) {
    deltas.push({ kind: 'call', call, id, name })
    for (const text of args.match(/.{1,7}/gs) ?? []) deltas.push({ kind: 'args', call, text })
  }
  return deltas
}

/** Where an answer is a promise, nothing is spoken before it settles. */
export function fake(
  answer: (request: Request, n: number) => Completion | Promise<Completion>,
): Fake {
  const requests: Request[] = []
  const signals: (AbortSignal | undefined)[] = []
  const noted: Fake = {
    requests,
    signals,
    pulled: 0,
    generate(request, options): Speech {
      requests.push(request)
      signals.push(options?.signal)
      const result = Promise.resolve(answer(request, requests.length))
      return {
        result,
        async *[Symbol.asyncIterator]() {
          for (const delta of deltasOf(await result)) {
            noted.pulled++
            yield delta
          }
        },
      }
    },
  }
  return noted
}

/** Asks for the weather once, and then tells it. */
export const weather = (): Fake =>
  fake(({ messages }) => {
    const last = messages.at(-1)
    if (last?.role === 'tool') return say(`It is ${last.content} there.`)
    return say('', [{ id: 'call_1', name: 'get_weather', args: '{"city":"Paris"}' }])
  })

export const post = (body: unknown): globalThis.Request =>
  new globalThis.Request('http://model.test/v1/chat/completions', {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

export const hello = { model: 'enosys', messages: [{ role: 'user', content: 'hello' }] }
