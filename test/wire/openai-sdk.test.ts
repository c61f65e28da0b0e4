// The openai package, unmodified, against the simulated model.
import OpenAI from 'openai'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Fake, fake, refusal, say, weather } from './fake.ts'
import { type Reached, TRANSPORTS } from './transports.ts'

const MESSAGES = [{ role: 'user' as const, content: 'What is the weather in Paris?' }]
const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } } }
const TOOL = {
  type: 'function' as const,
  function: { name: 'get_weather', description: 'The weather.', parameters: PARAMETERS },
}
const asked = { model: 'enosys', messages: MESSAGES, tools: [TOOL] }

describe.each(TRANSPORTS)('the openai package, %s,', (_name, reach) => {
  let reached: Reached | undefined
  const clientOf = async (model: Fake): Promise<OpenAI> => {
    reached = await reach(model)
    return new OpenAI({ apiKey: 'none', baseURL: reached.baseURL, fetch: reached.fetch })
  }
  afterEach(async () => {
    vi.restoreAllMocks()
    await reached?.close()
  })

  it('gets a completion with calls', async () => {
    const client = await clientOf(weather())
    const { choices, usage } = await client.chat.completions.create(asked)
    expect(choices[0]?.finish_reason).toBe('tool_calls')
    expect(choices[0]?.message.tool_calls).toEqual([
      {
        id: 'call_1',
        type: 'function',
        function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
      },
    ])
    expect(usage?.prompt_tokens_details?.cached_tokens).toBe(40)
  })

  it('streams to the same completion', async () => {
    const client = await clientOf(weather())
    const whole = await client.chat.completions.create(asked)
    const options = { stream_options: { include_usage: true } }
    const streamed = await client.chat.completions
      .stream({ ...asked, ...options })
      .finalChatCompletion()
    expect(streamed.choices[0]?.finish_reason).toBe('tool_calls')
    expect(streamed.choices[0]?.message.tool_calls).toMatchObject(
      whole.choices[0]?.message.tool_calls ?? [],
    )
    expect(streamed.usage).toEqual(whole.usage)
  })

  it.each([false, true])('runs tools to the end, stream: %s', async (stream) => {
    const model = weather()
    const client = await clientOf(model)
    const told: unknown[] = []
    const tool = {
      type: 'function' as const,
      function: {
        ...TOOL.function,
        parse: JSON.parse,
        function: (args: unknown) => {
          told.push(args)
          return 'sunny'
        },
      },
    }
    const body = { model: 'enosys', messages: MESSAGES, tools: [tool] }
    const { completions } = client.chat
    const runner = stream
      ? completions.runTools({ ...body, stream: true })
      : completions.runTools(body)
    expect(await runner.finalContent()).toBe('It is sunny there.')
    expect(told).toEqual([{ city: 'Paris' }])
    expect(model.requests[1]?.messages.slice(1)).toMatchObject([
      { role: 'assistant', calls: [{ id: 'call_1', args: '{"city":"Paris"}' }] },
      { role: 'tool', callId: 'call_1', content: 'sunny' },
    ])
  })

  it('waits as long as a refusal says, and asks again', async () => {
    const slow = refusal(429, 'rate_limit_exceeded', 'Slow down.', 37)
    const model = fake((_request, n) => (n === 1 ? slow : say('hello')))
    const client = await clientOf(model)
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const { choices } = await client.chat.completions.create(asked)
    expect(choices[0]?.message.content).toBe('hello')
    expect(model.requests).toHaveLength(2)
    expect(timers.mock.calls.map(([, ms]) => ms)).toContain(37)
  })

  it.each([false, true])('reads the code of a refusal, stream: %s', async (stream) => {
    const code = 'context_length_exceeded'
    const client = await clientOf(fake(() => refusal(400, code, 'Too long.')))
    const failed = client.chat.completions.create({ ...asked, stream })
    await expect(failed).rejects.toBeInstanceOf(OpenAI.BadRequestError)
    await expect(failed).rejects.toMatchObject({ status: 400, code, param: 'messages' })
  })

  it('is told of an orphan tool result in the words of the model, and lives on', async () => {
    const message = "messages with role 'tool' must be a response to a preceeding message"
    const model = fake(({ messages }) =>
      messages[0]?.role === 'tool' ? refusal(400, 'invalid_request_error', message) : say('ok'),
    )
    const client = await clientOf(model)
    const orphan = { role: 'tool' as const, tool_call_id: 'none', content: 'x' }
    const failed = client.chat.completions.create({ model: 'enosys', messages: [orphan] })
    await expect(failed).rejects.toThrow(message)
    expect((await client.chat.completions.create(asked)).choices[0]?.message.content).toBe('ok')
  })

  it('aborts the model when its stream is left', async () => {
    const model = fake(() => say('word '.repeat(100_000)))
    const client = await clientOf(model)
    const stream = await client.chat.completions.create({ ...asked, stream: true })
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content === 'word ') break
    }
    await vi.waitFor(() => expect(model.signals[0]?.aborted).toBe(true))
    expect(model.pulled).toBeLessThan(100_000)
  })

  it('lists models', async () => {
    const client = await clientOf(weather())
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['enosys'])
    expect((await client.models.retrieve('enosys')).id).toBe('enosys')
  })
})
