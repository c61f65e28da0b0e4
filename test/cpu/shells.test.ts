// Tools of real designs, bound by name and schema; what a shell's output says of a command; and how a step is
// known again that was done in a shell.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message, Tool } from '../../sim/core/message.ts'
import { commandIn } from '../../sim/cpu/commands.ts'
import { speaker } from '../../sim/cpu/dialect.ts'
import coding from '../../sim/cpu/dialects/coding.ts'
import shell from '../../sim/cpu/dialects/shell.ts'
import world from '../../sim/cpu/dialects/world.ts'
import { fateOf } from '../../sim/cpu/result.ts'
import { exitCodeIn, failedAmong, problemsIn } from '../../sim/cpu/screen.ts'
import { asks, cpuWith, exchange, ship, user } from './desk.ts'
import { errand, ORDER } from './lapse-rig.ts'

const string = { type: 'string' }
const tool = (name: string, properties: object, required: string[] = []): Tool => ({
  name,
  inputSchema: { type: 'object', properties: properties as Record<string, object>, required },
})
const bound = (of: Tool, op: string, args: object) =>
  speaker([world, coding, shell], [of])(op, args as Record<string, unknown>)?.args

const PATH = { path: 'a/b.md' }
const FILE = { ...PATH, content: 'x\n' }
const TERM = { query: 'port' }
const WRITES = "mkdir -p 'a' && cat > 'a/b.md' <<'EOF'\nx\nEOF"
const words = (items: object) => ({ command: { type: 'array', items } })

describe('a tool of a real design', () => {
  it.each<[Tool, string, object, object]>([
    [
      tool('Read', { file_path: string, limit: { type: 'number' } }),
      'files.read',
      PATH,
      { file_path: 'a/b.md' },
    ],
    [tool('read', { filePath: string }), 'files.read', PATH, { filePath: 'a/b.md' }],
    [tool('open', { path: string, line_number: { type: 'integer' } }), 'files.read', PATH, PATH],
    [
      tool('Write', { file_path: string, content: string }),
      'files.write',
      FILE,
      { file_path: 'a/b.md', content: 'x\n' },
    ],
    [
      tool('str_replace_editor', {
        command: { enum: ['view', 'create'] },
        path: string,
        file_text: string,
      }),
      'files.write',
      FILE,
      { command: 'create', path: 'a/b.md', file_text: 'x\n' },
    ],
    [
      tool('Grep', { pattern: string, output_mode: { enum: ['content', 'files_with_matches'] } }),
      'files.search',
      TERM,
      { pattern: 'port', output_mode: 'content' },
    ],
    [
      tool('search_dir', { search_term: string, dir: string }),
      'files.search',
      TERM,
      { search_term: 'port' },
    ],
    [tool('find_file', { file_name: string }, ['file_name']), 'files.list', {}, { file_name: '*' }],
    [tool('Glob', { pattern: string }, ['pattern']), 'files.list', {}, { pattern: '**/*' }],
    [tool('list', { path: string }, ['path']), 'files.list', {}, { path: '.' }],
    [tool('Bash', { command: string }), 'files.read', PATH, { command: "cat 'a/b.md'" }],
    [
      tool('bash', { command: string, description: string }, ['command', 'description']),
      'files.write',
      FILE,
      { command: WRITES, description: 'The next step.' },
    ],
    [tool('shell', words(string)), 'files.write', FILE, { command: ['bash', '-lc', WRITES] }],
    [
      tool('shell', { command: { anyOf: [string, { type: 'array' }] } }),
      'files.read',
      PATH,
      { command: "cat 'a/b.md'" },
    ],
    [tool('exec_command', { cmd: string }), 'shell.run', { command: 'echo A' }, { cmd: 'echo A' }],
    [
      tool('shell', words(string)),
      'shell.run',
      { command: 'echo A' },
      { command: ['bash', '-lc', 'echo A'] },
    ],
  ])('is spoken to in its own words: %j', (of, op, args, said) => {
    expect(bound(of, op, args)).toEqual(said)
  })

  it('writes exactly what is to be written', () => {
    const bash = tool('bash', { command: string })
    const said = (content: string) => bound(bash, 'files.write', { path: 'x', content })?.command
    expect(said("it's")).toBe(`printf '%s' 'it'\\''s' > 'x'`)
    expect(said('EOF\nEOF2\n')).toBe("cat > 'x' <<'EOF3'\nEOF\nEOF2\nEOF3")
    expect(said('')).toBe("printf '%s' '' > 'x'")
  })

  it('cannot pay in a shell', () => {
    expect(bound(tool('bash', { command: string }), 'payments.pay', {})).toBeUndefined()
  })
})

const ran = (command: string) => ({ id: '', name: 'bash', args: JSON.stringify({ command }) })
const CAT = ran("cat 'a.md'")
const GREP = ran("grep -rn -- 'x' .")

