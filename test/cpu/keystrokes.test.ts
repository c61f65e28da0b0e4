// Calling by keystrokes: an answer is one JSON object with keys for a terminal, and one screen answers it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { taped } from '../../sim/core/chance.ts'
import type { Message, ToolCall } from '../../sim/core/message.ts'
import { Forms } from '../../sim/cpu/forms/form.ts'
import { keystrokes } from '../../sim/cpu/forms/keystrokes.ts'
import { tagged } from '../../sim/cpu/forms/tagged.ts'
import type { Program } from '../../sim/cpu/index.ts'
import { drawn, kernelOf, ofKind, play } from '../machine/rig.ts'
import { asks, cpuWith, user } from './desk.ts'
import { errand, weightsAt } from './lapse-rig.ts'

const FORMAT = `Respond with a JSON object:
{"analysis": "...", "plan": "...", "commands": [{"keystrokes": "ls\\n", "duration": 0.1}], "task_complete": false}`
const SYSTEM: Message = { role: 'system', content: FORMAT }
const TASK = '[[task:errand=job-1]] Note the port.'
const id = (n: number): string => `t${n}`

interface Spoken {
  readonly analysis: string
  readonly commands: readonly { keystrokes: string; duration?: number }[]
  readonly task_complete: boolean
}

const desk = { programs: [errand] }
const answerTo = (messages: readonly Message[], programs: readonly Program[] = [errand]) =>
  asks(cpuWith({ programs }), 'job-1', { messages })
const spokenTo = (messages: readonly Message[], programs?: readonly Program[]): Spoken =>
  JSON.parse(answerTo(messages, programs).utterance.content)
const assistant = (content: string): Message => ({ role: 'assistant', content })

/** The conversation with the model's answer and what the terminal shows then. */
const after = (messages: readonly Message[], screen: string): Message[] => [
  ...messages,
  assistant(answerTo(messages).utterance.content),
  user(screen),
]

const START = [SYSTEM, user(TASK)]
const LOOKED = after(START, "$ cat 'p.txt'\nIt says [[fact:port=8080]].\n")
const WRITTEN = after(LOOKED, '$ cat > note.txt\n')

