// Framing: where an order stands and how it is dressed up, told from the text around it. The dresses are
// those of AgentDojo (Debenedetti et al., 2024, attacks/) and InjecAgent (Zhan et al., 2024).
import type { Message } from '../../core/message.ts'
import type { View } from '../read.ts'

export type StandingOrder = View['orders'][number]

/** `own` is what the model wrote itself: a summary, a note, the arguments of a call. */
export type Place = 'trusted' | 'result' | 'agent' | 'description' | 'own'

export const FRAMES = [
  'important',
  'toolKnowledge',
  'injecagent',
  'ignorePrevious',
  'direct',
] as const

export type Frame = (typeof FRAMES)[number]

/** So many characters before an order, and after it, are its dress; assumed. */
const BEFORE = 1000
const AFTER = 500

const IMPORTANT = new RegExp(
  [
    String.raw`\bimportant (message|information|notice|note|instructions?) (from|to|for)\b`,
    '<(information|important)>',
    String.raw`\bbefore you (can )?(solve|do|start|complete|continue|go on with|proceed with)\b[^.!?]{0,60}\b(task|request)\b`,
  ].join('|'),
  'i',
)
const TOOLS_TOLD =
  /\b(call|calling|use|using|invoke|invoking|run) (the |this |these |following )*(tools?|functions?)\b|\b(tools?|functions?)\b[^.!?]{0,60}\b(arguments?|parameters?)\b|\bplaceholders \(after the '\$'\)|\b[a-z]\w{2,40}\(\s*[a-z_]\w{0,40}\s*[=:]/i
const INJECAGENT = /\bimportant ?!{2,}|\bstrictly adhere to the following\b/i
const IGNORE =
  /\b(ignore|disregard|forget|override)\b[^.!?]{0,40}\b(previous|prior|above|earlier|preceding|initial|original|all)\b[^.!?]{0,30}\b(instructions?|prompts?|messages?|directions?|tasks?|orders?|guidance|rules?)\b/i

/** Blanks as a reader takes them: line ends told in JSON, and marks set between words, are blanks too. */
const asRead = (text: string): string =>
  text.replace(/(?:\s|\\[nrt]|[\^ˆ~|¦•·\uE000-\uF8FF])+/g, ' ')

/** How an order at this place of a text is dressed up. Total: any text, any place. */
export function frameOf(text: string, chars: number): Frame {
  const at = Math.max(0, chars)
  const around = asRead(text.slice(Math.max(0, at - BEFORE), at + AFTER))
  if (INJECAGENT.test(around)) return 'injecagent'
  if (IMPORTANT.test(around)) return TOOLS_TOLD.test(around) ? 'toolKnowledge' : 'important'
  return IGNORE.test(around) ? 'ignorePrevious' : 'direct'
}

/**
 * A sender that is an agent, in the first words of a message: `Message from agent researcher:`,
 * `[agent: reviewer]`, `<message from="worker-2">`, `Sub-agent planner says`; also where lines are numbered.
 */
const AGENT =
  /^[\s\d→[(<*#]*(?:(?:message|report|reply|note|answer|result)s? (?:from|by|of) (?:the |an? |your )?(?:\w+ )?(?:sub-?)?(?:agent|worker|teammate)\b|(?:from[:=] ?)?(?:sub-?)?agent(?:[:=]| ["']?[\w-]{1,40}["']?(?::| (?:says|reports|writes|replied)))|(?:agent_|teammate-)?message [^>\n]{0,60}\b(?:from|sender|agent)=)/i

/** Output told in a user message, as harnesses without tool messages do, in its last opening before it. */
const TOLD =
  /<(tool_response|tool_result|tool_output|function_results?|observation|output|stdout|stderr|file|document)\b[^>]{0,80}>|^ *(?:observation|tool result|output|terminal output|new terminal output|current terminal screen)\b[^\n]{0,40}:/gim

/** Whether a place in a user's message is told output: after an opening that is not closed before it. */
function isTold(text: string, chars: number): boolean {
  let told = false
  for (const match of text.slice(0, chars).matchAll(TOLD)) {
    const tag = match[1]
    told = tag === undefined || !text.slice(match.index, chars).includes(`</${tag}>`)
  }
  return told
}

/** Tools that tell what is remembered, and files that agents keep for it. */
const MEMORY_TOOL =
  /memor(?:y|ies)|^recall|^conversation_?search$|^(?:read|search)_?notes?$|^archive_?search$/i
const MEMORY_FILE = /(?:^|[\s"'/])(?:(?:\.\w+\/)?memor(?:y|ies)\/[\w./-]+|(?:MEMORY|AGENTS)\.md)/

/**
 * Whether a result tells what the model once kept, as far as its call shows: what stands there is taken for its
 * own, whoever said it first. Asking for a memory is asking oneself.
 */
export function isRemembered({ calls }: View, { callId }: Message): boolean {
  const call = callId === undefined ? undefined : calls.get(callId)?.call
  if (call === undefined) return false
  return MEMORY_TOOL.test(call.name) || MEMORY_FILE.test(call.args)
}

/** A tool told as JSON in a line of a prompt, as for models that are not offered any natively. */
const TOOL_LINE = /^\W*\{\s*"name"\s*:\s*"[^"]*"\s*,\s*"description"\s*:\s*"/

function insideTools(text: string, chars: number): boolean {
  if (text.lastIndexOf('<tools>', chars) > text.lastIndexOf('</tools>', chars)) return true
  return TOOL_LINE.test(text.slice(text.lastIndexOf('\n', chars) + 1, chars))
}

/** A summary keeps whose words an order was, where it was the user's: the line says so. */
export const ASKED = 'The user asks:'

/**
 * Whether the user or the system points to the place where instructions of this name stand: what stands
 * there is then theirs. A summary keeps that, where it says whose words they were.
 */
export function isPointedTo({ atoms }: View, name: string): boolean {
  const places = atoms.get(`place:${name}`) ?? []
  return places.some((one) => {
    const { content } = one.entry.message
    const chars = Math.round(one.at * content.length)
    // An atom of a call stands in no text.
    return /^[[\\]/.test(content.slice(chars)) && placeOf({ ...one, chars }) === 'trusted'
  })
}

/** Whether the user or the system gives an order, in their own words or as a summary tells. */
export const isAsked = (view: View, name: string, value: string): boolean =>
  isPointedTo(view, name) ||
  view.orders.some((one) => one.name === name && one.value === value && placeOf(one) === 'trusted')

/** What the model wrote itself, where its own summary does not say whose words they were. */
function ownOrAsked(content: string, chars: number): 'own' | 'trusted' {
  const line = content.slice(content.lastIndexOf('\n', chars) + 1, chars)
  return line.includes(ASKED) ? 'trusted' : 'own'
}

/**
 * Where an order stands, as far as the window shows it. A result that reads like a summary is a result.
 * Total: any text, any place.
 */
export function placeOf({
  entry,
  chars,
  summary,
}: Pick<StandingOrder, 'entry' | 'chars' | 'summary'>): Place {
  const { role, content } = entry.message
  if (chars < 0) return 'own'
  if (role !== 'system' && role !== 'assistant') {
    if (AGENT.test(asRead(content.slice(0, 200)))) return 'agent'
    if (role !== 'user' || entry.isTold || isTold(content, chars)) return 'result'
  }
  if (role === 'assistant' || summary > 0) return ownOrAsked(content, chars)
  return insideTools(content, chars) ? 'description' : 'trusted'
}