describe('what a shell says', () => {
  it.each([
    ['cat: a.md: No such file or directory', undefined, 'error'],
    ['bash: foo: command not found', false, 'error'],
    ['(no output)\n\nCommand exited with code 1', undefined, 'error'],
    ['<returncode>1</returncode>\n<output>\n</output>', false, 'error'],
    ['<returncode>0</returncode>\n<output>\nError budget: 5\n</output>', undefined, 'ok'],
    ['Exit code: 2\nWall time: 0.1 seconds\nOutput:\n', undefined, 'error'],
    ['{"output":"x","metadata":{"exit_code":127}}', undefined, 'error'],
    ['alpha\nno error at all', undefined, 'ok'],
    ['alpha', true, 'error'],
    ['Error: not permitted', undefined, 'error'],
  ] as const)('of a command: %j', (output, isError, fate) => {
    expect(fateOf(CAT, output, isError)).toBe(fate)
  })

  it.each([
    ['Command exited with code 1', true, 'ok'],
    ['<returncode>1</returncode>\n<output>\n</output>', false, 'ok'],
    ['(no output)', true, 'ok'],
    ['', true, 'ok'],
    ['Command exited with code 2', true, 'error'],
    ['grep: ./x: Permission denied', true, 'error'],
    ['Denied by the user.', true, 'error'],
  ] as const)('of a search: %j', (output, isError, fate) => {
    expect(fateOf(GREP, output, isError)).toBe(fate)
  })

  it('is not asked of tools that are no shell', () => {
    const read = { id: '', name: 'read_file', args: '{"path":"log.txt"}' }
    expect(fateOf(read, 'At noon:\ncat: a.md: No such file or directory')).toBe('ok')
    expect(fateOf(read, 'Command exited with code 1')).toBe('ok')
  })

  it('of several commands is about those that it names, else about all', () => {
    const commands = ["cat 'a.md'", "cat 'b.md'"]
    expect(failedAmong(commands, 'x\ncat: b.md: No such file or directory')).toEqual([false, true])
    expect(failedAmong(commands, "bash: unexpected EOF while looking for matching `''")).toEqual([
      true,
      true,
    ])
    expect(failedAmong(commands, 'all is well')).toEqual([false, false])
  })

  it('is total: no text throws', () => {
    const piece = fc.constantFrom(
      'bash: ',
      'exit code',
      ': ',
      'No such file or directory',
      '\n',
      '1',
      '{',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
        const output = pieces.join('')
        exitCodeIn(output)
        problemsIn(output)
        expect(['ok', 'error']).toContain(fateOf(CAT, output))
        commandIn({ name: 'bash', args: output })
      }),
    )
  })
})

describe('a step in a shell', () => {
  const tools = [tool('shell', words(string), ['command'])]
  const thoughtAt = (messages: readonly Message[], programs = [errand]) =>
    asks(cpuWith({ programs }), 'job-1', { messages, tools })
  const under = (
    id: string,
    messages: readonly Message[],
    result: string,
    programs = [errand],
  ): Message[] => {
    const calls = thoughtAt(messages, programs).utterance.calls.map((call, n) => ({
      ...call,
      id: `${id}${n}`,
    }))
    return [
      ...messages,
      { role: 'assistant', content: '', calls },
      ...calls.map((call): Message => ({ role: 'tool', callId: call.id, content: result })),
    ]
  }

  it('is known again under ids of others', () => {
    const looked = under('call_1', [ORDER], 'It says [[fact:port=8080]].')
    expect(thoughtAt(looked).thought?.step).toBe('note')
    const failed = under(
      'call_2',
      looked,
      'Exit code: 1\nOutput:\nbash: note.txt: Read-only file system',
    )
    expect(thoughtAt(failed).thought?.step).toBe('note')
    const done = under('call_2', looked, 'Exit code: 0\nOutput:\n')
    expect(thoughtAt(done).thought?.kind).toBe('answer')
  })

  it('is known again by what was known then, and as a listing', () => {
    const prompt = user('[[task:ship=job-1]] [[fact:owner=ana]] [[place:port=p.txt]]')
    let messages: Message[] = [prompt]
    const steps: unknown[] = []
    for (const result of ['[[fact:port=80]]', 'ok', './p.txt']) {
      steps.push(thoughtAt(messages, [ship]).thought?.step)
      messages = under(`call_${steps.length}_`, messages, result, [ship])
    }
    expect(steps).toEqual(['look', 'write', 'list'])
    expect(thoughtAt(messages, [ship]).thought?.kind).toBe('answer')
    const cut = [prompt, ...messages.slice(3)]
    expect(thoughtAt(cut, [ship]).thought?.step).toBe('look')
    const other = exchange('x', 'ok', {
      name: 'shell',
      args: { command: ['bash', '-lc', "cat 'q.txt'"] },
    })
    expect(thoughtAt([prompt, ...other], [ship]).thought?.step).toBe('look')
  })
})
