// A fault is heard as far as its occasion goes; what cannot befall it is our mistake, and is told as one.
import { expect, it } from 'vitest'
import { fault, pass, type Verdict } from '../../sim/faults/index.ts'
import { instanceWith, play, serving } from './rig.ts'

const verdicts: readonly Verdict[] = [
  { kind: 'crash' },
  { kind: 'delay', ms: 5 },
  { kind: 'drop', message: 'Error: lost' },
]

const befalls = (verdict: Verdict) => {
  const faults = new Map([['crash', fault({ on: 'call', params: {}, decide: () => verdict })]])
  const kernel = serving(async (machine, job) => {
    const session = machine.open({ job })
    const { isError = false } = await session.tools.callTool({ name: 'list_files' })
    return String(isError)
  })
  return play({ kernel, instance: instanceWith(), faults })
}

it.each(verdicts.slice(0, 2))('a call cannot be met by $kind', async (verdict) => {
  await expect(befalls(verdict)).rejects.toThrow(
    `fault crash: ${verdict.kind} cannot befall a call`,
  )
})

it.each([pass, ...verdicts.slice(2)])('a call can be met by $kind', async (verdict) => {
  const { ending, trace } = await befalls(verdict)
  expect(ending).toEqual({ kind: 'done' })
  const reply = trace.find((event) => event.kind === 'reply')
  expect(reply).toMatchObject({ text: String(verdict.kind === 'drop') })
})
