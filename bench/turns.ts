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
/** A round takes about half a second on either side: who rests longer starts colder. */
const EPISODES = { ours: 6000, sdk: 1000 }
const SESSIONS = { ours: 300, sdk: 40 }
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
async function sdk(calls: number): Promise<number> {
  const { steps } = await generateText({
    model: mock(calls),
    system: 'You are a helpful agent.',
    prompt: 'Which port does the service listen on? See config/service.txt.',
    tools: { read_file: read },
    stopWhen: stepCountIs(calls + 1),
  })
  if (steps.length !== calls + 1) throw new Error(`the AI SDK took ${steps.length} steps`)
  return steps.length
}

interface Model {
  readonly house: House
  readonly profile: string
}

/**
 * An episode of ours with so many calls of the tool, from the drawing of its instance to its digest.
 * Resolves to the turns that it took: lapses and faults make it longer or shorter.
 */
async function ours(calls: number, seed: number, model: Model): Promise<number> {
  const { house, profile } = model
  const shape = { profile, seed, windowTokens: 128_000, programs: [reading(calls)], task: 'read' }
  const trace = await simulate(shape, house, minimal)
  trace.digest()
  return trace.events.filter(({ kind }) => kind === 'request').length
}

/** The turns of so many episodes. */
async function times(n: number, episode: (i: number) => Promise<number>): Promise<number> {
  let turns = 0
  for (let i = 0; i < n; i++) turns += await episode(i)
  return turns
}

const short = (profile: string) => async () => {
  const model = { profile, house: await openHouse(openHost()) }
  return () => times(EPISODES.ours, (i) => ours(1, i, model))
}

const long = (profile: string) => async () => {
  const model = { profile, house: await openHouse(openHost()) }
  return () => times(SESSIONS.ours, (i) => ours(STEPS, i, model))
}

const CONTENDERS = {
  'flawless, short': short('flawless'),
  'typical, short': short('typical'),
  'sdk, short': async () => () => times(EPISODES.sdk, () => sdk(1)),
  'flawless, long': long('flawless'),
  'typical, long': long('typical'),
  'sdk, long': async () => () => times(SESSIONS.sdk, () => sdk(STEPS)),
} as const

type Name = keyof typeof CONTENDERS

const micro = (ms: number): string => `${(1000 * ms).toFixed(0)} us`

async function row(
  what: string,
  goal: number | undefined,
  names: readonly [Name, Name],
): Promise<Row> {
  const { oursMs, theirsMs, ratio } = await duel(import.meta.url, names, ROUNDS)
  const detail = `${micro(oursMs)} against ${micro(theirsMs)} a turn`
  return { what, measured: ratio, goal, atLeast: true, unit: 'times', detail }
}

/** The mock never lapses: the same episode is that of `flawless`. `typical` shows what lapses cost. */
export const turns = async (): Promise<Row[]> => [
  await row('a two-step tool episode with its set-up, against the AI SDK', 5, [
    'flawless, short',
    'sdk, short',
  ]),
  await row('a turn within a session of 50, against the AI SDK', 10, [
    'flawless, long',
    'sdk, long',
  ]),
  await row('a turn of the short episode with the lapses and faults of typical', undefined, [
    'typical, short',
    'sdk, short',
  ]),
  await row('a turn of the long one with the lapses and faults of typical', undefined, [
    'typical, long',
    'sdk, long',
  ]),
]

if (isMain(import.meta.url)) {
  const make = CONTENDERS[process.argv[2] as Name]
  if (make === undefined) console.table(await turns())
  else contend(await make())
}
