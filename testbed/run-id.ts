// A RUN_ID is all that a replay needs: `scenario[distance=4000]@instance.trial:harness:profile:seed`, with
// defaults left out and a user's file by path and content hash.
import { UsageError } from '../sim/core/assert.ts'

export interface RunSpec {
  readonly scenario: string
  /** Those that differ from the defaults. */
  readonly params: Readonly<Record<string, number>>
  readonly instance: number
  readonly trial: number
  readonly harness: string
  readonly profile: string
  readonly seed: number
}

const SWARM = '+swarm'

/** `typical+swarm`: a profile whose lapses are switched off and up at random, run by run. */
export const isSwarm = (profile: string): boolean => profile.endsWith(SWARM)
export const inSwarm = (profile: string): string => profile + SWARM
export const withoutSwarm = (profile: string): string =>
  isSwarm(profile) ? profile.slice(0, -SWARM.length) : profile

export function formatRunId(spec: RunSpec): string {
  const params = Object.entries(spec.params).map(([name, value]) => `${name}=${value}`)
  const set = params.length === 0 ? '' : `[${params.join(',')}]`
  return `${spec.scenario}${set}@${spec.instance}.${spec.trial}:${spec.harness}:${spec.profile}:${spec.seed}`
}

const FORM = /^([^[\]@:]+)(?:\[([^\]]*)\])?@(\d+)\.(\d+):(.+):([^:]+):(\d+)$/

/** @throws {UsageError} where `text` is not a RUN_ID. */
export function parseRunId(text: string): RunSpec {
  const match = FORM.exec(text.trim())
  if (match === null) {
    throw new UsageError(
      `'${text}' is not a RUN_ID. Expected scenario@instance.trial:harness:profile:seed, e.g. compaction/ledger@0.0:micro:typical:1`,
    )
  }
  const [, scenario = '', set = '', instance, trial, harness = '', profile = '', seed] = match
  for (const number of [instance, trial, seed]) {
    if (!Number.isSafeInteger(Number(number)))
      throw new UsageError(
        `'${text}': ${number}: expected a whole number up to ${Number.MAX_SAFE_INTEGER}`,
      )
  }
  return {
    scenario,
    params: parseSet(set),
    instance: Number(instance),
    trial: Number(trial),
    harness,
    profile,
    seed: Number(seed),
  }
}

/** A scenario as suites name it: `scenario`, or `scenario[attack=0]`. @throws {UsageError} for other texts. */
export function parseScenario(text: string): Pick<RunSpec, 'scenario' | 'params'> {
  const [whole, scenario = '', set = ''] = /^([^[\]]+)(?:\[([^[\]]*)\])?$/.exec(text.trim()) ?? []
  if (whole === undefined)
    throw new UsageError(`'${text}': expected a scenario, or scenario[name=number,..]`)
  return { scenario, params: parseSet(set) }
}

/** `a=1,b=2` as numbers. @throws {UsageError} that names what is no number. */
export function parseSet(text: string): Record<string, number> {
  const params: Record<string, number> = Object.create(null)
  for (const pair of text.split(',')) {
    if (pair.trim() === '') continue
    const [name = '', value = '', more] = pair.split('=')
    const number = Number(value)
    if (more !== undefined || value.trim() === '' || !Number.isFinite(number))
      throw new UsageError(`'${pair}': expected name=number, e.g. distance=4000`)
    if (name.trim() in params)
      throw new UsageError(`'${pair}': ${name.trim()} is set already, to ${params[name.trim()]}`)
    params[name.trim()] = number
  }
  return { ...params }
}
