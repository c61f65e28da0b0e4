// What bounds a run: as kernels are told it, and as the model takes it.
import type { Profile } from './cpu/index.ts'
import type { Limits } from './index.ts'
import type { Instance } from './instance.ts'

/** As many generations at once as a machine has where its instance says nothing. */
const CORES = 8

export function limitsOf(
  { windowTokens, params, cores, budget }: Instance,
  profile: Profile,
): Limits {
  const { tokensPerSecond } = profile.pace
  const isAbsolute = params.absolute === 1
  return {
    windowTokens,
    isAbsolute,
    cores: cores ?? CORES,
    tokensPerSecond,
    ...(budget === undefined ? {} : { budget }),
  }
}

/** The model's lengths hold as they stand where its own window is the one at hand. */
export function native(profile: Profile, { windowTokens, isAbsolute }: Limits): Profile {
  return isAbsolute ? { ...profile, window: { ...profile.window, native: windowTokens } } : profile
}
