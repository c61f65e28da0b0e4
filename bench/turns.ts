// Model turns in process, tracing on, against the Vercel AI SDK with its mock model: the same episode, in
// which a user asks, the model calls one tool, sees the result and answers. With its set-up, and a turn
// within a session of fifty.
// By itself: node dist/bench/turns.js
import { generateText, stepCountIs, tool } from 'ai'
import { MockLanguageModelV3 } from 'ai/test'
import { z } from 'zod'
import { openHost } from '../sim/host/index.ts'
import { type House, openHouse } from '../testbed/house.ts'
import { minimal, reading, simulate } from './episode.ts'
import { contend, duel, isMain, type Row } from './measure.ts'

const ROUNDS = { rounds: 15, warmUp: 10 }
const EPISODES = 1000
const SESSIONS = 50
const STEPS = 50

const read = tool({
  description: 'Read a file as text.',
  inputSchema: z.object({ path: z.string().min(1).describe('relative to the workspace') }),
  execute: async ({ path }) => `port [[fact:port=${path.length}]]`,
})

type Answer = Awaited<ReturnType<MockLanguageModelV3['doGenerate']>>

const usage = {
  inputTokens: { total: 120, noCache: 120, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 12, text: 12, reasoning: 0 },
}

/** Calls the tool so many times, then answers. */
function mock(calls: number): MockLanguageModelV3 {
  let asked = 0
  return new MockLanguageModelV3({
    doGenerate: async (): Promise<Answer> => {
      asked++
      if (asked > calls) {
        const content = [{ type: 'text' as const, text: 'The port is 21.' }]
        return { content, finishReason: { unified: 'stop', raw: 'stop' }, usage, warnings: [] }
      }
      const input = '{"path":"config/service.txt"}'
      return {
        content: [{ type: 'tool-call', toolCallId: `c${asked}`, toolName: 'read_file', input }],
        finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
        usage,
        warnings: [],
      }
    },
  })
}

/** An episode of the AI SDK with so many calls of the tool. */
async function sdk(calls: number): Promise<void> {
  const { steps } = await generateText({
    model: mock(calls),
    system: 'You are a helpful agent.',
    prompt: 'Which port does the service listen on? See config/service.txt.',
    tools: { read_file: read },
    stopWhen: stepCountIs(calls + 1),
  })
  if (steps.length !== calls + 1) throw new Error(`the AI SDK took ${steps.length} steps`)
}

/** An episode of ours with so many calls of the tool, from the drawing of its instance to its digest. */
async function ours(calls: number, seed: number, house: House): Promise<void> {
  const shape = { seed, windowTokens: 128_000, programs: [reading(calls)], task: 'read' }
  const trace = await simulate(shape, house, minimal)
  trace.digest()
}

async function times(n: number, episode: (i: number) => Promise<void>): Promise<void> {
  for (let i = 0; i < n; i++) await episode(i)
}

const CONTENDERS = {
  'ours, short': async () => {
    const house = await openHouse(openHost())
    return () => times(EPISODES, (i) => ours(1, i, house))
  },
  'sdk, short': async () => () => times(EPISODES, () => sdk(1)),
  'ours, long': async () => {
    const house = await openHouse(openHost())
    return () => times(SESSIONS, (i) => ours(STEPS, i, house))
  },
  'sdk, long': async () => () => times(SESSIONS, () => sdk(STEPS)),
} as const

type Name = keyof typeof CONTENDERS

const micro = (ms: number, n: number): string => `${((1000 * ms) / n).toFixed(0)} us`

async function row(
  what: string,
  goal: number,
  names: readonly [Name, Name],
  n: number,
): Promise<Row> {
  const { oursMs, theirsMs, ratio } = await duel(import.meta.url, names, ROUNDS)
  const detail = `${micro(oursMs, n)} against ${micro(theirsMs, n)}`
  return { what, measured: ratio, goal, atLeast: true, unit: 'times', detail }
}

export const turns = async (): Promise<Row[]> => [
  await row(
    'a two-step tool episode with its set-up, against the AI SDK',
    5,
    ['ours, short', 'sdk, short'],
    EPISODES,
  ),
  await row(
    'a turn within a session of 50, against the AI SDK',
    10,
    ['ours, long', 'sdk, long'],
    SESSIONS * (STEPS + 1),
  ),
]

if (isMain(import.meta.url)) {
  const make = CONTENDERS[process.argv[2] as Name]
  if (make === undefined) console.table(await turns())
  else contend(await make())
}
