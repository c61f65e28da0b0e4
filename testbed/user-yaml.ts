// A user's YAML file, as data.
import { parse } from 'yaml'
import { UsageError } from '../sim/core/assert.ts'
import type { Host } from '../sim/host/index.ts'

/** @throws {UsageError} where the file is missing or no YAML. */
export function readYaml(host: Host, path: string): unknown {
  const text = host.readUser(path)
  if (text === undefined) throw new UsageError(`${path}: no such file`)
  try {
    return parse(text)
  } catch (thrown) {
    const [line = ''] = thrown instanceof Error ? thrown.message.split('\n') : []
    throw new UsageError(`${path}: not YAML: ${line.replace(/:$/, '')}`)
  }
}
