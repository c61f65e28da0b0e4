// What a simulation is made of: the house, which is the same for every run, and what is this run's own.
import type { Chance } from './core/chance.ts'
import type { Tokens } from './core/tokens.ts'
import type { Trace } from './core/trace.ts'
import type { Behaviour, Offers, Profile } from './cpu/index.ts'
import type { Bounds } from './ending.ts'
import type { Fault } from './faults/index.ts'
import type { Instance } from './instance.ts'
import type { Shell } from './world/shell.ts'

export interface Parts {
  readonly behaviours: ReadonlyMap<string, Behaviour>
  readonly faults: ReadonlyMap<string, Fault>
  readonly offers: Offers
  readonly tokens: Tokens
  readonly shell: Shell
}

export interface SimulationOptions {
  readonly house: Parts
  readonly instance: Instance
  readonly chance: Chance
  readonly trace: Trace
  readonly profile: Profile
  readonly bounds: Bounds
}
