// Our own kernels are driven by promises alone, and the event loop turns now and then: what one of them
// lets fly is still told, and told of the run that it belongs to.
import { expect, it } from 'vitest'
import type { BootableKernel } from '../../sim/boot.ts'
import type { House } from '../../testbed/house.ts'
import { run } from '../../testbed/run.ts'
import { house, serving } from '../machine/rig.ts'

const spec = {
  ...{ scenario: 'compaction/ledger', instance: 0, trial: 0, harness: 'by-hand' },
  ...{ profile: 'flawless', seed: 1, params: {} },
}

const ran = async (kernel: BootableKernel) => {
  const make = (): BootableKernel => kernel
  const harness: House['harness'] = async () => ({
    ...{ kind: 'kernel', isForeign: false, isControl: false },
    make,
  })
  return (await run(spec, 'sampled', { ...house, harness })).record
}

const calling = (times: number) =>
  serving(async (machine, job) => {
    const session = machine.open({ job })
    Promise.reject(new Error('nobody listens'))
    for (let i = 0; i < times; i++) await session.tools.callTool({ name: 'list_files' })
  })

it.each([0, 1, 200])('a rejection is told of its run, with %i calls after it', async (times) => {
  const { verdict, reason } = await ran(calling(times))
  expect([verdict, reason]).toEqual(['crash', 'let fly: nobody listens'])
})
