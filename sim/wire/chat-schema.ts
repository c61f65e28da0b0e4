// The body of POST /chat/completions, as far as a simulated model has a use for it.
// Sampling parameters are ignored.
// @see https://platform.openai.com/docs/api-reference/chat/create (2026)
import { z } from 'zod'

const part = z.object({ type: z.literal('text'), text: z.string() })

const content = z.union([z.string(), z.array(part)])

const call = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
})

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer', 'user']), content }),
  z.object({
    role: z.literal('assistant'),
    content: content.nullish(),
    refusal: z.string().nullish(),
    tool_calls: z.array(call).nullish(),
  }),
  z.object({ role: z.literal('tool'), content, tool_call_id: z.string() }),
])

const named = z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) })

const tokens = z.int().min(1).nullish()

/** Tools are left as they are: they are checked only where they differ from the last request's. */
export const chatBody = z.object({
  model: z.string(),
  messages: z.array(message),
  tools: z.array(z.unknown()).min(1).nullish(),
  tool_choice: z.union([z.enum(['none', 'auto', 'required']), named]).nullish(),
  max_tokens: tokens,
  max_completion_tokens: tokens,
  temperature: z.number().min(0).max(2).nullish(),
  n: z.int().min(1).max(1).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
})

const objectSchema = z.looseObject({
  type: z.literal('object').optional(),
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  required: z.array(z.string()).optional(),
})

export const chatTools = z.object({
  tools: z.array(
    z.object({
      type: z.literal('function'),
      function: z.object({
        name: z
          .string()
          .regex(/^[a-zA-Z0-9_-]+$/)
          .max(64),
        description: z.string().nullish(),
        parameters: objectSchema.nullish(),
      }),
    }),
  ),
})

export type ChatBody = z.infer<typeof chatBody>
export type ChatMessage = z.infer<typeof message>
export type ChatTool = z.infer<typeof chatTools>['tools'][number]
