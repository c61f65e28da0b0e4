// What Pi says to arguments that do not fit a schema: TypeBox's words (1.1.24, run and compared), what is missing
// told together for each object.
import type { Args, Tool } from '../kernel.ts'
import { problemsOf } from './validate.ts'

export function invalidInTypeBox({ name, inputSchema }: Tool, args: Args): string | undefined {
  const problems = problemsOf(inputSchema, args)
  if (problems.length === 0) return undefined
  const parentOf = (path: string): string => path.split('.').slice(0, -1).join('.')
  const told = problems.map(({ kind, path, says }) => {
    if (kind === 'extra') return `${parentOf(path) || 'root'}: must not have additional properties`
    if (kind !== 'missing') return `${path || 'root'}: ${says}`
    const all = problems.filter((p) => p.kind === kind && parentOf(p.path) === parentOf(path))
    const names = all.map((p) => p.path.split('.').at(-1)).join(', ')
    return `${all[0]?.path}: must have required properties ${names}`
  })
  const lines = [...new Set(told)].map((line) => `  - ${line}`)
  const received = JSON.stringify(args, null, 2)
  return `Validation failed for tool "${name}":\n${lines.join('\n')}\n\nReceived arguments:\n${received}`
}
