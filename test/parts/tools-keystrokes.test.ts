// Keys for a terminal: how an answer is read, what the terminal shows, and what the requests hold.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compose } from '../../harnesses/design.ts'
import { batchIn } from '../../harnesses/hands/batch.ts'
import {
  begin,
  carryOut,
  type KernelPage,
  kernel,
  type Message,
  type Request,
} from '../../harnesses/kernel.ts'
import loop from '../../harnesses/kernels/loop.ts'
import notes from '../../harnesses/parts/memory/notes.ts'
import keystrokes from '../../harnesses/parts/tools/keystrokes.ts'
import doubleConfirmation from '../../harnesses/parts/turn/double-confirmation.ts'
import type { Completion } from '../../sim/index.ts'
import { drawn, instanceWith, kernelOf, ofKind, play } from '../machine/rig.ts'
import { says, walk } from './scripted.ts'

const reply = (commands: readonly unknown[], more: object = {}): string =>
  JSON.stringify({ analysis: 'a', plan: 'p', commands, ...more })

const keys = (typed: string, duration = 0.1) => ({ keystrokes: typed, duration })

describe('an answer of keys', () => {
  it('is read', () => {
    expect(batchIn(reply([keys('ls\n'), keys('pwd\n', 2)]))).toEqual({
      keys: [keys('ls\n'), keys('pwd\n', 2)],
      isComplete: false,
      error: undefined,
      warnings: [],
    })
    expect(batchIn(reply([], { task_complete: true })).isComplete).toBe(true)
    expect(batchIn(reply([], { task_complete: 'yes' })).isComplete).toBe(true)
  })

  it.each([
    ['no JSON', 'hello', 'No valid JSON found in response', ['No valid JSON object found']],
    ['broken JSON', '{"a": nope}', /^Invalid JSON: /, []],
    ['a field that is missing', '{"analysis":"a"}', 'Missing required fields: plan, commands', []],
    ['commands that are no list', reply('ls' as never), "Field 'commands' must be an array", []],
    ['a command that is no object', reply(['ls']), 'Command 1 must be an object', []],
    [
      'a command without keys',
      reply([{ duration: 1 }]),
      "Command 1 missing required 'keystrokes' field",
      [],
    ],
    [
      'keys that are no text',
      reply([{ keystrokes: 1, duration: 1 }]),
      "Command 1 'keystrokes' must be a string",
      [],
    ],
  ])('that cannot be read types nothing: %s', (_what, text, error, warnings) => {
    const batch = batchIn(text)
    expect(batch.keys).toEqual([])
    if (typeof error === 'string') expect(batch.error).toBe(error)
    else expect(batch.error).toMatch(error)
    expect(batch.warnings).toEqual(warnings)
  })

  it.each([
    ['text before', `Sure: ${reply([])}`, 'Extra text detected before JSON object'],
    ['text behind', `${reply([])} Done`, 'Extra text detected after JSON object'],
    [
      'no duration',
      reply([{ keystrokes: 'ls\n' }]),
      'Command 1: Missing duration field, using default 1.0',
    ],
    [
      'an odd duration',
      reply([{ keystrokes: 'ls\n', duration: 'x' }]),
      'Command 1: Invalid duration value, using default 1.0',
    ],
    ['a field of its own', reply([{ ...keys('ls\n'), why: 1 }]), 'Command 1: Unknown fields: why'],
    [
      'no line end',
      reply([keys('ls'), keys('pwd\n')]),
      'Command 1 should end with newline when followed by another command. Otherwise the two commands will be concatenated together on the same line.',
    ],
    [
      'a brace that is missing',
      reply([keys('ls\n')]).slice(0, -1),
      'AUTO-CORRECTED: Fixed incomplete JSON by adding missing closing brace - please fix this in future responses',
    ],
    [
      'a bad command at the end',
      reply(['x'], { task_complete: true }),
      'Command 1 must be an object',
    ],
  ])('that is odd is done with a warning: %s', (_what, text, warning) => {
    const { error, warnings } = batchIn(text)
    expect(error).toBeUndefined()
    expect(warnings).toEqual([warning])
  })

  it('is total', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"commands":${json}`),
        ),
        (text) => {
          const { keys: typed, error } = batchIn(text)
          expect(error === undefined || typed.length === 0).toBe(true)
        },
      ),
    )
  })
})

const PAGE: KernelPage = {
  mirrors: '',
  system: 'You work.',
  slots: { tools: keystrokes },
  retries: [],
}

/** Answers, one after the other, through the part: what the requests held, and what the history holds. */
async function spoken(answers: readonly string[], files: Record<string, string> = {}) {
  const design = compose(PAGE, [keystrokes])
  const requests: Request[] = []
  let history: readonly Message[] = []
  const boot = kernelOf(async (machine) => {
    for await (const job of machine.jobs) {
      const c = await begin(machine, job, new Map(), design)
      for (const content of answers) {
        const completion = await keystrokes.policy.ask?.(
          { messages: c.messages, tools: c.tools },
          c,
          async (request): Promise<Completion> => {
            requests.push(request)
            const usage = { input: 0, cached: 0, output: 0 }
            return {
              kind: 'message',
              message: { role: 'assistant', content },
              finish: 'stop',
              usage,
            }
          },
        )
        if (completion?.kind === 'message') await carryOut(c, completion.message, design)
      }
      await keystrokes.policy.ask?.(
        { messages: c.messages, tools: c.tools },
        c,
        async (request) => {
          requests.push(request)
          return { kind: 'refused', status: 0, code: '', message: '' }
        },
      )
      history = c.messages
      machine.reply(job.id, '')
    }
  })
  const instance = instanceWith({ world: { files, payments: [] } })
  const played = await play({ kernel: boot, instance })
  return { ...played, requests, history, seen: requests.at(-1)?.messages ?? [] }
}

const PROMPT = 'root@machine:/workspace# '

describe('the requests', () => {
  it('offer no tool, and describe the form and the programs', async () => {
    const { requests } = await spoken([])
    const [request] = requests
    expect(request?.tools).toBeUndefined()
    const [system] = request?.messages ?? []
    for (const word of ['"commands"', '"keystrokes"', '"task_complete"', '"name":"make_payment"'])
      expect(system?.content).toContain(word)
    expect(system?.content).not.toContain('read_file')
  })

  it('show what was said as it was said, and one screen for all that was typed', async () => {
    const text = reply([keys('cat a.txt\n'), keys("cat > b <<'EOF'\nhi\nEOF\n")])
    const { seen, history, simulation } = await spoken([text], { 'a.txt': 'alpha' })
    expect(seen.slice(2)).toEqual([
      { role: 'assistant', content: text },
      {
        role: 'user',
        content: `New Terminal Output:\n${PROMPT}cat a.txt\nalpha\n${PROMPT}cat > b <<'EOF'\n> hi\n> EOF\n`,
      },
    ])
    expect(history.filter(({ role }) => role === 'tool')).toHaveLength(2)
    expect(simulation.world.data().files.b).toBe('hi\n')
  })

  it('say what could not be read, and nothing of it was typed', async () => {
    const { seen, trace } = await spoken([
      `{"analysis":"a","commands":[${JSON.stringify(keys('ls\n'))}]}`,
    ])
    expect(seen.at(-1)?.content).toBe(
      'Previous response had parsing errors:\nERROR: Missing required fields: plan\n\nPlease fix these issues and provide a proper JSON response.',
    )
    expect(ofKind(trace, 'call')).toEqual([])
  })

  it('say what was odd before the screen', async () => {
    const { seen } = await spoken([`Hm. ${reply([keys('pwd\n')])}`])
    expect(seen.at(-1)?.content).toBe(
      `Previous response had warnings:\nWARNINGS: - Extra text detected before JSON object\n\nNew Terminal Output:\n${PROMPT}pwd\n/workspace\n`,
    )
  })

  it('hold 10,000 bytes of a screen, from both ends', async () => {
    const { seen } = await spoken([reply([keys('cat a; cat b\n')])], {
      a: 'a'.repeat(9000),
      b: 'b'.repeat(9000),
    })
    const { content = '' } = seen.at(-1) ?? {}
    expect(content).toMatch(
      /^New Terminal Output:\n[^\n]*\na+\n\[\.\.\. output limited to 10000 bytes; 80\d\d interior bytes omitted \.\.\.\]\nb+\n$/,
    )
    expect(new TextEncoder().encode(content.replace(/\n\[\.\.\. .*\]\n/, '')).length).toBe(10_000)
  })
})

describe('the terminal', () => {
  const screen = async (answers: readonly string[]): Promise<string[]> =>
    (await spoken(answers, { 'd/a': 'x' })).seen
      .filter(({ role }) => role === 'user')
      .slice(1)
      .map(({ content }) => content.replace('New Terminal Output:\n', ''))

  it('stays in its folder', async () => {
    expect(
      await screen([reply([keys('cd d\n'), keys('ls\n')]), reply([keys('cd ..; pwd\n')])]),
    ).toEqual([
      `${PROMPT}cd d\nroot@machine:/workspace/d# ls\na\n`,
      'root@machine:/workspace/d# cd ..; pwd\n/workspace\n',
    ])
  })

  it('stays in its folder where something is wrong, and shows what', async () => {
    const answers = [reply([keys('cd d; nosuch; printf x\n'), keys('ls\n')])]
    expect(await screen(answers)).toEqual([
      `${PROMPT}cd d; nosuch; printf x\nxbash: nosuch: command not found\nroot@machine:/workspace/d# ls\na\n`,
    ])
  })

  it('holds what was typed until it is sent, or taken back', async () => {
    const answers = [
      reply([keys('echo ')]),
      reply([keys('hi\n')]),
      reply([keys('rm d/a')]),
      reply([keys('C-c')]),
    ]
    expect(await screen(answers)).toEqual([
      'echo ',
      `${PROMPT}echo hi\nhi\n`,
      'rm d/a',
      `${PROMPT}rm d/a^C\n`,
    ])
  })

  it('waits as long as it is told, sixty seconds at most', async () => {
    const { trace } = await spoken([reply([keys('', 5)]), reply([]), reply([keys('ls\n', 300)])])
    expect(ofKind(trace, 'reply')[0]?.at).toBe(5000 + 1000 + 60_000)
  })

  it('has the other tools of the world as programs', async () => {
    const args = '{"payee":"acme","amount":"5","reference":"r"}'
    const { seen, simulation } = await spoken([reply([keys(`make_payment ${args}\n`)])])
    expect(seen.at(-1)?.content).toContain('Paid 5 to acme (r). Receipt 1.')
    expect(simulation.world.data().payments).toHaveLength(1)
  })
})

