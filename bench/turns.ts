// Model turns in process, tracing on, against the Vercel AI SDK with its mock model: the same episode, in
// which a user asks, the model calls one tool, sees the result and answers. With its set-up, and a turn
// within a session of fifty.
// By itself: node --expose-gc --import jiti/register bench/turns.ts
import { fileURLToPath } from 'node:url'
import { generateText, stepCountIs, tool } from 'ai'
import { MockLanguageModelV3 } from 'ai/test'
import { z } from 'zod'
import { openHost } from '../sim/host/index.ts'
import { type House, openHouse } from '../testbed/house.ts'
import { minimal, simulate } from './episode.ts'
import { duel, type Row } from './measure.ts'

const ROUNDS = 15
const EPISODES = 400
const SESSIONS = 20
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
  const trace = await simulate({ seed, steps: calls, windowTokens: 128_000 }, house, minimal)
  trace.digest()
}

async function times(n: number, episode: (i: number) => Promise<void>): Promise<void> {
  for (let i = 0; i < n; i++) await episode(i)
}

const micro = (ms: number): string => `${(1000 * ms).toFixed(0)} us`

export async function turns(): Promise<Row[]> {
  const house = await openHouse(openHost())
  const short = await duel(
    () => times(EPISODES, (i) => ours(1, i, house)),
    () => times(EPISODES, () => sdk(1)),
    ROUNDS,
  )
  const long = await duel(
    () => times(SESSIONS, (i) => ours(STEPS, i, house)),
    () => times(SESSIONS, () => sdk(STEPS)),
    ROUNDS,
  )
  const perTurn = SESSIONS * (STEPS + 1)
  return [
    {
      what: 'two-step tool episode with its set-up, against the AI SDK',
      measured: short.ratio,
      goal: 5,
      atLeast: true,
      unit: 'times',
      detail: `${micro(short.firstMs / EPISODES)} against ${micro(short.secondMs / EPISODES)}`,
    },
    {
      what: 'a turn within a session of 50, against the AI SDK',
      measured: long.ratio,
      goal: 10,
      atLeast: true,
      unit: 'times',
      detail: `${micro(long.firstMs / perTurn)} against ${micro(long.secondMs / perTurn)}`,
    },
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await turns())
