// What the loop of a kernel asks at each moment, worked out once for a page: the policies that answer there,
// the inner ones first, and around each other where they stand around something.
import type { Completion, Request, ToolCall } from '../sim/index.ts'
import { argsOf } from './hands/spoken.ts'
import type { KernelPage } from './kernel.ts'
import type { Part } from './part.ts'
import type { Call, Conversation, Policy, Reading, Result } from './policy.ts'

type Having<M extends keyof Policy> = Policy & { readonly [K in M]-?: NonNullable<Policy[K]> }

/** What the loop asks, worked out once for a page. */
export type Design = ReturnType<typeof compose>

export function compose(page: KernelPage, parts: readonly Part[]) {
  const all = parts.map(({ policy }) => policy)
  const having = <M extends keyof Policy>(moment: M): readonly Having<M>[] =>
    all.filter((policy): policy is Having<M> => policy[moment] !== undefined)
  return {
    page,
    users: having('users').at(-1)?.users ?? 'one',
    serve: having('serve').at(-1)?.serve,
    session: having('session').at(-1)?.session,
    open: having('open'),
    spent: having('spent'),
    prepare: having('prepare'),
    view: having('view'),
    overflowed: having('overflowed'),
    gate: having('gate'),
    isBeside: having('isBeside'),
    keeps: having('keeps'),
    after: having('after'),
    save: having('save'),
    close: having('close'),
    ask: having('ask').reduce<(r: Request, c: Conversation) => Promise<Completion>>(
      (next, policy) => (request, c) => policy.ask(request, c, (other) => next(other, c)),
      (request, { session, signal }) =>
        session.generate(request, signal === undefined ? {} : { signal }).result,
    ),
    read: having('read').reduce<(call: ToolCall, c: Conversation) => Reading>(
      (next, policy) => (call, c) => policy.read(call, c, (other) => next(other, c)),
      readPlainly,
    ),
    run: having('run').reduce<(call: Call, c: Conversation) => Promise<Result>>(
      (next, policy) => (call, c) => policy.run(call, c, (other) => next(other, c)),
      runInWorld,
    ),
  }
}

/** Where no policy knows better: it failed, and nothing that would help. */
function readPlainly({ id, name, args }: ToolCall, { tools }: Conversation): Reading {
  const failed = (text: string): Reading => ({ kind: 'tell', result: { text, isError: true } })
  if (!tools.some((tool) => tool.name === name)) return failed(`Unknown tool: ${name}`)
  const spoken = argsOf(args)
  if ('args' in spoken) return { kind: 'run', call: { id, name, args: spoken.args } }
  return failed('Error: invalid arguments')
}

/** Nothing is begun any more once the conversation is cut off. */
async function runInWorld({ name, args }: Call, c: Conversation): Promise<Result> {
  const { session, signal } = c
  if (signal?.aborted === true) return { text: 'aborted', isError: true }
  const result = await session.tools.callTool({ name, arguments: args })
  const text = result.content.map((piece) => (piece.type === 'text' ? piece.text : '')).join('')
  return { text, isError: result.isError ?? false }
}
