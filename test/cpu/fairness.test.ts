// The model cannot see which harness asks: under another name, in another's words for itself, with ids of
// calls in another style, the same happens.
import { describe, expect, it } from 'vitest'
import { kernel, type PagedKernel } from '../../harnesses/kernel.ts'
import micro from '../../harnesses/kernels/micro.ts'
import type { BootableKernel } from '../../sim/boot.ts'
import type { Message } from '../../sim/index.ts'
import type { House } from '../../testbed/house.ts'
import { run } from '../../testbed/run.ts'
import { parseRunId } from '../../testbed/run-id.ts'
import { drawn, house, kernelNamed, ofKind, type Played, play } from '../machine/rig.ts'
import { ciphered, wrapped } from './wrapping.ts'

const instance = await drawn('compaction/exactly-once', { invoices: 3, distance: 600 })

describe('a harness under another name', () => {
  /** A house in which a harness is known by this name, too. */
  const alsoKnown = (as: string): House => ({
    ...house,
    harness: (id) => house.harness(id === as ? 'micro' : id),
  })

  it.each(['clairvoyant', 'best-of-all', 'amnesiac'])('meets the same: %s', async (name) => {
    for (const seed of [1, 2, 3]) {
      const results = await Promise.all(
        ['micro', name].map((id) => {
          const spec = parseRunId(`compaction/exactly-once[invoices=2]@0.0:micro:hostile:${seed}`)
          return run({ ...spec, harness: id }, 'sampled', alsoKnown(name))
        }),
      )
      const [own, other] = results.map(({ record }) => record)
      expect(own?.decisions.length).toBeGreaterThan(0)
      expect(other?.decisions).toEqual(own?.decisions)
      expect(other?.digest).toBe(own?.digest)
    }
  })

  it('meets the same where its prompt calls it by another one of the same length', async () => {
    const { page } = micro
    const called = (name: string): PagedKernel =>
      kernel({ ...page, system: page.system.replaceAll(/\bpi\b/g, name) })
    const { count } = house.tokens
    const length = count(page.system)
    const names = [
      'cl',
      'go',
      'io',
      'ai',
      'us',
      'we',
      'os',
      'id',
      'me',
      'up',
      'our',
      'codex',
    ].filter((name) => count(called(name).page.system) === length)
    expect(names.length).toBeGreaterThan(3)
    const own = await met(called('pi'), 'name')
    expect(own.decisions.length).toBeGreaterThan(0)
    for (const name of names) expect(asks(await met(called(name), 'name'))).toEqual(asks(own))
  })
})

describe('calls under other ids', () => {
  const styles: ((n: number) => string)[] = [
    (n) => `call_${n}`,
    (n) => `toolu_01${'x'.repeat(n % 7)}${n}`,
    (n) => `${1_000_000 - n}`,
  ]

  it('lapse alike, whatever the style', async () => {
    for (const seed of ['1', '2', '3', '4']) {
      const [first, ...others] = await Promise.all(styles.map((of) => met(renaming(of), seed)))
      expect(first?.decisions.length).toBeGreaterThan(0)
      for (const other of others) expect(asks(other)).toEqual(asks(first as Played))
    }
  })

  it('do what they do under the ids of the model itself', async () => {
    const plain = await play({ kernel: micro, instance })
    for (const style of styles) {
      const renamed = await play({ kernel: renaming(style), instance })
      expect(renamed.ending).toEqual({ kind: 'done' })
      expect(calls(renamed)).toEqual(calls(plain))
    }
  })
})

describe('meaning', () => {
  const kernels = house.catalog.ids('kernel')
  /** They may ask the oracle, which knows atoms. */
  const CONTROLS = ['clairvoyant']

  it('is not known to any kernel: with atoms in cipher, each does the same', async () => {
    for (const id of await kernels) {
      if (CONTROLS.includes(id)) continue
      const kernel = await kernelNamed(id)
      for (const profile of ['forgetful', 'hostile']) {
        const plain = await play({ kernel, instance, chance: id, profile })
        const other = await play({ kernel: ciphered(kernel), instance, chance: id, profile })
        expect([id, other.ending, other.digest]).toEqual([id, plain.ending, plain.digest])
      }
    }
  })

  it('would be betrayed by a kernel that looks for atoms', async () => {
    const peeking: BootableKernel = {
      users: 'one',
      async boot(machine) {
        for await (const { id, prompt } of machine.jobs)
          machine.reply(id, `It is about ${/\[\[task:([^=\]]+)/.exec(prompt)?.[1]}`)
      },
    }
    const plain = await play({ kernel: peeking, instance })
    const other = await play({ kernel: ciphered(peeking), instance })
    expect(other.digest).not.toBe(plain.digest)
  })
})

const met = (of: BootableKernel, chance: string): Promise<Played> =>
  play({ kernel: of, instance, chance, profile: 'hostile' })

/** All that was asked of chance, with its odds and answers. */
const asks = ({ asked }: Played) => asked

const calls = ({ trace }: Played) =>
  ofKind(trace, 'call').map(({ at: _, ...call }) => ('id' in call ? { ...call, id: '' } : call))

/** `micro`, but the model is shown ids of the harness's own for its calls. */
function renaming(style: (n: number) => string): BootableKernel {
  const known = new Map<string, string>()
  const idOf = (id: string): string => {
    const own = known.get(id) ?? style(known.size)
    known.set(id, own)
    return own
  }
  const shown = ({ calls: made, callId, ...message }: Message): Message => ({
    ...message,
    ...(made !== undefined && { calls: made.map((call) => ({ ...call, id: idOf(call.id) })) }),
    ...(callId !== undefined && { callId: idOf(callId) }),
  })
  return wrapped(micro, {
    session: (session) => ({
      generate: (request, options) =>
        session.generate({ ...request, messages: request.messages.map(shown) }, options),
    }),
  })
}
