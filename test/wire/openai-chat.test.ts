// What the wire makes of a body, and of what the model says.
import { describe, expect, it } from 'vitest'
import { chatHandler } from '../../sim/wire/openai-chat.ts'
import { fake, hello, post, refusal, say, weather } from './fake.ts'

const TOOL = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}

describe('a chat completion', () => {
  it('translates every role, text parts and calls', async () => {
    const model = fake(() => say('ok'))
    const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":' } }
    const body = {
      model: 'any',
      messages: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'system',
          content: [
            { type: 'text', text: 'Be ' },
            { type: 'text', text: 'kind.' },
          ],
        },
        { role: 'user', content: 'hello', name: 'ann' },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 'done' }] },
        { role: 'assistant', content: 'Well.', tool_calls: [] },
      ],
      temperature: 0.3,
    }
    expect((await chatHandler(model.generate)(post(body))).status).toBe(200)
    expect(model.requests).toEqual([
      {
        temperature: 0.3,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: 'hello' },
          { role: 'assistant', content: '', calls: [{ id: 'c1', name: 'f', args: '{"a":' }] },
          { role: 'tool', content: 'done', callId: 'c1' },
          { role: 'assistant', content: 'Well.' },
        ],
      },
    ])
  })

  it('translates tools, tool choice and bounds', async () => {
    const model = fake(() => say('ok'))
    const bare = { type: 'function', function: { name: 'now' } }
    const bounds = { tool_choice: 'required', max_tokens: 9, temperature: 0 }
    const body = { ...hello, tools: [TOOL, bare], ...bounds }
    await chatHandler(model.generate)(post(body))
    const [request] = model.requests
    expect(request?.toolChoice).toBe('required')
    expect(request?.maxTokens).toBe(9)
    expect(request?.temperature).toBe(0)
    expect(request?.tools).toEqual([
      {
        name: 'get_weather',
        description: 'The weather of a city.',
        inputSchema: TOOL.function.parameters,
      },
      { name: 'now', inputSchema: { type: 'object', properties: {} } },
    ])
  })

  it('makes a named tool choice a required call with that tool alone', async () => {
    const model = fake(() => say('ok'))
    const other = { type: 'function', function: { name: 'now' } }
    const choice = { type: 'function', function: { name: 'now' } }
    await chatHandler(model.generate)(post({ ...hello, tools: [TOOL, other], tool_choice: choice }))
    expect(model.requests[0]?.toolChoice).toBe('required')
    expect(model.requests[0]?.tools?.map(({ name }) => name)).toEqual(['now'])
  })

  it('gives the same array for the same tools, and another for others', async () => {
    const model = fake(() => say('ok'))
    const handle = chatHandler(model.generate)
    await handle(post({ ...hello, tools: [TOOL] }))
    await handle(post({ ...hello, tools: [TOOL] }))
    await handle(post({ ...hello, tools: [TOOL, { ...TOOL }] }))
    const [first, second, third] = model.requests
    expect(second?.tools).toBe(first?.tools)
    expect(third?.tools).not.toBe(first?.tools)
  })

  it('answers in the provider form, with ids in order', async () => {
    const handle = chatHandler(weather().generate)
    const response = await handle(post(hello))
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 0,
      model: 'enosys',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: null,
            refusal: null,
            tool_calls: [
              {
                id: 'call_1',
                type: 'function',
                function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
              },
            ],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 100,
        completion_tokens: 7,
        total_tokens: 107,
        prompt_tokens_details: { cached_tokens: 40 },
      },
    })
    expect(await (await handle(post(hello))).json()).toMatchObject({ id: 'chatcmpl-2' })
  })

  it.each([false, true])('answers a refusal with its status, stream: %s', async (stream) => {
    const model = fake(() => refusal(429, 'rate_limit_exceeded', 'Slow down.', 1200))
    const response = await chatHandler(model.generate)(post({ ...hello, stream }))
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('2')
    expect(response.headers.get('retry-after-ms')).toBe('1200')
    expect(await response.json()).toEqual({
      error: { message: 'Slow down.', type: 'requests', param: null, code: 'rate_limit_exceeded' },
    })
  })
})

describe('the other routes', () => {
  const handle = chatHandler(weather().generate, { models: ['enosys', 'org/other'] })
  const at = (path: string, method = 'GET') =>
    handle(new Request(`http://model.test${path}`, { method }))

  it('list models and show one', async () => {
    const listed = await (await at('/v1/models')).json()
    expect(listed).toMatchObject({ object: 'list', data: [{ id: 'enosys' }, { id: 'org/other' }] })
    expect(await (await at('/v1/models/org%2Fother')).json()).toMatchObject({ id: 'org/other' })
    expect((await at('/v1/models/%zz')).status).toBe(404)
  })

  it('answer HEAD / and refuse what is unknown', async () => {
    expect((await at('/', 'HEAD')).status).toBe(200)
    const unknown = await at('/v1/responses', 'POST')
    expect(unknown.status).toBe(404)
    expect(await unknown.json()).toMatchObject({
      error: { message: 'Invalid URL (POST /v1/responses)', type: 'invalid_request_error' },
    })
    const wrong = await at('/v1/chat/completions')
    expect(wrong.status).toBe(405)
    expect(wrong.headers.get('allow')).toBe('POST')
  })
})
