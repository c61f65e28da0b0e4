// A call of a tool that is not offered, under a name from the registry's own vocabulary. A two-state
// chain, as counted on ToolBench traces: after a phantom the next call is far likelier to be one, unless
// what the harness answered helps.
import type { Tool } from '../../core/message.ts'
import { factor, probability, rate } from '../../core/param.ts'
import { behaviour, odds } from '../behaviour.ts'
import type { View } from '../read.ts'

const VERBS: Readonly<Record<string, readonly string[]>> = {
  read: ['open', 'get', 'view', 'fetch'],
  write: ['save', 'create', 'put', 'update'],
  make: ['create', 'send', 'execute', 'submit'],
  list: ['show', 'get', 'browse', 'ls'],
  search: ['find', 'grep', 'lookup', 'query'],
  bash: ['shell', 'terminal', 'run_command', 'execute'],
}

const isOffered = (tools: readonly Tool[], name: string): boolean =>
  tools.some((tool) => tool.name === name)

/** Names that this registry suggests and does not have. */
function suggested(name: string, tools: readonly Tool[]): string[] {
  const [verb = name, ...rest] = name.split('_')
  const noun = rest.length > 0 ? rest.join('_') : 'file'
  const names = [`${name}_v2`, `${noun}_${verb}`]
  for (const other of VERBS[verb] ?? []) names.push(`${other}_${noun}`)
  return names.filter((candidate) => !isOffered(tools, candidate))
}

/** The newest call in view, if its name is not offered, with what was answered to it. */
function lastPhantom(
  view: View,
  tools: readonly Tool[],
): { name: string; answer: string } | undefined {
  const last = view.last
  if (last?.role !== 'tool' || last.callId === undefined) return undefined
  const state = view.calls.get(last.callId)
  if (state === undefined || isOffered(tools, state.call.name)) return undefined
  return { name: state.call.name, answer: last.content }
}

export default behaviour({
  of: 'call',
  params: {
    rate: rate('a call is a phantom, after none', 0.004),
    persistence: rate('a call is a phantom, right after one', 0.33),
    sameName: probability('a phantom after a phantom bears the same name', 0.55),
    registry: factor('on the odds for each e-fold of the number of tools above ten', 0.3),
    listed: factor('on the odds where the answer lists the tools there are', 0.1),
    named: factor('on the odds where the answer names one of them', 0.2),
  },
  weight({ view, tools, params }) {
    const phantom = lastPhantom(view, tools)
    const size = Math.exp((params.registry ?? 0) * Math.log(Math.max(tools.length, 1) / 10))
    if (phantom === undefined) return odds(params.rate ?? 0) * size
    const mentioned = tools.filter((tool) => phantom.answer.includes(tool.name)).length
    const helped =
      mentioned === 0 ? 1 : mentioned === tools.length ? (params.listed ?? 1) : (params.named ?? 1)
    return odds(params.persistence ?? 0) * helped
  },
  apply({ content, calls }, { id, chance, tools, view, params }) {
    const [head, ...rest] = calls
    if (head === undefined) return { content, calls }
    const before = lastPhantom(view, tools)?.name
    const again = before !== undefined && chance.flip(`${id}/same-name`, params.sameName ?? 0)
    const names = suggested(head.name, tools)
    const name = again
      ? before
      : chance.pick(`${id}/name`, [['', 0], ...names.map((n) => [n, 1] as const)])
    return {
      content,
      calls: [{ ...head, name: name === '' ? `${head.name}_tool` : name }, ...rest],
    }
  },
})
