// A user's YAML file, as data.
import { parse } from 'yaml'
import { UsageError } from '../sim/core/assert.ts'
import type { Host } from '../sim/host/index.ts'

/** Characters; far above any tape or profile. */
const SIZE_MAX = 1 << 20

/** @throws {UsageError} where the file is missing or no YAML. */
export function readYaml(host: Host, path: string): unknown {
  const text = host.readUser(path)
  if (text === undefined) throw new UsageError(`${path}: no such file`)
  if (text.length > SIZE_MAX) {
    const size = (text.length / (1 << 20)).toFixed(1)
    throw new UsageError(`${path}: expected at most 1 MiB of YAML, got ${size} MiB`)
  }
  try {
    // What it would warn of is said by whoever reads the data.
    return parse(text, { logLevel: 'error' })
  } catch (thrown) {
    const [line = ''] = thrown instanceof Error ? thrown.message.split('\n') : []
    throw new UsageError(`${path}: not YAML: ${line.replace(/:$/, '')}`)
  }
}
