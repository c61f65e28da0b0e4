// What controls may ask: the answer that a flawless model would give to the whole history, with no window
// to bound it. Ceiling and floor of a table are made of it; no other kernel is given one.

import { atom, type Kind } from './core/atoms.ts'
import { competence } from './core/chance.ts'
import type { Message, Tool } from './core/message.ts'
import type { Tokens } from './core/tokens.ts'
import type { Trace } from './core/trace.ts'
import { isDone } from './cpu/done.ts'
import { Cpu, type Offers, type Profile } from './cpu/index.ts'
import { View } from './cpu/read.ts'
import type { Instance } from './instance.ts'

export interface Oracle {
  /** The flawless answer to a history of any length. */
  answer(history: readonly Message[], tools: readonly Tool[]): Message
  /** All that the history tells of tasks, facts, places, rules and choices, each once, at its newest. */
  brief(history: readonly Message[]): string
  /** Effects on the world so far: whether something happened although its answer was lost. */
  effects(): number
  /** Whether the newest answer's call changes the world: if it did not, it was not carried out. */
  changes(): boolean
  /** Whether the newest answer's call looks something up: if it told nothing, it was not carried out. */
  looksUp(): boolean
  /** Outlives a crash, whole. */
  readonly memory: Map<string, unknown>
}

const flawless = (profile: Profile): Profile => ({
  ...profile,
  recall: {
    ...profile.recall,
    literalTop: 1,
    literalHalf: 1e15,
    semanticTop: 1,
    semanticHalf: 1e15,
    floor: 1,
  },
})

export function oracleOf(of: {
  readonly house: { readonly offers: Offers; readonly tokens: Tokens }
  readonly instance: Instance
  readonly profile: Profile
  readonly trace: Trace
}): Oracle {
  const { offers, tokens } = of.house
  const view = new View(tokens)
  const programs = new Map(of.instance.programs.map((program) => [program.name, program]))
  const cpu = new Cpu({
    programs,
    profile: flawless(of.profile),
    behaviours: new Map(),
    offers,
    tokens,
    windowTokens: Number.MAX_SAFE_INTEGER,
    planned: new Map(),
  })
  const steps = of.instance.programs.flatMap((program) => program.steps)
  const changing = new Set(steps.filter(({ effect }) => effect !== 'read').map(({ id }) => id))
  /** Commands may have nothing to say. What is no step at all fetches a fact that is missing. */
  const others = new Set(
    steps
      .filter(({ effect, call }) => effect !== 'read' || call.op === 'shell.run')
      .map(({ id }) => id),
  )
  let [isChange, isLookUp] = [false, false]
  return {
    answer(messages, tools) {
      const request = { messages, tools }
      const reading = cpu.read('oracle', request)
      const { utterance, thought } = cpu.answer('oracle', request, reading, competence)
      const { content, calls } = utterance
      isChange = thought !== undefined && changing.has(thought.step)
      isLookUp = thought !== undefined && !others.has(thought.step)
      return calls.length > 0
        ? { role: 'assistant', content, calls }
        : { role: 'assistant', content }
    },
    brief(history) {
      view.update(history)
      const known: string[] = []
      for (const [key, found] of view.inOrder()) {
        const [kind = '', name = ''] = key.split(':')
        if (kind !== 'order' && kind !== 'done')
          known.push(atom(kind as Kind, name, found.at(-1)?.value))
      }
      for (const { name, value: job, entry } of view.tasks) {
        const program = programs.get(name)
        for (const step of program?.steps ?? []) {
          if (program && isDone(view, { program, job, since: entry.seq }, step))
            known.push(atom('done', `${job}/${step.id}`))
        }
      }
      return known.join('\n')
    },
    effects: () => of.trace.events.filter(({ kind }) => kind === 'effect').length,
    changes: () => isChange,
    looksUp: () => isLookUp,
    memory: new Map(),
  }
}
