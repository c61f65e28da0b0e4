// A stream is spoken as it is read, and no further.
import { describe, expect, it } from 'vitest'
import type { Completion, Delta } from '../../sim/core/message.ts'
import { chatHandler, fetchOf } from '../../sim/wire/openai-chat.ts'
import { fake, hello, post, refusal, say, weather } from './fake.ts'

const URL = 'http://model.test/v1/chat/completions'
const streaming = { ...hello, stream: true }
const init = (signal?: AbortSignal): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(streaming),
  ...(signal && { signal }),
})

const never = new Promise<never>(() => {})

function readerOf({ body }: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (body === null) throw new Error('no body')
  return body.getReader()
}

describe('a streamed completion', () => {
  it('tells role, pieces, finish, usage and end, in this order', async () => {
    const body = { ...streaming, stream_options: { include_usage: true } }
    const response = await chatHandler(weather().generate)(post(body))
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const events = (await response.text()).split('\n\n').map((line) => line.replace('data: ', ''))
    expect(events.slice(-2)).toEqual(['[DONE]', ''])
    const chunks = events.slice(0, -2).map((event) => JSON.parse(event))
    expect(chunks.map(({ choices: [choice] }) => choice?.delta ?? null)).toEqual([
      { role: 'assistant', content: '' },
      {
        tool_calls: [
          {
            index: 0,
            id: 'call_1',
            type: 'function',
            function: { name: 'get_weather', arguments: '' },
          },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{"city"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ':"Paris' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '"}' } }] },
      {},
      null,
    ])
    expect(chunks.at(-2)?.choices[0].finish_reason).toBe('tool_calls')
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 107 } })
    expect(new Set(chunks.map(({ id }) => id))).toEqual(new Set(['chatcmpl-1']))
  })

  it('tells no usage unless asked', async () => {
    const response = await chatHandler(weather().generate)(post(streaming))
    expect(await response.text()).not.toContain('usage')
  })

  it('ends properly when nothing was said', async () => {
    const response = await chatHandler(fake(() => say('')).generate)(post(streaming))
    const text = await response.text()
    expect(text).toContain('"finish_reason":"stop"')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  it('pulls a delta when it is read, and none before', async () => {
    const model = fake(() => say('one two three four'))
    const reader = readerOf(await fetchOf(model.generate)(URL, init()))
    const pulled = [model.pulled]
    for (let done = false; !done; pulled.push(model.pulled)) {
      await new Promise((resolve) => setImmediate(resolve))
      done = (await reader.read()).done
    }
    expect(pulled).toEqual([1, 1, 2, 3, 4, 4, 4])
  })

  it('aborts the generation when the stream is cancelled', async () => {
    const model = fake(() => say('one two three'))
    const reader = readerOf(await fetchOf(model.generate)(URL, init()))
    await reader.read()
    expect(model.signals[0]?.aborted).toBe(false)
    await reader.cancel()
    expect(model.signals[0]?.aborted).toBe(true)
  })

  it('tells a fault in the middle as an error event', async () => {
    const fault = refusal(500, 'server_error', 'The server broke.')
    const generate = () => ({
      result: Promise.resolve<Completion>(fault),
      async *[Symbol.asyncIterator](): AsyncGenerator<Delta> {
        yield { kind: 'text', text: 'Well' }
      },
    })
    const text = await (await fetchOf(generate)(URL, init())).text()
    expect(text).toContain('data: {"error":{"message":"The server broke.","type":"server_error"')
    expect(text).not.toContain('[DONE]')
  })
})

describe('an abort', () => {
  it('rejects at once as fetch does, though the model never settles', async () => {
    const model = fake(() => never)
    for (const body of [hello, streaming]) {
      const controller = new AbortController()
      const { signal } = controller
      const asked = fetchOf(model.generate)(URL, {
        method: 'POST',
        body: JSON.stringify(body),
        signal,
      })
      await new Promise((resolve) => setImmediate(resolve))
      controller.abort()
      await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
      await expect(asked).rejects.toBeInstanceOf(DOMException)
      expect(model.signals.at(-1)?.aborted).toBe(true)
    }
  })

  it('rejects before anything is asked when it came before', async () => {
    const model = fake(() => say('one'))
    const asked = fetchOf(model.generate)(URL, init(AbortSignal.abort()))
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
    expect(model.requests).toEqual([])
  })

  it('rejects the read that waits in the middle of a stream', async () => {
    const controller = new AbortController()
    const generate = () => ({
      result: never,
      async *[Symbol.asyncIterator](): AsyncGenerator<Delta> {
        yield { kind: 'text', text: 'Well' }
        await never
      },
    })
    const reader = readerOf(await fetchOf(generate)(URL, init(controller.signal)))
    await reader.read()
    const waiting = reader.read()
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('rejects with the reason that was given', async () => {
    const controller = new AbortController()
    const asked = fetchOf(fake(() => never).generate)(URL, init(controller.signal))
    controller.abort(new Error('deadline'))
    await expect(asked).rejects.toThrow('deadline')
  })
})

describe('fetchOf', () => {
  it('takes a Request, an URL, and bodies that are no text, as fetch does', async () => {
    const fetched = fetchOf(fake(() => say('ok')).generate)
    expect((await fetched(post(hello))).status).toBe(200)
    const body = new TextEncoder().encode(JSON.stringify(hello))
    expect((await fetched(new globalThis.URL(URL), { method: 'post', body })).status).toBe(200)
    expect((await fetched('http://model.test/v1/models')).status).toBe(200)
    await expect(fetched('/v1/models')).rejects.toBeInstanceOf(TypeError)
  })
})
