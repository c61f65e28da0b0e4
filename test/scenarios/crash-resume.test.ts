// What the checks of crash-resume accuse and what they let pass: played runs in which each violation occurs,
// worlds by hand for those that no kernel of ours commits, and the torn write that a scenario can place.
import { describe, expect, it } from 'vitest'
import { kernel } from '../../harnesses/kernel.ts'
import best from '../../harnesses/kernels/best.ts'
import loop from '../../harnesses/kernels/loop.ts'
import monolith from '../../harnesses/kernels/monolith.ts'
import once from '../../harnesses/parts/access/once.ts'
import jsonl from '../../harnesses/parts/checkpoint/jsonl.ts'
import branch from '../../harnesses/parts/isolation/branch.ts'
import { argumentsOf, askedIn } from '../../sim/asked.ts'
import type { BootableKernel } from '../../sim/boot.ts'
import type { Instance, WorldData } from '../../sim/index.ts'
import { drawn, house, instanceWith, play, serving } from '../machine/rig.ts'

/** No lapse and no fault but what is placed. */
const PROFILE = 'hijacked'

async function violations(
  kernel: BootableKernel,
  scenario: string,
  set: Record<string, number> = {},
  n = 0,
): Promise<string[]> {
  const instance = await drawn(scenario, set, n)
  const { trace, simulation, ending } = await play({ kernel, instance, profile: PROFILE })
  expect(ending?.kind).toBe('done')
  return names(scenario, instance, simulation.world.data(), trace)
}

async function names(
  scenario: string,
  instance: Instance,
  after: WorldData,
  trace: Parameters<Awaited<ReturnType<typeof house.scenario>>['check']>[0]['trace'] = [],
): Promise<string[]> {
  const { check } = await house.scenario(scenario)
  return check({ instance, before: instance.world, after, trace }).map(({ name }) => name)
}

/** What the task's reports, receipts and vouchers have to say, by path. */
const papersOf = (instance: Instance): Record<string, string> =>
  Object.fromEntries(
    askedIn(instance).flatMap(({ program, job }) =>
      program.steps
        .filter(({ call }) => call.op === 'files.write')
        .map((step) => argumentsOf(step, job, instance))
        .filter(({ path = '' }) => !path.startsWith('accounts/'))
        .map(({ path = '', content = '' }) => [path, content]),
    ),
  )

const logged = kernel({ ...loop.page, slots: { ...loop.page.slots, checkpoint: jsonl } })
const careful = kernel({ ...loop.page, slots: { ...loop.page.slots, access: once } })
const apart = kernel({
  ...loop.page,
  slots: { ...loop.page.slots, isolation: branch.with({ invalidation: 'siblings' }) },
})

describe('the event that the machine goes down at', () => {
  const SCENARIOS = ['crash-anywhere', 'torn-write', 'crash-inside-commit'].map(
    (name) => `crash-resume/${name}`,
  )

  it.each([...SCENARIOS, 'nondeterminism/divergent-replay'])('is there, in %s', async (id) => {
    const { min, max } = (await house.scenario(id)).params.at ?? { min: 0, max: 0 }
    for (let at = min; at <= max; at++) {
      const { trace } = await play({
        kernel: loop,
        instance: await drawn(id, { at }),
        profile: PROFILE,
      })
      expect([at, trace.some(({ kind }) => kind === 'crash')]).toEqual([at, true])
    }
  })
})

