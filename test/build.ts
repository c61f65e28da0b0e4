// Builds dist/ where it is missing or older than its sources: tests of workers and of the command line run
// what a user runs.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const SOURCES = ['sim', 'scenarios', 'harnesses', 'reports', 'testbed', 'cli', 'build.mjs']

const files = (path: string): string[] =>
  statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name))

const newest = (paths: readonly string[]): number =>
  Math.max(...paths.flatMap(files).map((path) => statSync(path).mtimeMs))

/** Folders are as old as their last entry: so a file that went counts, too. */
export default function build(): void {
  const built = join('dist', 'cli', 'main.js')
  if (existsSync(built) && statSync(built).mtimeMs > newest(SOURCES)) return
  execFileSync(process.execPath, ['build.mjs'], { stdio: 'inherit' })
}