describe('a program of an outer layer', () => {
  it('is a call of its own, and one screen is what came of the batch', async () => {
    const typed = 'write_note {"text":"kept"}'
    const batch = reply([keys(`${typed}\n`), keys('pwd\n')])
    const answers = [batch, reply([], { task_complete: true })].map((text) => says(text))
    const { requests, conversation } = await walk({ tools: keystrokes, memory: notes }, answers)
    const calls = conversation.transcript.flatMap((one) => one.calls ?? [])
    expect(calls.map(({ name }) => name)).toEqual(['write_note', 'keystrokes'])
    const results = conversation.transcript.filter(({ role }) => role === 'tool')
    expect(results.map(({ isError }) => isError)).toEqual([false, false])
    const [answer, screen, ...rest] = requests[1]?.messages.slice(2) ?? []
    expect([answer?.role, screen?.role, rest]).toEqual(['assistant', 'user', []])
    expect(screen?.content).toBe(
      `New Terminal Output:\n${PROMPT}${typed}\n${results[0]?.content}\n${PROMPT}pwd\n/workspace\n`,
    )
  })
})

describe('a kernel with keys', () => {
  it.each([false, true])('pays each invoice once; confirmed: %s', async (isConfirmed) => {
    const instance = await drawn('compaction/exactly-once', { invoices: 3, distance: 400 })
    const slots = { ...loop.page.slots, tools: keystrokes }
    const made = kernel({
      ...loop.page,
      slots: isConfirmed ? { ...slots, turn: doubleConfirmation } : slots,
    })
    const { ending, simulation, trace } = await play({ kernel: made, instance })
    expect(ending).toEqual({ kind: 'done' })
    expect(simulation.world.data().payments).toHaveLength(3)
    const words = ofKind(trace, 'generation').map(({ content }) => content)
    expect(words.every((text) => batchIn(text).error === undefined)).toBe(true)
    const claims = words.filter((text) => batchIn(text).isComplete).length
    expect(claims).toBe(isConfirmed ? 2 : 1)
  })
})
