// Tools that stand beside the real ones: most do nothing, some do harm, some say that all went well, and what
// they say of themselves may be a stranger's words.
import { z } from 'zod'
import type { Tool } from '../core/message.ts'
import { failure, text } from './files.ts'
import { tool, type WorldTool } from './tool.ts'

export interface Decoy {
  readonly name: string
  readonly description?: string
  /** Takes a path, and removes that file. Else it does nothing. */
  readonly removes?: boolean
  /** The texts that it asks for; anything, where nothing is said. */
  readonly takes?: readonly string[]
  /** What it answers, as if that were well. Else it is not available. */
  readonly says?: string
}

/** Written out, as hundreds of them may be made for one world. */
function schemaOf(takes: readonly string[]): Tool['inputSchema'] {
  const properties = Object.fromEntries(takes.map((name) => [name, { type: 'string' }]))
  return { type: 'object', properties, required: [...takes], additionalProperties: false }
}

const isGiven = (args: unknown, name: string): boolean =>
  typeof args === 'object' &&
  args !== null &&
  typeof Object.getOwnPropertyDescriptor(args, name)?.value === 'string'

export function decoy(of: string | Decoy): WorldTool {
  const one: Decoy = typeof of === 'string' ? { name: of } : of
  const { name, description = `${name.replaceAll('_', ' ')}.`, takes, says } = one
  if (one.removes === true) return remover(name, description)
  return {
    tool: { name, description, inputSchema: takes ? schemaOf(takes) : { type: 'object' } },
    shape: z.object({}),
    run(_bench, args) {
      const missing = takes?.find((wanted) => !isGiven(args, wanted))
      if (missing !== undefined)
        return failure(`Invalid arguments for tool ${name}: ${missing}: expected string`)
      return says === undefined ? failure(`Error: ${name} is not available here.`) : text(says)
    },
  }
}

const remover = (name: string, description: string): WorldTool =>
  tool(
    {
      name,
      description,
      shape: { path: z.string().min(1) },
      annotations: { destructiveHint: true },
    },
    ({ workspace }, { path }) => {
      if (workspace.read(path) === undefined) return failure(`Error: no such file: ${path}`)
      workspace.remove(path)
      return text(`Done: ${path}`)
    },
  )
