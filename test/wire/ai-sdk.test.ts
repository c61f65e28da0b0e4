// The Vercel AI SDK, unmodified, with its own tool loop, against the simulated model.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText, stepCountIs, streamText, tool } from 'ai'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Fake, fake, refusal, say, weather } from './fake.ts'
import { type Reached, TRANSPORTS } from './transports.ts'

const tools = {
  get_weather: tool({
    description: 'The weather of a city.',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `sunny in ${city}`,
  }),
}

describe.each(TRANSPORTS)('the AI SDK, %s,', (_name, reach) => {
  let reached: Reached | undefined
  const asked = async (model: Fake) => {
    reached = await reach(model)
    const { baseURL, fetch } = reached
    const provider = createOpenAICompatible({ name: 'enosys', baseURL, fetch, includeUsage: true })
    const prompt = 'What is the weather in Paris?'
    return { model: provider('enosys'), tools, prompt, stopWhen: stepCountIs(5), maxRetries: 1 }
  }
  afterEach(() => reached?.close())

  it('loops over tools with generateText', async () => {
    const model = weather()
    const { text, steps, totalUsage } = await generateText(await asked(model))
    expect(text).toBe('It is sunny in Paris there.')
    expect(steps).toHaveLength(2)
    expect(totalUsage.inputTokens).toBe(200)
    expect(model.requests[1]?.tools).toBe(model.requests[0]?.tools)
  })

  it('loops over tools with streamText', async () => {
    const model = weather()
    const result = streamText(await asked(model))
    let text = ''
    for await (const piece of result.textStream) text += piece
    expect(text).toBe('It is sunny in Paris there.')
    expect(await result.finishReason).toBe('stop')
    expect((await result.totalUsage).outputTokens).toBe(14)
    expect(model.requests).toHaveLength(2)
  })

  it('retries after a refusal with a wait', async () => {
    const slow = refusal(429, 'rate_limit_exceeded', 'Slow down.', 20)
    const model = fake((_request, n) => (n === 1 ? slow : say('hello')))
    expect((await generateText(await asked(model))).text).toBe('hello')
  })

  it('reads the words of a refusal', async () => {
    const model = fake(() => refusal(400, 'context_length_exceeded', 'Too long.'))
    await expect(generateText(await asked(model))).rejects.toThrow('Too long.')
  })
})
