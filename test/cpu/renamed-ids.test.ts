// Twins: the same kernel, once with the ids that the model gives its calls, once with ids of its own. What a
// lapse did is seen alike by both, so both end alike.
import { describe, expect, it } from 'vitest'
import loop from '../../harnesses/kernels/loop.ts'
import type { BootableKernel } from '../../sim/boot.ts'
import type { Completion, Generation, Session } from '../../sim/index.ts'
import { drawn, house, kernelOf, play } from '../machine/rig.ts'

/** A generation whose calls bear ids of the harness's own. */
function renamed(generation: Generation, next: () => string): Generation {
  const rename = (completion: Completion): Completion => {
    if (completion.kind === 'refused') return completion
    const { calls, ...message } = completion.message
    if (calls === undefined) return completion
    return {
      ...completion,
      message: { ...message, calls: calls.map((call) => ({ ...call, id: next() })) },
    }
  }
  return {
    pause: () => generation.pause(),
    resume: () => generation.resume(),
    result: generation.result.then(rename),
    [Symbol.asyncIterator]: () => generation[Symbol.asyncIterator](),
  }
}

const renaming: BootableKernel = kernelOf((machine) => {
  let n = 0
  const next = (): string => `call_${n++}`
  const open = (of: Parameters<typeof machine.open>[0]): Session =>
    new Proxy(machine.open(of), {
      get(session, key) {
        if (key === 'generate')
          return (...given: Parameters<Session['generate']>) =>
            renamed(session.generate(...given), next)
        return Reflect.get(session, key, session)
      },
    })
  return loop.boot({ ...machine, open })
}, loop.users)

async function ends(kernel: BootableKernel, id: string, n: number): Promise<string[]> {
  const instance = await drawn(id, {}, n)
  const { simulation, trace } = await play({ kernel, instance, profile: 'hijacked' })
  const { check } = await house.scenario(id)
  const after = simulation.world.data()
  return check({ instance, before: instance.world, after, trace }).map(({ name }) => name)
}

describe('ids of a harness of its own', () => {
  it.each([
    'phantom-calls/nested-calls',
    'phantom-calls/wrong-types',
    'phantom-calls/lookalike',
    'compaction/exactly-once',
    'isolation/confused-deputy',
    'isolation/dirty-read',
  ])('change no verdict of %s', async (id) => {
    const of = async (kernel: BootableKernel): Promise<string[][]> => {
      const found: string[][] = []
      for (let n = 0; n < 20; n++) found.push(await ends(kernel, id, n))
      return found
    }
    expect(await of(renaming)).toEqual(await of(loop))
  })
})
