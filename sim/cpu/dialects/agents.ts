// What sessions say to each other: messages, tasks, pipes, signals. Names as agent harnesses have them:
// send_message_to_agent (also with .._and_wait_for_reply, .._async), send_message, send_input, SendMessage;
// send_task, delegate; the rest by the plain names.
import type { Tool } from '../../core/message.ts'
import { type Args, type Binding, dialect } from '../dialect.ts'

/** What an argument may be called. */
const CALLED: Readonly<Record<string, RegExp>> = {
  to: /^(to|recipient|agent|agent_?id|other_?agent_?id|target_?agent_?id|target)$/i,
  text: /^(text|message|content|input|prompt)$/i,
  type: /^(type|message_?type)$/i,
  id: /^(id|task_?id)$/i,
  name: /^(name|pipe)$/i,
  signal: /^signal$/i,
  state: /^(state|status)$/i,
}

/** The property of a tool that bears an argument. */
const propertyOf = (tool: Tool, arg: string): string | undefined =>
  Object.keys(tool.inputSchema.properties ?? {}).find((name) => CALLED[arg]?.test(name))

/** A tool of that name that has all of `needs`; what else is given is said where it has a place. */
const saying =
  (named: RegExp, needs: readonly string[]): Binding =>
  (tool) => {
    if (!named.test(tool.name)) return undefined
    if (needs.some((arg) => propertyOf(tool, arg) === undefined)) return undefined
    return (args: Args) =>
      Object.fromEntries(
        Object.entries(args).flatMap(([arg, value]) => {
          const property = propertyOf(tool, arg)
          return property === undefined ? [] : [[property, value]]
        }),
      )
  }

const SEND = /^(send_?message(_to_agent(_and_wait_for_reply|_async)?)?|send_?input)$/i

export default dialect({
  rank: 1,
  ops: {
    'agents.send': saying(SEND, ['to', 'text']),
    'agents.receive': saying(/^(check_?inbox|read_?inbox|check_?messages|read_?messages)$/i, []),
    'agents.task': saying(/^(send_?task|delegate(_?task)?)$/i, ['to', 'text']),
    'agents.task-status': saying(/^get_?task(_?status)?$/i, ['id']),
    'agents.tasks': saying(/^list_?tasks$/i, []),
    'agents.cancel': saying(/^cancel_?task$/i, ['id']),
    'agents.update': saying(/^update_?task$/i, ['state']),
    'agents.complete': saying(/^complete_?task$/i, ['text']),
    'agents.write': saying(/^write_?pipe$/i, ['name', 'text']),
    'agents.read': saying(/^read_?pipe$/i, ['name']),
    'agents.close': saying(/^close_?pipe$/i, ['name']),
    'agents.signal': saying(/^signal_?agent$/i, ['to', 'signal']),
  },
})