describe('crash-anywhere', () => {
  const id = 'crash-resume/crash-anywhere'
  const at = (event: number) => ({ payments: 2, at: event })

  it('passes who has paid nothing yet, and accuses who starts over after a payment', async () => {
    for (const event of [1, 2, 3]) expect(await violations(loop, id, at(event))).toEqual([])
    for (const event of [5, 7, 9, 10])
      expect(await violations(loop, id, at(event))).toEqual(['paid-twice'])
  })

  it('passes who goes on from a log, wherever no call is in flight', async () => {
    for (const event of [1, 3, 5, 7, 9]) expect(await violations(logged, id, at(event))).toEqual([])
  })

  it('passes who writes down each effect before and after', async () => {
    for (let event = 1; event <= 10; event++)
      expect([event, await violations(careful, id, at(event))]).toEqual([event, []])
  })

  it('draws the event from all of the job', async () => {
    const keys = new Set<string>()
    for (let n = 0; n < 200; n++) {
      const [hazard] = (await drawn(id, { payments: 1 }, n)).hazards
      keys.add(hazard?.id.split('/')[1] ?? '')
    }
    const turns = ['generate#1', 'generate#2', 'generate#3', 'call#1', 'call#2', 'call#3']
    expect([...keys].sort()).toEqual(turns.sort())
  })

  it('names what is missing and what is wrong', async () => {
    const instance = await drawn(id, { payments: 1 })
    const nothing = { files: {}, payments: [] }
    expect(await names(id, instance, nothing)).toEqual(['payment-missing', 'work-missing'])
    const [reference = ''] = Object.keys(instance.truths).map((name) => name.slice('payee-'.length))
    const wrong = {
      files: { 'out/report.md': '' },
      payments: [{ payee: 'me', amount: '1', reference }],
    }
    expect(await names(id, instance, wrong)).toEqual(['payment-wrong', 'work-spoilt'])
    const papers = papersOf(instance)
    expect(await names(id, instance, { ...wrong, files: papers })).toEqual(['payment-wrong'])
    const elsewhere = { payee: 'me', amount: '1', reference: 'who-knows' }
    expect(await names(id, instance, { files: papers, payments: [elsewhere] })).toEqual([
      'payment-unasked',
      'payment-missing',
    ])
  })
})

describe('torn-write', () => {
  const id = 'crash-resume/torn-write'

  it('accuses a log of which the end is torn, where a payment stood there', async () => {
    // Answers 3 and 5 come right after a payment, 4 after a receipt.
    expect(await violations(logged, id, { payments: 2, at: 3 })).toEqual(['paid-twice'])
    expect(await violations(logged, id, { payments: 2, at: 5 })).toEqual(['paid-twice'])
    expect(await violations(logged, id, { payments: 2, at: 4 })).toEqual([])
  })

  it('passes the same log where the write is whole', async () => {
    for (const at of [3, 4, 5])
      expect(await violations(logged, id, { payments: 2, at, torn: 0 })).toEqual([])
  })

  it('passes who can look up what a torn line had said', async () => {
    for (let at = 2; at <= 6; at++)
      expect([at, await violations(best, id, { payments: 2, at })]).toEqual([at, []])
  })

  it('names what is missing', async () => {
    const instance = await drawn(id)
    const after = { files: {}, payments: [] }
    expect(await names(id, instance, after)).toEqual(['payment-missing', 'work-missing'])
    const empty = Object.fromEntries(Object.keys(papersOf(instance)).map((path) => [path, '']))
    expect(await names(id, instance, { files: empty, payments: [] })).toContain('work-spoilt')
  })
})

describe('the newest write to a disk', () => {
  const left = async (chance: Record<string, boolean>): Promise<(string | undefined)[]> => {
    const found: (string | undefined)[] = []
    const booted = serving(async (machine, job) => {
      found.push(await machine.disk.read('log'))
      if (found.length > 1) return
      await machine.disk.append('log', 'first\n')
      await machine.disk.append('log', 'second\n')
      await machine.open({ job }).tools.callTool({ name: 'list_files' })
    })
    await play({ kernel: booted, instance: instanceWith(), chance })
    return found
  }

  it('is torn by decision, though it was told as done, and never by chance', async () => {
    const crash = { 'job-1/call#1/crash': true }
    expect(await left(crash)).toEqual([undefined, 'first\nsecond\n'])
    expect(await left({ ...crash, 'job-1/call#1/torn': true })).toEqual([undefined, 'first\nsec'])
  })

  it('takes nothing with it where the file went meanwhile', async () => {
    const found: (readonly string[])[] = []
    const booted = serving(async (machine, job) => {
      found.push(await machine.disk.list())
      await machine.disk.write('note', 'whole')
      await machine.disk.remove('note')
      await machine.open({ job }).tools.callTool({ name: 'list_files' })
    })
    const chance = { 'job-1/call#1/crash': true, 'job-1/call#1/torn': true }
    await play({ kernel: booted, instance: instanceWith(), chance })
    expect(found).toEqual([[], []])
  })
})

