// Tools of which a shell is all or most: mini-swe-agent, Codex, Claude Code, opencode.
import { describe, expect, it } from 'vitest'
import bash from '../../harnesses/parts/tools/bash.ts'
import claudeCode from '../../harnesses/parts/tools/claude-code.ts'
import codex from '../../harnesses/parts/tools/codex.ts'
import opencode from '../../harnesses/parts/tools/opencode.ts'
import { ofKind } from '../machine/rig.ts'
import { called, failed, textsOf, went } from './tools-rig.ts'

const FILES = { 'a.txt': 'alpha\nbeta\n', 'src/b.ts': 'alpha\n' }

const namesOf = async (part: Parameters<typeof called>[0]): Promise<string[]> =>
  (await called(part, {}, [])).tools.map(({ name }) => name)

describe('mini-swe-agent', () => {
  it('has bash alone, beside what is no file', async () => {
    expect(await namesOf(bash)).toEqual(['bash', 'make_payment', 'list_payments'])
  })

  it('wraps what a command says, with its code', async () => {
    const { told } = await called(bash, FILES, [
      ['bash', { command: 'cat a.txt' }],
      ['bash', { command: 'cat none' }],
      ['bash', { command: 'cd src; X=1' }],
      ['bash', { command: 'pwd; echo "[$X]"' }],
      ['bash', { command: 'sleep 31' }],
      ['bash', {}],
    ])
    expect(told).toEqual([
      went('<returncode>0</returncode>\n<output>\nalpha\nbeta\n</output>'),
      went('<returncode>1</returncode>\n<output>\ncat: none: No such file or directory\n</output>'),
      went('<returncode>0</returncode>\n<output>\n</output>'),
      went('<returncode>0</returncode>\n<output>\n/workspace\n[]\n</output>'),
      went(
        "<exception>An error occurred while executing the command: Command 'sleep 31' timed out after 30 seconds</exception>\n<returncode>-1</returncode>\n<output>\n</output>",
      ),
      failed("Missing 'command' argument in bash tool call."),
    ])
  })

  it('shows both ends of an output of 10,000 characters and more', async () => {
    const text = `${'a'.repeat(9000)}${'b'.repeat(9000)}`
    const [shown = ''] = textsOf(await called(bash, { x: text }, [['bash', { command: 'cat x' }]]))
    expect(shown).toContain(`<output_head>\n${'a'.repeat(5000)}\n</output_head>`)
    expect(shown).toContain('<elided_chars>\n8000 characters elided\n</elided_chars>')
    expect(shown).toContain(`<output_tail>\n${'b'.repeat(5000)}\n</output_tail>`)
    const short = bash.with({ maxChars: 100 })
    const [cut = ''] = textsOf(await called(short, { x: text }, [['bash', { command: 'cat x' }]]))
    expect(cut).toContain('17900 characters elided')
  })
})

describe('Codex', () => {
  it('takes a command as words or as text, and tells its code and its time', async () => {
    const { told } = await called(codex, FILES, [
      ['shell', { command: ['bash', '-lc', 'cat a.txt | head -1'] }],
      ['shell', { command: ['cat', 'it is not there'] }],
      ['shell', { command: 'sleep 2; pwd', workdir: 'src' }],
      ['shell', { command: 'sleep 20', timeout_ms: 1000 }],
      ['shell', {}],
      ['shell', { command: { a: 1 } }],
    ])
    const ran = (code: number, seconds: string, output: string): string =>
      `Exit code: ${code}\nWall time: ${seconds} seconds\nOutput:\n${output}`
    expect(told.map(({ text }) => text)).toEqual([
      ran(0, '0.0', 'alpha\n'),
      ran(1, '0.0', 'cat: it is not there: No such file or directory\n'),
      ran(0, '2.0', '/workspace/src\n'),
      ran(124, '1.0', 'command timed out after 1000 milliseconds\n'),
      'failed to parse function arguments: missing field `command`',
      'failed to parse function arguments: invalid type: map, expected a string',
    ])
  })

  it('leaves out the middle of a long output', async () => {
    const [text = ''] = textsOf(await called(codex, {}, [['shell', { command: 'seq 1 400' }]]))
    expect(text).toContain('\n128\n[... omitted 145 of 401 lines ...]\n274\n')
  })
})

