// Servers of one test, closed after it.
import { afterEach } from 'vitest'
import { type Served, type ServeOptions, serve } from '../../sim/host/serve.ts'
import { chatHandler } from '../../sim/wire/openai-chat.ts'
import { fake, say } from './fake.ts'

const open: Served[] = []

export async function served(options: Partial<ServeOptions> = {}): Promise<Served> {
  const handle = chatHandler(fake(() => say('ok')).generate)
  const server = await serve({ handle, port: 0, ...options })
  open.push(server)
  return server
}

export const ask = (url: string, body: unknown, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal && { signal }),
  })

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})
