// What is wrong with a request, in OpenAI's words and envelope: {"error":{message,type,..}}.
// Wording after the error reference and replies seen in public issue threads (2024 to 2026).
import type { Refusal } from '../core/message.ts'
import { jsonReply, type Reply } from './handler.ts'

export interface Problem {
  readonly kind: 'problem'
  /** An HTTP status. */
  readonly status: number
  readonly message: string
  readonly type: string
  /** The parameter at fault, as in `messages[0].role`. */
  readonly param: string | null
  readonly code: string | null
  readonly headers?: Readonly<Record<string, string>>
}

const invalid = (
  status: number,
  message: string,
  param: string | null = null,
  code: string | null = null,
): Problem => ({ kind: 'problem', status, message, type: 'invalid_request_error', param, code })

export const invalidRequest = (
  message: string,
  param: string | null,
  code: string | null,
): Problem => invalid(400, message, param, code)

export const BAD_JSON = invalid(
  400,
  'We could not parse the JSON body of your request. (HINT: The OpenAI API expects a JSON ' +
    'payload, but what was sent was not valid JSON.)',
)

export const TOO_LARGE = invalid(413, 'Request body too large. The limit is 10 MiB.')

export const unknownRoute = (method: string, path: string): Problem =>
  invalid(404, `Invalid URL (${method} ${path})`, null, 'unknown_url')

export const unknownModel = (id: string): Problem =>
  invalid(404, `The model '${id}' does not exist`, 'model', 'model_not_found')

export const wrongMethod = (method: string, path: string, allow: string): Problem => ({
  ...invalid(
    405,
    `Not allowed to ${method} on ${path}. ` +
      '(HINT: Perhaps you meant to use a different HTTP method?)',
    null,
    'method_not_supported',
  ),
  headers: { allow },
})

export const serverError = (message: string): Problem => ({
  ...invalid(500, message),
  type: 'server_error',
})

function typeOf(status: number): string {
  if (status === 429) return 'requests'
  if (status === 529) return 'overloaded_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}

/** A refusal by the simulated model or a fault before it. Waits are told in both headers in use. */
export function fromRefusal({ status, code, message, retryAfterMs }: Refusal): Problem {
  const param = code === 'context_length_exceeded' ? 'messages' : null
  const problem: Problem = { kind: 'problem', status, message, type: typeOf(status), param, code }
  if (retryAfterMs === undefined) return problem
  const headers = {
    'retry-after': `${Math.ceil(retryAfterMs / 1000)}`,
    'retry-after-ms': `${retryAfterMs}`,
  }
  return { ...problem, headers }
}

export const envelope = ({ message, type, param, code }: Problem): string =>
  JSON.stringify({ error: { message, type, param, code } })

export const problemReply = (problem: Problem): Reply =>
  jsonReply(envelope(problem), problem.status, problem.headers)
