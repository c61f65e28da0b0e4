// The real Pi against a scripted model: two tool calls and an answer, seen in its work folder.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import pi from '../../harnesses/adapters/pi.ts'
import { isolation, OPEN } from '../../sim/host/bridge.ts'
import { installed } from '../../sim/host/install.ts'
import { type RunningProcess, startProcess } from '../../sim/host/process.ts'

/** It takes half a minute of its own. */
const LONG = process.env.ENOSYS_LONG !== undefined

const root = process.env.ENOSYS_ADAPTERS ?? join(homedir(), '.cache/enosys/adapters')
const bin = installed(pi, root)
const walled = await isolation()

const Asked = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).optional(),
  max_completion_tokens: z.number(),
})

type Turn = { readonly call: string; readonly args: object } | { readonly text: string }

function spoken(turn: Turn, n: number, promptTokens: number): Response {
  const chunk = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({
      id: `chatcmpl-${n}`,
      object: 'chat.completion.chunk',
      created: 0,
      model: 'sim-model',
      choices: [{ index: 0, delta, finish_reason: finish }],
    })}\n\n`
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: 9,
    total_tokens: promptTokens + 9,
  }
  const said =
    'text' in turn
      ? chunk({ role: 'assistant', content: turn.text }, null) + chunk({}, 'stop')
      : chunk({ role: 'assistant', tool_calls: [callOf(turn, n)] }, null) + chunk({}, 'tool_calls')
  const last = `data: ${JSON.stringify({ id: `chatcmpl-${n}`, choices: [], usage })}\n\n`
  const headers = { 'content-type': 'text/event-stream' }
  return new Response(`${said}${last}data: [DONE]\n\n`, { headers })
}

const callOf = ({ call, args }: { call: string; args: object }, n: number) => ({
  index: 0,
  id: `call_${n}`,
  type: 'function',
  function: { name: call, arguments: JSON.stringify(args) },
})

/** Answers in order; the last turn again and again. */
function script(turns: readonly Turn[], promptTokens = 1_000) {
  const asked: z.infer<typeof Asked>[] = []
  const handle = async (request: Request): Promise<Response> => {
    asked.push(Asked.parse(await request.json()))
    const turn = turns[Math.min(asked.length, turns.length) - 1] ?? { text: '' }
    return spoken(turn, asked.length, promptTokens)
  }
  return { asked, handle }
}

const TURNS: readonly Turn[] = [
  { call: 'read', args: { path: 'note.txt' } },
  { call: 'write', args: { path: 'out/answer.txt', content: 'port 8080\n' } },
  { text: 'Done.' },
]

async function run(
  handle: (request: Request) => Promise<Response>,
  { isolated = walled, windowTokens = 200_000, prompt = 'Copy the port.' } = {},
): Promise<RunningProcess> {
  const running = await startProcess({
    bin: bin ?? '',
    launch: (place) => pi.launch({ ...place, model: 'sim-model', prompt, windowTokens }),
    workFiles: { 'note.txt': 'The port is 8080.\n' },
    handle,
    timeLimitMs: 60_000,
    isolation: isolated,
  })
  onTestFinished(() => running.dispose())
  return running
}

const NAME = bin ? 'the real Pi' : `the real Pi (skipped: not in ${root}; enosys install pi)`

describe.skipIf(bin === undefined || !LONG)(NAME, { timeout: 60_000 }, () => {
  test.each([
    ['behind the namespaces of this machine', walled],
    ['without namespaces', OPEN],
  ] as const)('reads and writes files as it is told, %s', async (_, isolated) => {
    const { asked, handle } = script(TURNS)
    const running = await run(handle, { isolated })
    expect(await running.exited).toMatchObject({ code: 0, timedOut: false, stderr: '' })
    expect(running.files()).toEqual({
      'note.txt': 'The port is 8080.\n',
      'out/answer.txt': 'port 8080\n',
    })
    expect(asked.length).toBe(3)
    expect(asked[0]?.tools?.map((tool) => tool.function.name)).toEqual([
      'read',
      'bash',
      'edit',
      'write',
    ])
    expect(asked[0]?.messages.at(-1)).toMatchObject({ role: 'user' })
    expect(JSON.stringify(asked[1]?.messages.at(-1))).toContain('The port is 8080.')
  })

  test.skipIf(!walled.namespaces)(
    'asks the same, byte for byte, when it is run again',
    async () => {
      const [first, second] = [script(TURNS), script(TURNS)]
      await (await run(first.handle)).exited
      await (await run(second.handle)).exited
      expect(second.asked).toEqual(first.asked)
    },
  )

  test.each(['-h', '@note.txt', '/quit'])('takes the prompt %s for a prompt', async (prompt) => {
    const { asked, handle } = script([{ text: 'Yes.' }])
    await (await run(handle, { prompt })).exited
    expect(asked.length).toBe(1)
    expect(JSON.stringify(asked[0]?.messages.at(-1))).toContain(prompt)
  })

  test('bounds its answers by the window it was given', async () => {
    const { asked, handle } = script([{ text: 'Yes.' }])
    await (await run(handle, { windowTokens: 50_000 })).exited
    expect(asked[0]?.max_completion_tokens).toBe(4_096)
  })

  test('compacts at the end of a prompt whose window came near the reserve', async () => {
    const windowTokens = 8_000
    const { asked, handle } = script(TURNS, windowTokens - 500)
    await (await run(handle, { windowTokens })).exited
    expect(asked.length).toBeGreaterThan(3)
    expect(asked.slice(3).every(({ tools }) => tools === undefined)).toBe(true)
    expect(JSON.stringify(asked[3])).toContain('<conversation>')
  })
})
