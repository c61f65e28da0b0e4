// What a job was to write, read back from what it left: each hole of a step's text against what is true of it,
// so that a check can say which memory failed.
import { fill, readBack, type Step } from '../../sim/cpu/program.ts'
import { type Instance, WORLD } from '../../sim/index.ts'
import { stoodIn } from '../../sim/stood.ts'
import { Truths } from '../../sim/truths.ts'
import type { Judged, Violation } from '../scenario.ts'

/** What is wrong with a value: another choice than before, an older truth, or neither true nor ever so. */
export type Flaw = 'changed' | 'stale' | 'untrue'

export interface Written {
  readonly step: Step
  readonly path: string
  /** Undefined where the file is not there. */
  readonly text: string | undefined
  /** Not even of its form, values apart: cut off, or something else. */
  readonly isOther: boolean
  readonly flaws: readonly { readonly fact: string; readonly flaw: Flaw }[]
}

type Held = ReadonlyMap<string, string>

/** What was true at each write of a file that came to stand, by path; '' at the end. */
function heldAt({ instance, trace }: Judged): Map<string, Held[]> {
  const truths = new Truths(instance)
  const held = new Map<string, Held[]>()
  for (const event of stoodIn(trace)) {
    if (event.kind === 'effect' && event.op === 'files.write' && event.session !== WORLD)
      held.set(event.key, [...(held.get(event.key) ?? []), truths.all()])
    truths.add(event)
  }
  held.set('', [truths.all()])
  return held
}

/**
 * Facts of which a write had an older truth when it was made, whatever became of the file later. To write again
 * what stands there uses nothing.
 */
export function usedStale({ instance, trace }: Judged): Set<string> {
  const steps = instance.programs.flatMap((program) => program.steps)
  const writes = steps.filter(({ call }) => call.op === 'files.write')
  const truths = new Truths(instance)
  const standing = new Map<string, string>()
  const found = new Set<string>()
  for (const event of stoodIn(trace)) {
    if (event.kind === 'effect' && event.op === 'files.write' && event.session !== WORLD) {
      const { key, value: text } = event
      const isNew = standing.get(key) !== text
      for (const step of isNew ? writes.filter(({ call }) => call.args.path === key) : [])
        for (const [fact, value] of valuesIn(instance, step, text) ?? [])
          if (value !== truths.now(fact) && isEver(instance, fact, value)) found.add(fact)
      standing.set(key, text)
    }
    truths.add(event)
  }
  return found
}

const isEver = ({ truths }: Instance, fact: string, value: string): boolean =>
  truths[fact]?.values.some((truth) => truth.value === value) === true

/** Nothing where a text is not of the step's form. */
const valuesIn = (instance: Instance, step: Step, text: string) =>
  readBack((step.call.args.content ?? '').replaceAll('{job}', jobOf(instance, step)), text)

/** What the values in a file are held against: what was true when it was written, what was chosen before. */
class Knowledge {
  readonly #instance: Instance
  readonly #held: ReadonlyMap<string, readonly Held[]>
  /** The model's own, as it first said them. */
  readonly #chosen = new Map<string, string>()

  constructor(judged: Judged) {
    this.#instance = judged.instance
    this.#held = heldAt(judged)
  }

  /** As the file was last written. */
  value(path: string, fact: string): string {
    return this.#heldIn(path).at(-1)?.get(fact) ?? this.#chosen.get(fact) ?? ''
  }

  #heldIn(path: string): readonly Held[] {
    return this.#held.get(path) ?? this.#held.get('') ?? []
  }

  flaw(path: string, fact: string, value: string): Flaw | undefined {
    const ever = this.#instance.truths[fact]?.values
    if (ever !== undefined) {
      if (this.#heldIn(path).some((then) => then.get(fact) === value)) return undefined
      return isEver(this.#instance, fact, value) ? 'stale' : 'untrue'
    }
    const first = this.#chosen.get(fact)
    if (first === undefined) {
      const own = this.#instance.programs.flatMap(({ facts }) => facts[fact]?.options ?? [])
      if (!own.includes(value)) return 'untrue'
      this.#chosen.set(fact, value)
    }
    return first === undefined || value === first ? undefined : 'changed'
  }
}

/** All files that the programs write, in their order, each as the last step that writes it has it. */
export function written(judged: Judged): Written[] {
  const { instance, after } = judged
  const knowledge = new Knowledge(judged)
  const found = new Map<string, Written>()
  for (const step of instance.programs.flatMap(({ steps }) => steps)) {
    if (step.call.op !== 'files.write') continue
    const { path = '' } = step.call.args
    const text = after.files[path]
    const known = { value: (name: string) => knowledge.value(path, name), place: () => '' }
    const values = text === undefined ? undefined : valuesIn(instance, step, text)
    const flaws = [...(values ?? [])].flatMap(([hole, value]) => {
      if (hole.startsWith('@')) return []
      const isSum = hole.startsWith('=')
      const flaw = isSum
        ? value === fill(`{${hole}}`, known)
          ? undefined
          : 'untrue'
        : knowledge.flaw(path, hole, value)
      return flaw === undefined ? [] : [{ fact: hole, flaw } as const]
    })
    const isOther = text !== undefined && values === undefined
    found.delete(path)
    found.set(path, { step, path, text, isOther, flaws })
  }
  return [...found.values()]
}

const jobOf = ({ programs, users }: Instance, step: Step): string => {
  const program = programs.find(({ steps }) => steps.includes(step))
  const jobs = users.flatMap((user) => user.jobs)
  return jobs.find(({ prompt }) => prompt.includes(`[[task:${program?.name}=`))?.id ?? ''
}

const SAYS: Readonly<Record<Flaw, Violation>> = {
  changed: { name: 'choice-changed', says: 'forgets a decision of its own, and decides again' },
  stale: { name: 'fact-stale', says: 'uses a value that no longer holds' },
  untrue: { name: 'fact-wrong', says: 'uses a value that was lost, mixed up or made up' },
}

/** What is wrong with all that was to be written, each kind once. */
export function flawsOf(files: readonly Written[]): Violation[] {
  const found: Violation[] = []
  if (files.some(({ text }) => text === undefined))
    found.push({ name: 'work-missing', says: 'leaves out a part of the work' })
  if (files.some(({ isOther }) => isOther))
    found.push({ name: 'work-spoilt', says: 'leaves a file that is not what it was to write' })
  const flaws = new Set(files.flatMap((file) => file.flaws.map(({ flaw }) => flaw)))
  for (const flaw of ['changed', 'stale', 'untrue'] as const)
    if (flaws.has(flaw)) found.push(SAYS[flaw])
  return found
}
