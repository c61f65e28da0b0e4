// A writer: one report in one format. All formats come from the same verdict.
import type { Report } from './report.ts'

export interface Writer {
  /** Of the file in `--out`; absent where it is for the terminal only. */
  readonly file?: string
  write(report: Report, options: { readonly columns: number; readonly colour: boolean }): string
}

export const writer = (entry: Writer): Writer => entry
