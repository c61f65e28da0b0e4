// What every kernel keeps: tested by being there.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { kernel, type PagedKernel } from '../../harnesses/kernel.ts'
import cost from '../../harnesses/parts/budget/cost.ts'
import time from '../../harnesses/parts/budget/time.ts'
import tokens from '../../harnesses/parts/budget/tokens.ts'
import turns from '../../harnesses/parts/budget/turns.ts'
import jsonl from '../../harnesses/parts/checkpoint/jsonl.ts'
import type { BootableKernel } from '../../sim/boot.ts'
import type { Instance, Message } from '../../sim/index.ts'
import { run } from '../../testbed/index.ts'
import { drawn, house, kernelNamed, ofKind, type Played, play } from '../machine/rig.ts'

const kernels = await house.catalog.ids('kernel')
const scenarios = await house.catalog.ids('scenario')
const LONG = process.env.ENOSYS_LONG !== undefined
const oneAFamily = scenarios.filter((id, i) => id.split('/')[0] !== scenarios[i - 1]?.split('/')[0])
/** All at length, else a third of them, another for each kernel. */
const solvedBy = (id: string): readonly string[] =>
  scenarios.filter((_, i) => LONG || (i + kernels.indexOf(id)) % 3 === 0)
/** They are there to fail, or to ask once. */
const FLOORS = ['idle', 'amnesiac', 'reader']

/** By scenario and kernel: what cannot be solved, and why. */
const BY_DESIGN = new Map<string, Readonly<Record<string, string>>>()
for (const file of readdirSync(new URL('by-design', import.meta.url))) {
  const text = readFileSync(new URL(`by-design/${file}`, import.meta.url), 'utf8')
  for (const [scenario, kernels] of Object.entries(parse(text))) {
    BY_DESIGN.set(scenario, kernels as Record<string, string>)
  }
}

async function verdict(harness: string, scenario: string): Promise<unknown[]> {
  const { params } = await house.scenario(scenario)
  const simplest = Object.entries(params).map(([name, param]) => [name, param.simplest])
  const spec = {
    scenario,
    params: Object.fromEntries(simplest),
    instance: 0,
    trial: 0,
    harness,
    profile: 'flawless',
    seed: 1,
  }
  const { record } = await run(spec, 'sampled', house)
  return [record.verdict, record.reason, record.violations]
}

const paged = async (id: string): Promise<PagedKernel | undefined> => {
  const entry = (await house.catalog.entry('kernel', id)) as PagedKernel
  return 'page' in entry ? entry : undefined
}

const EASY = { invoices: 2, distance: 100, window: 32_000 }

/** What the scenario has against the run; undefined where nobody answered. */
async function violations(of: Played, instance: Instance): Promise<string[] | undefined> {
  if (of.ending?.kind !== 'done') return undefined
  const scenario = await house.scenario(instance.scenario)
  const after = of.simulation.world.data()
  const found = scenario.check({ instance, before: instance.world, after, trace: of.trace })
  return found.map(({ name }) => name)
}

function hasEnded({ ending, trace, unreached }: Played): void {
  expect(['done', 'stuck']).toContain(ending?.kind)
  expect(unreached).toEqual([])
  const orphans = ofKind(trace, 'refusal').filter(({ message }) =>
    /tool_call|role 'tool'/.test(message),
  )
  expect(orphans).toEqual([])
}

const endsOf = <T>(all: readonly T[]): T[] => [...all.slice(0, 2), ...all.slice(2).slice(-2)]