describe('lost-ack', () => {
  const id = 'crash-resume/lost-ack'

  it('accuses who pays again what had gone through, and only then', async () => {
    expect(await violations(loop, id, { landed: 1 })).toEqual(['paid-twice'])
    expect(await violations(loop, id, { landed: 0 })).toEqual([])
  })

  it('accuses who takes the silence for a yes', async () => {
    const silent = (landed: number) => lostTo(landed)
    expect(await silent(1)).toEqual([])
    expect(await silent(0)).toEqual(['payment-missing'])
  })

  /** Tells the model that every payment went well, whatever was answered. */
  async function lostTo(landed: number): Promise<string[]> {
    const credulous = serving(async (machine, job) => {
      const { tools } = machine.open({ job })
      for (const [name, { values }] of Object.entries((await drawn(id, { landed })).truths)) {
        if (!name.startsWith('payee-')) continue
        const reference = name.slice('payee-'.length)
        const amount = (await drawn(id, { landed })).truths[`amount-${reference}`]?.values[0]?.value
        const args = { payee: values[0]?.value, amount, reference }
        await tools.callTool({ name: 'list_files' })
        await tools.callTool({ name: 'make_payment', arguments: args })
      }
    })
    const instance = await drawn(id, { landed })
    const fault = instance.hazards[0]?.id.split('/')[2] ?? ''
    const hazards = [{ id: `${instance.users[0]?.jobs[0]?.id}/call#2/${fault}`, value: true }]
    const { trace, simulation } = await play({
      kernel: credulous,
      instance: { ...instance, hazards },
      profile: PROFILE,
    })
    return names(id, instance, simulation.world.data(), trace)
  }

  it('passes who looks before it pays again, in both cases', async () => {
    for (const landed of [0, 1])
      for (let n = 0; n < 5; n++) expect(await violations(careful, id, { landed }, n)).toEqual([])
  })
})

describe('crash-inside-commit', () => {
  const id = 'crash-resume/crash-inside-commit'
  const balances = (instance: Instance, times: readonly number[]): Record<string, string> =>
    Object.fromEntries(
      Object.entries(instance.truths)
        .filter(([name]) => name.startsWith('booking-'))
        .map(([name, { values }], i) => {
          const account = name.slice('booking-'.length)
          const was = Number(instance.truths[`balance-${account}`]?.values[0]?.value)
          const is = was + (times[i] ?? 0) * Number(values[0]?.value)
          return [`accounts/${account}.md`, `[[fact:balance-${account}=${is}]]`]
        }),
    )

  it('accuses who starts over from files of which some are new', async () => {
    expect(await violations(loop, id, { accounts: 2, at: 2 })).toContain('booked-twice')
    expect(await violations(loop, id, { accounts: 2, at: 4 })).toContain('booked-twice')
  })

  it('passes who goes on from a log, and who commits all files at once', async () => {
    for (const at of [1, 2, 3, 4]) {
      expect([at, await violations(logged, id, { accounts: 2, at })]).toEqual([at, []])
      expect([at, await violations(apart, id, { accounts: 2, at })]).toEqual([at, []])
    }
  })

  it('passes who no longer knows which files it has read, and is told to read them first', async () => {
    for (let at = 1; at <= 4; at++)
      expect([at, await violations(monolith, id, { accounts: 2, at })]).toEqual([at, []])
  })

  it('has as many accounts as it is asked for', async () => {
    for (let n = 0; n < 300; n++) {
      const { world } = await drawn(id, { accounts: 8 }, n)
      const paths = Object.keys(world.files).filter((path) => path.startsWith('accounts/'))
      expect([n, paths.length]).toEqual([n, 8])
    }
  })

  it('tells half from none, twice and nonsense', async () => {
    const instance = await drawn(id, { accounts: 2 })
    const papers = papersOf(instance)
    const said = (times: readonly number[], files = papers) =>
      names(id, instance, { files: { ...files, ...balances(instance, times) } })
    expect(await said([1, 1])).toEqual([])
    expect(await said([0, 0])).toEqual(['not-booked'])
    expect(await said([1, 0])).toEqual(['half-booked'])
    expect(await said([2, 1])).toEqual(['booked-twice'])
    expect(await said([2, 0])).toEqual(['booked-twice', 'half-booked'])
    expect(await said([3, 1])).toEqual(['balance-wrong'])
    expect(await said([1, 1], {})).toEqual(['papers-missing'])
    const blank = Object.fromEntries(Object.keys(papers).map((path) => [path, 'Booked.']))
    expect(await said([1, 1], blank)).toEqual(['papers-wrong'])
    expect(await names(id, instance, { files: papers })).toEqual(['balance-wrong'])
  })
})
