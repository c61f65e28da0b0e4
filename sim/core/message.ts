// The words that every layer uses for what is said to a model and by it. Plain data.
import type { Tool } from '@modelcontextprotocol/sdk/types.js'

export type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js'

export type Role = 'system' | 'user' | 'assistant' | 'tool'

/** As spoken: `args` is text, JSON or not. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly args: string
}

/** Frozen by the machine: edit by replacement. */
export interface Message {
  readonly role: Role
  readonly content: string
  readonly calls?: readonly ToolCall[] | undefined
  readonly callId?: string | undefined
  readonly isError?: boolean | undefined
}

/** Frozen as a whole, calls and all: who wants another message makes one. */
export function frozen(message: Message): Message {
  if (message.calls !== undefined) Object.freeze(message.calls).forEach(Object.freeze)
  return Object.freeze(message)
}

/** Whether two lists offer the same: lists belong to the kernel, tools are nobody's to change. */
export const isSameOffer = (a: readonly Tool[], b: readonly Tool[]): boolean =>
  a.length === b.length && a.every((tool, i) => tool === b[i])

export type ToolChoice = 'auto' | 'none' | 'required'

export interface Request {
  readonly messages: readonly Message[]
  readonly tools?: readonly Tool[]
  readonly toolChoice?: ToolChoice
  /** Tokens the answer may have. */
  readonly maxTokens?: number
  /** In [0, 2]; 1 where nothing is said. */
  readonly temperature?: number
}

/** Tokens. `cached` is the part of `input` that is equal to the start of the conversation's last request. */
export interface Usage {
  readonly input: number
  readonly cached: number
  readonly output: number
}

export interface Refusal {
  readonly kind: 'refused'
  /** An HTTP status; 0 where the connection ended before the answer did. */
  readonly status: number
  readonly code: string
  readonly message: string
  readonly retryAfterMs?: number
}

export interface Spoken {
  readonly kind: 'message'
  readonly message: Message
  readonly finish: 'stop' | 'tool_calls' | 'length'
  readonly usage: Usage
}

/** Errors are data, as from a provider. */
export type Completion = Spoken | Refusal

/** A piece of an answer as it is spoken. `call` is the index of the call it belongs to. */
export type Delta =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly call: number; readonly id: string; readonly name: string }
  | { readonly kind: 'args'; readonly call: number; readonly text: string }
