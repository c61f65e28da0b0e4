// From the text of a chat completion's body to the model's Request, or to what is wrong with it.
import type { Message, Request, Tool, ToolChoice } from '../core/message.ts'
import {
  type ChatBody,
  type ChatMessage,
  type ChatTool,
  chatBody,
  chatTools,
} from './chat-schema.ts'
import { explain } from './explain.ts'
import { BAD_JSON, invalidRequest, type Problem } from './problem.ts'

export interface ChatRequest {
  readonly kind: 'request'
  readonly model: string
  readonly request: Request
  readonly stream: boolean
  readonly includeUsage: boolean
}

type Content = string | readonly { readonly text: string }[] | null | undefined

function textOf(content: Content): string {
  if (typeof content === 'string') return content
  return content?.map((part) => part.text).join('') ?? ''
}

function messageOf(message: ChatMessage): Message {
  const content = textOf(message.content)
  switch (message.role) {
    case 'tool':
      return { role: 'tool', content, callId: message.tool_call_id }
    case 'assistant': {
      const said = content === '' ? (message.refusal ?? '') : content
      if (!message.tool_calls?.length) return { role: 'assistant', content: said }
      const calls = message.tool_calls.map(({ id, function: { name, arguments: args } }) => ({
        id,
        name,
        args,
      }))
      return { role: 'assistant', content: said, calls }
    }
    case 'developer':
      return { role: 'system', content }
    default:
      return { role: message.role, content }
  }
}

function toolOf({ function: { name, description, parameters } }: ChatTool): Tool {
  const inputSchema = { properties: {}, ...parameters, type: 'object' as const }
  return typeof description === 'string'
    ? { name, description, inputSchema }
    : { name, inputSchema }
}

type Offer = { readonly kind: 'offer'; readonly tools: readonly Tool[] } | Problem

/** Tools equal to the last request's become the same array: the model keeps what it read of it. */
function offers(): (body: ChatBody, only: string | undefined) => Offer {
  let lastText = ''
  let last: Offer = { kind: 'offer', tools: [] }
  return ({ tools }, only) => {
    const text = JSON.stringify([tools, only])
    if (text === lastText) return last
    lastText = text
    last = offer(tools, only)
    return last
  }
}

function offer(tools: ChatBody['tools'], only: string | undefined): Offer {
  const { success, data, error } = chatTools.safeParse({ tools })
  if (!success) return explain({ tools }, error.issues)
  const all = data.tools.map(toolOf)
  if (only === undefined) return { kind: 'offer', tools: all }
  const named = all.filter(({ name }) => name === only)
  if (named.length > 0) return { kind: 'offer', tools: named }
  const message = `Invalid value for 'tool_choice': function '${only}' is not found in 'tools'.`
  return invalidRequest(message, 'tool_choice', null)
}

function choiceOf(body: ChatBody): { toolChoice?: ToolChoice; only?: string } {
  const choice = body.tool_choice
  if (choice === null || choice === undefined) return {}
  // The machine's request has no named choice: it is a required call with one tool to be called.
  if (typeof choice === 'object') return { toolChoice: 'required', only: choice.function.name }
  return { toolChoice: choice }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A reader for one client's requests. Never throws. */
export function chatReader(): (text: string) => ChatRequest | Problem {
  const offered = offers()
  return (text) => {
    const json = parse(text)
    if (json === undefined) return BAD_JSON
    const { success, data: body, error } = chatBody.safeParse(json)
    if (!success) return explain(json, error.issues)
    const { toolChoice, only } = choiceOf(body)
    const request: { -readonly [K in keyof Request]: Request[K] } = {
      messages: body.messages.map(messageOf),
    }
    if (body.tools) {
      const offer = offered(body, only)
      if (offer.kind === 'problem') return offer
      request.tools = offer.tools
    } else if (toolChoice !== undefined) {
      const message =
        "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified."
      return invalidRequest(message, 'tool_choice', null)
    }
    if (toolChoice !== undefined) request.toolChoice = toolChoice
    const maxTokens = body.max_completion_tokens ?? body.max_tokens
    if (maxTokens) request.maxTokens = maxTokens
    if (typeof body.temperature === 'number') request.temperature = body.temperature
    const { model, stream, stream_options: options } = body
    const includeUsage = options?.include_usage ?? false
    return { kind: 'request', model, request, stream: stream ?? false, includeUsage }
  }
}