it('speak to the model in words alone, from the first on', async () => {
  for (const id of kernels) {
    const system = (await paged(id))?.page.system
    const text = typeof system === 'function' ? '' : (system ?? '')
    if (text !== '') expect([id, text]).toEqual([id, expect.stringMatching(/^You are /)])
    expect([id, text]).toEqual([id, expect.not.stringMatching(/\bconst [A-Z]+ ?=|=> \{|\$\{/)])
  }
})

describe.each(kernels)('%s', (id) => {
  it.skipIf(FLOORS.includes(id))('solves the simplest case of the scenarios', async () => {
    for (const scenario of solvedBy(id)) {
      if ((await house.scenario(scenario)).asks !== undefined) continue
      const outcome = await verdict(id, scenario)
      if (BY_DESIGN.get(scenario)?.[id] !== undefined) {
        expect(outcome[0]).toBe('fail')
        continue
      }
      expect([scenario, ...outcome]).toEqual([scenario, 'pass', '', []])
    }
  })

  it('survives every single fault wherever it strikes, or says why not', async () => {
    const kernel = await kernelNamed(id)
    const instance = await drawn('compaction/exactly-once', EASY)
    const reference = await play({ kernel, instance })
    const failed = new Set<string>()
    for (const fault of house.faults.keys()) {
      const all = reference.asked.filter((ask) => ask.id.endsWith(`/${fault}`))
      // A floor goes round in circles until it is stopped, wherever it is struck.
      const places = FLOORS.includes(id) ? all.slice(0, 1) : LONG ? all : endsOf(all)
      for (const { id: at } of places) {
        const played = await play({ kernel, instance, chance: { [at]: true } })
        hasEnded(played)
        if ((await violations(played, instance))?.length !== 0) failed.add(fault)
      }
    }
    if (FLOORS.includes(id)) return
    const said = Object.keys((await paged(id))?.page.failsUnder ?? {})
    if (LONG) expect([...failed].sort()).toEqual(said.sort())
    else expect(said).toEqual(expect.arrayContaining([...failed]))
  })

  it('comes to an end under all faults at once', async () => {
    const kernel = await kernelNamed(id)
    const hostile = await house.profile('hostile')
    const faults = Object.fromEntries(
      Object.entries(hostile.faults).map(([name, params]) => [
        name,
        { ...params, probability: 0.05 },
      ]),
    )
    const profile = { ...hostile, faults }
    for (const scenario of LONG ? scenarios : oneAFamily) {
      const instance = await drawn(scenario)
      hasEnded(await play({ kernel, instance, chance: '1', profile }))
    }
  })

  it('says what it mirrors', async () => {
    const entry = (await house.catalog.entry('kernel', id)) as { mirrors: string }
    expect(entry.mirrors).not.toBe('')
  })
})

/** So small that any job is larger. */
const BUDGETS = {
  turns: turns.with({ turns: 1 }),
  tokens: tokens.with({ maxTokens: 1 }),
  cost: cost.with({ maxUsd: 1e-9 }),
  time: time.with({ jobMs: 1 }),
}

const pages = (
  await Promise.all(kernels.map(async (id) => [id, await paged(id)] as const))
).flatMap(([id, entry]) => (entry === undefined ? [] : [[id, entry] as const]))

describe.each(pages)('%s, made of parts', (_id, entry) => {
  it.each(Object.entries(BUDGETS))('stops at a budget of %s', async (_name, budget) => {
    const bounded = kernel({ ...entry.page, slots: { ...entry.page.slots, budget } })
    const instance = await drawn('compaction/exactly-once', EASY)
    const { trace, ending } = await play({ kernel: bounded, instance })
    expect(ending?.kind).toBe('done')
    expect(ofKind(trace, 'reply').map(({ text }) => text)[0]).toMatch(/^Stopped: /)
    expect(ofKind(trace, 'request').length).toBeLessThanOrEqual(2)
  })

  const kept = kernel({ ...entry.page, slots: { ...entry.page.slots, checkpoint: jsonl } })

  it('leaves no call without a result in its history, wherever it is interrupted', async () => {
    const instance = await drawn('phantom-calls/malformed', { length: 20 })
    const reference = await play({ kernel: kept, instance })
    const instants = new Set(reference.trace.flatMap(({ at }) => [at, at + 1]))
    for (const withdrawnMs of instants) {
      const taken = { ...instance, users: takenBack(instance, withdrawnMs) }
      const { simulation, ending } = await play({ kernel: kept, instance: taken })
      expect(['done', 'stuck']).toContain(ending?.kind)
      expect([withdrawnMs, orphansOn(simulation.disk)]).toEqual([withdrawnMs, []])
    }
  })

  it('asks nothing that a strict provider refuses, wherever the machine went down', async () => {
    await goesOnAfterACrash(entry)
    await goesOnAfterACrash(kept)
  })
})

const takenBack = ({ users }: Instance, withdrawnMs: number): Instance['users'] =>
  users.map(({ id, jobs }) => ({ id, jobs: jobs.map((job) => ({ ...job, withdrawnMs })) }))

function orphansOn(disk: ReadonlyMap<string, string>): string[] {
  const messages = [...disk]
    .filter(([path]) => path.endsWith('.jsonl'))
    .flatMap(([, text]) => text.split('\n').filter((line) => line !== ''))
    .map((line) => JSON.parse(line) as Message)
  const answered = new Set(messages.map(({ callId }) => callId))
  return messages.flatMap(({ calls = [] }) =>
    calls.filter(({ id }) => !answered.has(id)).map(({ id }) => id),
  )
}

async function goesOnAfterACrash(kernel: BootableKernel): Promise<void> {
  const instance = await drawn('phantom-calls/malformed', { length: 20 })
  const { asked } = await play({ kernel, instance, profile: 'flawless' })
  const places = asked.filter((ask) => ask.id.endsWith('/crash'))
  for (const { id } of places) {
    const key = id.slice(0, id.lastIndexOf('/'))
    for (const [landed, torn] of [
      [false, false],
      [true, true],
    ] as const) {
      const chance = { [id]: true, [`${key}/landed`]: landed, [`${key}/torn`]: torn }
      const { trace, ending } = await play({ kernel, instance, chance })
      expect(['done', 'stuck']).toContain(ending?.kind)
      expect([id, ofKind(trace, 'refusal')]).toEqual([id, []])
    }
  }
}
