// The terminal as a tool of the world. A session carries its calls out in its own terminal: over a transport
// that has no session there is none.
import { z } from 'zod'
import { failure } from './files.ts'
import { tool } from './tool.ts'

const NAME = 'run_command'

export const TERMINAL_TOOL = tool(
  {
    name: NAME,
    description: 'Run a command line in a shell at the root of the workspace.',
    shape: { command: z.string().min(1) },
    annotations: { destructiveHint: true },
  },
  () => failure('Error: there is no terminal here.'),
)

/** The command line of a call of it; undefined for any other call. */
export function commandOf(name: string, args: Readonly<Record<string, unknown>>) {
  const { command } = args
  return name === NAME && typeof command === 'string' && command !== '' ? command : undefined
}
