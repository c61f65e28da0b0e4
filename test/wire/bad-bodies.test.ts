// Every bad body is refused in the provider's words, and the next good one is answered.
import { describe, expect, it } from 'vitest'
import { chatHandler } from '../../sim/wire/openai-chat.ts'
import { fake, hello, post, say } from './fake.ts'

const user = hello.messages[0]
const withMessage = (message: unknown) => ({ model: 'm', messages: [user, message] })
const withTool = (named: unknown) => ({ ...hello, tools: [{ type: 'function', function: named }] })

const CASES: readonly [name: string, body: unknown, message: string, param: string | null][] = [
  ['text that is not JSON', '{"model":', 'We could not parse the JSON body of your request.', null],
  ['an empty body', '', 'We could not parse the JSON body of your request.', null],
  [
    'a body that is a list',
    [],
    "Invalid type for 'body': expected an object, but got an array",
    'body',
  ],
  ['no model', { messages: [user] }, "Missing required parameter: 'model'.", 'model'],
  ['no messages', { model: 'm' }, "Missing required parameter: 'messages'.", 'messages'],
  [
    'messages that are text',
    { model: 'm', messages: 'hello' },
    "Invalid type for 'messages': expected an array, but got a string instead.",
    'messages',
  ],
  [
    'an unknown role',
    withMessage({ role: 'robot', content: 'hi' }),
    "Invalid value: 'robot'. Supported values are: 'system', 'developer', 'user', 'assist",
    'messages[1].role',
  ],
  [
    'no role',
    withMessage({ content: 'hi' }),
    "Missing required parameter: 'messages[1].role'.",
    'messages[1].role',
  ],
  [
    'no content',
    withMessage({ role: 'user' }),
    "Missing required parameter: 'messages[1].content'.",
    'messages[1].content',
  ],
  [
    'content that is a number',
    withMessage({ role: 'user', content: 5 }),
    "Invalid type for 'messages[1].content': expected one of a string or array of objects, but got",
    'messages[1].content',
  ],
  [
    'an image',
    withMessage({ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }),
    "Invalid value: 'image_url'. Supported values are: 'text'.",
    'messages[1].content[0].type',
  ],
  [
    'a tool result without the id of its call',
    withMessage({ role: 'tool', content: 'x' }),
    "Missing required parameter: 'messages[1].tool_call_id'.",
    'messages[1].tool_call_id',
  ],
  [
    'arguments that are no text',
    withMessage({
      role: 'assistant',
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: {} } }],
    }),
    "Invalid type for 'messages[1].tool_calls[0].function.arguments': expected a string",
    'messages[1].tool_calls[0].function.arguments',
  ],
  ['an empty list of tools', { ...hello, tools: [] }, "Invalid 'tools': empty array.", 'tools'],
  [
    'a tool of another type',
    { ...hello, tools: [{ type: 'custom' }] },
    "Invalid value: 'custom'. Supported values are: 'function'.",
    'tools[0].type',
  ],
  [
    'a tool name with a blank',
    withTool({ name: 'read file' }),
    "Invalid 'tools[0].function.name': string does not match pattern.",
    'tools[0].function.name',
  ],
  [
    'a tool name that is too long',
    withTool({ name: 'x'.repeat(65) }),
    "Invalid 'tools[0].function.name': string too long.",
    'tools[0].function.name',
  ],
  [
    'parameters that are no object',
    withTool({ name: 'f', parameters: { type: 'string' } }),
    "Invalid value: 'string'. Supported values are: 'object'.",
    'tools[0].function.parameters.type',
  ],
  [
    'a tool choice without tools',
    { ...hello, tool_choice: 'auto' },
    "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
    'tool_choice',
  ],
  [
    'an unknown tool choice',
    { ...withTool({ name: 'f' }), tool_choice: 'any' },
    "Invalid value: 'any'. Supported values are: 'none', 'auto', 'required'.",
    'tool_choice',
  ],
  [
    'a tool choice that names no tool',
    { ...withTool({ name: 'f' }), tool_choice: { type: 'function', function: { name: 'g' } } },
    "Invalid value for 'tool_choice': function 'g' is not found in 'tools'.",
    'tool_choice',
  ],
  [
    'two choices',
    { ...hello, n: 2 },
    "Invalid 'n': integer above maximum value. Expected a value <= 1, but got 2 instead.",
    'n',
  ],
  [
    'an answer of no tokens',
    { ...hello, max_tokens: 0 },
    "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.",
    'max_tokens',
  ],
  [
    'too hot',
    { ...hello, temperature: 2.5 },
    "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
    'temperature',
  ],
  [
    'a temperature in words',
    { ...hello, temperature: 'warm' },
    "Invalid type for 'temperature': expected a decimal, but got a string instead.",
    'temperature',
  ],
  [
    'half a token',
    { ...hello, max_completion_tokens: 0.5 },
    "Invalid type for 'max_completion_tokens': expected an integer, but got a decimal",
    'max_completion_tokens',
  ],
]

describe('a bad body', () => {
  const model = fake(() => say('ok'))
  const handle = chatHandler(model.generate)

  it.each(CASES)('is refused: %s', async (_name, body, message, param) => {
    const asked = model.requests.length
    const response = await handle(post(body))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining(message), type: 'invalid_request_error', param },
    })
    expect(model.requests).toHaveLength(asked)
    expect((await handle(post(hello))).status).toBe(200)
  })

  it('is refused when it is over 10 MiB, in bytes', async () => {
    const content = 'é'.repeat(6 * 1024 * 1024)
    const response = await handle(post({ model: 'm', messages: [{ role: 'user', content }] }))
    expect(response.status).toBe(413)
    expect((await handle(post(hello))).status).toBe(200)
  })

  it('is refused again when its tools are sent again', async () => {
    const body = withTool({ name: 'read file' })
    expect((await handle(post(body))).status).toBe(400)
    expect((await handle(post(body))).status).toBe(400)
  })
})
