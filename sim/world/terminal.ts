// A terminal: a shell on the files of one session, a fresh one for every command. Of one command to the next
// nothing is left but the files, and the folders that were made.
import { EPOCH_MS } from '../core/clock.ts'
import { draw } from '../core/draw.ts'
import type { Workspace } from './files.ts'
import type { Outcome, Shell } from './shell.ts'
import { ShellFiles } from './shell-files.ts'

/** Milliseconds after which a command without an end is given up where no time was set; assumed. */
const PATIENCE_MS = 3_600_000

export interface Command {
  /** Names it in the run: what is random in it follows from that. */
  readonly key: string
  readonly line: string
  /** Virtual milliseconds since the run began. */
  readonly now: number
  readonly timeoutMs?: number | undefined
}

export class WorldTerminal {
  readonly #shell: Shell
  readonly #folders = new Set<string>()

  constructor(shell: Shell) {
    this.#shell = shell
  }

  /** Never rejects. The files are changed when it resolves; how long it took in its own time, it tells. */
  async run(of: Command, on: Workspace): Promise<Outcome> {
    const { key, line, now, timeoutMs = PATIENCE_MS } = of
    const files = new ShellFiles(on, this.#folders)
    const startMs = EPOCH_MS + now
    const random = draw(key).next
    const outcome = await this.#shell({ command: line, files, startMs, random, timeoutMs })
    files.flush(line)
    return { ...outcome, stderr: inBashsWords(outcome.stderr) }
  }
}

/** Where the shell's library says something of itself, what bash would say instead. */
const inBashsWords = (stderr: string): string =>
  stderr
    .replace(/^bash: Error: [A-Z]+: (\w)([^,]*), \w+ '(.*)'$/gm, (_, a: string, b, path) => {
      return `bash: ${path}: ${a.toUpperCase()}${b}`
    })
    .replace(/command not available in browser environments.*/g, 'command not found')
    .replace(/, increase executionLimits\.\w+/g, '')
