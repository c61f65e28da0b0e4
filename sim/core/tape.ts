// A tape: the departures of one run, by id, as a person can read and edit them.
import { UsageError } from './assert.ts'
import type { Decision } from './chance.ts'

export interface Tape {
  readonly run: string
  readonly decisions: ReadonlyMap<string, Decision['value']>
}

/** The plain form that is written as YAML. */
export interface TapeData {
  readonly enosys: 1
  readonly run: string
  readonly decisions: Readonly<Record<string, Decision['value']>>
}

export function toData(run: string, decisions: readonly Decision[]): TapeData {
  return {
    enosys: 1,
    run,
    decisions: Object.fromEntries(decisions.map(({ id, value }) => [id, value])),
  }
}

/** @throws {UsageError} that names the field where `data` is not a tape. `where` is its file. */
export function fromData(data: unknown, where: string): Tape {
  const bad = (what: string): never => {
    throw new UsageError(`${where}: ${what}`)
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    bad('expected a tape: a mapping with enosys, run and decisions')
  const { enosys, run, decisions, ...others } = data as Record<string, unknown>
  if (enosys !== 1) bad(`enosys: expected 1, got ${JSON.stringify(enosys)}`)
  for (const name of Object.keys(others))
    bad(`${name}: is no part of a tape, which has enosys, run and decisions`)
  if (typeof run !== 'string' || run === '') bad('run: expected a RUN_ID')
  if (typeof decisions !== 'object' || decisions === null || Array.isArray(decisions))
    bad('decisions: expected a mapping from ids to values')
  const map = new Map<string, Decision['value']>()
  for (const [id, value] of Object.entries(decisions as Record<string, unknown>)) {
    if (typeof value === 'string' || typeof value === 'boolean') map.set(id, value)
    else if (typeof value === 'number' && Number.isFinite(value)) map.set(id, value)
    else
      bad(
        `decisions.${id}: expected true, false, a label or a number, got ${JSON.stringify(value)}`,
      )
  }
  return { run: run as string, decisions: map }
}
