// A model as plausible as a profile: every parameter that was not measured on the model itself is drawn anew
// around its value. `typical~17` is the seventeenth such model of `typical`, the same wherever it is asked for.
// How far a parameter may be off is assumed: odds by a factor of two as one standard deviation, lengths, times
// and rates by a factor of two as two of them. What is off stays off; what is measured stays.
import { draw } from '../sim/core/draw.ts'
import { normal } from '../sim/core/normal.ts'
import type { Param, Params } from '../sim/core/param.ts'
import { MODEL, type Profile, type Settable } from '../sim/cpu/index.ts'

const ODDS = Math.LN2
const SIZES = Math.LN2 / 2
/** A size from here on stands for none at all. */
const ENDLESS = 1e12
/** What the experiment sets, not what a model is like. */
const FIXED = new Set(['instance.placed'])

const FORM = /^(.+)~(\d+)$/

/** `typical~17` as its profile and its number; undefined where a profile is meant as it stands. */
export function redrawOf(id: string): { readonly base: string; readonly n: number } | undefined {
  const [, base, n] = FORM.exec(id) ?? []
  return base === undefined ? undefined : { base, n: Number(n) }
}

export const inDraw = (base: string, n: number): string => `${base}~${n}`

function around(value: number, { unit, min, max }: Param, deviate: number): number {
  let drawn = value
  if (unit === 'probability') {
    if (value <= 0 || value >= 1) return value
    drawn = 1 / (1 + Math.exp(-(Math.log(value / (1 - value)) + ODDS * deviate)))
  } else if (unit === 'logit' && min < 0) drawn = value + ODDS * deviate
  else if (value === 0 || value >= ENDLESS) return value
  else drawn = value * Math.exp((/odds|weight|logit/.test(unit) ? ODDS : SIZES) * deviate)
  return Number(Math.min(max, Math.max(min, drawn)).toPrecision(6))
}

/** The parameters that are drawn anew, by path, in the order of the profile. */
export function openIn({ origins }: Profile): string[] {
  return [...origins].flatMap(([path, origin]) =>
    origin.startsWith('measured') || FIXED.has(path) ? [] : [path],
  )
}

export function valueAt(profile: Profile, path: string): number | undefined {
  let at: unknown = profile
  for (const word of path.split('.')) at = (at as Readonly<Record<string, unknown>>)[word]
  return typeof at === 'number' ? at : undefined
}

export function redrawn(profile: Profile, n: number, settable: Settable): Profile {
  const open = new Set(openIn(profile))
  const group = (path: string, params: Readonly<Record<string, Param>>, of: Params): Params =>
    Object.fromEntries(
      Object.entries(of).map(([name, value]) => {
        const at = `${path}.${name}`
        const param = params[name]
        if (param === undefined || !open.has(at)) return [name, value]
        return [name, around(value, param, normal(draw(`${profile.name}~${n}|${at}`).next))]
      }),
    )
  const table = (kind: 'behaviours' | 'faults'): Readonly<Record<string, Params>> =>
    Object.fromEntries(
      Object.entries(profile[kind]).map(([id, of]) => [
        id,
        group(`${kind}.${id}`, settable[kind][id] ?? {}, of),
      ]),
    )
  const groups = Object.fromEntries(
    Object.entries(MODEL).map(([id, params]) => [
      id,
      group(id, params, profile[id as keyof typeof MODEL]),
    ]),
  ) as Pick<Profile, keyof typeof MODEL>
  return {
    ...profile,
    ...groups,
    name: inDraw(profile.name, n),
    behaviours: table('behaviours'),
    faults: table('faults'),
  }
}
