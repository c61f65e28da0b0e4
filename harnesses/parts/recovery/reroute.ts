// A call that cannot be run is rewritten to one of the hidden tool `invalid`, which repeats what was wrong and
// lists the tools there are; the history shows the rewritten call. A name in the wrong case is put right and
// run. In opencode the rewritten call succeeds; here its result is marked as the failure that it tells of.

import { argsOf, told } from '../../hands/spoken.ts'
import { inWords, problemsOf } from '../../hands/validate.ts'
import { part, type Reading } from '../../kernel.ts'

function rerouted(id: string, tool: string, error: string): Reading {
  const text = `The arguments provided to the tool are invalid: ${error}`
  const shown = { id, name: 'invalid', args: JSON.stringify({ tool, error }) }
  return { kind: 'tell', result: { text, isError: true }, shown }
}

export default part({
  slot: 'recovery',
  about: 'repairs the case of a name; any other bad call becomes one of the tool `invalid`',
  source:
    'opencode: lower case, tool `invalid` (read in source); AI SDK for the errors; observed at 1.18.33',
  policy: {
    read({ id, name: spoken, args: text }, { tools }) {
      const named = (name: string) => tools.find((candidate) => candidate.name === name)
      const tool = named(spoken) ?? named(spoken.toLowerCase())
      if (tool === undefined) {
        const names = ['invalid', ...tools.map(({ name }) => name)].join(', ')
        const error = `Model tried to call unavailable tool '${spoken}'. Available tools: ${names}.`
        return rerouted(id, spoken, error)
      }
      const { name } = tool
      const read = argsOf(text)
      if ('why' in read)
        return rerouted(
          id,
          name,
          `Invalid input for tool ${name}: JSON parsing failed: Text: ${text}.\nError message: ${read.why}`,
        )
      const shown = name === spoken ? undefined : { id, name, args: text }
      const problems = problemsOf(tool.inputSchema, read.args)
      if (problems.length === 0) return { kind: 'run', call: { id, name, args: read.args }, shown }
      const why = problems.map((problem) => inWords(problem)).join('; ')
      return {
        ...told(
          `The ${name} tool was called with invalid arguments: SchemaError: ${why}.\nPlease rewrite the input so it satisfies the expected schema.`,
        ),
        shown,
      }
    },
  },
})
