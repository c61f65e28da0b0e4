// Tapes as files: YAML that a person can read and edit, checked against the run that they belong to.
import { stringify } from 'yaml'
import { UsageError } from '../sim/core/assert.ts'
import type { Decision } from '../sim/core/chance.ts'
import { fromData, type Tape, toData } from '../sim/core/tape.ts'
import type { Host } from '../sim/host/index.ts'
import { decisionsOf } from './decisions.ts'
import { instanceFor } from './drawn.ts'
import type { House } from './house.ts'
import { parseRunId } from './run-id.ts'
import { readYaml } from './user-yaml.ts'

/** @throws {UsageError} where the file is missing, no YAML or no tape. */
export function readTape(host: Host, path: string): Tape {
  const tape = fromData(readYaml(host, path), path)
  try {
    parseRunId(tape.run)
  } catch (thrown) {
    throw thrown instanceof UsageError ? new UsageError(`${path}: run: ${thrown.message}`) : thrown
  }
  return tape
}

export function tapeText(run: string, decisions: readonly Decision[]): string {
  return stringify(toData(run, decisions), { lineWidth: 0 })
}

/** @throws {UsageError} for the first decision whose job, step, site or value cannot be. */
export async function checkTape(
  { run, decisions }: Tape,
  where: string,
  house: House,
): Promise<void> {
  const spec = parseRunId(run)
  const instance = await instanceFor(spec, house)
  const problemOf = decisionsOf(instance, house)
  for (const [id, value] of decisions) {
    const problem = problemOf(id, value)
    if (problem !== undefined) throw new UsageError(`${where}: decisions.${id}: ${problem}`)
  }
}
