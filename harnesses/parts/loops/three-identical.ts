// The same call for the third time in a row is asked about before it runs. The user who says no ends the job;
// after a yes the count begins anew. opencode looks at one answer's parts at a time, and compares also calls
// that could not be run; here the calls of the whole conversation count, and only one that can run is asked
// about.
import { type Conversation, part } from '../../kernel.ts'

const SPOKEN = 'loops.spoken'

const spokenIn = ({ memo }: Conversation): string[] => {
  const spoken = memo.get(SPOKEN)
  return Array.isArray(spoken) ? spoken : []
}

export default part({
  slot: 'loops',
  about: 'the third identical call in a row is asked about; a no ends the job',
  source:
    'opencode: session/processor.ts, DOOM_LOOP_THRESHOLD, permission doom_loop (read in source)',
  constants: {
    calls: 3,
    refused: 'The user rejected permission to use this specific tool call.',
  },
  policy: ({ calls, refused }) => ({
    read(call, c, next) {
      const reading = next(call)
      const { name, args } = reading.kind === 'end' ? call : (reading.shown ?? call)
      c.memo.set(SPOKEN, [...spokenIn(c), `${name} ${args}`].slice(-calls))
      return reading
    },
    async gate({ name }, c) {
      const spoken = spokenIn(c)
      const [first] = spoken
      if (spoken.length < calls || spoken.some((call) => call !== first)) return undefined
      const question = `doom_loop: ${name} was called ${calls} times in a row with the same input. Go on?`
      if (!(await c.session.confirm(question))) return { text: refused, ends: true }
      c.memo.delete(SPOKEN)
      return undefined
    },
  }),
})
