// The same model in this process and behind a loopback socket: what a client sees must not differ.
import { serve } from '../../sim/host/serve.ts'
import { chatHandler, fetchOf } from '../../sim/wire/openai-chat.ts'
import type { Fake } from './fake.ts'

export interface Reached {
  readonly baseURL: string
  readonly fetch: typeof fetch
  close(): Promise<void>
}

export const TRANSPORTS: readonly [name: string, reach: (model: Fake) => Promise<Reached>][] = [
  [
    'in process',
    async ({ generate }) => ({
      baseURL: 'http://model.test/v1',
      fetch: fetchOf(generate),
      close: async () => {},
    }),
  ],
  [
    'over a socket',
    async ({ generate }) => {
      const { url, close } = await serve({ handle: chatHandler(generate), port: 0 })
      return { baseURL: `${url}/v1`, fetch, close }
    },
  ],
]