describe('Claude Code', () => {
  it('has six tools of its own', async () => {
    expect(await namesOf(claudeCode)).toEqual([
      ...['Read', 'Glob', 'Grep', 'Write', 'Edit', 'Bash'],
      ...['make_payment', 'list_payments'],
    ])
  })

  it('numbers lines, and finds files and lines', async () => {
    const { told } = await called(claudeCode, FILES, [
      ['Read', { file_path: '/workspace/a.txt' }],
      ['Read', { file_path: 'a.txt', offset: 2, limit: 1 }],
      ['Read', { file_path: 'none' }],
      ['Grep', { pattern: '^al' }],
      ['Grep', { pattern: 'alpha', output_mode: 'content', glob: '*.ts' }],
      ['Grep', { pattern: 'a', output_mode: 'count' }],
      ['Grep', { pattern: 'zz' }],
      ['Glob', { pattern: '**/*.ts' }],
      ['Glob', { pattern: '*.{ts,txt}' }],
      ['Glob', { pattern: '*.md' }],
      ['Bash', { command: 'echo out; exit 2' }],
      ['Read', {}],
    ])
    expect(told).toEqual([
      went('     1\u2192alpha\n     2\u2192beta\n     3\u2192'),
      went('     2\u2192beta'),
      failed('<tool_use_error>File does not exist.</tool_use_error>'),
      went('Found 2 files\na.txt\nsrc/b.ts'),
      went('src/b.ts:1:alpha'),
      went('a.txt:2\nsrc/b.ts:1'),
      went('No files found'),
      went('src/b.ts'),
      went('a.txt\nsrc/b.ts'),
      went('No files found'),
      failed('Exit code 2\nout'),
      failed(
        '<tool_use_error>InputValidationError: Read failed due to the following issue:\nThe required parameter `file_path` is missing</tool_use_error>',
      ),
    ])
  })

  it('changes nothing that was not read, or was changed since', async () => {
    const { told, files } = await called(claudeCode, FILES, [
      ['Write', { file_path: 'a.txt', content: 'x' }],
      ['Edit', { file_path: 'a.txt', old_string: 'alpha', new_string: 'x' }],
      ['Read', { file_path: 'a.txt' }],
      ['Edit', { file_path: 'a.txt', old_string: 'alpha', new_string: 'ALPHA' }],
      ['Bash', { command: 'echo changed > a.txt' }],
      ['Edit', { file_path: 'a.txt', old_string: 'ALPHA', new_string: 'x' }],
      ['Write', { file_path: 'new.txt', content: '1' }],
      ['Write', { file_path: 'new.txt', content: '2' }],
    ])
    const unread =
      '<tool_use_error>File has not been read yet. Read it first before writing to it.</tool_use_error>'
    expect(told.map(({ text }) => text)).toEqual([
      unread,
      unread,
      '     1\u2192alpha\n     2\u2192beta\n     3\u2192',
      'The file a.txt has been updated successfully.',
      '',
      '<tool_use_error>File has been modified since read, either by the user or by a linter. Read it again before attempting to write it.</tool_use_error>',
      'File created successfully at: new.txt',
      'The file new.txt has been updated successfully.',
    ])
    expect(files).toEqual({ ...FILES, 'a.txt': 'changed\n', 'new.txt': '2' })
  })

  it('replaces one text, or all', async () => {
    const edit = (old: string, fresh: string, more = {}) =>
      ['Edit', { file_path: 'a', old_string: old, new_string: fresh, ...more }] as const
    const { told, files } = await called(claudeCode, { a: 'x y x' }, [
      ['Read', { file_path: 'a' }],
      edit('z', 'q'),
      edit('x', 'x'),
      edit('x', 'q'),
      edit('x', 'q', { replace_all: true }),
    ])
    expect(told.slice(1).map(({ isError }) => isError)).toEqual([true, true, true, false])
    expect(told[3]?.text).toContain('Found 2 matches of the string to replace')
    expect(files).toEqual({ a: 'q y q' })
  })

  it('lets what only reads run beside each other, and nothing beside what writes', async () => {
    const starts = async (calls: readonly (readonly [string, object])[]): Promise<number> => {
      const { trace } = await called(claudeCode, FILES, [calls])
      return ofKind(trace, 'call').at(-1)?.at ?? 0
    }
    const [read, glob] = [
      ['Read', { file_path: 'a.txt' }] as const,
      ['Glob', { pattern: '*' }] as const,
    ]
    expect(await starts([read, glob, read])).toBe(20)
    expect(await starts([read, ['Bash', { command: 'true' }], read])).toBe(60)
  })
})

describe('opencode', () => {
  it('has seven tools of its own', async () => {
    expect(await namesOf(opencode)).toEqual([
      ...['read', 'glob', 'grep', 'write', 'edit', 'bash', 'list'],
      ...['make_payment', 'list_payments'],
    ])
  })

  it('says things in its own way', async () => {
    const { told, files } = await called(opencode, FILES, [
      ['read', { filePath: 'a.txt', limit: 1 }],
      ['read', { filePath: 'src/b.ts' }],
      ['read', { filePath: 'none' }],
      ['write', { filePath: 'c.txt', content: 'c' }],
      ['edit', { filePath: 'c.txt', oldString: 'c', newString: 'd' }],
      ['edit', { filePath: 'c.txt', oldString: 'c', newString: 'd' }],
      ['grep', { pattern: 'alpha', include: '*.txt' }],
      ['list', {}],
      ['bash', { command: 'true', description: 'Nothing' }],
      ['edit', { filePath: 'a.txt' }],
    ])
    expect(told.map(({ text }) => text)).toEqual([
      "<file>\n00001| alpha\n\n(File has more lines. Use 'offset' parameter to read beyond line 1)\n</file>",
      '<file>\n00001| alpha\n00002| \n\n(End of file - total 2 lines)\n</file>',
      'File not found: none',
      'Wrote file successfully.',
      'Edit applied successfully.',
      'oldString not found in content',
      'Found 1 matches\na.txt:\n  Line 1: alpha',
      '/workspace/\n  a.txt\n  c.txt\n  src/\n    b.ts',
      '',
      "The edit tool was called with invalid arguments: SchemaError: input must have required property 'oldString'; input must have required property 'newString'.\nPlease rewrite the input so it satisfies the expected schema.",
    ])
    expect(files['c.txt']).toBe('d')
  })
})
