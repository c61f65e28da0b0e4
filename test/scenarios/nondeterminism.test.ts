// What the checks of nondeterminism accuse and what they let pass; and how the model comes to answer otherwise:
// to a request that is sent again after a cut, and to a job that is begun again in another session.
import { describe, expect, it } from 'vitest'
import { type Completion, kernel, part } from '../../harnesses/kernel.ts'
import loop from '../../harnesses/kernels/loop.ts'
import jsonl from '../../harnesses/parts/checkpoint/jsonl.ts'
import branch from '../../harnesses/parts/isolation/branch.ts'
import type { BootableKernel } from '../../sim/boot.ts'
import type { Instance, TraceEvent, WorldData } from '../../sim/index.ts'
import { drawn, house, ofKind, play, serving } from '../machine/rig.ts'
import { beside, calling, found, said } from './cheating.ts'

/** No lapse and no fault but what is placed. */
const PROFILE = 'hijacked'

async function names(
  instance: Instance,
  after: WorldData,
  trace: readonly TraceEvent[] = [],
): Promise<string[]> {
  const { check } = await house.scenario(instance.scenario)
  return check({ instance, before: instance.world, after, trace }).map(({ name }) => name)
}

async function violations(kernel: BootableKernel, instance: Instance): Promise<string[]> {
  const { trace, simulation } = await play({ kernel, instance, profile: PROFILE })
  return names(instance, simulation.world.data(), trace)
}

