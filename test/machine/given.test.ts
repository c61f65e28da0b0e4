// What a kernel is given is its own to use and nobody's to change: the trace, the model and other sessions
// see what was said, not what became of it later.
import { describe, expect, it } from 'vitest'
import type { Message, Session, Tool } from '../../sim/index.ts'
import { drawn, instanceWith, ofKind, play, serving } from './rig.ts'

const order = { role: 'user', content: 'Hello.' } as const

/** Edits in place, as plain JavaScript does. True where it was let. */
function edited(edit: () => unknown): boolean {
  try {
    edit()
    return true
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(TypeError)
    return false
  }
}

describe('what a kernel is given', () => {
  it('an answer cannot be rewritten, nor can a message that was sent', async () => {
    const instance = await drawn('phantom-calls/malformed')
    const prompt = instance.users[0]?.jobs[0]?.prompt ?? ''
    const let_: boolean[] = []
    const kernel = serving(async (machine, job) => {
      const session = machine.open({ job })
      const { tools } = await session.tools.listTools()
      const messages: Message[] = [{ role: 'user', content: prompt }]
      const completion = await session.generate({ messages, tools }).result
      if (completion.kind !== 'message') throw new TypeError(completion.message)
      const own = { id: 'own', name: 'read_file', args: '{}' }
      const sent: Message = { role: 'assistant', content: '', calls: [own] }
      messages.push(sent, { role: 'tool', callId: 'own', content: 'text' })
      await session.generate({ messages, tools }).result
      const { message } = completion
      for (const { calls = [] } of [message, sent]) {
        let_.push(
          edited(() => Object.assign(calls[0] ?? {}, { args: 'rewritten' })),
          edited(() => (calls as unknown[]).push(own)),
        )
      }
      let_.push(edited(() => Object.assign(sent, { content: 'rewritten' })))
    })
    const { trace } = await play({ kernel, instance })
    expect(let_).toEqual([false, false, false, false, false])
    expect(JSON.stringify(trace)).not.toContain('rewritten')
    expect(ofKind(trace, 'generation')[0]?.calls).toHaveLength(1)
  })

  it('a list of tools can be added to, and then the model knows of it, and nobody else', async () => {
    const MINE: Tool = { name: 'mine', inputSchema: { type: 'object' } }
    const names: string[][] = []
    const seen: number[] = []
    const list = async (session: Session) => (await session.tools.listTools()).tools
    const kernel = serving(async (machine, job) => {
      const session = machine.open({ job })
      const tools = await list(session)
      const ask = async () => {
        const completion = await session.generate({ messages: [order], tools }).result
        if (completion.kind === 'message') seen.push(completion.usage.input)
      }
      await ask()
      tools.push(MINE)
      await ask()
      tools[0] = MINE
      await ask()
      for (const s of [session, machine.open({ job })])
        names.push((await list(s)).map(({ name }) => name))
    })
    await play({ kernel, instance: instanceWith() })
    expect(names[0]).not.toContain('mine')
    expect(names[1]).toEqual(names[0])
    expect(seen[1]).toBeGreaterThan(seen[0] ?? 0)
    expect(seen[2]).toBeLessThan(seen[1] ?? 0)
  })
})

describe('a call of a tool', () => {
  it('that makes no sense is a result, never a rejection', async () => {
    const circular: Record<string, unknown> = {}
    circular.self = circular
    const calls: unknown[] = [
      undefined,
      null,
      'read_file',
      {},
      { name: 5 },
      { name: 'read_file', arguments: null },
      { name: 'read_file', arguments: circular },
    ]
    const told: unknown[] = []
    const kernel = serving(async (machine, job) => {
      const { tools } = machine.open({ job })
      for (const call of calls)
        told.push((await tools.callTool(call as { readonly name: string })).isError)
    })
    const { ending } = await play({ kernel, instance: instanceWith() })
    expect([ending?.kind, told]).toEqual(['done', calls.map(() => true)])
  })
})
