// An answer as it is spoken: deltas at their own times, and what was said so far when it is cut off.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Completion, Delta, Message, Session } from '../../sim/index.ts'
import { drawn, instanceWith, ofKind, play, serving } from './rig.ts'

/** What deltas say, put together again. */
function together(deltas: readonly Delta[]): { content: string; args: string } {
  let [content, args] = ['', '']
  for (const delta of deltas) {
    if (delta.kind === 'text') content += delta.text
    if (delta.kind === 'args') args += delta.text
  }
  return { content, args }
}

const said = (completion: Completion): { content: string; args: string } => {
  const { content, calls } = completion.kind === 'message' ? completion.message : EMPTY
  return { content, args: (calls ?? []).map(({ args }) => args).join('') }
}
const EMPTY: Message = { role: 'assistant', content: '' }

/** Speaks of an order with a long text to write. */
const steps = [
  {
    id: 'write',
    needs: [],
    call: { op: 'files.write', args: { path: 'out.txt', content: 'all of it '.repeat(20) } },
    effect: 'idempotent' as const,
    says: 'Now I write the file that was asked for, word by word.',
  },
]
const programs = [{ name: 'write', facts: {}, steps, answer: 'Written.' }]
const instance = instanceWith({ programs })
const messages = [{ role: 'user', content: '[[task:write=job-1]] Write.' }] as const

async function ask(session: Session, signal?: AbortSignal) {
  const { tools } = await session.tools.listTools()
  return session.generate({ messages, tools }, signal === undefined ? {} : { signal })
}

/** Hears an answer, cut off at an instant, delta by delta or not. */
async function cutOff(atMs: number, listens: boolean) {
  const deltas: Delta[] = []
  let completion: Completion | undefined
  const kernel = serving(async (machine, job) => {
    const controller = new AbortController()
    const generation = await ask(machine.open({ job }), controller.signal)
    const heard = (async () => {
      if (listens) for await (const delta of generation) deltas.push(delta)
    })()
    await machine.clock.sleep(atMs)
    controller.abort()
    completion = await generation.result
    await heard
  })
  const { ending, trace } = await play({ kernel, instance })
  expect(ending).toEqual({ kind: 'done' })
  return { deltas, completion: completion as unknown as Completion, trace }
}

describe('an answer', () => {
  it('is told piece by piece, each at its time, and they make the whole', async () => {
    const deltas: Delta[] = []
    const times: number[] = []
    let whole: Completion | undefined
    let endMs = 0
    const kernel = serving(async (machine, job) => {
      const generation = await ask(machine.open({ job }))
      for await (const delta of generation) {
        deltas.push(delta)
        times.push(machine.clock.now())
      }
      whole = await generation.result
      endMs = machine.clock.now()
    })
    await play({ kernel, instance })
    expect(together(deltas)).toEqual(said(whole as unknown as Completion))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(new Set(times).size).toBeGreaterThan(5)
    expect(times.at(-1)).toBe(endMs)
  })

  it('can be heard after its end, and never by ear at all', async () => {
    let late: Delta[] = []
    const kernel = serving(async (machine, job) => {
      const generation = await ask(machine.open({ job }))
      const whole = await generation.result
      for await (const delta of generation) late.push(delta)
      expect(together(late)).toEqual(said(whole))
      late = []
    })
    expect((await play({ kernel, instance })).ending).toEqual({ kind: 'done' })
  })

  it('cut off at any instant is what was spoken until then', async () => {
    const { completion: all } = await cutOff(60_000, false)
    const whole = said(all)
    const instants = fc.integer({ min: 0, max: 4000 })
    await fc.assert(
      fc.asyncProperty(instants, instants, async (a, b) => {
        const [sooner, later] = [Math.min(a, b), Math.max(a, b)]
        const [less, more] = [await cutOff(sooner, true), await cutOff(later, false)]
        const [first, second] = [said(less.completion), said(more.completion)]
        for (const key of ['content', 'args'] as const) {
          expect(whole[key].startsWith(second[key])).toBe(true)
          expect(second[key].startsWith(first[key])).toBe(true)
          expect(first[key].startsWith(together(less.deltas)[key])).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('cut off leaves its place and its length in the trace', async () => {
    const { trace, completion } = await cutOff(1000, false)
    const [interrupt] = ofKind(trace, 'interrupt')
    const { content, args } = said(completion)
    expect(interrupt).toMatchObject({ at: 1000, session: 'job-1', n: 1 })
    expect(interrupt?.spoken).toBe(content.length + args.length)
    expect(interrupt?.spoken).toBeGreaterThan(0)
  })

  it('that was called off before it began says nothing', async () => {
    const heard: Completion[] = []
    const kernel = serving(async (machine, job) => {
      heard.push(await (await ask(machine.open({ job }), AbortSignal.abort())).result)
    })
    const { trace } = await play({ kernel, instance })
    expect(heard.map(said)).toEqual([{ content: '', args: '' }])
    expect(ofKind(trace, 'interrupt')).toHaveLength(1)
  })

  it('called off while it waits for a core leaves the cores to others', async () => {
    const ends: number[] = []
    const kernel = serving(async (machine, job) => {
      const session = machine.open({ job })
      const controller = new AbortController()
      const first = Array.from({ length: 8 }, () => ask(session))
      const waiting = [ask(session), ask(session, controller.signal), ask(session), ask(session)]
      const all = [...first, ...waiting].map(async (generation) => {
        await (await generation).result
        ends.push(machine.clock.now())
      })
      await machine.clock.sleep(100)
      controller.abort()
      await Promise.all(all)
    })
    const { ending } = await play({ kernel, instance: await drawn('phantom-calls/malformed') })
    expect(ending).toEqual({ kind: 'done' })
    const [abandoned, ...others] = ends
    expect(abandoned).toBe(100)
    expect(new Set(others.slice(0, 8)).size).toBe(1)
    expect(Math.min(...others.slice(8))).toBe(2 * (others[0] ?? 0))
  })
})
