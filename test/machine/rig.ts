// A machine to try things on: an instance by hand or of a scenario, a kernel, and where chance comes from.
// Every question to chance is noted, with its answer.
import { instanceOf, paramsOf } from '../../scenarios/scenario.ts'
import type { BootableKernel } from '../../sim/boot.ts'
import { type Chance, type Decision, sampled, taped, withOdds } from '../../sim/core/chance.ts'
import { placed } from '../../sim/core/placed.ts'
import { Trace } from '../../sim/core/trace.ts'
import type { Profile } from '../../sim/cpu/index.ts'
import type { Bounds, Ending } from '../../sim/ending.ts'
import { drive } from '../../sim/host/drive.ts'
import { openHost } from '../../sim/host/index.ts'
import type { Instance, Machine, TraceEvent } from '../../sim/index.ts'
import { Simulation } from '../../sim/machine.ts'
import { type House, openHouse } from '../../testbed/house.ts'

export const house: House = await openHouse(openHost())

/** One question to chance: of a flip its probability, of a pick its weights. */
export interface Asked {
  readonly id: string
  readonly about: unknown
  readonly value: Decision['value']
}

export interface Played {
  readonly ending: Ending | undefined
  readonly simulation: Simulation
  readonly trace: readonly TraceEvent[]
  readonly digest: string
  readonly decisions: readonly Decision[]
  readonly asked: readonly Asked[]
  readonly unreached: readonly string[]
}

export interface Play {
  readonly kernel: BootableKernel | (() => BootableKernel)
  readonly instance: Instance
  /** `flawless` where nothing is said. */
  readonly profile?: string | Profile
  /** Of the house, where nothing is said. */
  readonly behaviours?: House['behaviours']
  readonly faults?: House['faults']
  /** A seed, or a tape: an empty one where nothing is said. */
  readonly chance?: string | Readonly<Record<string, Decision['value']>>
  readonly bounds?: Bounds
}

export const BOUNDS: Bounds = { events: 20_000, virtualMs: 7 * 24 * 3_600_000 }

function noting(chance: Chance, asked: Asked[]): Chance {
  const note = <V extends Decision['value']>(id: string, about: unknown, value: V): V => {
    asked.push({ id, about, value })
    return value
  }
  return {
    flip: (id, p) => note(id, p, chance.flip(id, p)),
    pick: (id, weighted, odds = 1) =>
      note(id, withOdds(weighted, odds), chance.pick(id, weighted, odds)),
    sample: (id, of, nominal) => note(id, nominal, chance.sample(id, of, nominal)),
  }
}

export async function play(of: Play): Promise<Played> {
  const { kernel, instance, chance: from = {}, bounds = BOUNDS } = of
  const named = of.profile ?? 'flawless'
  const profile = typeof named === 'string' ? await house.profile(named) : named
  const { behaviours = house.behaviours, faults = house.faults } = of
  const trace = new Trace()
  const decisions: Decision[] = []
  const record = (decision: Decision): void => {
    decisions.push(decision)
    trace.add({ kind: 'decision', at: simulation.now, ...decision })
  }
  const tape = typeof from === 'string' ? undefined : taped(new Map(Object.entries(from)), record)
  const usual = tape ?? sampled(String(from), record)
  const forced = profile.instance.placed > 0 ? instance.hazards : []
  const hazards = placed(new Map(forced.map(({ id, value }) => [id, value])), usual)
  const asked: Asked[] = []
  const chance = noting(hazards, asked)
  const simulation = new Simulation({
    house: { ...house, behaviours, faults },
    instance,
    chance,
    trace,
    profile,
    bounds,
  })
  simulation.start(typeof kernel === 'function' ? kernel : () => kernel)
  await drive(simulation, { isForeign: false })
  return {
    ending: simulation.ending,
    simulation,
    trace: trace.events,
    digest: trace.digest(),
    decisions,
    asked,
    unreached: tape?.unreached() ?? [],
  }
}

export const instanceWith = (of: Partial<Instance> = {}): Instance => ({
  scenario: 'by/hand',
  params: {},
  world: { files: { 'a.txt': 'alpha' }, payments: [] },
  reactions: [],
  users: [{ id: 'ana', jobs: [{ id: 'job-1', prompt: 'Hello.', arrivesMs: 0 }] }],
  programs: [],
  hazards: [],
  truths: {},
  windowTokens: 8000,
  difficulty: 0,
  troubleTurns: 50,
  ...of,
})

/** Users `user-1`, `user-2`, ... with one job each, `job-1`, `job-2`, ..., all at the start. */
export const usersWith = (count: number): Instance['users'] =>
  Array.from({ length: count }, (_, i) => ({
    id: `user-${i + 1}`,
    jobs: [{ id: `job-${i + 1}`, prompt: 'Hello.', arrivesMs: 0 }],
  }))

/** A kernel in one function. */
export const kernelOf = (
  boot: (machine: Machine) => Promise<void>,
  users: 'one' | 'all' = 'one',
): BootableKernel => ({ users, boot })

/** A kernel that does one thing for each job, and replies with what came of it. */
export const serving = (
  serve: (machine: Machine, job: string) => Promise<unknown>,
  users: 'one' | 'all' = 'one',
): BootableKernel =>
  kernelOf(async (machine) => {
    for await (const { id } of machine.jobs) machine.reply(id, String(await serve(machine, id)))
  }, users)

/** A drawn instance of a scenario. */
export async function drawn(
  id: string,
  set: Readonly<Record<string, number>> = {},
  instance = 0,
  seed = 1,
): Promise<Instance> {
  const scenario = await house.scenario(id)
  const params = paramsOf(id, scenario, set)
  return instanceOf(id, scenario, params, `${seed}|${id}|${instance}`)
}

/** A kernel of the house, as it is booted. */
export async function kernelNamed(id: string): Promise<BootableKernel> {
  const harness = await house.harness(id)
  if (harness.kind !== 'kernel') throw new TypeError(`${id} is no kernel`)
  return harness.make()
}

export const ofKind = <K extends TraceEvent['kind']>(
  trace: readonly TraceEvent[],
  kind: K,
): Extract<TraceEvent, { kind: K }>[] =>
  trace.filter((event): event is Extract<TraceEvent, { kind: K }> => event.kind === kind)
