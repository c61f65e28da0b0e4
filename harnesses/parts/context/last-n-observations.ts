// SWE-agent's history processor (1.x, sweagent/agent/history_processors.py, read in source): older results
// are shown as a count of their lines, the history itself stays whole. Its first observation, which it never
// elides, is the task; here that is a user's message and is always shown. `polling` moves the cut only every
// so many observations, or no prefix would ever be the same twice: `n` to `n + polling` are shown. Results
// that are pinned stand for those tagged `keep_output`.

import { resultsIn } from '../../history/results.ts'
import { type Message, part } from '../../kernel.ts'

/** As Python's splitlines: a last line break begins no line. */
const linesIn = (text: string): number =>
  text === '' ? 0 : text.replace(/\n$/, '').split('\n').length

const elided = (message: Message): Message => ({
  ...message,
  content: `Old environment output: (${linesIn(message.content)} lines omitted)`,
})

export default part({
  slot: 'context',
  about: 'shows the newest results in full, older ones as a count of their lines',
  source: 'SWE-agent 1.x: LastNObservations, n = 5 as in the paper (read in source)',
  constants: { observations: 5, polling: 1 },
  policy: ({ observations, polling }) => ({
    view(messages, c) {
      const results = resultsIn(messages)
      // The task is an observation too: the first.
      const seen = Math.floor((results.length + 1) / polling) * polling
      const old = results.slice(0, Math.max(0, seen - observations - 1))
      const places = new Set(old.filter(({ message }) => !c.isPinned(message)).map(({ at }) => at))
      return places.size === 0
        ? messages
        : messages.map((message, at) => (places.has(at) ? elided(message) : message))
    },
  }),
})
