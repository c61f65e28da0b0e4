// Documents in the prompt, then questions, as published measurements ask: every file of the workspace is
// put into the window, and each paragraph of the job is asked once, one after the other. What is called is
// run; nothing is asked again. With `compacts`, the oldest share of the documents is summarised by the
// model first, in so many rounds.

import { compose } from './design.ts'
import { estimate } from './history/estimate.ts'
import {
  add,
  begin,
  carryOut,
  type Kernel,
  type Message,
  type Part,
  type Session,
} from './kernel.ts'
import world from './parts/tools/world.ts'

export interface Reading {
  /** Names of the tools that are offered; all of the world's where nothing is said. */
  readonly tools?: readonly string[] | undefined
  /** How tools are offered and called: natively where nothing is said. */
  readonly toolset?: Part<'tools'>
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

export function reader(of: Reading): Kernel {
  const { tools: names, toolset = world, temperature, compacts } = of
  const asks = temperature === undefined ? {} : { temperature }
  const mirrors = 'documents in the prompt, then a question: one request each'
  const page = { mirrors, system: SYSTEM.content, slots: { tools: toolset }, retries: [] }
  const design = compose(page, [toolset])
  return {
    mirrors,
    users: 'one',
    async boot(machine) {
      let context: readonly Message[] | undefined
      for await (const job of machine.jobs) {
        const c = await begin(machine, job, new Map(), design)
        if (names !== undefined) c.tools = c.tools.filter(({ name }) => names.includes(name))
        if (context === undefined) {
          const { workspace } = c.session
          const paths = [...workspace.list()]
          const documents = paths.map((path) => said(workspace.read(path) ?? ''))
          context =
            compacts === undefined ? documents : await compacted(c.session, documents, compacts)
        }
        c.messages = [SYSTEM, ...context]
        let answer = ''
        for (const question of job.prompt.split('\n\n')) {
          add(c, said(question))
          const { messages, tools } = c
          const completion = await design.ask({ messages, tools, ...asks }, c)
          if (completion.kind === 'refused') {
            answer = `Stopped: ${completion.message}`
            break
          }
          answer = completion.message.content
          await carryOut(c, completion.message, design)
        }
        machine.reply(job.id, answer)
      }
    },
  }
}
