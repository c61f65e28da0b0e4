// What a terminal runs its commands in: a bash without a machine under it. `sim/host/shell.ts` makes one.
import type { IFileSystem } from 'just-bash'

/** The folder that the workspace is seen at. */
export const ROOT = '/workspace'

export interface Script {
  readonly command: string
  /** Seen at `ROOT`, where the command starts. */
  readonly files: IFileSystem
  /** Milliseconds of Unix time at which it begins. */
  readonly startMs: number
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Milliseconds of its own time that it may take. */
  readonly timeoutMs: number
}

export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  /** 124 where it took longer than the time it was given, or did more than is ever waited for. */
  readonly exitCode: number
  /** Milliseconds of its own time: what it slept, and all it had where it had no end. */
  readonly elapsedMs: number
}

/** Never rejects. One command at a time; nothing is left of one in the next. */
export type Shell = (script: Script) => Promise<Outcome>
