// A parameter of a profile: what it means, in which unit and range.

export interface Param {
  readonly unit: string
  /** Both ends in. */
  readonly min: number
  readonly max: number
  readonly about: string
  /** What holds where no profile says otherwise; assumed. Without it, a profile has to say. */
  readonly usual?: number
  /** The value at which what it belongs to never happens: `behaviours: off` in a profile sets it. */
  readonly off?: number
}

export type Params = Readonly<Record<string, number>>

const withUsual = (param: Param, usual: number | undefined): Param =>
  usual === undefined ? param : { ...param, usual }

export const probability = (about: string, usual?: number): Param =>
  withUsual({ unit: 'probability', min: 0, max: 1, about }, usual)

/** How often something happens by itself; 0 turns it off. */
export const rate = (about: string, usual?: number): Param => ({
  ...probability(about, usual),
  off: 0,
})

export const factor = (about: string, usual?: number): Param =>
  withUsual({ unit: 'factor on odds', min: 0, max: 1000, about }, usual)

/** One label's share among others: odds against each other. */
export const weight = (about: string, usual?: number): Param =>
  withUsual({ unit: 'weight', min: 0, max: 100, about }, usual)

export const logit = (about: string, usual?: number): Param =>
  withUsual({ unit: 'logit', min: -50, max: 50, about }, usual)

export const duration = (about: string, usual?: number): Param =>
  withUsual({ unit: 'ms', min: 0, max: 1e7, about }, usual)
