// Chat completions a second over HTTP keep-alive, 16 connections from one client process: ours,
// aimock's, and a bare node:http server that parses the body and answers a canned completion. Each
// server has a process of its own; rounds alternate, and the median of their ratios counts.
// By itself: node dist/bench/wire.js
import { fork } from 'node:child_process'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Completion, Request } from '../sim/core/message.ts'
import { serve } from '../sim/host/serve.ts'
import type { Speech } from '../sim/index.ts'
import { chatHandler } from '../sim/wire/openai-chat.ts'
import { isMain, median, type Row } from './measure.ts'

const CONCURRENCY = 16
const ROUNDS = 7
const ROUND_MS = 1500
const KINDS = ['ours', 'aimock', 'bare'] as const
type Kind = (typeof KINDS)[number]

const BODY = JSON.stringify({
  model: 'enosys',
  messages: [
    { role: 'system', content: 'You are a careful assistant. '.repeat(20) },
    { role: 'user', content: 'hello' },
  ],
  tools: [
    {
      type: 'function',
      function: {
        name: 'read_file',
        description: 'Read a file as text.',
        parameters: { type: 'object', properties: { path: { type: 'string' } } },
      },
    },
  ],
})

const SPOKEN: Completion = {
  kind: 'message',
  message: { role: 'assistant', content: 'Hi there!' },
  finish: 'stop',
  usage: { input: 120, cached: 0, output: 3 },
}

function trivial(_request: Request): Speech {
  return {
    result: Promise.resolve(SPOKEN),
    async *[Symbol.asyncIterator]() {
      yield { kind: 'text', text: 'Hi there!' }
    },
  }
}

async function bare(): Promise<number> {
  const message = { role: 'assistant', content: 'Hi there!' }
  const choices = [{ index: 0, message, finish_reason: 'stop' }]
  const canned = JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    choices,
  })
  const server = createServer((req, res) => {
    let text = ''
    req.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
    req.on('end', () => {
      JSON.parse(text)
      res.writeHead(200, { 'content-type': 'application/json' }).end(canned)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function start(kind: Kind): Promise<number> {
  if (kind === 'bare') return bare()
  if (kind === 'ours') return (await serve({ handle: chatHandler(trivial), port: 0 })).port
  const { LLMock } = await import('@copilotkit/aimock')
  const mock = new LLMock({ port: 0 })
  mock.onMessage('hello', { content: 'Hi there!' })
  await mock.start()
  return Number(new URL(mock.url).port)
}

/** One connection of a client so lean that the server is what is measured. */
function ask(port: number, until: number): Promise<number> {
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'authorization: Bearer x',
    'content-type: application/json',
    `content-length: ${BODY.length}`,
    '\r\n',
  ].join('\r\n')
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(head + BODY))
    let answered = 0
    let seen = ''
    socket.setNoDelay().setEncoding('latin1').on('error', reject)
    socket.on('data', (piece) => {
      seen += piece
      const at = seen.indexOf('\r\n\r\n')
      if (at < 0) return
      const length = /content-length: (\d+)/i.exec(seen)?.[1]
      if (length ? seen.length < at + 4 + Number(length) : !seen.endsWith('0\r\n\r\n')) return
      if (!seen.startsWith('HTTP/1.1 200')) return void reject(new Error(seen))
      seen = ''
      answered++
      if (performance.now() < until) socket.write(head + BODY)
      else socket.end(() => resolve(answered))
    })
  })
}

async function rate(port: number, ms: number): Promise<number> {
  const begun = performance.now()
  const clients = Array.from({ length: CONCURRENCY }, () => ask(port, begun + ms))
  const answered = (await Promise.all(clients)).reduce((sum, n) => sum + n, 0)
  return (1000 * answered) / (performance.now() - begun)
}

async function spawned(kind: Kind): Promise<{ port: number; stop: () => void }> {
  const child = fork(fileURLToPath(import.meta.url), [kind], { stdio: 'ignore' })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)))
    child.once('exit', () => reject(new Error(`${kind} ended before it listened`)))
  })
  return { port, stop: () => void child.kill() }
}

export async function wire(): Promise<Row[]> {
  const servers = await Promise.all(KINDS.map(spawned))
  const rates: Record<Kind, number[]> = { ours: [], aimock: [], bare: [] }
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, kind] of KINDS.entries()) {
      const answered = await rate(servers[i]?.port ?? 0, ROUND_MS)
      if (round > 0) rates[kind].push(answered)
    }
  }
  for (const { stop } of servers) stop()
  const row = (what: string, kind: Kind, goal: number): Row => ({
    what: `chat completions a second over HTTP, against ${what}`,
    measured: median(rates.ours.map((n, i) => n / (rates[kind][i] ?? Number.NaN))),
    goal,
    atLeast: true,
    unit: 'times',
    detail: `${median(rates.ours).toFixed(0)} against ${median(rates[kind]).toFixed(0)}`,
  })
  return [row('aimock', 'aimock', 1), row('a bare node:http server', 'bare', 0.5)]
}

if (isMain(import.meta.url)) {
  const kind = KINDS.find((one) => one === process.argv[2])
  if (kind !== undefined) process.send?.(await start(kind))
  else console.table(await wire())
}
