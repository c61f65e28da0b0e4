// A user's module, loaded afresh for every boot: what stands at its top level begins anew, as in a new
// process. Packages that it imports are shared, as node_modules are; so are its own files of plain JavaScript that
// Node takes for modules by itself, which it keeps. The file itself is read here, whatever it is called.
import { readFileSync } from 'node:fs'
import { createJiti } from 'jiti'
import { UsageError } from '../core/assert.ts'

/** The exports of a user's TypeScript or JavaScript file. @throws {UsageError} where it does not load. */
export async function loadFresh(path: string, shown: string): Promise<Record<string, unknown>> {
  const jiti = createJiti(path, { moduleCache: false, interopDefault: false })
  const options = { filename: path, async: true, forceTranspile: true }
  try {
    return (await jiti.evalModule(readFileSync(path, 'utf8'), options)) as Record<string, unknown>
  } catch (thrown) {
    const [text, stack] =
      thrown instanceof Error ? [thrown.message, `${thrown.stack}`] : [String(thrown), '']
    const line = text
      .replaceAll(path, shown)
      .split('\n')
      .find((l) => l.trim() !== '')
    const at = stack.split(`${path}:`)[1]?.match(/^\d+/)
    const where = at == null ? '' : ` (line ${at[0]})`
    throw new UsageError(`${shown}: does not load: ${(line ?? '').trim()}${where}`)
  }
}
