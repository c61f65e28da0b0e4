// What would change something is asked for several times, and what most answers would do is done: one slip among
// them has no effect. What only looks is done as it was first said. Where no two agree, the first answer counts
// whose calls can be run.

import { argsOf } from '../../hands/spoken.ts'
import { count } from '../../kept/meter.ts'
import { type Completion, type Message, part, type Tool } from '../../kernel.ts'

type Answered = Extract<Completion, { kind: 'message' }>

/** What an answer would do, whatever else it says. */
const deedOf = ({ calls = [] }: Message): string =>
  JSON.stringify(
    calls.map(({ name, args }) => {
      const spoken = argsOf(args)
      return [name, 'args' in spoken ? Object.entries(spoken.args).sort() : args]
    }),
  )

const isLooking = ({ calls = [] }: Message, tools: readonly Tool[]): boolean =>
  calls.every(({ name }) =>
    tools.some((tool) => tool.name === name && tool.annotations?.readOnlyHint === true),
  )

const canRun = ({ calls = [] }: Message, tools: readonly Tool[]): boolean =>
  calls.every(
    ({ name, args }) => tools.some((tool) => tool.name === name) && 'args' in argsOf(args),
  )

/** The answer that most others agree with; the first of equals. */
function chosen(answers: readonly Answered[], tools: readonly Tool[]): Answered | undefined {
  const votes = (one: Answered): number =>
    answers.filter(({ message }) => deedOf(message) === deedOf(one.message)).length
  const best = answers.reduce<Answered | undefined>(
    (most, one) => (most === undefined || votes(one) > votes(most) ? one : most),
    undefined,
  )
  if (best === undefined || votes(best) > 1) return best
  return answers.find(({ message }) => canRun(message, tools)) ?? best
}

export default part({
  slot: 'recovery',
  about: 'what would change something is asked for several times, and the majority is done',
  source: 'Wang et al., Self-Consistency, 2022; Avizienis, N-version programming, 1985; no harness',
  constants: { answers: 3 },
  policy: ({ answers: most }) => ({
    async ask(request, c, next) {
      const { tools = [] } = request
      const first = await next(request)
      if (first.kind === 'refused' || isLooking(first.message, tools)) return first
      const answers: Answered[] = [first]
      while (answers.length < most && c.signal?.aborted !== true) {
        const completion = await next(request)
        if (completion.kind === 'refused') break
        answers.push(completion)
      }
      const winner = chosen(answers, tools) ?? first
      for (const answer of answers) if (answer !== winner) count(c, answer)
      return winner
    },
  }),
})
