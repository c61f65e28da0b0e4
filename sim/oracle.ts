// What controls may ask: the answer that a flawless model would give to the whole history, with no window
// to bound it. Ceiling and floor of a table are made of it; no other kernel is given one.
import { competence } from './core/chance.ts'
import type { Message, Tool } from './core/message.ts'
import type { Tokens } from './core/tokens.ts'
import { atom, atomsIn } from './core/atoms.ts'
import { Cpu, type Dialect, type Profile } from './cpu/index.ts'
import { isDone } from './cpu/plan.ts'
import { View } from './cpu/read.ts'
import type { Instance } from './instance.ts'

export interface Oracle {
  /** The flawless answer to a history of any length. */
  answer(history: readonly Message[], tools: readonly Tool[]): Message
  /** All that the history tells of tasks, facts, places, rules and choices, each once, at its newest. */
  brief(history: readonly Message[]): string
}

const flawless = (profile: Profile): Profile => ({
  ...profile,
  recall: { ...profile.recall, literalTop: 1, literalHalf: 1e15, semanticTop: 1, semanticHalf: 1e15, floor: 1 },
})

export function oracleOf(of: {
  readonly instance: Instance
  readonly profile: Profile
  readonly dialects: readonly Dialect[]
  readonly tokens: Tokens
}): Oracle {
  const programs = new Map(of.instance.programs.map((program) => [program.name, program]))
  const cpu = new Cpu({
    programs,
    profile: flawless(of.profile),
    behaviours: new Map(),
    dialects: of.dialects,
    tokens: of.tokens,
    windowTokens: Number.MAX_SAFE_INTEGER,
    planned: new Map(),
  })
  return {
    answer(messages, tools) {
      const request = { messages, tools }
      const reading = cpu.read('oracle', request)
      const { content, calls } = cpu.answer('oracle', request, reading, competence).utterance
      return calls.length > 0 ? { role: 'assistant', content, calls } : { role: 'assistant', content }
    },
    brief(history) {
      const view = new View(of.tokens)
      view.update(history)
      const newest = new Map<string, string>()
      for (const { content, calls } of history) {
        for (const text of [content, ...(calls ?? []).map((call) => call.args)]) {
          for (const { kind, name, value } of atomsIn(text)) {
            if (kind !== 'order') newest.set(`${kind}:${name}`, atom(kind, name, value))
          }
        }
      }
      for (const { name, value: job, entry } of view.tasks) {
        const program = programs.get(name)
        if (program === undefined) continue
        for (const step of program.steps) {
          const done = `${job}/${step.id}`
          if (isDone(view, { program, job, since: entry.seq }, step))
            newest.set(`done:${done}`, atom('done', done))
        }
      }
      return [...newest.values()].join('\n')
    },
  }
}
