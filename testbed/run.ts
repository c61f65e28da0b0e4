// One run, on one page: an instance is drawn, chance is chosen, a kernel is booted on the machine, time
// runs, and the world and the trace are judged.
import type { RunRecord } from '../reports/record.ts'
import { type Chance, type Decision, sampled, swarm, taped } from '../sim/core/chance.ts'
import { placed } from '../sim/core/placed.ts'
import { Trace } from '../sim/core/trace.ts'
import type { Ending } from '../sim/ending.ts'
import { drive } from '../sim/host/drive.ts'
import type { TraceEvent, WorldData } from '../sim/index.ts'
import { type Inside, insideOf } from '../sim/inside.ts'
import { Simulation } from '../sim/machine.ts'
import { atCrashPoints, type CrashPoint, inFlight } from './crash-points.ts'
import { instanceFor } from './drawn.ts'
import { plainly } from './generic.ts'
import type { House } from './house.ts'
import { judge } from './judge.ts'
import { inProcesses } from './processes.ts'
import { formatRunId, isSwarm, type RunSpec } from './run-id.ts'
import { underSeal } from './sealed.ts'

/** Where chance comes from: the seed, or a tape. */
export type Source = 'sampled' | ReadonlyMap<string, Decision['value']>

export interface RunResult {
  readonly record: RunRecord
  readonly trace: readonly TraceEvent[]
  /** Ids on the tape that were never asked, or asked for what is not offered there. */
  readonly unreached: readonly string[]
  /** The machine as it stood at the end, or where it was stopped, for whoever looks. */
  readonly inside: () => Inside
  /** The world as it was left. */
  readonly after: () => WorldData
}

/** Where to stop: before the first event that is later, or when the trace has so many events. */
export type Stop = { readonly atMs: number } | { readonly events: number }

export interface Running {
  /** Told of every event. */
  readonly progress?: () => void
  readonly stop?: Stop | undefined
  /** Told of each event that a crash can come before. */
  readonly crashPoint?: (point: CrashPoint) => void
}

/** The machine ends a run past these; far above what any scenario needs. */
const BOUNDS = { events: 200_000, virtualMs: 7 * 24 * 3_600_000 }

export async function run(
  spec: RunSpec,
  source: Source,
  house: House,
  { progress = () => {}, stop, crashPoint }: Running = {},
): Promise<RunResult> {
  const { instance: number, trial, seed } = spec
  const scenario = await house.scenario(spec.scenario)
  const id = plainly(spec.scenario)
  const profile = await house.profile(spec.profile)
  const harness = await house.harness(spec.harness)
  const instance = await instanceFor(spec, house)
  const { params } = instance

  const trace = new Trace()
  const decisions: Decision[] = []
  let now = () => 0
  const record = (decision: Decision): void => {
    decisions.push(decision)
    trace.add({ kind: 'decision', at: now(), ...decision })
  }
  const key = `${seed}|${id}|${number}|${trial}`
  const tape = typeof source === 'object' ? taped(source, record) : undefined
  const usual: Chance = tape ?? (isSwarm(spec.profile) ? swarm : sampled)(key, record)
  const forced = profile.instance.placed > 0 ? instance.hazards : []
  const hazards = new Map(forced.map((hazard) => [hazard.id, hazard.value]))
  const chance = placed(hazards, usual, (id, value) =>
    trace.add({ kind: 'hazard', at: now(), id, value }),
  )
  const asked = crashPoint && atCrashPoints(chance, (key) => crashPoint(inFlight(key, simulation)))

  trace.add({ kind: 'instance', at: 0, run: { instance, profile: spec.profile } })
  const simulation: Simulation = new Simulation({
    house,
    instance,
    chance: asked ?? chance,
    trace,
    profile,
    bounds: BOUNDS,
  })
  now = () => simulation.now
  const until = isPast(stop, trace.events)
  const inexact =
    harness.kind === 'adapter'
      ? await inProcesses(simulation, harness, house, { progress, until })
      : await underSeal(key, simulation, harness, (isForeign) =>
          drive(simulation, { isForeign, progress, until }),
        )

  const ending: Ending = simulation.ending ?? { kind: 'stuck', reason: 'stopped' }
  trace.add({
    kind: 'end',
    at: simulation.now,
    how: ending.kind,
    detail: 'reason' in ending ? ending.reason : '',
  })
  const judged = judge({
    scenario,
    instance,
    ending,
    simulation,
    trace: trace.events,
    metrics: house.metrics,
  })
  return {
    record: {
      id: formatRunId(spec),
      ...spec,
      params,
      ...judged,
      placed: forced.length,
      met: chance.met().length,
      decisions: [...decisions],
      inexact,
      digest: trace.digest(),
    },
    trace: trace.events,
    unreached: tape?.unreached() ?? [],
    after: () => simulation.world.data(),
    inside: () => ({ ...insideOf(simulation), atMs: standsAt(simulation, stop) }),
  }
}

/** Where nothing happens until the instant that was asked for, it stands there. */
const standsAt = ({ now, ending }: Simulation, stop: Stop | undefined): number =>
  stop !== undefined && 'atMs' in stop && ending === undefined ? stop.atMs : now

const isPast =
  (stop: Stop | undefined, events: readonly TraceEvent[]) =>
  (sim: Simulation): boolean => {
    if (stop === undefined) return false
    if ('events' in stop) return events.length >= stop.events
    return (sim.queue.nextAt ?? Number.POSITIVE_INFINITY) > stop.atMs
  }
