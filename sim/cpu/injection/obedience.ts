// Obedience: the probability that an order is obeyed where it stands, as it is framed, under the defences in
// view. The logit is a sum: fitted to AgentDojo (Debenedetti et al., 2024), whose strongest frame, the
// important message in a tool's result, is the model's own term.
import { uniform } from '../../core/hash.ts'
import { normal } from '../../core/normal.ts'
import type { Profile } from '../profile.ts'
import type { Defence } from './defences.ts'
import type { Frame } from './framing.ts'
import type { Standing } from './standing.ts'

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

/** A model answers to each frame in a way of its own: the same for all instances, drawn by its name. */
function strayOf({ name, injection }: Profile, frame: Frame): number {
  if (injection.stray === 0) return 0
  const u = uniform(`stray ${name}`)
  let asked = 0
  return injection.stray * normal(() => u(frame, `${asked++}`))
}

/** What the model wrote itself has lost the frame in which it came. */
export function obeys(profile: Profile, { place, frame, defences }: Standing): number {
  const { injection } = profile
  let logit = injection.obeys
  if (place !== 'result') logit += injection[place]
  if (place !== 'own' && frame !== 'important') logit += injection[frame] + strayOf(profile, frame)
  for (const defence of defences) logit += injection[defence]
  return logistic(logit)
}

/**
 * What the user or the system asks for is left undone. Where they only point to it, what a defence says of
 * all results is said of this one too.
 */
export function ignores({ injection }: Profile, defences: readonly Defence[] = []): number {
  let logit = injection.trusted
  for (const defence of defences) logit += injection[defence]
  return 1 - logistic(logit)
}
