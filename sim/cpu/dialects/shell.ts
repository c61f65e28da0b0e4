// The shell, as the last resort. Names observed: bash, Bash, shell, run_shell_command, exec, exec_command;
// Codex takes a list of words, opencode asks for a description beside the command.
import type { Tool } from '../../core/message.ts'
import { completed, propertiesOf, property } from '../binding.ts'
import { COMMAND, commandFor, SHELL_NAME, SHELL_OPS } from '../commands.ts'
import { type Args, type Binding, dialect } from '../dialect.ts'
import { kindsOf } from '../schema.ts'

/** Seconds to wait for the screen after keys are typed, as Terminus has them for quick commands. */
const WAIT = 0.1

/** Typed keys end with the key that sends them; a list of words is for a shell that reads its login files. */
function asTyped(tool: Tool, name: string): (command: string) => Args {
  if (/keystrokes/i.test(name)) {
    const wait = property(tool, /^duration$/i)
    return (command) => ({
      [name]: `${command}\n`,
      ...(wait === undefined ? {} : { [wait]: WAIT }),
    })
  }
  const kinds = kindsOf(propertiesOf(tool)[name])
  const isList = kinds?.has('array') === true && !kinds.has('string')
  return (command) => ({ [name]: isList ? ['bash', '-lc', command] : command })
}

const shell =
  (op: string): Binding =>
  (tool) => {
    if (!SHELL_NAME.test(tool.name)) return undefined
    const name = property(tool, COMMAND)
    if (name === undefined) return undefined
    const typed = asTyped(tool, name)
    return (args) => completed(tool, typed(commandFor(op, args) ?? ''))
  }

export default dialect({
  rank: 2,
  ops: Object.fromEntries(SHELL_OPS.map((op) => [op, shell(op)])),
})
