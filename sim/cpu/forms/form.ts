// Forms: how calls are spoken where no tool is offered natively. A form is known by the first messages of a
// window, which describe it; it says which tools are so offered, and reads and speaks calls as text.
import type { Message, Tool, ToolCall } from '../../core/message.ts'
import type { Utterance } from '../thought.ts'

/** What came of a call, as a message tells it. */
export interface Told {
  readonly text: string
  /** Undefined where the form does not say: then the words do. */
  readonly isError: boolean | undefined
}

/** All of it is total: no text throws. */
export interface Form {
  /** The end of the work is said in the form itself: no tool and no command is needed for it. */
  readonly endsItself: boolean
  /** A message that answers calls is what came of them from its first word to its last. */
  readonly isWhole: boolean
  /** What stands in a message that tells results, where such a one is marked. */
  readonly mark: string | undefined
  /** The tools that a message offers in this form; none for any other message. */
  toolsIn(message: Message): readonly Tool[]
  /** The calls that a text speaks, well formed or not. `id` names the n-th one. */
  callsIn(content: string, id: (n: number) => string): ToolCall[]
  /** What a message tells of the calls that nothing was told of yet, in their order. */
  resultsIn(message: Message, asked: readonly ToolCall[]): readonly Told[]
  /** What is to be said, as text alone. */
  inText(utterance: Utterance): Utterance
}

/** A form that a window describes, with what it offers. */
export interface Described {
  readonly form: Form
  readonly tools: readonly Tool[]
}

/** So many messages at the start of a window can describe a form. */
const LEADING = 4

/** The forms that texts describe, remembered by the text. */
export class Forms {
  readonly #forms: readonly Form[]
  readonly #known = { system: new Map<string, Found>(), user: new Map<string, Found>() }

  constructor(forms: readonly Form[]) {
    this.#forms = forms
  }

  /** What the messages before the first answer describe. */
  of(messages: readonly Message[]): Described | undefined {
    for (let i = 0; i < Math.min(messages.length, LEADING); i++) {
      const message = messages[i] as Message
      const { role } = message
      if (role !== 'system' && role !== 'user') return undefined
      const known = this.#known[role]
      let found = known.get(message.content)
      if (found === undefined) {
        found = this.#described(message)
        known.set(message.content, found)
      }
      if (found !== 'none') return found
    }
    return undefined
  }

  #described(message: Message): Found {
    for (const form of this.#forms) {
      const tools = form.toolsIn(message)
      if (tools.length > 0) return { form, tools }
    }
    return 'none'
  }
}

type Found = Described | 'none'
