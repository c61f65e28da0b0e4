// Documents in the prompt, then a question: every file of the workspace is put into the window, and each
// paragraph of the job is asked once, one after the other. What is called is run; nothing is asked again.
// With `compacts`, the oldest share of the documents is summarised by the model first, in so many rounds.
import { estimate } from '../estimate.ts'
import type { Kernel, Message, Session, Tool, Toolset } from '../kernel.ts'
import terse from '../parts/recovery/terse.ts'
import world from '../parts/tools/world.ts'

export interface Reading {
  /** Names of the tools that are offered; all of the world's where nothing is said. */
  readonly tools?: readonly string[] | undefined
  /** How tools are offered and called: natively where nothing is said. */
  readonly toolset?: Toolset
  readonly temperature?: number
  readonly compacts?: { readonly sharePercent: number; readonly rounds: number }
}

const SYSTEM: Message = {
  role: 'system',
  content: 'Answer from what you are given, with the tools that you have.',
}

const SUMMARISE: Message = {
  role: 'user',
  content:
    'Summarize the conversation so far. Keep whatever may be asked for later. Only output the summary.',
}

const said = (content: string): Message => ({ role: 'user', content })

/** The documents, with the oldest share of them as a summary of summaries. */
async function compacted(
  session: Session,
  documents: readonly Message[],
  { sharePercent, rounds }: NonNullable<Reading['compacts']>,
): Promise<readonly Message[]> {
  const all = estimate(documents)
  let summary: readonly Message[] = []
  let from = 0
  let seen = 0
  for (let round = 1; round <= rounds; round++) {
    const wanted = (all * sharePercent * round) / (100 * rounds)
    let to = from
    for (; to < documents.length; to++) {
      const size = estimate(documents.slice(to, to + 1))
      if (seen + size / 2 > wanted) break
      seen += size
    }
    if (to === from) continue
    const messages = [SYSTEM, ...summary, ...documents.slice(from, to), SUMMARISE]
    const completion = await session.generate({ messages }).result
    if (completion.kind === 'refused') return documents
    summary = [said(`Summary of what was said before:\n${completion.message.content}`)]
    from = to
  }
  return [...summary, ...documents.slice(from)]
}

/** Runs what an answer calls, and tells what came of it. */
async function results(
  session: Session,
  tools: readonly Tool[],
  { calls = [] }: Message,
): Promise<Message[]> {
  const told: Message[] = []
  for (const { id, name, args } of calls) {
    const read = terse.policy.read(name, args)
    const { text, isError } = !tools.some((tool) => tool.name === name)
      ? terse.policy.unknownTool(name, tools)
      : 'isError' in read
        ? (read as { text: string; isError: boolean })
        : await world.policy.call(session, name, read)
    told.push({ role: 'tool', callId: id, content: text, isError })
  }
  return told
}

export function reader(of: Reading): Kernel {
  const { tools: names, toolset = world.policy, temperature, compacts } = of
  const ask = temperature === undefined ? {} : { temperature }
  return {
    mirrors: 'documents in the prompt, then a question: one request each',
    users: 'one',
    async boot(machine) {
      let context: readonly Message[] | undefined
      for await (const job of machine.jobs) {
        const session = machine.open({ job: job.id })
        const offered = await toolset.list(session)
        const tools = names === undefined ? offered : offered.filter((t) => names.includes(t.name))
        if (context === undefined) {
          const { workspace } = session
          const paths = [...workspace.list()]
          const documents = paths.map((path) => said(workspace.read(path) ?? ''))
          context =
            compacts === undefined ? documents : await compacted(session, documents, compacts)
        }
        let messages: Message[] = [SYSTEM, ...context]
        let answer = ''
        for (const question of job.prompt.split('\n\n')) {
          messages = [...messages, said(question)]
          const completion = await toolset.ask(session, { messages, tools, ...ask })
          if (completion.kind === 'refused') {
            answer = `Stopped: ${completion.message}`
            break
          }
          const { message } = completion
          answer = message.content
          messages = [...messages, message, ...(await results(session, tools, message))]
        }
        machine.reply(job.id, answer)
      }
    },
  }
}

export default reader({})
