// A parameter of a profile: what it means, in which unit and range.

export interface Param {
  readonly unit: string
  /** Both ends in. */
  readonly min: number
  readonly max: number
  readonly about: string
}

export type Params = Readonly<Record<string, number>>

export const probability = (about: string): Param => ({
  unit: 'probability',
  min: 0,
  max: 1,
  about,
})
export const factor = (about: string): Param => ({
  unit: 'factor on odds',
  min: 0,
  max: 1000,
  about,
})
export const duration = (about: string): Param => ({ unit: 'ms', min: 0, max: 1e7, about })
