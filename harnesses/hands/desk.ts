// A desk: the files and the terminal of a session, as the tools of an agent use them. Files go through the
// world's own tools, one call each, so that whatever stands around those is kept: faults, locks, the trace.
import type { Args, Call, Conversation, Result } from '../kernel.ts'
import { placeOf } from '../rules/paths.ts'

/** What a tool says when it fails. */
export class Failure extends Error {}

/** There is no such file; how that is said is the tool's own. */
export class Missing extends Failure {}

/** A path as the world's tools take it, where a tool may be told an absolute one. */
function spelt(path: string): string {
  const place = placeOf(path)
  return place.isOutside ? place.kept : place.path
}

/** A folder as the paths in it begin: nothing for the workspace, else with a slash at its end. */
export function folderOf(path: string): string {
  const folder = spelt(path)
  return folder === '' ? '' : `${folder}/`
}

/** A word for a shell, whatever it holds. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

export class Desk {
  readonly #c: Conversation
  readonly #call: Call
  readonly #next: (call: Call) => Promise<Result>

  constructor(c: Conversation, call: Call, next: (call: Call) => Promise<Result>) {
    this.#c = c
    this.#call = call
    this.#next = next
  }

  /** A call of the world's own, on behalf of the one that was spoken. */
  world(name: string, args: Args): Promise<Result> {
    return this.#next({ id: this.#call.id, name, args })
  }

  /** @throws {Missing} @throws {Failure} */
  async read(path: string): Promise<string> {
    const { text, isError } = await this.world('read_file', { path: spelt(path) })
    if (!isError) return text
    throw text.startsWith('Error: no such file') ? new Missing(text) : new Failure(text)
  }

  /** The text, or nothing where there is no such file. @throws {Failure} */
  async find(path: string): Promise<string | undefined> {
    try {
      return await this.read(path)
    } catch (thrown) {
      if (thrown instanceof Missing) return undefined
      throw thrown
    }
  }

  /** @throws {Failure} */
  async write(path: string, content: string): Promise<void> {
    const { text, isError } = await this.world('write_file', { path: spelt(path), content })
    if (isError) throw new Failure(text)
  }

  /** All paths, sorted. @throws {Failure} */
  async list(): Promise<readonly string[]> {
    const { text, isError } = await this.world('list_files', {})
    if (isError) throw new Failure(text)
    return text === '' ? [] : text.split('\n')
  }

  /** Lines that fit an extended regular expression, as `path:line:text`. @throws {Failure} */
  async search(pattern: string, within = '.'): Promise<readonly string[]> {
    const command = `grep -rnE -- ${quoted(pattern)} ${quoted(within)}`
    const { output, exitCode } = await this.run(command)
    const late = exitCode === 124 ? 'Error: the search timed out.' : ''
    if (exitCode > 1) throw new Failure(output.trimEnd() || late)
    if (exitCode === 1) return []
    const lines = output.split('\n').filter((line) => line !== '')
    return lines.map((line) => line.replace(/^\.\//, ''))
  }

  /** Never rejects: 124 where it took too long. */
  run(command: string, timeoutMs?: number): Promise<{ output: string; exitCode: number }> {
    return this.#c.session.terminal.run(command, timeoutMs === undefined ? {} : { timeoutMs })
  }
}
