// enosys install: real harnesses, at the versions that the adapters were written for.
import type { Adapter } from '../harnesses/adapter.ts'
import { openHost } from '../sim/host/index.ts'
import { install as installOne } from '../sim/host/install.ts'
import { catalog } from '../testbed/catalog.ts'

export default async function install(ids: readonly string[]): Promise<number> {
  const host = openHost()
  const entries = catalog(host)
  const adapters: [string, Adapter][] = []
  for (const id of ids) adapters.push([id, (await entries.entry('adapter', id)) as Adapter])
  for (const [id, adapter] of adapters) {
    const { package: name, version, licence } = adapter
    process.stderr.write(`${id}: ${name} ${version} (${licence}) ...\n`)
    const { bin } = await installOne(adapter, {
      root: host.adapters,
      onLine: (line) => process.stderr.write(`  ${line}\n`),
    })
    process.stdout.write(`${id}: ${bin}\n`)
  }
  return 0
}
