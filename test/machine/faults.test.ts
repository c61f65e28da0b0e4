// What each fault looks like to a kernel in this process. And a fault is heard as far as its occasion goes:
// what cannot befall it is our mistake, and is told as one.
import { describe, expect, it } from 'vitest'
import { fault, pass, type Verdict } from '../../sim/faults/index.ts'
import type { Completion, Delta, Machine, Message, Session } from '../../sim/index.ts'
import { drawn, house, instanceWith, kernelOf, ofKind, play, serving } from './rig.ts'

const verdicts: readonly Verdict[] = [
  { kind: 'crash' },
  { kind: 'delay', ms: 5 },
  { kind: 'cut', share: 0.5, refusal: { kind: 'refused', status: 0, code: 'x', message: 'x' } },
  { kind: 'drop', message: 'Error: lost', afterMs: 1 },
  { kind: 'fail', message: 'Error: failed', afterMs: 0 },
]
const [ofOthers, ofCalls] = [verdicts.slice(0, 3), verdicts.slice(3)]

const befalls = (verdict: Verdict) => {
  const faults = new Map([['crash', fault({ on: 'call', params: {}, decide: () => verdict })]])
  const kernel = serving(async (machine, job) => {
    const session = machine.open({ job })
    const { isError = false } = await session.tools.callTool({ name: 'list_files' })
    return String(isError)
  })
  return play({ kernel, instance: instanceWith(), faults })
}

it.each(ofOthers)('a call cannot be met by $kind', async (verdict) => {
  await expect(befalls(verdict)).rejects.toThrow(
    `fault crash: ${verdict.kind} cannot befall a call`,
  )
})

it.each([pass, ...ofCalls])('a call can be met by $kind', async (verdict) => {
  const { ending, trace } = await befalls(verdict)
  expect(ending).toEqual({ kind: 'done' })
  const reply = trace.find((event) => event.kind === 'reply')
  expect(reply).toMatchObject({ text: String(verdict.kind !== 'pass') })
})

interface Heard {
  readonly completion: Completion
  readonly deltas: readonly Delta[]
  /** Virtual milliseconds. */
  readonly firstMs: number
  readonly lastMs: number
}

/** Asks once, listening. */
async function listen(machine: Machine, session: Session, messages: readonly Message[]) {
  const { tools } = await session.tools.listTools()
  const start = machine.clock.now()
  const generation = session.generate({ messages, tools })
  const deltas: Delta[] = []
  let firstMs = -1
  for await (const delta of generation) {
    if (deltas.push(delta) === 1) firstMs = machine.clock.now() - start
  }
  const completion = await generation.result
  return { completion, deltas, firstMs, lastMs: machine.clock.now() - start }
}

/** A task whose first step is a call with arguments. */
const instance = await drawn('phantom-calls/malformed')
const job = instance.users[0]?.jobs[0]?.id ?? ''
const key = `${job}/generate#1`

/** The same request, so many times, with what the tape says. */
async function asked(chance: Record<string, boolean | number>, times = 1) {
  const heard: Heard[] = []
  const kernel = kernelOf(async (machine) => {
    for await (const { id, prompt } of machine.jobs) {
      const session = machine.open({ job: id })
      const messages: Message[] = [{ role: 'user', content: prompt }]
      for (let i = 0; i < times; i++) heard.push(await listen(machine, session, messages))
      machine.reply(id, 'done')
    }
  })
  const run = await play({ kernel, instance, chance })
  expect(run.ending).toEqual({ kind: 'done' })
  expect(run.unreached).toEqual([])
  const [first] = heard
  if (first === undefined) throw new Error('nothing was heard')
  return { ...run, ...first, heard }
}

const messageOf = (heard: Heard | undefined): Message | undefined =>
  heard?.completion.kind === 'message' ? heard.completion.message : undefined

const spokenBy = (deltas: readonly Delta[]): string =>
  deltas.map((delta) => (delta.kind === 'call' ? `<${delta.name}>` : delta.text)).join('')

const spokenIn = ({ content, calls = [] }: Message): string =>
  content + calls.map(({ name, args }) => `<${name}>${args}`).join('')

const plain = await asked({})
const meant = messageOf(plain) ?? { role: 'assistant', content: '' }
const whole = spokenIn(meant)

