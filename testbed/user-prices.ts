// Prices of a user's: what tokens cost them, in a file of YAML.
import { z } from 'zod'
import type { Prices } from '../reports/prices.ts'
import { UsageError } from '../sim/core/assert.ts'
import type { Host } from '../sim/host/index.ts'
import { readYaml } from './user-yaml.ts'

const price = z.number().min(0)
const schema = z.strictObject({
  inputUsdPerMillion: price,
  cachedUsdPerMillion: price.optional(),
  outputUsdPerMillion: price,
})

/** Where nothing is said of cached input, it costs what other input does. @throws {UsageError} */
export function pricesOf(host: Host, path: string): Prices {
  const parsed = schema.safeParse(readYaml(host, path))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
    throw new UsageError(`${path}: ${where}${issue?.message}`)
  }
  const { inputUsdPerMillion: input, cachedUsdPerMillion, outputUsdPerMillion } = parsed.data
  return { input, cached: cachedUsdPerMillion ?? input, output: outputUsdPerMillion }
}
