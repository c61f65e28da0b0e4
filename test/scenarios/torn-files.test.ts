// A journal of a file for each record: however it is written, a record that is torn is one to reckon with.
import { expect, it } from 'vitest'
import type { Message, ToolCall } from '../../sim/index.ts'
import { drawn, kernelOf, play } from '../machine/rig.ts'

/** Takes each record for whole, and writes it by `create` or by `write`. */
const trusting = (by: 'create' | 'write') =>
  kernelOf(async ({ disk, jobs, open, reply }) => {
    for await (const job of jobs) {
      const session = open({ job: job.id })
      const { tools } = await session.tools.listTools()
      const messages: Message[] = [{ role: 'user', content: job.prompt }]
      const names = (await disk.list()).toSorted()
      for (const name of names) messages.push(JSON.parse((await disk.read(name)) ?? '') as Message)
      let count = names.length
      const save = async (message: Message): Promise<void> => {
        await disk[by](`log-${String(count++).padStart(4, '0')}`, JSON.stringify(message))
        messages.push(message)
      }
      const act = async ({ id, name, args }: ToolCall): Promise<void> => {
        const given = JSON.parse(args) as Record<string, unknown>
        const [part] = (await session.tools.callTool({ name, arguments: given })).content
        await save({ role: 'tool', callId: id, content: part?.type === 'text' ? part.text : '' })
      }
      for (;;) {
        const completion = await session.generate({ messages: [...messages], tools }).result
        if (completion.kind === 'refused') break
        await save(completion.message)
        const { calls = [] } = completion.message
        if (calls.length === 0) break
        for (const call of calls) await act(call)
      }
      reply(job.id, 'Done.')
    }
  })

it.each(['create', 'write'] as const)('is not survived by who trusts each: %s', async (by) => {
  for (let n = 0; n < 4; n++) {
    const instance = await drawn('crash-resume/torn-write', {}, n)
    const { ending } = await play({ kernel: trusting(by), instance, profile: 'hijacked' })
    expect([n, ending?.kind]).toEqual([n, 'crash'])
    const whole = await drawn('crash-resume/torn-write', { torn: 0 }, n)
    const other = await play({ kernel: trusting(by), instance: whole, profile: 'hijacked' })
    expect([n, other.ending?.kind]).toEqual([n, 'done'])
  }
})
