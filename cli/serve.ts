// enosys serve: the simulated model behind the OpenAI protocol on loopback, with the task of one case.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../sim/core/assert.ts'
import { openHost } from '../sim/host/index.ts'
import { writeText } from '../sim/host/journal.ts'
import { serve as listen } from '../sim/host/serve.ts'
import type { TraceEvent } from '../sim/index.ts'
import { chatHandler } from '../sim/wire/openai-chat.ts'
import { openHouse } from '../testbed/house.ts'
import { service } from '../testbed/service.ts'
import { lineOf } from '../testbed/strace.ts'

const PORT_MAX = 65_535

interface ServeOptions {
  scenario: string
  profile: string
  instance: number
  seed: number
  port: number
  work?: string
}

/** @throws {UsageError} where the folder has anything in it: nothing is overwritten. */
function checkEmpty(folder: string): void {
  if (!existsSync(folder)) return
  const what = !statSync(folder).isDirectory()
    ? 'is no folder'
    : readdirSync(folder).length > 0
      ? 'is not empty'
      : undefined
  if (what !== undefined)
    throw new UsageError(`--work ${folder}: ${what}; name a folder that does not exist yet`)
}

export default async function serve(options: ServeOptions): Promise<number> {
  const { scenario, profile, instance, seed, port, work } = options
  if (port > PORT_MAX) throw new UsageError(`--port ${port}: expected one in [0, ${PORT_MAX}]`)
  const house = await openHouse(openHost())
  const show = (event: TraceEvent): void => {
    const line = lineOf(event, process.stderr.columns ?? 120)
    if (line !== undefined) process.stderr.write(`${line}\n`)
  }
  const spec = { scenario, profile, instance, seed, trial: 0, params: {} }
  const model = await service(spec, house, show)
  if (work !== undefined) checkEmpty(work)
  const server = await listen({ handle: chatHandler(model.generate), port })
  try {
    for (const [path, text] of Object.entries(work === undefined ? {} : model.instance.world.files))
      writeText(join(work ?? '', path), text)
  } catch (thrown) {
    await server.close()
    throw thrown
  }
  const prompt = model.instance.users[0]?.jobs[0]?.prompt ?? ''
  const where = work === undefined ? '' : `Files:    ${work}\n`
  process.stdout.write(
    `Base URL: ${server.url}/v1   (model: any name, key: any)\n${where}Prompt:\n${prompt}\n\nCtrl-C ends.\n`,
  )
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  await model.pump(stop.signal)
  await server.close()
  return 0
}
