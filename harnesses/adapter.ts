// An adapter says how a real, published harness is started against the simulated model: data and a
// function from what is given to a command. `sim/host/process.ts` starts it; nothing here does I/O.

/** What the host offers. Paths are absolute, as the harness will see them; both folders exist. */
export interface Given {
  /** The model's endpoint on loopback with its version path: `http://127.0.0.1:8123/v1`. */
  readonly baseUrl: string
  readonly model: string
  readonly prompt: string
  readonly windowTokens: number
  readonly home: string
  readonly work: string
}

export interface Launch {
  /** What follows the program on its command line. */
  readonly args: readonly string[]
  /** Added to a bare environment of PATH, HOME, TMPDIR, LANG and TZ. */
  readonly env: Readonly<Record<string, string>>
  /** Texts by path, relative to the home folder. */
  readonly files: Readonly<Record<string, string>>
  /** For one that is spoken to over its standard input; others have none. */
  readonly dialogue?: Dialogue
}

/** What is said to a harness, line by line. */
export interface Dialogue {
  /** Said at the start. */
  readonly first: string
  /** What is said to a line of its output: nothing, a line, or null, which ends its input. */
  heard(line: string): string | null | undefined
}

export interface Adapter {
  /** The npm package, and the one version the adapter was written for. */
  readonly package: string
  readonly version: string
  /** SPDX. */
  readonly licence: string
  readonly protocol: 'openai-chat'
  /** The name of the program among those of the package. */
  readonly bin: string
  /** One process serves one user. */
  readonly users: 'one'
  readonly launch: (given: Given) => Launch
  /** What it told its user, as far as its output says; undefined where it does not. */
  readonly reply?: (stdout: string) => string | undefined
}

export const adapter = (entry: Adapter): Adapter => entry
