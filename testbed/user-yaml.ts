// A user's YAML file, as data.
import { isScalar, LineCounter, parseDocument, visit } from 'yaml'
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
    return parsed(text)
  } catch (thrown) {
    const [line = ''] = thrown instanceof Error ? thrown.message.split('\n') : []
    throw new UsageError(`${path}: not YAML: ${line.replace(/:$/, '')}`)
  }
}

/** The library would compare each key with every other, for minutes where a map is long. */
function parsed(text: string): unknown {
  const lineCounter = new LineCounter()
  // What it would warn of is said by whoever reads the data.
  const read = parseDocument(text, { uniqueKeys: false, logLevel: 'error', lineCounter })
  const [error] = read.errors
  if (error !== undefined) throw error
  visit(read, {
    Map(_, { items }) {
      const seen = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        if (seen.has(name)) {
          const { line, col } = lineCounter.linePos(key.range?.[0] ?? 0)
          const shown = JSON.stringify(name).slice(1, -1)
          throw new Error(
            `'${shown}' stands twice in one map, again at line ${line}, column ${col}`,
          )
        }
        seen.add(name)
      }
    },
  })
  return read.toJS()
}