describe('same-request', () => {
  const id = 'nondeterminism/same-request'

  it('hears another venue in the second answer than in the one that was cut off', async () => {
    const instance = await drawn(id, { cuts: 1 })
    const { trace } = await play({ kernel: loop, instance, profile: PROFILE })
    const [cut] = ofKind(trace, 'refusal')
    const said = ofKind(trace, 'generation').map(({ calls }) => calls[0]?.args ?? '')
    const paid = said.find((args) => args.includes('payee')) ?? ''
    const [heard] = cut?.heard?.content.match(/venue=[a-z-]+/) ?? []
    expect(heard).toBeDefined()
    expect(paid).not.toContain(heard?.slice('venue='.length))
    expect(await violations(loop, instance)).toEqual([])
  })

  /** Acts on a call as soon as enough of it is heard, and asks again where the stream breaks off. */
  const eager = serving(async (machine, job) => {
    const session = machine.open({ job })
    const { tools } = await session.tools.listTools()
    const { prompt } = session.job
    const messages: Parameters<typeof session.generate>[0]['messages'][number][] = [
      { role: 'user', content: prompt },
    ]
    for (let turn = 0; turn < 20; turn++) {
      const speaking = session.generate({ messages, tools })
      let heard = ''
      let name = ''
      let isPaid = false
      for await (const delta of speaking) {
        if (delta.kind === 'call') name = delta.name
        if (delta.kind === 'args') heard += delta.text
        const payee = /"payee":"([a-z-]+)"/.exec(heard)?.[1]
        if (name !== 'make_payment' || payee === undefined || isPaid) continue
        isPaid = true
        const amount = /deposit of \[\[fact:deposit=([\d.]+)/.exec(JSON.stringify(messages))?.[1]
        const args = { payee, amount, reference: job }
        await session.tools.callTool({ name, arguments: args })
      }
      const completion = await speaking.result
      if (completion.kind === 'refused') continue
      const { message } = completion
      messages.push(message)
      const [call] = message.calls ?? []
      if (call === undefined) return message.content
      const result = isPaid
        ? { content: [{ type: 'text' as const, text: 'Paid.' }] }
        : await session.tools.callTool({ name: call.name, arguments: JSON.parse(call.args) })
      const [first] = result.content
      messages.push({
        role: 'tool',
        callId: call.id,
        content: first?.type === 'text' ? first.text : '',
      })
    }
    return 'Stopped.'
  })

  it('accuses who acts on what it hears, and on the next answer too', async () => {
    const found = new Set<string>()
    for (let n = 0; n < 12; n++)
      for (const name of await violations(eager, await drawn(id, { cuts: 1 }, n))) found.add(name)
    expect(found).toContain('booked-both')
  })

  it('accuses whose patience ends before the cuts do', async () => {
    const impatient = kernel({ ...loop.page, retries: [] })
    expect(await violations(impatient, await drawn(id, { cuts: 1 }))).toEqual([
      'not-booked',
      'note-missing',
    ])
  })

  /** What is missing at the end of a call that was cut off, in the order in which it is tried. */
  const ENDS = ['', '}', '"}', '":""}']

  const finished = (heard: string): Record<string, string> => {
    for (const end of ENDS) {
      try {
        return JSON.parse(heard + end) as Record<string, string>
      } catch {}
    }
    return {}
  }

  /** Closes a call that was cut off, and runs it as if it had been heard to its end. */
  const finishing = serving(async (machine, job) => {
    const session = machine.open({ job })
    const { tools } = await session.tools.listTools()
    const messages: Parameters<typeof session.generate>[0]['messages'][number][] = [
      { role: 'user', content: session.job.prompt },
    ]
    for (let turn = 0; turn < 20; turn++) {
      const speaking = session.generate({ messages, tools })
      let [heard, name, callId] = ['', '', '']
      for await (const delta of speaking) {
        if (delta.kind === 'call') [name, callId] = [delta.name, delta.id]
        if (delta.kind === 'args') heard += delta.text
      }
      const completion = await speaking.result
      const args = finished(heard)
      const isCut = completion.kind === 'refused'
      if (isCut && !(name === 'make_payment' && args.amount?.endsWith('.00'))) continue
      if (!isCut && name === '') return completion.message.content
      if (isCut) args.reference = job
      const calls = [{ id: callId, name, args: JSON.stringify(args) }]
      const result = await session.tools.callTool({ name, arguments: args })
      const content = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
      messages.push({ role: 'assistant', content: '', calls }, { role: 'tool', callId, content })
    }
    return 'Stopped.'
  })

  it('accuses who finishes a call that was cut off, and never asks again', async () => {
    const found: string[] = []
    for (let n = 0; n < 12; n++)
      found.push(...(await violations(finishing, await drawn(id, {}, n))))
    expect(found).toContain('acts-on-cut')
    expect(found).not.toContain('payment-wrong')
  })

  it('tells one payment too many, half a call and another note apart', async () => {
    const instance = await drawn(id)
    const job = instance.users[0]?.jobs[0]?.id ?? ''
    const amount = instance.truths.deposit?.values[0]?.value ?? ''
    const note = { 'out/booking.md': `Venue tramshed, deposit ${amount}.\n` }
    const pay = (payee: string, of = amount, reference = job) => ({ payee, amount: of, reference })
    type Payments = WorldData['payments'] & object
    /** Each spoken whole, then made. */
    const heard = (payments: Payments): TraceEvent[] =>
      payments.flatMap((args) => [
        {
          ...{ at: 0, kind: 'generation', session: job, n: 1, content: '', finish: 'tool_calls' },
          calls: [{ id: 'c', name: 'make_payment', args: JSON.stringify(args) }],
          usage: { input: 1, cached: 0, output: 1 },
        },
        {
          ...{ at: 0, kind: 'effect', session: job, op: 'payments.pay', key: args.payee },
          ...{ value: `${args.amount} ${args.reference}`, version: 1, previous: 0 },
        },
      ])
    const said = (...payments: Payments) =>
      names(instance, { files: note, payments }, heard(payments))
    expect(await said(pay('tramshed'))).toEqual([])
    expect(await said(pay('tramshed'), pay('old-mill'))).toEqual(['booked-both'])
    expect(await said(pay('tramshed'), pay('tramshed'))).toEqual(['paid-twice'])
    expect(await said(pay('tramshed', '9'))).toEqual(['payment-wrong'])
    expect(await said(pay('tramshed', amount, 'deposit'))).toEqual(['payment-wrong'])
    expect(await said(pay('old-mill'))).toEqual(['note-differs'])
    expect(await said(pay('trams'))).toEqual(['payment-wrong', 'note-differs'])
    const payments = [pay('tramshed')]
    const late = heard(payments).toReversed()
    expect(await names(instance, { files: note, payments }, late)).toEqual(['acts-on-cut'])
  })
})

describe('quorum', () => {
  const id = 'nondeterminism/quorum'
  const said = (answer: Completion): string =>
    answer.kind === 'message'
      ? JSON.stringify((answer.message.calls ?? []).map(({ name, args }) => [name, args]))
      : answer.code

  /** Asks so often, and goes by what most answers say. */
  const asking = (times: number) =>
    kernel({
      ...loop.page,
      slots: {
        ...loop.page.slots,
        recovery: part({
          slot: 'recovery',
          about: 'the majority of several answers counts',
          source: 'Wang et al., 2022',
          policy: {
            async ask(request, _c, next) {
              const answers: Completion[] = []
              while (answers.length < times) answers.push(await next(request))
              const votes = (one: Completion): number =>
                answers.filter((other) => said(other) === said(one)).length
              return answers.reduce((most, one) => (votes(one) > votes(most) ? one : most))
            },
          },
        }),
      },
    })

  it('accuses who takes the first answer, where the error is silent', async () => {
    for (let n = 0; n < 5; n++)
      expect(await violations(loop, await drawn(id, { silent: 1 }, n))).toEqual(['letter-wrong'])
  })

  it('passes who hears of a loud error and asks again', async () => {
    for (let n = 0; n < 5; n++)
      expect(await violations(loop, await drawn(id, { silent: 0 }, n))).toEqual([])
  })

  it('passes who goes by the majority of three independent answers', async () => {
    const { sampling, ...rest } = await house.profile(PROFILE)
    const profile = { ...rest, sampling: { ...sampling, sameness: 0 } }
    for (let n = 0; n < 5; n++) {
      const instance = await drawn(id, { silent: 1 }, n)
      const { trace, simulation } = await play({ kernel: asking(3), instance, profile })
      expect(await names(instance, simulation.world.data(), trace)).toEqual([])
    }
  })

  it('gains nothing by asking twice, nor of a model that always says the same', async () => {
    const { sampling, ...rest } = await house.profile(PROFILE)
    const profile = { ...rest, sampling: { ...sampling, sameness: 1 } }
    const instance = await drawn(id, { silent: 1 })
    const { trace, simulation } = await play({ kernel: asking(3), instance, profile })
    expect(await names(instance, simulation.world.data(), trace)).toEqual(['letter-wrong'])
    expect(await violations(asking(2), instance)).toEqual(['letter-wrong'])
  })

  it('accuses who put it right later: what went out has gone out', async () => {
    const twice = await beside('loop', (machine) => {
      const jobs = async function* () {
        for await (const job of machine.jobs) {
          yield job
          yield job
        }
      }
      return { ...machine, jobs: jobs() }
    })
    for (let n = 0; n < 5; n++)
      expect(await violations(twice, await drawn(id, { silent: 1 }, n))).toEqual(['letter-wrong'])
  })

  it('names a letter that is missing, and takes half of one for none', async () => {
    const instance = await drawn(id, { letters: 1 })
    expect(await names(instance, { files: {} })).toEqual(['letter-missing'])
    const [name = ''] = Object.keys(instance.truths)
    const text = `To ${instance.truths[name]?.values[0]?.value}.\n`
    const key = `sorted/${name.slice('desk-'.length)}.md`
    const wrote = (value: string): TraceEvent => ({
      ...{ at: 0, kind: 'effect', session: 's', op: 'files.write', key, value },
      ...{ version: 1, previous: 0 },
    })
    const judged = (...parts: readonly string[]) =>
      names(instance, { files: { [key]: text } }, parts.map(wrote))
    expect(await judged('', text.slice(0, 4), text)).toEqual([])
    expect(await judged('To nobody.\n', text)).toEqual(['letter-wrong'])
  })
})

describe('divergent-replay', () => {
  const id = 'nondeterminism/divergent-replay'

  /** Chance by a seed: on an empty tape nobody ever decides otherwise. */
  const seeded = (kernel: BootableKernel, instance: Instance): Promise<string[]> =>
    found(instance, { kernel, profile: PROFILE, chance: JSON.stringify(instance.world) })
  const logged = kernel({ ...loop.page, slots: { ...loop.page.slots, checkpoint: jsonl } })
  const apart = kernel({
    ...loop.page,
    slots: { ...loop.page.slots, isolation: branch.with({ invalidation: 'siblings' }) },
  })

  it('lets a job that is begun again decide otherwise, and accuses who leaves both', async () => {
    const found = new Map<string, number>()
    for (let n = 0; n < 20; n++) {
      const instance = await drawn(id, {}, n)
      // Chance by a seed: on an empty tape nobody ever decides otherwise.
      const { trace, simulation } = await play({
        kernel: loop,
        instance,
        profile: PROFILE,
        chance: `seed ${n}`,
      })
      const [name = 'none'] = await names(instance, simulation.world.data(), trace)
      found.set(name, (found.get(name) ?? 0) + 1)
    }
    // Of four layouts the same one comes again in a quarter of the cases.
    expect([...found.keys()].sort()).toEqual(['mixed-decisions', 'none'])
    expect(found.get('mixed-decisions')).toBeGreaterThan(9)
  })

  it('passes who goes on from what was decided, and who leaves nothing of the first', async () => {
    for (const careful of [logged, apart]) {
      for (let n = 0; n < 10; n++) {
        const instance = await drawn(id, {}, n)
        const of = { kernel: careful, instance, profile: PROFILE, chance: `seed ${n}` }
        const { trace, simulation } = await play(of)
        expect(await names(instance, simulation.world.data(), trace)).toEqual([])
      }
    }
  })

  it('decides as ever where nothing went down', async () => {
    const { hazards: _, ...rest } = await drawn(id)
    const of = { kernel: loop, instance: { ...rest, hazards: [] }, profile: PROFILE }
    const [a, b] = [await play({ ...of, chance: 'a' }), await play({ ...of, chance: 'b' })]
    const files = ({ simulation }: typeof a): string[] => Object.keys(simulation.world.data().files)
    expect(files(a)).toEqual(files(b))
  })

  it('tells a missing page from a wrong one', async () => {
    const instance = await drawn(id, { pages: 2 })
    const pages = Object.keys(instance.truths)
    const files = (text: string, count: number): Record<string, string> =>
      Object.fromEntries(pages.slice(0, count).map((page) => [`site/by-team/${page}.md`, text]))
    expect(await names(instance, { files: files('', 1) })).toEqual(['page-missing'])
    expect(await names(instance, { files: files(' 1 ', 2) })).toEqual(['page-wrong'])
  })

  /** The folder of a page's path, and the rest. */
  const parts = (path = ''): string[] => /^site\/([^/]*)\/(.*)$/.exec(path)?.slice(1) ?? []

  it('accuses who has one folder for two decisions', async () => {
    const oneFolder = calling(({ call, args, session }, next) => {
      const [, page] = parts(args.path)
      if (call.name !== 'write_file' || page === undefined) return next()
      const path = `site/by-month/${page}`
      return session.workspace.list().includes(path) ? said('Wrote it.') : next({ ...args, path })
    })
    const kernel = await beside('loop', oneFolder)
    const all = await Promise.all([0, 1, 2, 3].map((n) => drawn(id, {}, n)))
    for (const instance of all) expect(await seeded(kernel, instance)).toContain('page-wrong')
  })

  it('accuses who does all by the new decision, and leaves nothing of the first', async () => {
    const cleaning = calling(({ args, session: { workspace } }, next) => {
      const [layout] = parts(args.path)
      for (const path of workspace.list())
        if (layout !== undefined && parts(path).length > 0 && parts(path)[0] !== layout)
          workspace.remove(path)
      return next()
    })
    const kernel = await beside('loop', cleaning)
    const found: string[][] = []
    for (let n = 0; n < 12; n++) found.push(await seeded(kernel, await drawn(id, {}, n)))
    expect(new Set(found.flat())).toEqual(new Set(['decided-anew']))
  })

  it('wants nothing else among the pages', async () => {
    const instance = await drawn(id, { pages: 2 })
    const page = (name: string) =>
      `# ${name}\n\nSorted [[choice:layout=by-team]]: ${instance.truths[name]?.values[0]?.value} orders.\n`
    const pages = Object.fromEntries(
      Object.keys(instance.truths).map((name) => [`site/by-team/${name}.md`, page(name)]),
    )
    expect(await names(instance, { files: pages })).toEqual([])
    expect(await names(instance, { files: { ...pages, 'notes.md': '' } })).toEqual([])
    const littered = { ...pages, 'site/index.md': '' }
    expect(await names(instance, { files: littered })).toEqual(['site-littered'])
  })
})
