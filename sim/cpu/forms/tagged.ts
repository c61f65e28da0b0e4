// Calling by tags: tools described in the system message, calls spoken as text, results told as text, in
// the form that open models were trained on (Nous Research, Hermes-Function-Calling, 2024): `<tools>`,
// `<tool_call>` and `<tool_response>`. A request that offers tools natively is not read for it.
import type { Message, Tool, ToolCall } from '../../core/message.ts'
import { isPlain } from '../schema.ts'
import type { Utterance } from '../thought.ts'
import type { Form } from './form.ts'

/** A tool as a prompt describes it, bare or as the chat protocols wrap it. */
interface Described {
  readonly name?: unknown
  readonly description?: unknown
  readonly parameters?: unknown
  readonly function?: Described
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toolOf(described: unknown): Tool[] {
  if (!isPlain(described)) return []
  const { name, description, parameters }: Described = isPlain(described.function)
    ? described.function
    : described
  if (typeof name !== 'string' || name === '') return []
  const schema = isPlain(parameters) ? parameters : {}
  return [
    {
      name,
      ...(typeof description === 'string' ? { description } : {}),
      inputSchema: { ...schema, type: 'object' },
    },
  ]
}

/** The tools that a system message describes. Empty for any other text. */
export const toolsIn = ({ role, content }: Message): Tool[] =>
  role === 'system' ? toolsBetween(/<tools>([\s\S]*?)<\/tools>/g, content) : []

/** The tools that are described in blocks of a text: a list, or one JSON object a line. */
export function toolsBetween(tags: RegExp, content: string): Tool[] {
  // The words around it may name the tags, too.
  return [...content.matchAll(tags)].flatMap(([, block = '']) => {
    const all = parsed(block)
    if (Array.isArray(all)) return all.flatMap(toolOf)
    return block.split('\n').flatMap((line) => toolOf(parsed(line)))
  })
}

const CALL = /<tool_call>\s*([\s\S]*?)\s*(?:<\/tool_call>|$)/g
const NAME = /"name"\s*:\s*"((?:[^"\\]|\\.)*)"/
const ARGUMENTS = /"arguments"\s*:\s*([\s\S]*)$/

/** The calls that a text speaks, JSON or not. `id` names the n-th one. */
export function callsIn(content: string, id: (n: number) => string): ToolCall[] {
  if (!content.includes('<tool_call>')) return []
  const calls: ToolCall[] = []
  for (const [, body = ''] of content.matchAll(CALL)) {
    const name = NAME.exec(body)?.[1]
    if (name === undefined) continue
    const whole = parsed(body)
    const args = isPlain(whole)
      ? JSON.stringify(whole.arguments ?? {})
      : (ARGUMENTS.exec(body)?.[1] ?? '').replace(/\}\s*$/, '')
    calls.push({ id: id(calls.length), name, args })
  }
  return calls
}

/** The results that a message tells, in the order of the calls that they answer. */
export function resultsIn(content: string): string[] {
  if (!content.includes('<tool_response>')) return []
  const results = content.matchAll(/<tool_response>\s*([\s\S]*?)\s*<\/tool_response>/g)
  return [...results].map(([, body = '']) => {
    const told = parsed(body)
    if (!isPlain(told) || !('content' in told)) return body
    return typeof told.content === 'string' ? told.content : JSON.stringify(told.content)
  })
}

const spoken = ({ name, args }: ToolCall): string =>
  `<tool_call>\n{"name": ${JSON.stringify(name)}, "arguments": ${args}}\n</tool_call>`

/** An utterance whose calls are spoken in its text. Arguments stay as they are, JSON or not. */
export function inText(utterance: Utterance): Utterance {
  const { content, calls } = utterance
  if (calls.length === 0) return utterance
  const texts = [content, ...calls.map(spoken)].filter((text) => text !== '')
  return { ...utterance, content: texts.join('\n'), calls: [] }
}

export const tagged: Form = {
  endsItself: false,
  isWhole: false,
  mark: '<tool_response>',
  toolsIn,
  callsIn,
  resultsIn: ({ content }) => resultsIn(content).map((text) => ({ text, isError: undefined })),
  inText,
}
