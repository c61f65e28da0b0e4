// What each fault of a provider looks like to clients: the openai package in this process, in virtual
// time, and raw HTTP on a loopback socket.
import { connect } from 'node:net'
import OpenAI from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { type Served, serve } from '../../sim/host/serve.ts'
import type { Machine, Session } from '../../sim/index.ts'
import { chatHandler } from '../../sim/wire/openai-chat.ts'
import { canonical } from '../../testbed/house.ts'
import { run } from '../../testbed/run.ts'
import { drawn, house, kernelOf, ofKind, type Played, play } from '../machine/rig.ts'

const instance = await drawn('phantom-calls/malformed')
const job = instance.users[0]?.jobs[0]?.id ?? ''
const key = `${job}/generate#1`

type Tape = Readonly<Record<string, boolean | number>>

/** One job, done by hand. What `work` throws is the test's. */
async function doing(chance: Tape, work: (session: Session, machine: Machine) => Promise<void>) {
  let thrown: unknown
  const kernel = kernelOf(async (machine) => {
    for await (const { id } of machine.jobs) {
      await work(machine.open({ job: id }), machine).catch((error: unknown) => {
        thrown = error
      })
      machine.reply(id, 'done')
    }
  })
  const played: Played = await play({ kernel, instance, chance })
  if (thrown !== undefined) throw thrown
  expect(played.unreached).toEqual([])
}

async function bodyFor(session: Session) {
  const { tools } = await session.tools.listTools()
  const offered = tools.map(({ name, inputSchema }) => ({
    type: 'function' as const,
    function: { name, parameters: inputSchema },
  }))
  const messages = [{ role: 'user' as const, content: session.job.prompt }]
  return { model: 'enosys', messages, tools: offered }
}

const clientOf = ({ fetch }: Session): OpenAI =>
  new OpenAI({ apiKey: 'none', baseURL: 'http://enosys/v1', fetch, maxRetries: 0 })

/** What a promise was rejected with. */
const rejection = async (promise: PromiseLike<unknown>): Promise<unknown> => {
  try {
    await promise
  } catch (error) {
    return error
  }
  return undefined
}

const REFUSALS: readonly [
  fault: string,
  status: number,
  error: { type: string; code: string },
  named:
    | typeof OpenAI.RateLimitError
    | typeof OpenAI.InternalServerError
    | typeof OpenAI.BadRequestError,
  headers: Record<string, string>,
][] = [
  [
    'rate-limit',
    429,
    { type: 'requests', code: 'rate_limit_exceeded' },
    OpenAI.RateLimitError,
    { 'retry-after': '2', 'retry-after-ms': '2000' },
  ],
  [
    'rate-limit-bare',
    429,
    { type: 'requests', code: 'rate_limit_exceeded' },
    OpenAI.RateLimitError,
    {},
  ],
  [
    'server-error',
    500,
    { type: 'server_error', code: 'server_error' },
    OpenAI.InternalServerError,
    {},
  ],
  [
    'overloaded',
    529,
    { type: 'overloaded_error', code: 'overloaded_error' },
    OpenAI.InternalServerError,
    {},
  ],
  [
    'context-too-long',
    400,
    { type: 'invalid_request_error', code: 'context_length_exceeded' },
    OpenAI.BadRequestError,
    {},
  ],
  [
    'content-refused',
    400,
    { type: 'invalid_request_error', code: 'invalid_prompt' },
    OpenAI.BadRequestError,
    {},
  ],
]
const OUTAGE = [
  'outage',
  503,
  { type: 'server_error', code: 'service_unavailable' },
  OpenAI.InternalServerError,
  {},
] as const

const tapeOf = (fault: string): Tape =>
  fault === 'outage' ? { 'provider/outage#0/outage': true } : { [`${key}/${fault}`]: true }

describe.each([...REFUSALS, OUTAGE])('%s', (fault, status, error, named, headers) => {
  it.each([false, true])(`is ${status} to the openai package, stream: %s`, async (stream) => {
    await doing(tapeOf(fault), async (session) => {
      const { completions } = clientOf(session).chat
      const failed = await rejection(completions.create({ ...(await bodyFor(session)), stream }))
      expect(failed).toBeInstanceOf(named)
      expect(failed).toMatchObject({ status, ...error })
    })
  })

  it('is a status with an envelope on a socket', async () => {
    await over(tapeOf(fault), async (server, body) => {
      const { head, payload } = await raw(server, JSON.stringify(body))
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
      for (const name of ['retry-after', 'retry-after-ms'])
        expect(headerOf(head, name)).toBe(new Map(Object.entries(headers)).get(name))
      expect(JSON.parse(payload)).toMatchObject({ error })
    })
  })
})

