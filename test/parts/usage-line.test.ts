// What a design with a line about its window says, and that the line is all.
import { describe, expect, it } from 'vitest'
import { kernel } from '../../harnesses/kernel.ts'
import loop from '../../harnesses/kernels/loop.ts'
import usageLine from '../../harnesses/parts/observe/usage-line.ts'
import { drawn, ofKind, play } from '../machine/rig.ts'

const told = kernel({ ...loop.page, slots: { ...loop.page.slots, observe: usageLine } })

describe('observe/usage-line', () => {
  it('says behind each result what the newest answer took of the window, and what is left', async () => {
    const instance = await drawn('phantom-calls/malformed')
    const { trace } = await play({ kernel: told, instance })
    const [first] = ofKind(trace, 'generation')
    const results = ofKind(trace, 'request')
      .flatMap(({ added }) => added.map(([, message]) => message))
      .filter(({ role }) => role === 'tool')
    const used = (first?.usage.input ?? 0) + (first?.usage.output ?? 0)
    const left = instance.windowTokens - used
    expect(results[0]?.content).toContain(
      `\n\n<system_warning>Token usage: ${used}/${instance.windowTokens}; ${left} remaining</system_warning>`,
    )
    for (const { content } of results) expect(content.match(/<system_warning>/g)).toHaveLength(1)
  })

  it('changes requests, and neither what is done nor how it ends', async () => {
    const instance = await drawn('compaction/ledger', { items: 3, distance: 400 })
    const [plain, lined] = [
      await play({ kernel: loop, instance }),
      await play({ kernel: told, instance }),
    ]
    expect(lined.simulation.world.data()).toEqual(plain.simulation.world.data())
    const input = (of: typeof plain) =>
      ofKind(of.trace, 'generation').reduce((sum, { usage }) => sum + usage.input, 0)
    expect(input(lined)).toBeGreaterThan(input(plain))
  })
})
