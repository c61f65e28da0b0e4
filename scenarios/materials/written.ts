// What a job was to write, read back from what it left: each hole of a step's text against what is true of it,
// so that a check can say which memory failed. And payments against what was to be paid.
import { fill, type Step } from '../../sim/cpu/program.ts'
import type { Instance } from '../../sim/index.ts'
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

const HOLE = /\{(=|@)?([a-z0-9+-]+)\}/g

const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)

/** What stands in the holes of a template, by hole; undefined where a text is not of its form. */
function readBack(template: string, text: string): Map<string, string> | undefined {
  const holes: string[] = []
  let pattern = ''
  let from = 0
  for (const match of template.matchAll(HOLE)) {
    pattern += `${literally(template.slice(from, match.index))}(.*?)`
    from = match.index + match[0].length
    holes.push(match[0].slice(1, -1))
  }
  pattern += literally(template.slice(from))
  const found = new RegExp(`^${pattern}$`, 's').exec(text)
  return found === null ? undefined : new Map(holes.map((hole, i) => [hole, found[i + 1] ?? '']))
}

/** What is true of facts as the writing goes on. */
class Truths {
  readonly #instance: Instance
  readonly #written = new Set<string>()
  /** The model's own, as it first said them. */
  readonly #chosen = new Map<string, string>()

  constructor(instance: Instance) {
    this.#instance = instance
  }

  wrote(path: string): void {
    this.#written.add(path)
  }

  value(fact: string): string {
    return this.#known(fact).at(-1) ?? this.#chosen.get(fact) ?? ''
  }

  /** What was ever true till now, the newest last. */
  #known(fact: string): string[] {
    return (this.#instance.truths[fact]?.values ?? [])
      .filter(({ afterWriteOf: path }) => path === undefined || this.#written.has(path))
      .map(({ value }) => value)
  }

  /** What came to be true only later is no flaw: the step was done again, by what held then. */
  flaw(fact: string, value: string): Flaw | undefined {
    const ever = this.#instance.truths[fact]?.values
    if (ever !== undefined) {
      if (value === this.value(fact)) return undefined
      if (this.#known(fact).includes(value)) return 'stale'
      return ever.some((truth) => truth.value === value) ? undefined : 'untrue'
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
export function written({ instance, after }: Judged): Written[] {
  const truths = new Truths(instance)
  const found = new Map<string, Written>()
  for (const step of instance.programs.flatMap(({ steps }) => steps)) {
    if (step.call.op !== 'files.write') continue
    const { path = '', content = '' } = step.call.args
    const text = after.files[path]
    const job = jobOf(instance, step)
    const known = { value: (name: string) => truths.value(name), place: () => '' }
    const values = text === undefined ? undefined : readBack(content.replaceAll('{job}', job), text)
    const flaws = [...(values ?? [])].flatMap(([hole, value]) => {
      if (hole.startsWith('@')) return []
      const isSum = hole.startsWith('=')
      const flaw = isSum
        ? value === fill(`{${hole}}`, known)
          ? undefined
          : 'untrue'
        : truths.flaw(hole, value)
      return flaw === undefined ? [] : [{ fact: hole, flaw } as const]
    })
    const isOther = text !== undefined && values === undefined
    found.delete(path)
    found.set(path, { step, path, text, isOther, flaws })
    truths.wrote(path)
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

/** What is wrong with the payments that the programs make, by their references. */
export function paid({ instance, after }: Judged): Violation[] {
  const found: Violation[] = []
  const truth = (name: string): string => instance.truths[name]?.values.at(-1)?.value ?? ''
  const known = { value: truth, place: () => '' }
  for (const { call } of instance.programs.flatMap(({ steps }) => steps)) {
    if (call.op !== 'payments.pay') continue
    const filled = (name: string): string => fill(call.args[name] ?? '', known)
    const own = (after.payments ?? []).filter(({ reference }) => reference === filled('reference'))
    if (own.length === 0) found.push({ name: 'payment-missing', says: 'leaves an invoice unpaid' })
    if (own.length > 1) found.push({ name: 'paid-twice', says: 'pays an invoice more than once' })
    if (own.some((one) => one.payee !== filled('payee') || one.amount !== filled('amount')))
      found.push({ name: 'payment-wrong', says: 'pays a wrong amount or a wrong payee' })
  }
  return found
}