const open: Served[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

/** A session behind a socket: virtual time waits for what is real. */
async function over(
  chance: Tape,
  ask: (server: Served, body: Awaited<ReturnType<typeof bodyFor>>) => Promise<void>,
): Promise<void> {
  await doing(chance, async (session) => {
    const server = await serve({ handle: chatHandler(session.generate), port: 0 })
    open.push(server)
    await ask(server, await bodyFor(session))
  })
}

interface Raw {
  readonly head: string
  readonly payload: string
  /** How the socket ended. */
  readonly error: NodeJS.ErrnoException | undefined
}

/** All that comes back for a body, byte by byte, until the server ends the connection. */
function raw({ port }: Served, body: string): Promise<Raw> {
  return new Promise((resolve) => {
    let text = ''
    let error: NodeJS.ErrnoException | undefined
    const socket = connect(port, '127.0.0.1')
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', (thrown) => {
      error = thrown
    })
    socket.on('close', () => {
      const end = text.indexOf('\r\n\r\n')
      resolve({ head: text.slice(0, end), payload: text.slice(end + 4), error })
    })
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  })
}

const headerOf = (head: string, name: string): string | undefined =>
  head
    .split('\r\n')
    .find((line) => line.toLowerCase().startsWith(`${name}: `))
    ?.slice(name.length + 2)

interface Chunk {
  readonly choices: readonly {
    readonly delta: { tool_calls?: { function?: { arguments?: string } }[] }
    readonly finish_reason: string | null
  }[]
}

const argsIn = (chunks: readonly Chunk[]): string =>
  chunks
    .flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])
    .map((call) => call.function?.arguments ?? '')
    .join('')

const chunksIn = (payload: string): Chunk[] =>
  [...payload.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json ?? '') as Chunk)

/** The arguments of the first call, whole. */
async function whole(): Promise<string> {
  let args = ''
  await doing({}, async (session) => {
    const { choices } = await clientOf(session).chat.completions.create(await bodyFor(session))
    const [call] = choices[0]?.message.tool_calls ?? []
    args = call?.type === 'function' ? call.function.arguments : ''
  })
  expect(JSON.parse(args)).toBeTypeOf('object')
  return args
}
const args = await whole()
const half = args.slice(0, Math.floor(args.length / 2))

const cut = (fault: string, share: number): Tape => ({
  [`${key}/${fault}`]: true,
  [`${key}/${fault}/share`]: share,
})

/** What the openai package hears of a stream, and how it ends. */
async function heardBy(session: Session) {
  const body = { ...(await bodyFor(session)), stream: true as const }
  const chunks: Chunk[] = []
  const error = await rejection(
    (async () => {
      for await (const chunk of await clientOf(session).chat.completions.create(body))
        chunks.push(chunk as Chunk)
    })(),
  )
  return { chunks, error }
}

describe('stream-cut', () => {
  const tape = { [`${key}/stream-cut`]: true }

  it('ends a stream in a call, with no finish and no error, where the client looks itself', async () => {
    await doing(tape, async (session) => {
      const { chunks, error } = await heardBy(session)
      expect(error).toBeUndefined()
      expect(argsIn(chunks)).toBe(half)
      expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual(chunks.map(() => null))
    })
  })

  it('is an error to the helper of the openai package, which wants it whole', async () => {
    await doing(tape, async (session) => {
      const stream = clientOf(session).chat.completions.stream(await bodyFor(session))
      const failed = await rejection(stream.finalChatCompletion())
      expect(failed).toBeInstanceOf(OpenAI.OpenAIError)
      expect(String(failed)).toContain('missing finish_reason')
    })
  })

  it('kills the connection of who does not stream', async () => {
    await doing(tape, async (session) => {
      const { completions } = clientOf(session).chat
      const failed = await rejection(completions.create(await bodyFor(session)))
      expect(failed).toBeInstanceOf(OpenAI.APIConnectionError)
      expect(failed).toMatchObject({ cause: { message: 'fetch failed' } })
    })
  })

  it('ends a body properly on a socket, and without [DONE]', async () => {
    await over(tape, async (server, body) => {
      const { head, payload, error } = await raw(server, JSON.stringify({ ...body, stream: true }))
      expect(head).toMatch(/^HTTP\/1\.1 200 /)
      expect(headerOf(head, 'content-type')).toBe('text/event-stream')
      expect(argsIn(chunksIn(payload))).toBe(half)
      expect(payload).not.toContain('[DONE]')
      expect(payload.endsWith('\r\n0\r\n\r\n')).toBe(true)
      expect(error).toBeUndefined()
    })
  })
})

