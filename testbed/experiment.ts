// An experiment: the analogue of a published one. It draws cases, names the reference kernel that meets
// them, and measures what came of it from the trace and the world alone. It never evaluates a form.
import type { Drawn } from '../scenarios/scenario.ts'
import type { BootableKernel } from '../sim/boot.ts'
import type { Tokens } from '../sim/core/tokens.ts'
import type { Profile } from '../sim/cpu/index.ts'
import type { Draw, Instance, TraceEvent, WorldData } from '../sim/index.ts'
import type { Pages } from './draws/pages.ts'
import type { Measure } from './measure.ts'
import type { PublishedRow } from './published.ts'

export type Value = number | string

/** One setting of an experiment: a value for each of its options. */
export type Setting = Readonly<Record<string, Value>>

interface OptionOf {
  /** What it sets; with its unit. */
  readonly about: string
  /** It does not change what is run, but what of it is told. */
  readonly isReading?: boolean
  /** What it is where neither the command nor a table says. Options before it in the page are set. */
  readonly usual: (at: Setting, profile: Profile) => readonly Value[]
}

export interface NumberOption extends OptionOf {
  readonly kind: 'number'
  /** Both ends in. */
  readonly min: number
  readonly max: number
  readonly isWhole: boolean
  /** A word that stands for several numbers of the published table. */
  readonly word?: string
}

export interface WordOption extends OptionOf {
  readonly kind: 'word'
  readonly words: readonly string[]
}

export type ExperimentOption = NumberOption | WordOption

/** What a case is drawn from, beside its own stream. */
export interface Given {
  readonly profile: Profile
  readonly tokens: Tokens
  /** Prose that all cases of an experiment share: its tokens are counted once. */
  readonly pages: Pages
  /** Which run of the case, from 0. */
  readonly trial: number
}

/** One run, as an experiment may see it. */
export interface Observed extends Pick<Case, 'offered'> {
  readonly instance: Instance
  readonly trace: readonly TraceEvent[]
  readonly after: WorldData
}

/** What is drawn for one run: a case, and the tools that its harness is told to offer. */
export interface Case extends Drawn {
  /** All of the world's where nothing is said. */
  readonly offered?: readonly string[]
}

/** How many cases, and how many runs of each. */
export interface Size {
  readonly instances: number
  readonly trials: number
}

/** What one run is boiled down to: `S`. */
export interface Experiment<S = unknown> {
  /** One sentence. */
  readonly about: string
  /** The published experiment, and where the analogue departs from it. */
  readonly source: string
  /** The published tables, by file name: a profile says in `like` whose rows it is compared with. */
  readonly tables: readonly string[]
  /** The reference kernel, by name. */
  readonly harness: string
  readonly options: Readonly<Record<string, ExperimentOption>>
  /** The settings that a model's rows are about; none where there are none. */
  published(rows: readonly PublishedRow[]): readonly Setting[]
  size(at: Setting): Size
  /** The domain whose hardness and ratio the cases have, if not its own id; see experiments/domains.yaml. */
  domain?(at: Setting): string
  /** What is wrong with a setting whose values are each possible, in one line. */
  problem?(at: Setting): string | undefined
  /** The longest prompt, for a window to be told that it is too small; `what` says what asks for it. */
  needs?(at: Setting): { readonly tokens: number; readonly what: string }
  /** The same draw, setting and trial: the same case. Trials may differ in what is tried on a case. */
  draw(draw: Draw, at: Setting, given: Given): Case
  kernel(at: Setting, of: Case): BootableKernel
  /** Faults that are part of the experiment, with their parameters. All others are off. */
  faults?(at: Setting): Readonly<Record<string, Readonly<Record<string, number>>>>
  observe(run: Observed, at: Setting): S
  /** Of all runs of a setting: by case, then by trial. */
  measure(seen: readonly (readonly S[])[], at: Setting): readonly Measure[]
}

/** @example export default experiment({ about: 'Recall of a literal fact.', ... }) */
export function experiment<S>(entry: Experiment<S>): Experiment {
  return entry as unknown as Experiment
}

/** A setting's own numbers and words. */
export const numberOf = (at: Setting, name: string): number => Number(at[name])
export const wordOf = (at: Setting, name: string): string => String(at[name])

/** Whole numbers, e.g. of tokens. */
export const whole = (
  about: string,
  [min, max]: readonly [number, number],
  usual: OptionOf['usual'],
): NumberOption => ({ kind: 'number', about, min, max, isWhole: true, usual })

export const decimal = (
  about: string,
  [min, max]: readonly [number, number],
  usual: OptionOf['usual'],
): NumberOption => ({ kind: 'number', about, min, max, isWhole: false, usual })

export const oneOf = (
  about: string,
  words: readonly string[],
  usual: OptionOf['usual'] = () => words,
): WordOption => ({ kind: 'word', about, words, usual })
