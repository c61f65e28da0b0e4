// How the model says what sessions say to each other, with the tools that it is offered.
import { describe, expect, it } from 'vitest'
import mailbox from '../../harnesses/parts/ipc/mailbox.ts'
import pipe from '../../harnesses/parts/ipc/pipe.ts'
import signal from '../../harnesses/parts/ipc/signal.ts'
import tasks from '../../harnesses/parts/ipc/tasks.ts'
import { speaker } from '../../sim/cpu/dialect.ts'
import agentsDialect from '../../sim/cpu/dialects/agents.ts'
import type { Tool } from '../../sim/index.ts'
import { recite } from './ipc-rig.ts'

const tool = (name: string, ...properties: readonly string[]): Tool => ({
  name,
  inputSchema: {
    type: 'object',
    properties: Object.fromEntries(properties.map((property) => [property, { type: 'string' }])),
  },
})

const saying = (...tools: readonly Tool[]) => speaker([agentsDialect], tools)

describe('what is said to other agents', () => {
  it('is said with every tool of the parts that carry it', async () => {
    const run = await recite([mailbox, pipe, signal, tasks], { 'job-a': [] })
    const say = speaker([agentsDialect], run.conversations.get('job-a')?.tools ?? [])
    const named = Object.keys(agentsDialect.ops).map((op) => say(op, {})?.name)
    expect(named).toEqual([
      'send_message_to_agent',
      'check_inbox',
      'send_task',
      'get_task',
      'list_tasks',
      'cancel_task',
      'update_task',
      'complete_task',
      'write_pipe',
      'read_pipe',
      'close_pipe',
      'signal_agent',
    ])
  })

  it('is said in the words of others, too, and what has no place is left out', () => {
    const letta = saying(tool('send_message_to_agent_async', 'message', 'other_agent_id'))
    expect(letta('agents.send', { to: 'ben', text: 'hi', type: 'x' })).toEqual({
      name: 'send_message_to_agent_async',
      args: { other_agent_id: 'ben', message: 'hi' },
    })
    const input = saying(tool('send_input', 'id', 'message', 'target'))
    expect(input('agents.send', { to: 'ben', text: 'hi' })?.args).toEqual({
      target: 'ben',
      message: 'hi',
    })
  })

  it('is not said with a tool that speaks to the user', () => {
    expect(saying(tool('send_message', 'message'))('agents.send', { to: 'a', text: 'b' })).toBe(
      undefined,
    )
    expect(saying(tool('read_file', 'path'))('agents.read', { name: 'p' })).toBe(undefined)
  })
})
