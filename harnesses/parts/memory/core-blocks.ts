// Core memory: blocks of limited size that stand in the system message of every request and that the model
// edits with two tools. They are the user's: they outlive jobs and crashes. What stands there is read as the
// system's own words, whoever said it first. The form is that of 2023, errors are those of the legacy server;
// a block held 2,000 characters in 2023, when a window held 8,000 tokens, and holds 20,000 since.

import { failed, offering, ownTool, said, textOf } from '../../hands/own-tools.ts'
import { behindSystem, type Kept, type Store, storeOf } from '../../kept/store.ts'
import { type Args, type Conversation, part, type Result } from '../../kernel.ts'

/** A block as it is since an edit. */
interface Block extends Kept {
  readonly label: string
}

interface Constants {
  readonly labels: readonly string[]
  readonly persona: string
  readonly limitChars: number
}

const STORE = 'memory.core'

const storeIn = ({ memo }: Conversation): Store<Block> | undefined =>
  memo.get(STORE) as Store<Block> | undefined

const textIn = (c: Conversation, label: string, { persona }: Constants): string =>
  storeIn(c)?.records.findLast((block) => block.label === label)?.text ??
  (label === 'persona' ? persona : '')

const limitOf = (c: Conversation, { limitChars }: Constants): number =>
  Math.floor(limitChars * c.scale)

/** Behind the system prompt, as the model sees them. */
function shown(c: Conversation, constants: Constants): string {
  const limit = limitOf(c, constants)
  const blocks = constants.labels.map((label) => {
    const value = textIn(c, label, constants)
    return `<${label} characters="${value.length}/${limit}">\n${value}\n</${label}>`
  })
  return `\n\n### Memory\nCore memory shown below (limited in size, additional information stored in archival / recall memory):\n${blocks.join('\n')}`
}

type Edit = (args: Args, c: Conversation, constants: Constants) => Promise<Result>

async function set(c: Conversation, block: Block, constants: Constants): Promise<Result> {
  const { label, text } = block
  const limit = limitOf(c, constants)
  if (text.length > limit)
    return failed(
      `Edit failed: Exceeds ${limit} character limit (requested ${text.length}). Consider summarizing existing core memories in '${label}' and/or moving lower priority content to archival memory to free up space in core memory, then trying again.`,
    )
  await storeIn(c)?.add(block)
  return said(`${label}: ${text.length} of ${limit} characters.`)
}

const append: Edit = (args, c, constants) => {
  const label = textOf(args, 'label')
  const before = textIn(c, label, constants)
  const content = textOf(args, 'content')
  return set(c, { label, text: before === '' ? content : `${before}\n${content}` }, constants)
}

const replace: Edit = async (args, c, constants) => {
  const label = textOf(args, 'label')
  const old = textOf(args, 'old_content')
  const before = textIn(c, label, constants)
  if (!before.includes(old))
    return failed(`Old content '${old}' not found in memory block '${label}'`)
  return set(
    c,
    { label, text: before.replaceAll(old, () => textOf(args, 'new_content')) },
    constants,
  )
}

function toolsOf(constants: Constants) {
  const { labels } = constants
  const known =
    (edit: Edit) =>
    async (args: Args, c: Conversation): Promise<Result> => {
      const label = textOf(args, 'label')
      if (labels.includes(label)) return edit(args, c, constants)
      const sections = labels.join(', ')
      return failed(`Block field ${label} does not exist (available sections = ${sections})`)
    }
  const description = `Section of the memory to be edited (${labels.join(' or ')}).`
  const label = { type: 'string', enum: labels, description }
  return [
    ownTool({
      name: 'core_memory_append',
      description: 'Append to the contents of core memory.',
      takes: { label, content: 'Content to write to the memory.' },
      run: known(append),
    }),
    ownTool({
      name: 'core_memory_replace',
      description:
        'Replace the contents of core memory. To delete memories, use an empty string for new_content.',
      takes: {
        label,
        old_content: 'String to replace. Must be an exact match.',
        new_content: 'Content to write to the memory.',
      },
      optional: ['new_content'],
      run: known(replace),
    }),
  ]
}

export default part({
  slot: 'memory',
  about: 'blocks in the system message that the model edits',
  source:
    'Letta: core_memory_append, core_memory_replace, schemas/block.py; MemGPT 2023 (read in source)',
  constants: {
    labels: ['persona', 'human'],
    persona: 'I am a careful agent. I keep here what I must not forget.',
    limitChars: 20_000,
  },
  policy(constants) {
    const { open, run } = offering(toolsOf(constants))
    return {
      run,
      async open(c) {
        c.memo.set(STORE, await storeOf<Block>(c, 'core'))
        open(c)
      },
      view: (messages, c) => behindSystem(messages, shown(c, constants)),
    }
  },
})
