// Calls of a tools part, one after the other in one conversation, on a machine with some files.
import { compose } from '../../harnesses/design.ts'
import { begin, carryOut, type KernelPage, type Part, type Tool } from '../../harnesses/kernel.ts'
import type { Message } from '../../sim/index.ts'
import { instanceWith, kernelOf, type Play, type Played, play } from '../machine/rig.ts'

export type Spoken = readonly [name: string, args: object]

export interface Called extends Played {
  readonly tools: readonly Tool[]
  /** What was told of each call. */
  readonly told: readonly { readonly text: string; readonly isError: boolean }[]
  readonly files: Readonly<Record<string, string>>
}

/** Each call is an answer of its own; a list of calls is one answer. */
export async function called(
  part: Part<'tools'>,
  files: Readonly<Record<string, string>>,
  turns: readonly (Spoken | readonly Spoken[])[],
  of: Partial<Play> = {},
): Promise<Called> {
  const page: KernelPage = { mirrors: '', system: '', slots: { tools: part }, retries: [] }
  const design = compose(page, [part])
  let tools: readonly Tool[] = []
  let messages: readonly Message[] = []
  const kernel = kernelOf(async (machine) => {
    for await (const job of machine.jobs) {
      const c = await begin(machine, job, new Map(), design)
      tools = c.tools
      for (const [t, turn] of turns.entries()) {
        const spoken = (typeof turn[0] === 'string' ? [turn] : turn) as readonly Spoken[]
        const calls = spoken.map(([name, args], i) => ({
          id: `call-${t}-${i}`,
          name,
          args: JSON.stringify(args),
        }))
        await carryOut(c, { role: 'assistant', content: '', calls }, design)
      }
      messages = c.messages
      machine.reply(job.id, 'done')
    }
  })
  const instance = instanceWith({ world: { files, payments: [] } })
  const played = await play({ kernel, instance, ...of })
  const told = messages
    .filter(({ role }) => role === 'tool')
    .map(({ content, isError = false }) => ({ text: content, isError }))
  return { ...played, tools, told, files: played.simulation.world.data().files }
}

export const textsOf = ({ told }: Called): string[] => told.map(({ text }) => text)

export const failed = (text: string) => ({ text, isError: true })
export const went = (text: string) => ({ text, isError: false })
