// Terminus 2, mechanism by mechanism: keys and screens, what could not be read, the claim to be done that has to be
// repeated, and the handoff to a fresh context.
import { describe, expect, it } from 'vitest'
import type { Completion, Message, Request } from '../../harnesses/kernel.ts'
import terminal from '../../harnesses/kernels/terminal.ts'
import { drawn, instanceWith, ofKind, type Play } from '../machine/rig.ts'
import { says } from '../parts/scripted.ts'
import { refused, TOO_LONG, used, type Walked, walk as walkKernel } from './walk.ts'

interface Batch {
  readonly analysis?: string
  readonly keys?: readonly string[]
  readonly done?: boolean
  readonly duration?: number
}

const types = ({ analysis = 'I look.', keys = [], done = false, duration = 0 }: Batch): Message =>
  says(
    JSON.stringify({
      analysis,
      plan: 'Go on.',
      commands: keys.map((keystrokes) => ({ keystrokes, duration })),
      task_complete: done,
    }),
  )

const NEW = 'New Terminal Output:\n'
const LOOK = types({ keys: ['ls\n'] })
const DONE = types({ done: true, analysis: 'All is done.' })

type Answer = Message | Completion

/** In turn; where the script is over the model is done, and says so twice. */
const walk = (script?: readonly Answer[], of: Partial<Play> = {}): Promise<Walked> =>
  walkKernel(terminal, script && ((_, n) => (n > 99 ? refused(400) : (script[n - 1] ?? DONE))), of)

const last = ({ messages }: Request): string => messages.at(-1)?.content ?? ''
const screens = (requests: readonly Request[]): string[] => requests.slice(1).map(last)

describe('keys and screens', () => {
  it('offer no tool and are text alone', async () => {
    const { requests } = await walk([LOOK, LOOK, DONE, DONE])
    for (const { tools, messages } of requests) {
      expect(tools).toBeUndefined()
      expect(messages.filter(({ role, calls }) => role === 'tool' || calls)).toEqual([])
    }
    const [{ messages: [system] = [] } = { messages: [] }] = requests
    for (const word of ['"analysis"', '"keystrokes"', '"task_complete"', 'C-c'])
      expect(system?.content).toContain(word)
  })

  it('make one observation of a batch, in a terminal that keeps its folder', async () => {
    const keys = ['mkdir d\n', 'cd d\n', 'echo hi > f\n']
    const { requests } = await walk([types({ keys }), types({ keys: ['ls\n'] })])
    expect(requests[1]?.messages).toHaveLength(4)
    expect(screens(requests)[0]).toContain('cd d\nroot@machine:/workspace/d# echo hi > f')
    expect(screens(requests)[1]).toBe(`${NEW}root@machine:/workspace/d# ls\nf\n`)
  })

  it('tell nothing of an exit code', async () => {
    const { requests } = await walk([types({ keys: ['false\n'] })])
    expect(screens(requests)[0]).toBe(`${NEW}root@machine:/workspace# false\n`)
  })

  it('show at most 10,000 bytes, half from each end', async () => {
    const instance = instanceWith({ world: { files: { long: 'x'.repeat(20_000) } } })
    const { requests } = await walk([types({ keys: ['cat long\n'] })], { instance })
    const [screen = ''] = screens(requests)
    expect(screen).toMatch(
      /\n\[\.\.\. output limited to 10000 bytes; \d+ interior bytes omitted \.\.\.\]\n/,
    )
    expect(screen.replace(/\n\[.*\]\n/, '')).toHaveLength(10_000)
  })

  it.each([
    [5, 5],
    [600, 60],
  ])('wait as long as is asked, never more than 60 s: %d s', async (duration, waited) => {
    const { trace } = await walk([types({ keys: ['ls\n'], duration }), DONE, DONE])
    expect(Math.floor((ofKind(trace, 'reply')[0]?.at ?? 0) / 1000)).toBe(waited)
  })
})