describe('connection-reset', () => {
  it.each([false, true])('before an answer is no answer, stream: %s', async (stream) => {
    await doing(cut('connection-reset', 0), async (session) => {
      const { completions } = clientOf(session).chat
      const failed = await rejection(completions.create({ ...(await bodyFor(session)), stream }))
      expect(failed).toBeInstanceOf(OpenAI.APIConnectionError)
      expect(failed).toMatchObject({ cause: { cause: { code: 'ECONNRESET' } } })
    })
  })

  it('in the middle of a stream is an error after what came', async () => {
    await doing(cut('connection-reset', 0.5), async (session) => {
      const { chunks, error } = await heardBy(session)
      expect(argsIn(chunks)).toBe(half)
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toMatchObject({ message: 'terminated', cause: { code: 'UND_ERR_SOCKET' } })
    })
  })

  it.each([false, true])('resets a socket before an answer, stream: %s', async (stream) => {
    await over(cut('connection-reset', 0), async (server, body) => {
      const { head, payload, error } = await raw(server, JSON.stringify({ ...body, stream }))
      expect(head + payload).toBe('')
      expect(error?.code).toBe('ECONNRESET')
    })
  })

  it('breaks off a body on a socket after what was sent', async () => {
    await over(cut('connection-reset', 0.5), async (server, body) => {
      const { head, payload } = await raw(server, JSON.stringify({ ...body, stream: true }))
      expect(head).toMatch(/^HTTP\/1\.1 200 /)
      expect(argsIn(chunksIn(payload))).toBe(half)
      expect(payload.endsWith('\r\n0\r\n\r\n')).toBe(false)
    })
  })

  it('is the same to fetch on a socket as in this process', async () => {
    for (const share of [0, 0.5]) {
      const told: unknown[] = []
      const read = async (fetched: typeof fetch, url: string, body: object): Promise<void> => {
        const init = { method: 'POST', body: JSON.stringify({ ...body, stream: true }) }
        let text = ''
        const error = await rejection(
          (async () => {
            const { body: stream } = await fetched(`${url}/v1/chat/completions`, init)
            for await (const chunk of stream ?? []) text += Buffer.from(chunk).toString()
          })(),
        )
        const { cause } = Object(error)
        told.push([String(error), cause?.code, argsIn(chunksIn(text))])
      }
      await doing(cut('connection-reset', share), async (session) =>
        read(session.fetch, 'http://enosys', await bodyFor(session)),
      )
      await over(cut('connection-reset', share), (server, body) => read(fetch, server.url, body))
      expect(told[1]).toEqual(told[0])
    }
  })
})

describe('slow-first-token', () => {
  it('keeps the openai package waiting in virtual time', async () => {
    const began = performance.now()
    const waits = async (chance: Tape): Promise<number> => {
      let ms = 0
      await doing(chance, async (session, machine) => {
        const start = machine.clock.now()
        await clientOf(session).chat.completions.create(await bodyFor(session))
        ms = machine.clock.now() - start
      })
      return ms
    }
    const id = `${key}/slow-first-token`
    const late = (await waits({ [id]: true, [`${id}/ms`]: 90_000 })) - (await waits({}))
    expect(late).toBeCloseTo(90_000)
    expect(performance.now() - began).toBeLessThan(late)
  })
})

/** An agent on the openai package, sealed: its retries and its waits are in virtual time. */
const harness = canonical(house.host, './examples/agent-openai.ts')
const spec = { params: {}, instance: 0, trial: 0, harness, profile: 'flawless', seed: 1 }
const scenario = 'phantom-calls/malformed'
const agent = (tape: Tape) => run({ ...spec, scenario }, new Map(Object.entries(tape)), house)
const unhurried = await agent({})

describe('an agent on the openai package', () => {
  it.each([
    'rate-limit',
    'rate-limit-bare',
    'server-error',
    'overloaded',
    'stream-cut',
    'connection-reset',
  ])('outlives %s, for it asks again', async (fault) => {
    const { record, trace, unreached } = await agent(tapeOf(fault))
    expect(unreached).toEqual([])
    expect(record).toMatchObject({ verdict: 'pass', inexact: false })
    expect(ofKind(trace, 'refusal')).toHaveLength(1)
    expect(record.virtualMs).toBeGreaterThan(unhurried.record.virtualMs + 300)
  })

  it.each(['context-too-long', 'content-refused', 'outage'])(
    'that catches nothing falls over %s',
    async (fault) => {
      const { record } = await agent(tapeOf(fault))
      expect(record).toMatchObject({ verdict: 'crash', inexact: false })
      expect(record.reason).toMatch(/^threw: [45]\d\d /)
    },
  )
})