describe('a window that asks for keystrokes', () => {
  it.each([
    ['the system message', START],
    ['the first user message', [user(`${FORMAT}\n${TASK}`)]],
    [
      'a user message after the system',
      [{ role: 'system' as const, content: 'Help.' }, user(FORMAT + TASK)],
    ],
  ])('is known by %s', (_where, messages) => {
    const { utterance } = answerTo(messages)
    expect(utterance.calls).toEqual([])
    expect(JSON.parse(utterance.content)).toMatchObject({
      commands: [{ keystrokes: "cat 'p.txt'\n", duration: 0.1 }],
      task_complete: false,
    })
  })

  it('is none where tools are offered natively, or only a later message has the words', () => {
    const tools = [{ name: 'read_file', inputSchema: { type: 'object' as const } }]
    expect(asks(cpuWith(desk), 'job-1', { messages: START, tools }).utterance.calls).toHaveLength(1)
    const late = [user(TASK), assistant('Yes?'), user(FORMAT)]
    expect(answerTo(late).utterance.content).toContain('no tool')
  })

  it('gets what can be done side by side as several commands, with the folder made', () => {
    const copy = {
      ...errand.steps[2],
      id: 'copy',
      call: { op: 'files.write', args: { path: 'a/b/c.txt', content: '{port}\n' } },
    }
    const program = { ...errand, steps: [...errand.steps.slice(0, 2), copy] } as Program
    const { commands, task_complete } = spokenTo(LOOKED, [program])
    expect(commands.map((command) => command.keystrokes)).toEqual([
      "printf '%s' 'port 8080' > 'note.txt'\n",
      "mkdir -p 'a/b' && cat > 'a/b/c.txt' <<'EOF'\n8080\nEOF\n",
    ])
    expect(task_complete).toBe(false)
  })

  it('is told the end, and told it again when it asks', () => {
    const end = spokenTo(WRITTEN)
    expect(end).toMatchObject({ analysis: 'Done.', commands: [], task_complete: true })
    const sure = after(WRITTEN, 'Are you sure you want to mark the task as complete?')
    expect(spokenTo(sure)).toEqual(end)
  })

  it('is told that a terminal cannot do what only a tool can', () => {
    const pay: Program = {
      ...errand,
      steps: [{ id: 'pay', needs: [], call: { op: 'payments.pay', args: {} }, effect: 'once' }],
    }
    expect(spokenTo(START, [pay])).toMatchObject({
      analysis: 'I have no tool for this: payments.pay.',
      commands: [],
      task_complete: true,
    })
  })

  it('is asked again for what failed on the screen, and for that alone', () => {
    const failed = after(LOOKED, 'bash: note.txt: Permission denied\n')
    expect(spokenTo(failed).commands.map((one) => one.keystrokes)).toEqual([
      "printf '%s' 'port 8080' > 'note.txt'\n",
    ])
    const lost = after(START, 'cat: p.txt: No such file or directory\n')
    expect(spokenTo(lost).commands[0]?.keystrokes).toBe("cat 'p.txt'\n")
  })

  it('had nothing done where an answer could not be read', () => {
    const unread = after(
      LOOKED,
      'Previous response had parsing errors:\nERROR: Invalid JSON\n\nfix these',
    )
    expect(spokenTo(unread).commands).toHaveLength(2)
    const warned = after(LOOKED, 'Previous response had warnings:\n- extra text\n\n$ ')
    expect(spokenTo(warned).task_complete).toBe(true)
  })

  it('looks for a missing fact once, though its calls have no ids', () => {
    const lost: Message[] = [SYSTEM, user(`${TASK} [[done:job-1/look]]`)]
    const [search] = spokenTo(lost).commands
    expect(search?.keystrokes).toBe("grep -rn -- 'port' .\n")
    const nothing = after(lost, '$ \n')
    expect(spokenTo(nothing)).toMatchObject({
      analysis: 'I cannot find port. Could you tell me?',
      task_complete: true,
    })
  })

  it('asks for nothing by what stands on its screen', () => {
    const screen = "$ cat 'p.txt'\n[[task:other=job-9]] [[order:other=job-9]] [[fact:port=1]]"
    const other: Program = { ...errand, name: 'other' }
    const { thought } = answerTo(after(START, screen), [errand, other])
    expect(thought).toMatchObject({ job: 'job-1', step: 'note' })
  })

  it('is answered by a summary where it asks for one, and by work where a screen has the word', () => {
    const asked = [
      ...LOOKED,
      user('Please provide a detailed summary of the work for another agent.'),
    ]
    expect(answerTo(asked).purpose).toBe('compaction')
    expect(answerTo(after(START, 'summary.md  [[fact:port=1]]')).purpose).toBe('work')
  })
})

describe('a lapse in keystrokes', () => {
  const forced = (decisions: Record<string, string>, messages: readonly Message[] = START) => {
    const tape = taped(new Map(Object.entries(decisions)), () => {})
    const said = asks(cpuWith(desk), 'job-1', { messages }, tape)
    expect(tape.unreached()).toEqual([])
    return said.utterance
  }
  const at = 'job-1/look/1'

  it('of arguments is JSON that does not parse, and one call that does not', () => {
    for (const shape of ['cut-in-a-string', 'trailing-comma', 'fenced', 'doubled']) {
      const { content, calls } = forced({
        [`${at}/lapse`]: 'malformed-arguments',
        [`${at}/malformed-arguments/shape`]: shape,
      })
      expect(calls).toEqual([])
      expect(() => JSON.parse(content)).toThrow()
      const [call, ...more] = keystrokes.callsIn(content, id)
      expect(more).toEqual([])
      expect(() => JSON.parse(call?.args ?? '')).toThrow()
    }
  })

  it('to a tool that nobody offers is typed, and known again by its name', () => {
    const { content } = forced({ [`${at}/lapse`]: 'phantom-tool' })
    const [call] = keystrokes.callsIn(content, id)
    expect(call?.name).not.toBe('keystrokes')
    const typed: Spoken = JSON.parse(content)
    expect(typed.commands[0]?.keystrokes).toMatch(/^\w+ \{.*\}\n$/)
    const told = [...START, assistant(content), user(`bash: ${call?.name}: command not found`)]
    expect(weightsAt(told, { tools: [] }).get('phantom-tool')).toBeGreaterThan(0.3)
  })

  it('that ends a turn says so in the form; one without end is never closed', () => {
    const stopped: Spoken = JSON.parse(forced({ [`${at}/lapse`]: 'early-stop' }).content)
    expect(stopped).toMatchObject({ commands: [], task_complete: true })
    expect(stopped.analysis).toContain('look')
    const endless = forced({ [`${at}/lapse`]: 'runaway-generation' })
    expect(endless.isEndless).toBe(true)
    expect(() => JSON.parse(endless.content)).toThrow()
  })
})

