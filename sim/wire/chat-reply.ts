// What the model said, as chat completions have it: one object, or server-sent events.
// Permitted to go wrong here: a fault in the middle of a stream, told as the provider tells it, and a
// connection that ends before the answer does.
import type { Completion, Delta, Refusal, Spoken, Usage } from '../core/message.ts'
import type { Generate, Speech } from '../index.ts'
import { type Leash, leash, unlessAborted } from './abort.ts'
import type { ChatRequest } from './chat-request.ts'
import { jsonReply, type Reply } from './handler.ts'
import { endsQuietly, isLost, lostBefore, lostWithin } from './lost.ts'
import { envelope, fromRefusal, problemReply } from './problem.ts'

const ENCODER = new TextEncoder()

const usageOf = ({ input, cached, output }: Usage) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached },
})

function completionOf(id: string, model: string, { message, finish, usage }: Spoken): string {
  const { content, calls = [] } = message
  const said = {
    role: 'assistant',
    content: content === '' && calls.length > 0 ? null : content,
    refusal: null,
    tool_calls:
      calls.length === 0
        ? undefined
        : calls.map(({ id, name, args }) => ({
            id,
            type: 'function',
            function: { name, arguments: args },
          })),
  }
  return JSON.stringify({
    id,
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, message: said, logprobs: null, finish_reason: finish }],
    usage: usageOf(usage),
  })
}

/** @throws {ConnectionLost} where there is nobody left to refuse. */
function refuse(refusal: Refusal): Reply {
  if (isLost(refusal)) throw lostBefore()
  return problemReply(fromRefusal(refusal))
}

export async function whole(
  generate: Generate,
  { request, model }: ChatRequest,
  id: string,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const completion = await generate(request, signal === undefined ? {} : { signal }).result
  if (completion.kind === 'refused') return refuse(completion)
  return jsonReply(completionOf(id, model, completion))
}

function deltaOf(delta: Delta): object {
  switch (delta.kind) {
    case 'text':
      return { content: delta.text }
    case 'call': {
      const called = { name: delta.name, arguments: '' }
      return {
        tool_calls: [{ index: delta.call, id: delta.id, type: 'function', function: called }],
      }
    }
    case 'args':
      return { tool_calls: [{ index: delta.call, function: { arguments: delta.text } }] }
  }
}

/** The events of one stream, as text. */
class Events {
  readonly #head: object
  readonly #includeUsage: boolean

  constructor(id: string, { model, includeUsage }: ChatRequest) {
    this.#head = { id, object: 'chat.completion.chunk', created: 0, model }
    this.#includeUsage = includeUsage
  }

  opening(): string {
    return this.#choice({ role: 'assistant', content: '' }, null)
  }

  delta(delta: Delta): string {
    return this.#choice(deltaOf(delta), null)
  }

  closing({ finish, usage }: Spoken): string {
    const last = this.#choice({}, finish)
    if (!this.#includeUsage) return `${last}data: [DONE]\n\n`
    return `${last}${this.#event({ choices: [], usage: usageOf(usage) })}data: [DONE]\n\n`
  }

  #choice(delta: object, finish: string | null): string {
    const choice = { index: 0, delta, logprobs: null, finish_reason: finish }
    return this.#event({ choices: [choice], usage: this.#includeUsage ? null : undefined })
  }

  #event(data: object): string {
    return `data: ${JSON.stringify({ ...this.#head, ...data })}\n\n`
  }
}

/** What ends a stream after its deltas: nothing where it is cut; `undefined` where its connection dies. */
function lastOf(completion: Completion, events: Events): string | undefined {
  if (completion.kind === 'message') return events.closing(completion)
  if (!isLost(completion)) return `data: ${envelope(fromRefusal(completion))}\n\n`
  return endsQuietly(completion) ? '' : undefined
}

/** Spoken as it is read: a delta is pulled when the client reads, and none before. */
function stream(
  generation: Speech,
  deltas: AsyncIterator<Delta>,
  first: IteratorResult<Delta>,
  events: Events,
  lead: Leash,
): ReadableStream<Uint8Array> {
  let next: IteratorResult<Delta> | undefined = first
  let text = events.opening()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const step = next ?? (await unlessAborted(deltas.next(), lead.signal))
        next = undefined
        if (!step.done) {
          controller.enqueue(ENCODER.encode(text + events.delta(step.value)))
          text = ''
          return
        }
        const completion = await unlessAborted(generation.result, lead.signal)
        lead.release()
        const last = lastOf(completion, events)
        if (last === undefined) controller.error(lostWithin())
        else {
          if (text + last !== '') controller.enqueue(ENCODER.encode(text + last))
          controller.close()
        }
      },
      cancel() {
        lead.abort()
        lead.release()
      },
    },
    // Without this the stream would read ahead of its reader, and virtual time with it.
    { highWaterMark: 0 },
  )
}

/** Waits for the first delta: until then a refusal is still a status. */
export async function streamed(
  generate: Generate,
  asked: ChatRequest,
  id: string,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const lead = leash(signal)
  const generation = generate(asked.request, { signal: lead.signal })
  const deltas = generation[Symbol.asyncIterator]()
  const first = await deltas.next()
  if (first.done) {
    const completion = await generation.result
    if (completion.kind === 'refused' && !(isLost(completion) && endsQuietly(completion))) {
      lead.release()
      return refuse(completion)
    }
  }
  const body = stream(generation, deltas, first, new Events(id, asked), lead)
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' }
  return { status: 200, headers, body }
}
