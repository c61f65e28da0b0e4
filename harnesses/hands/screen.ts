// A terminal into which keys are typed, for one conversation: what was typed and not sent, and the folder it stands
// in. Each command runs to its end in a shell of its own, so that nothing but these two and the files is left of
// it: no variable, and no program that still runs.

import type { Args, Conversation, Tool } from '../kernel.ts'
import { type Desk, quoted } from './desk.ts'

const ROOT = '/workspace'
const SCREEN = 'tools.screen'
/** Stands before and behind the folder that a command ended in: what it said of errors follows. */
const MARK = '\u001e'

interface Screen {
  readonly folder: string
  readonly typed: string
}

/** A command as a shell is given it: from the folder of the terminal, telling where it ended if it may move. */
function line(command: string, folder: string, moves: boolean): string {
  const from = folder === ROOT ? '' : `cd ${quoted(folder)}\n`
  return moves ? `${from}${command}\nprintf '${MARK}%s${MARK}' "$PWD"` : from + command
}

async function ran(command: string, folder: string, desk: Desk, maxWaitMs: number) {
  const moves = /(?:^|[\s;&|(])(?:cd|pushd|popd)\b/.test(command)
  const { output } = await desk.run(line(command, folder, moves), maxWaitMs)
  const end = moves ? output.lastIndexOf(MARK) : -1
  const at = end < 1 ? -1 : output.lastIndexOf(MARK, end - 1)
  if (at < 0) return { output, folder }
  return { output: output.slice(0, at) + output.slice(end + 1), folder: output.slice(at + 1, end) }
}

const echoed = (typed: string, folder: string): string =>
  `root@machine:${folder}# ${typed.replace(/\n$/, '').replaceAll('\n', '\n> ')}\n`

/** Runs what is no command for a shell: nothing where it is one. */
export type Program = (typed: string) => Promise<string> | undefined

/** Types keys and tells what the screen shows since. */
export async function typing(
  keys: string,
  {
    desk,
    c,
    program,
    maxWaitMs,
  }: { desk: Desk; c: Conversation; program: Program; maxWaitMs: number },
): Promise<string> {
  const { folder, typed: before } = (c.memo.get(SCREEN) as Screen | undefined) ?? {
    folder: ROOT,
    typed: '',
  }
  const keep = (screen: Screen): void => void c.memo.set(SCREEN, screen)
  if (/^C-[cd]\n?$/.test(keys)) {
    keep({ folder, typed: '' })
    return `${echoed(`${before}^${keys.slice(2, 3).toUpperCase()}`, folder)}`
  }
  const typed = before + keys
  if (!typed.includes('\n')) {
    keep({ folder, typed })
    return typed
  }
  const echo = echoed(typed, folder)
  const told = program(typed.trim())
  const result =
    told === undefined ? await ran(typed, folder, desk, maxWaitMs) : { output: await told, folder }
  keep({ folder: result.folder, typed: '' })
  const { output } = result
  return echo + (output === '' || output.endsWith('\n') ? output : `${output}\n`)
}

/** A tool that is typed as a program with a JSON object. */
export function programIn(
  typed: string,
  tools: readonly Tool[],
): { readonly name: string; readonly args: Args } | undefined {
  const [, name = '', json = ''] = /^([A-Za-z_][\w.-]*) (\{[\s\S]*\})$/.exec(typed) ?? []
  if (!tools.some((tool) => tool.name === name)) return undefined
  try {
    return { name, args: JSON.parse(json) as Args }
  } catch {
    return undefined
  }
}