describe('an answer that could not be read', () => {
  const FIX = 'Please fix these issues and provide a proper JSON response.'
  const bad = [
    [
      'I will look.',
      'ERROR: No valid JSON found in response\nWARNINGS: - No valid JSON object found',
    ],
    ['{"analysis": "", "plan": ""}', 'ERROR: Missing required fields: commands'],
    [
      '{"analysis": "", "plan": "", "commands": [{"duration": 1}]}',
      "ERROR: Command 1 missing required 'keystrokes' field",
    ],
    ['{"analysis": "", "plan": "", "commands": {}}', "ERROR: Field 'commands' must be an array"],
  ] as const

  it.each(bad)('types nothing and says why: %s', async (content, why) => {
    const { requests, ran } = await walk([says(content), DONE, DONE])
    expect(last(requests[1] ?? { messages: [] })).toBe(
      `Previous response had parsing errors:\n${why}\n\n${FIX}`,
    )
    // It stays in the history.
    expect(requests[1]?.messages.at(-2)?.content).toBe(content)
    expect(ran).toEqual([])
  })

  it('may come as often as it likes', async () => {
    const script = [...Array(40).fill(says('Hm.')), LOOK, DONE, DONE]
    const { ran, reply } = await walk(script)
    expect([ran.length, reply]).toEqual([1, 'All is done.'])
  })

  it('is warned of where it can be read all the same', async () => {
    const { requests, ran } = await walk([says(`Well.\n${LOOK.content}`), DONE, DONE])
    expect(last(requests[1] ?? { messages: [] })).toMatch(
      /^Previous response had warnings:\nWARNINGS: - Extra text detected before JSON object\n\nNew Terminal Output:\n/,
    )
    expect(ran).toHaveLength(1)
  })

  it('is never typed where it was cut off at its longest, though its start could be read', async () => {
    const cut: Completion = {
      kind: 'message',
      message: LOOK,
      finish: 'length',
      usage: { input: 1, cached: 0, output: 1 },
    }
    const { requests, ran } = await walk([cut, DONE, DONE])
    expect(last(requests[1] ?? { messages: [] })).toMatch(
      /^ERROR!! NONE of the actions you just requested were performed because you exceeded /,
    )
    expect(ran).toEqual([])
  })

  it('is what a model makes of JSON that it breaks', async () => {
    const instance = await drawn('phantom-calls/malformed', { length: 20 })
    const { requests, trace, ending } = await walk(undefined, {
      instance,
      chance: Object.fromEntries(instance.hazards.map(({ id, value }) => [id, value])),
    })
    expect(
      requests.filter((request) => last(request).startsWith('Previous response had')),
    ).not.toEqual([])
    expect(ofKind(trace, 'effect')).toHaveLength(1)
    expect(ending).toEqual({ kind: 'done' })
  })
})

describe('the claim to be done', () => {
  it('is asked about once, with the screen, and the reply is what the model says, no JSON', async () => {
    const { requests, reply } = await walk([LOOK, DONE, DONE])
    expect(requests).toHaveLength(3)
    expect(last(requests[2] ?? { messages: [] })).toBe(
      'Current terminal state:\nNew Terminal Output:\nroot@machine:/workspace# ls\na.txt\n\n\nAre you sure you want to mark the task as complete? This will trigger your solution to be graded and you won\'t be able to make any further corrections. If so, include "task_complete": true in your JSON response again.',
    )
    expect(reply).toBe('All is done.')
  })

  it('runs what was typed along with it', async () => {
    const both = types({ keys: ['echo 1 > f\n'], done: true })
    const { simulation, requests } = await walk([both, DONE])
    expect(simulation.world.data().files.f).toBe('1\n')
    expect(requests).toHaveLength(2)
  })

  it('counts for nothing where something else was done in between', async () => {
    const { requests } = await walk([DONE, LOOK, DONE, DONE])
    expect(requests).toHaveLength(4)
  })

  it('is repeated by the model itself', async () => {
    const instance = await drawn('phantom-calls/malformed', { length: 20 })
    const { reply } = await walk(undefined, { instance: { ...instance, hazards: [] } })
    expect(reply).toBe('The note is written.')
  })
})