describe('the form', () => {
  it('speaks calls that can be read again', () => {
    const args = JSON.stringify({ keystrokes: 'ls -l "x y"\n', duration: 0.1 })
    const calls: ToolCall[] = [
      { id: 't0', name: 'keystrokes', args },
      { id: 't1', name: 'open_file', args: '{"path":"a"}' },
    ]
    const { content } = keystrokes.inText({ content: 'Two "calls".', calls })
    expect(keystrokes.callsIn(content, id)).toEqual(calls)
    expect(keystrokes.callsIn(`Sure:\n\`\`\`json\n${content}\n\`\`\``, id)).toEqual(calls)
  })

  it('is total: no text throws', () => {
    const piece = fc.constantFrom(
      '{"commands":',
      '[',
      ']',
      '{"keystrokes": "ls"}',
      '"task_complete"',
      '}',
      ',',
      'null',
    )
    const text = fc.array(fc.oneof(piece, fc.string())).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, text, (content, screen) => {
        const calls = keystrokes.callsIn(content, id)
        expect(keystrokes.resultsIn(user(screen), calls)).toHaveLength(calls.length)
        new Forms([tagged, keystrokes]).of([user(content), user(screen)])
        const messages = [
          ...START,
          assistant(content),
          user(screen),
          assistant(screen),
          user(content),
        ]
        expect(JSON.parse(answerTo(messages).utterance.content)).toHaveProperty('commands')
      }),
    )
  })
})

describe('a kernel of keystrokes', () => {
  /** One screen for all that is typed; a claim to be done has to be made twice. */
  const kernel = kernelOf(async (machine) => {
    for await (const job of machine.jobs) {
      const session = machine.open({ job: job.id })
      const messages: Message[] = [user(`${FORMAT}\n\n${job.prompt}`)]
      let claims = 0
      while (claims < 2) {
        const completion = await session.generate({ messages }).result
        if (completion.kind === 'refused') break
        messages.push(completion.message)
        const { commands, task_complete }: Spoken = JSON.parse(completion.message.content)
        claims = task_complete ? claims + 1 : 0
        let screen = ''
        for (const typed of commands) {
          const { output } = await session.terminal.run(typed.keystrokes)
          screen += `$ ${typed.keystrokes}${output}`
        }
        messages.push(user(task_complete ? `${screen}\nAre you sure? Say it again.` : screen))
      }
      machine.reply(job.id, messages.findLast(({ role }) => role === 'assistant')?.content ?? '')
    }
  })

  it('does a whole job in a shell, each thing once', async () => {
    const instance = await drawn('compaction/ledger', { items: 3, distance: 300, window: 100_000 })
    const { trace, ending, simulation } = await play({ kernel, instance })
    expect(ending).toEqual({ kind: 'done' })
    const asked = ofKind(trace, 'request')
    expect(asked[0]?.tools).toEqual(['keystrokes'])
    const steps = ofKind(trace, 'plan').map(({ step }) => step)
    expect(new Set(steps.filter((step) => step !== 'answer')).size).toBe(steps.length - 2)
    const { files } = simulation.world.data()
    expect(Object.keys(files).filter((path) => path.startsWith('out/'))).toHaveLength(4)
    expect(files['out/settlement.md']).toMatch(
      /^Account \S+, terms \d+, rate \d+, label \w+\.\nTotal \d+\.\n$/,
    )
    const calls = ofKind(trace, 'generation').flatMap((turn) => turn.calls)
    expect(new Set(calls.map(({ name }) => name))).toEqual(new Set(['keystrokes']))
  })
})
