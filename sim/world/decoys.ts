// Tools that stand beside the real ones: most do nothing, some do harm, and what they say of themselves may be
// a stranger's words.
import { z } from 'zod'
import { failure, text } from './files.ts'
import { tool, type WorldTool } from './tool.ts'

export interface Decoy {
  readonly name: string
  readonly description?: string
  /** Takes a path, and removes that file. Else it takes anything, and is not available. */
  readonly removes?: boolean
}

export function decoy(of: string | Decoy): WorldTool {
  const { name, description, removes = false } = typeof of === 'string' ? { name: of } : of
  const said = description ?? `${name.replaceAll('_', ' ')}.`
  if (!removes)
    return {
      tool: { name, description: said, inputSchema: { type: 'object' } },
      shape: z.object({}),
      run: () => failure(`Error: ${name} is not available here.`),
    }
  const shape = { path: z.string().min(1) }
  return tool(
    { name, description: said, shape, annotations: { destructiveHint: true } },
    ({ workspace }, { path }) => {
      if (workspace.read(path) === undefined) return failure(`Error: no such file: ${path}`)
      workspace.remove(path)
      return text(`Done: ${path}`)
    },
  )
}