describe('a provider', () => {
  it.each<[string, number, string, number | undefined]>([
    ['rate-limit', 429, 'rate_limit_exceeded', 2000],
    ['rate-limit-bare', 429, 'rate_limit_exceeded', undefined],
    ['server-error', 500, 'server_error', undefined],
    ['overloaded', 529, 'overloaded_error', undefined],
    ['context-too-long', 400, 'context_length_exceeded', undefined],
    ['content-refused', 400, 'invalid_prompt', undefined],
  ])('with %s refuses, and answers when it is asked again', async (id, status, code, waits) => {
    const run = await asked({ [`${key}/${id}`]: true }, 2)
    expect(run.completion).toMatchObject({ kind: 'refused', status, code })
    expect('retryAfterMs' in run.completion ? run.completion.retryAfterMs : undefined).toBe(waits)
    expect(run.deltas).toEqual([])
    expect(messageOf(run.heard[1])).toEqual(meant)
    expect(ofKind(run.trace, 'refusal')).toMatchObject([{ n: 1, status, code }])
  })

  it('with slow-first-token begins later, and speaks no slower', async () => {
    const id = `${key}/slow-first-token`
    const usual = await asked({ [id]: true })
    expect(usual.firstMs - plain.firstMs).toBeCloseTo(10_000)
    const late = await asked({ [id]: true, [`${id}/ms`]: 4321 })
    expect(late.completion).toEqual(plain.completion)
    expect(late.firstMs - plain.firstMs).toBeCloseTo(4321)
    expect(late.lastMs - late.firstMs).toBeCloseTo(plain.lastMs - plain.firstMs)
  })

  it.each<[string, string, number]>([
    ['stream-cut', 'stream_cut', 0.3],
    ['stream-cut', 'stream_cut', 0.9],
    ['connection-reset', 'connection_reset', 0.3],
    ['connection-reset', 'connection_reset', 0],
  ])('with %s is heard as far as it came: %s at %d', async (id, code, share) => {
    const run = await asked({ [`${key}/${id}`]: true, [`${key}/${id}/share`]: share }, 2)
    expect(run.completion).toMatchObject({ kind: 'refused', status: 0, code })
    const said = spokenBy(run.deltas)
    expect(whole.startsWith(said)).toBe(true)
    expect(said.length).toBeLessThan(whole.length)
    const { content, calls = [] } = meant
    const chars = calls.reduce((sum, { args }) => sum + args.length, content.length)
    const heard = run.deltas.flatMap((delta) => (delta.kind === 'call' ? [] : [delta.text]))
    expect(heard.join('')).toHaveLength(Math.floor(share * chars))
    const span = plain.lastMs - plain.firstMs
    expect(run.lastMs).toBeCloseTo(plain.firstMs + share * span)
    expect(ofKind(run.trace, 'refusal').map((told) => told.heard && spokenIn(told.heard))).toEqual([
      said,
    ])
  })

  it('whose answer was cut says the same when the same is asked again, in the same occurrence', async () => {
    const cut = await asked({ [`${key}/stream-cut`]: true }, 3)
    expect(messageOf(cut.heard[1])).toEqual(meant)
    const never = await asked({}, 2)
    expect(messageOf(cut.heard[2])).toEqual(messageOf(never.heard[1]))
    const occurrences = ofKind(cut.trace, 'plan').map(({ occurrence }) => occurrence)
    expect(occurrences).toEqual(ofKind(never.trace, 'plan').map(({ occurrence }) => occurrence))
  })

  it('that is away refuses everybody, from its start to its end', async () => {
    const id = 'provider/outage#0/outage'
    const chance = { [id]: true, [`${id}/start`]: 1000, [`${id}/ms`]: 5000 }
    const at: [number, string][] = []
    const kernel = serving(async (machine, job) => {
      const session = machine.open({ job })
      for (let i = 0; i < 40; i++) {
        const start = machine.clock.now()
        const hello: Message = { role: 'user', content: 'Hello.' }
        const { kind } = await session.generate({ messages: [hello] }).result
        at.push([start, kind])
        await machine.clock.sleep(100)
      }
    })
    await play({ kernel, instance: instanceWith(), chance })
    for (const [ms, kind] of at)
      expect([ms, kind]).toEqual([ms, ms >= 1000 && ms < 6000 ? 'refused' : 'message'])
    expect(at[0]?.[1]).toBe('message')
    expect(at.filter(([, kind]) => kind === 'refused').length).toBeGreaterThan(10)
    expect(at.at(-1)?.[1]).toBe('message')
  })

  it('that is away is one decision, however many ask', async () => {
    const profile = await house.profile('flawless')
    const often = { ...profile.faults.outage, probability: 0.999_999, medianMs: 300_000, spread: 0 }
    const kernel = serving(async (machine, job) => {
      const session = machine.open({ job })
      for (let i = 0; i < 20; i++) {
        await session.generate({ messages: [{ role: 'user', content: 'Hello.' }] }).result
        await machine.clock.sleep(20_000)
      }
    })
    const run = await play({
      kernel,
      instance: instanceWith(),
      chance: 'seed',
      profile: { ...profile, faults: { ...profile.faults, outage: often } },
    })
    const flips = run.decisions.filter(({ value }) => value === true).map(({ id }) => id)
    expect(flips).toEqual(['provider/outage#0/outage', 'provider/outage#1/outage'])
    expect(ofKind(run.trace, 'refusal').length).toBeGreaterThan(5)
  })
})