describe('the handoff', () => {
  const PROMPT = 'Hello.'
  const WIDE = 200_000
  /** Of the estimate, for what is asked and for the task, which is not in Terminus's 8,000. */
  const SLACK = 200
  const SUMMARY = says('I listed the folder.')
  const QUESTIONS = says('1. Which folder? 2. Why? 3. When? 4. Where? 5. Who?')
  const ANSWERS = says('The workspace; to look.')

  const filled = (tokens: number, windowTokens: number, absolute = 0) =>
    walk([LOOK, used(tokens, LOOK), SUMMARY, QUESTIONS, ANSWERS, DONE, DONE], {
      instance: instanceWith({ windowTokens, params: { absolute } }),
    })

  it.each([
    ['at the window it was made for', WIDE, 0, 8000],
    ['in a window of 20,000, scaled', 20_000, 0, 800],
    ['in a window of 20,000, as it stands', 20_000, 1, 8000],
  ])('comes with less than 8,000 tokens free: %s', async (_name, window, absolute, free) => {
    const early = await filled(window - free - SLACK - 100, window, absolute)
    expect(last(early.requests[2] ?? { messages: [] })).not.toContain('hand off your work')
    const late = await filled(window - free, window, absolute)
    expect(last(late.requests[2] ?? { messages: [] })).toContain('hand off your work')
  })

  it('is three requests, and what goes on is the task, the questions and the answers', async () => {
    const { requests, reply } = await filled(WIDE - 1000, WIDE)
    const [, , summary, questions, answers, next] = requests.map(({ messages }) => messages)
    expect(summary?.slice(0, 2).map(({ role }) => role)).toEqual(['system', 'user'])
    expect(summary?.at(-1)?.content).toContain('2. **Important Information Learned**')
    expect(questions).toHaveLength(1)
    for (const word of [PROMPT, SUMMARY.content, 'a.txt', 'at least five questions'])
      expect(questions?.[0]?.content).toContain(word)
    expect(answers?.slice(0, summary?.length)).toEqual(summary)
    expect(answers?.slice(summary?.length).map(({ content }) => content)).toEqual([
      SUMMARY.content,
      QUESTIONS.content,
      expect.stringContaining('asks the questions above'),
    ])
    expect(next?.map(({ role }) => role)).toEqual(['system', 'user', 'user', 'assistant', 'user'])
    expect(next?.slice(1).map(({ content }) => content)).toEqual([
      PROMPT,
      questions?.[0]?.content,
      QUESTIONS.content,
      `Here are the answers the other agent provided.\n\n${ANSWERS.content}\n\nContinue from where the previous agent left off. You can no longer ask questions.`,
    ])
    expect(reply).toBe('All is done.')
  })

  const overflown = (...script: readonly Answer[]) =>
    walk([LOOK, TOO_LONG, ...script, DONE, DONE], {
      instance: instanceWith({ windowTokens: WIDE }),
    })

  it('comes after a refusal for length, too', async () => {
    const { requests, reply } = await overflown(SUMMARY, QUESTIONS, ANSWERS)
    expect(last(requests[2] ?? { messages: [] })).toContain('hand off your work')
    expect(last(requests[5] ?? { messages: [] })).toContain(ANSWERS.content)
    expect(reply).toBe('All is done.')
  })

  it('unwinds the newest rounds first, until 4,000 tokens are free', async () => {
    const files = { big: 'word '.repeat(390) }
    const big = types({ keys: ['cat big\n'] })
    // The handoff before the request fails, so that the request is made, and is too long.
    const full = used(19_900, big)
    const handing = [SUMMARY, QUESTIONS, ANSWERS]
    const { requests } = await walk([big, big, full, refused(400), TOO_LONG, ...handing], {
      instance: instanceWith({ windowTokens: 20_000, world: { files } }),
    })
    expect(requests[4]?.messages).toHaveLength(2 + 3 * 2)
    // What is too much is about two of the three rounds.
    const kept = requests[5]?.messages ?? []
    expect(kept.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user', 'user'])
    expect([kept[1]?.content, kept[3]?.content]).toEqual([PROMPT, expect.stringMatching(/cat big/)])
    expect(kept.at(-1)?.content).toContain('hand off your work')
  })

  it('falls back to a short summary, and to the screen alone where even that fails', async () => {
    const short = await overflown(refused(400), says('Go on with the list.'))
    expect(last(short.requests[3] ?? { messages: [] })).toMatch(
      /^Briefly continue this task: Hello\./,
    )
    expect(last(short.requests[4] ?? { messages: [] })).toBe(
      'Hello.\n\nSummary: Go on with the list.',
    )
    const none = await overflown(refused(400), refused(400))
    expect(last(none.requests[4] ?? { messages: [] })).toMatch(
      /^Hello\.\n\nCurrent state: .*a\.txt\n$/s,
    )
  })

  it('carries a long job to its end where the model forgets nothing', async () => {
    const instance = await drawn('compaction/exactly-once', {
      invoices: 6,
      distance: 9000,
      window: 8000,
    })
    const { ending, requests, trace } = await walk(undefined, { instance })
    expect(ending).toEqual({ kind: 'done' })
    expect(requests.filter((request) => last(request).includes('hand off your work'))).not.toEqual(
      [],
    )
    expect(
      ofKind(trace, 'effect').filter(({ op }) => op === 'payments.pay').length,
    ).toBeGreaterThan(3)
  })
})

describe('bounds', () => {
  it('are three attempts at an answer', async () => {
    const { requests, reply } = await walk(Array(9).fill(refused(500)))
    expect([requests.length, reply]).toEqual([3, 'Stopped: refused with 500'])
  })

  it('are a million turns, so that none is met', async () => {
    const { turns } = Object.fromEntries(
      [terminal.page.slots.budget ?? []]
        .flat()
        .flatMap(({ constants }) => Object.entries(constants)),
    )
    expect(turns).toBe(1_000_000)
  })

  it('know no crash: the job begins again, in a new terminal', async () => {
    const script = [types({ keys: ['mkdir d\n', 'cd d\n'] }), LOOK]
    const { requests } = await walk(script, {
      chance: { 'job-1/call#3/crash': true },
    })
    expect(requests[2]?.messages).toHaveLength(2)
  })
})
