// The simulated model as a service: one case of a scenario, its task doable through any client of the
// protocol. Virtual time runs as fast as it is asked.

import { Boot } from '../sim/boot.ts'
import { type Decision, sampled } from '../sim/core/chance.ts'
import { placed } from '../sim/core/placed.ts'
import { Trace } from '../sim/core/trace.ts'
import { pause } from '../sim/host/drive.ts'
import type { Generate, Instance, TraceEvent } from '../sim/index.ts'
import { Simulation } from '../sim/machine.ts'
import { openSession } from '../sim/session.ts'
import { instanceFor } from './drawn.ts'
import type { House } from './house.ts'
import type { RunSpec } from './run-id.ts'

export interface Service {
  readonly instance: Instance
  readonly generate: Generate
  /** Moves virtual time while there is anything to do; resolves when asked to stop. */
  pump(stop: AbortSignal): Promise<void>
}

/** Real milliseconds between two looks for something to do. */
const LOOK_MS = 1

export async function service(
  spec: Omit<RunSpec, 'harness'>,
  house: House,
  onEvent: (event: TraceEvent) => void,
): Promise<Service> {
  const instance = await instanceFor(spec, house)
  const profile = await house.profile(spec.profile)
  const trace = new Trace()
  const add = trace.add.bind(trace)
  trace.add = (event) => {
    add(event)
    onEvent(event)
  }
  let now = () => 0
  const record = (decision: Decision): void =>
    trace.add({ kind: 'decision', at: now(), ...decision })
  const key = `${spec.seed}|${spec.scenario}|${spec.instance}|${spec.trial}`
  const hazards = profile.instance.placed > 0 ? instance.hazards : []
  const forced = new Map(hazards.map(({ id, value }) => [id, value]))
  const chance = placed(forced, sampled(key, record), (id, value) =>
    trace.add({ kind: 'hazard', at: now(), id, value }),
  )
  const bounds = { events: Number.POSITIVE_INFINITY, virtualMs: Number.POSITIVE_INFINITY }
  const endless = { ...instance, troubleTurns: Number.POSITIVE_INFINITY }
  const simulation = new Simulation({ house, instance: endless, chance, trace, profile, bounds })
  now = () => simulation.now
  const [user] = instance.users
  const boot = new Boot([user?.id ?? ''], 'serve')
  const session = openSession(simulation, boot, { job: user?.jobs[0]?.id ?? '' })
  return {
    instance,
    generate: session.generate,
    async pump(stop) {
      while (!stop.aborted) {
        await pause(simulation.step() ? 0 : LOOK_MS)
      }
    },
  }
}