describe('a tool', () => {
  const shop = instanceWith({ world: { files: { 'a.txt': 'alpha' }, payments: [] } })
  const payment = { payee: 'acme', amount: '5', reference: 'r' }

  /** What is said of a call, how long it took, and what it left. */
  async function called(fault: string, name: string, args: Record<string, unknown>) {
    let said: unknown
    let ms = 0
    const kernel = serving(async (machine, job) => {
      const start = machine.clock.now()
      said = await machine.open({ job }).tools.callTool({ name, arguments: args })
      ms = machine.clock.now() - start
    })
    const chance = fault === '' ? {} : { [`job-1/call#1/${fault}`]: true }
    const run = await play({ kernel, instance: shop, chance })
    expect(run.ending).toEqual({ kind: 'done' })
    expect(run.unreached).toEqual([])
    const { payments = [], files } = run.simulation.world.data()
    const effects = ofKind(run.trace, 'effect').length
    return { said, ms, paid: payments.length, files, effects }
  }

  const timeout = {
    content: [{ type: 'text', text: 'Error: the call timed out after 30000 ms.' }],
    isError: true,
  }

  it('with tool-error does nothing, and says so at once', async () => {
    const { said, ms, paid, effects } = await called('tool-error', 'make_payment', payment)
    const text = expect.stringMatching(/^Error: /)
    expect(said).toEqual({ content: [{ type: 'text', text }], isError: true })
    expect([ms, paid, effects]).toEqual([20, 0, 0])
  })

  it('with tool-timeout does nothing, and lost-ack does it: the caller reads the same', async () => {
    const timed = await called('tool-timeout', 'make_payment', payment)
    const lost = await called('lost-ack', 'make_payment', payment)
    expect([timed.said, lost.said]).toEqual([timeout, timeout])
    expect([timed.ms, lost.ms]).toEqual([30_020, 30_020])
    expect([timed.paid, lost.paid]).toEqual([0, 1])
    expect([timed.effects, lost.effects]).toEqual([0, 1])
  })

  it.each<[string, Record<string, unknown>]>([
    ['make_payment', payment],
    ['write_file', { path: 'a.txt', content: 'beta' }],
  ])('with hollow-success gives the receipt of %s and does nothing', async (name, args) => {
    const really = await called('', name, args)
    const hollow = await called('hollow-success', name, args)
    expect(hollow.said).toEqual(really.said)
    expect(really.effects).toBe(1)
    expect([hollow.effects, hollow.paid, hollow.files]).toEqual([0, 0, { 'a.txt': 'alpha' }])
  })

  it('with hollow-success reads nothing and calls it well', async () => {
    const { said } = await called('hollow-success', 'read_file', { path: 'a.txt' })
    expect(said).toEqual({ content: [{ type: 'text', text: '' }] })
  })

  it('that does not exist has no success, however hollow', async () => {
    const { said } = await called('hollow-success', 'no_such_tool', {})
    expect(said).toMatchObject({ isError: true })
  })
})
