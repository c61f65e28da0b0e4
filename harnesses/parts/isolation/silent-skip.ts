// A known fault. AIOS notes the tools that are in use by name, and skips a call of one that is without a word:
// the model reads an empty success. Of the calls of one answer only the first that is run is answered. Its
// one lock covers look-up and run, so tools run one by one and a name is found in use only where a call of
// it failed: then it is never taken out again. With `serialises` 0 there is no lock, and a name is in use
// while another agent's call of it runs. Tools that a design runs through its terminal pass both by.
import { type Conversation, part, type Result } from '../../kernel.ts'

const TOOLS = 'isolation.tools'
const ANSWERED = 'isolation.answered'

const NOTHING: Result = { text: '', isError: false }

/** What the conversations of one boot share. */
interface Tools {
  readonly inUse: Set<string>
  /** Resolves when the newest call in line is over. */
  last: Promise<unknown>
}

function toolsOf({ shared }: Conversation): Tools {
  const tools = (shared.get(TOOLS) as Tools | undefined) ?? {
    inUse: new Set<string>(),
    last: Promise.resolve(),
  }
  shared.set(TOOLS, tools)
  return tools
}

/** Whether another call of the same answer was run. What is one call to the model can be several here. */
function isLate(id: string, { memo, turns }: Conversation): boolean {
  const [turn, answered] = (memo.get(ANSWERED) as [number, string] | undefined) ?? []
  return turn === turns && answered !== id
}

export default part({
  slot: 'isolation',
  about:
    'known fault: a call of a tool that counts as in use is skipped, and told as an empty success',
  source: 'AIOS, aios/tool/manager.py: tool_conflict_map (read in source)',
  constants: { serialises: 1 },
  policy: ({ serialises }) => ({
    run(call, c, next) {
      const tools = toolsOf(c)
      const { id, name } = call
      const run = async (): Promise<Result> => {
        if (tools.inUse.has(name) || isLate(id, c)) return NOTHING
        tools.inUse.add(name)
        c.memo.set(ANSWERED, [c.turns, id])
        const result = await next(call)
        if (Number(serialises) === 0 || !result.isError) tools.inUse.delete(name)
        return result.isError ? { ...result, text: `Tool calling error: ${result.text}` } : result
      }
      if (Number(serialises) === 0) return run()
      const running = tools.last.then(run)
      tools.last = running
      return running
    },
  }),
})
