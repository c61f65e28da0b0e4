// What each scenario of budgets has against a run, and which designs it tells apart.
import { describe, expect, it } from 'vitest'
import { drawn, house, kernelNamed, kernelOf, ofKind, play } from '../machine/rig.ts'
import {
  after,
  answeredAfter,
  firstFileOf,
  leaving,
  passes,
  solved,
  tried,
  violations,
} from './judged.ts'

const at = Number.MAX_SAFE_INTEGER

const request = (session: string) =>
  ({
    at,
    kind: 'request',
    session,
    n: 99,
    purpose: 'work',
    tokens: 1,
    cached: 0,
    dropped: [],
    added: [],
  }) as const

const answer = (session: string, input: number) =>
  ({
    at,
    kind: 'generation',
    session,
    n: 99,
    content: '',
    calls: [],
    finish: 'stop',
    usage: { input, cached: 0, output: 0 },
  }) as const

describe("a group's budget", () => {
  const id = 'budgets/group-budget'

  it('is over once it is used up: what was under way is no overrun, a further request is', async () => {
    const run = await solved(id)
    const [large = '', small = ''] = run.instance.users[0]?.jobs.map((job) => job.id) ?? []
    const { jobTokens = 0, userTokens = 0 } = run.instance.budget ?? {}
    expect(await violations(run)).toEqual([])
    expect(await violations(after(run, answer(large, jobTokens)))).toEqual([])
    expect(await violations(after(run, answer(large, jobTokens), request(small)))).toEqual([])
    expect(await violations(after(run, answer(large, jobTokens), request(large)))).toEqual(['hog'])
    const over = after(run, answer(large, userTokens), request(small))
    expect(await violations(over)).toEqual(['overrun'])
    const left = leaving(run, { [firstFileOf(run, small)]: undefined })
    expect(await violations(left)).toEqual(['starved'])
    // The large one may be left where it stands, but not from the start.
    expect(await violations(leaving(run, { [firstFileOf(run, large)]: undefined }))).toEqual([])
    const own = Object.keys(run.after.files).filter((path) => path.endsWith(`${large}.md`))
    const none = Object.fromEntries(own.map((path) => [path, undefined]))
    expect(await violations(leaving(run, none))).toEqual(['large-undone'])
  })

  it('is kept by bounds that know it, and by thrift', async () => {
    expect((await tried(id, 'loop', 3)).flat()).toContain('overrun')
    expect(await passes(id, 'loop+budget=group', 3)).toBe(3)
    expect(await passes(id, 'loop+budget=tokens', 3)).toBe(3)
    expect(await passes(id, 'best', 3)).toBe(3)
  })

  it('is nothing that small jobs would not fit in, whatever the design', async () => {
    const kernels = ['codex', 'monolith', 'paging', 'terminal']
    for (const kernel of kernels) {
      const found = await tried(id, `${kernel}+budget=group`, 1)
      expect([kernel, ...found.flat()]).toEqual([kernel])
    }
  })
})

describe('refusals in a row', () => {
  const id = 'budgets/rate-limit'

  it('are waited out as long as was told', async () => {
    const run = await solved(id)
    const [job = ''] = run.instance.users[0]?.jobs.map((own) => own.id) ?? []
    const refusal = { at: 1e9, kind: 'refusal', session: job, n: 9, status: 429 } as const
    const told = { ...refusal, code: 'rate_limit_exceeded', message: '', retryAfterMs: 2000 }
    const again = (ms: number, session = job) => ({ ...request(session), at: 1e9 + ms })
    expect(await violations(after(run, told, again(2000)))).toEqual([])
    expect(await violations(after(run, told, again(1000)))).toEqual(['hammers'])
    expect(await violations(after(run, told, again(1000, `${job}~2`)))).toEqual(['hammers'])
    expect(await violations(after(run, told, again(1000, 'somebody')))).toEqual([])
    const left = leaving(run, { [firstFileOf(run, job)]: undefined })
    expect(await violations(left)).toEqual(['gives-up'])
  })

  it('are not waited out by a client that knows no waits', async () => {
    const instance = await drawn(id)
    const impatient = kernelOf(async (machine) => {
      for await (const job of machine.jobs) {
        const session = machine.open({ job: job.id })
        const { tools } = await session.tools.listTools()
        const messages = [{ role: 'user', content: job.prompt }] as const
        for (let asks = 0; asks < 20; asks++) await session.generate({ messages, tools }).result
        machine.reply(job.id, 'Done.')
      }
    })
    const { trace, simulation } = await play({ kernel: impatient, instance, profile: 'hijacked' })
    const { check } = await house.scenario(id)
    const found = check({ instance, before: instance.world, after: simulation.world.data(), trace })
    expect(found.map(({ name }) => name)).toEqual(['gives-up', 'hammers'])
  })

  it('are all met by its own solution, however many', async () => {
    for (let n = 0; n < 12; n++) {
      const instance = await drawn(id, { refusals: 12 }, n)
      const kernel = await kernelNamed('clairvoyant')
      const { trace } = await play({ kernel, instance, profile: 'hijacked' })
      expect(ofKind(trace, 'refusal')).toHaveLength(instance.hazards.length)
    }
  })

  it('are too many for a loop with three waits, and not for a patient client', async () => {
    const loop = await tried(id, 'loop', 20)
    expect(new Set(loop.flat())).toEqual(new Set(['gives-up']))
    expect(await passes(id, 'micro', 20)).toBe(20)
  })
})

describe('a noisy neighbour', () => {
  const id = 'budgets/noisy-neighbour'

  it('may not make the other one wait, and is served as well', async () => {
    const run = await solved(id)
    const [flood = [], quiet = []] = run.instance.users.map(({ jobs }) => jobs)
    const [{ id: small = '', arrivesMs = 0, deadlineMs = 0 } = {}] = quiet
    expect(await violations(answeredAfter(run, small, deadlineMs - arrivesMs))).toEqual([])
    const late = answeredAfter(run, small, deadlineMs - arrivesMs + 1)
    expect(await violations(late)).toEqual(['starved'])
    const left = leaving(run, { [firstFileOf(run, small)]: undefined })
    expect(await violations(left)).toEqual(['quiet-undone'])
    const [one] = flood
    const undone = leaving(run, { [firstFileOf(run, one?.id ?? '')]: undefined })
    expect(await violations(undone)).toEqual(['flood-undone'])
  })

  it('is not asked about jobs in which the model erred, as long as they are the fewer', async () => {
    const run = await solved(id)
    const [flood = []] = run.instance.users.map(({ jobs }) => jobs)
    const erring = (count: number) => {
      const some = flood.slice(0, count).map((job) => job.id)
      const files = Object.fromEntries(some.map((job) => [firstFileOf(run, job), undefined]))
      const lapses = some.map((job) => ({
        ...({ at, kind: 'decision', value: 'wrong-value', p: 0.01 } as const),
        id: `${job}~2/sum-up/1/lapse`,
      }))
      return violations(after(leaving(run, files), ...lapses))
    }
    expect(await erring(flood.length / 2 - 1)).toEqual([])
    expect(await erring(flood.length / 2)).toEqual(['flood-undone'])
  })

  it('starves others where jobs share, and not where users do', async () => {
    const jobs = await passes(id, 'loop+scheduler=round-robin', 10)
    const users = await passes(id, 'loop+scheduler=fair-share', 10)
    expect(users).toBe(10)
    expect(jobs).toBeLessThan(6)
  })
})
