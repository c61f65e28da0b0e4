// Competence: how a task is done, as it would be in a model's weights. Knowledge (a value, a path, what
// is done already) is not in here: it has to stand in the window. Plain data.

/** Where a fact comes from, and so what a harness can do about losing it. */
export type Origin = 'user' | 'stable' | 'changing' | 'own'

export interface Fact {
  readonly origin: Origin
  /** Found by its meaning, not by its letters: recalled over far shorter distances. */
  readonly semantic?: boolean
  /** For origin `own`: what the model chooses among. */
  readonly options?: readonly string[]
  /** Known without the window, as from training: recalled wherever the profile has it. */
  readonly innate?: string
}

/**
 * Text with holes: `{name}` the value of a fact, `{@name}` its place, `{job}` the job, `{=a+b}` a sum.
 */
export type Template = string

/** An abstract call, with templates for its arguments. */
export interface CallTemplate {
  readonly op: string
  readonly args: Readonly<Record<string, Template>>
}

export interface Step {
  /** Of `[a-z0-9-]`; unique in its program. */
  readonly id: string
  /** Names of the facts without which the step cannot be done. */
  readonly needs: readonly string[]
  readonly call: CallTemplate
  /** Facts that the result shows: while they stand in view, the step counts as done. */
  readonly learns?: readonly string[]
  readonly effect: 'read' | 'idempotent' | 'once'
  /** What the model says beside the call. */
  readonly says?: Template
  /** A standing rule that `call` keeps to. While it is not recalled, `tempted` is called instead. */
  readonly rule?: string
  readonly tempted?: CallTemplate
  /** Further ways to do it: the next is taken for each time that it failed in view. */
  readonly ways?: readonly CallTemplate[]
  /** Left undone once it failed as often as there are ways. */
  readonly isOptional?: boolean
  /** Called in one turn with the step before it, where what it needs is at hand. */
  readonly isBeside?: boolean
}

export interface Program {
  /** The name of the `task` atom that asks for it. */
  readonly name: string
  readonly facts: Readonly<Record<string, Fact>>
  readonly steps: readonly Step[]
  /** What is said when every step is done. */
  readonly answer: Template
}

const HOLE = /\{(=|@)?([a-z0-9+-]+)\}/g

/** Fills the holes. `value` and `place` give '' for what is not known. */
export function fill(
  template: Template,
  known: { value(name: string): string; place(name: string): string },
): string {
  if (!template.includes('{')) return template
  return template.replace(HOLE, (_all, sort: string | undefined, inner: string) => {
    if (sort === '@') return known.place(inner)
    if (sort === undefined) return known.value(inner)
    let sum = 0
    for (const term of inner.split('+')) {
      const value = /^\d+$/.test(term) ? term : known.value(term)
      sum += Number.parseInt(value, 10) || 0
    }
    return String(sum)
  })
}

/**
 * What stands in the holes of a template, by hole with its mark; undefined where a text is not of its form. By
 * hand: a page of prose is too large for a regular expression.
 */
export function readBack(template: Template, text: string): Map<string, string> | undefined {
  const found = new Map<string, string>()
  let [from, at] = [0, 0]
  let hole: string | undefined
  /** The text as far as the next piece of the template is what stands in the hole before it. */
  const take = (until: number, piece: string): boolean => {
    if (until < at || (hole === undefined && until !== at)) return false
    if (hole !== undefined) found.set(hole, text.slice(at, until))
    at = until + piece.length
    return true
  }
  for (const match of template.matchAll(HOLE)) {
    const piece = template.slice(from, match.index)
    if (!take(text.indexOf(piece, at), piece)) return undefined
    hole = match[0].slice(1, -1)
    from = match.index + match[0].length
  }
  const last = template.slice(from)
  return text.endsWith(last) && take(text.length - last.length, last) ? found : undefined
}

/** All calls that do the step, the competent one first. */
export const callsOf = ({ call, tempted, ways = [] }: Step): readonly CallTemplate[] => [
  call,
  ...(tempted === undefined ? [] : [tempted]),
  ...ways,
]

/** The names of facts in the holes of a template; of `{=a+b}` each. */
export const factsOf = (template: Template): string[] =>
  [...template.matchAll(HOLE)].flatMap(([, sort, inner = '']) =>
    sort === '@' ? [] : inner.split('+').filter((term) => !/^\d+$/.test(term)),
  )

/** The facts and places that a step's templates mention beyond its declared needs: for contract tests. */
export function holesOf(step: Step): { values: string[]; places: string[] } {
  const values = new Set<string>()
  const places = new Set<string>()
  for (const template of callsOf(step).flatMap(({ args }) => Object.values(args))) {
    for (const name of factsOf(template)) values.add(name)
    for (const [, sort, inner = ''] of template.matchAll(HOLE)) if (sort === '@') places.add(inner)
  }
  values.delete('job')
  return { values: [...values], places: [...places] }
}
