// Pi's four tools: what they say, by Pi's own source (0.73.1).
import { describe, expect, it } from 'vitest'
import coding from '../../harnesses/parts/tools/coding.ts'
import { ofKind } from '../machine/rig.ts'
import { called, failed, textsOf, went } from './tools-rig.ts'

const lines = (count: number, from = 1): string =>
  Array.from({ length: count }, (_, i) => `line ${from + i}`).join('\n')

describe('what is offered', () => {
  it("is Pi's four, in the place of the world's tools for files", async () => {
    const { tools } = await called(coding, {}, [])
    expect(tools.map(({ name }) => name)).toEqual([
      ...['read', 'bash', 'edit', 'write'],
      ...['make_payment', 'list_payments'],
    ])
    expect(Object.keys(tools[2]?.inputSchema.properties ?? {})).toEqual(['path', 'edits'])
    expect(tools[0]?.description).toContain('output is truncated to 2000 lines or 50KB')
  })

  it('says what does not fit in the words of TypeBox', async () => {
    const invalid = (name: string, problems: string[], received: object): string =>
      `Validation failed for tool "${name}":\n${problems.map((p) => `  - ${p}`).join('\n')}\n\nReceived arguments:\n${JSON.stringify(received, null, 2)}`
    const bad = { path: 'a', edits: [{ oldText: 1, z: 2 }], more: 3 }
    const { told } = await called(coding, {}, [
      ['write', {}],
      ['read', { path: 7 }],
      ['edit', bad],
      ['make_payment', { payee: 'a' }],
    ])
    expect(told).toEqual([
      failed(invalid('write', ['path: must have required properties path, content'], {})),
      failed(invalid('read', ['path: must be string'], { path: 7 })),
      failed(
        invalid(
          'edit',
          [
            'edits.0.newText: must have required properties newText',
            'edits.0.oldText: must be string',
            'edits.0: must not have additional properties',
            'root: must not have additional properties',
          ],
          bad,
        ),
      ),
      failed(
        invalid('make_payment', ['amount: must have required properties amount, reference'], {
          payee: 'a',
        }),
      ),
    ])
  })

  it('passes the rest through', async () => {
    const payment = { payee: 'a', amount: '1', reference: 'r' }
    const { told } = await called(coding, {}, [['make_payment', payment]])
    expect(told).toEqual([went('Paid 1 to a (r). Receipt 1.')])
  })
})

describe('read', () => {
  it('shows a file, or a part of it, and says how to go on', async () => {
    const { told } = await called(coding, { 'a.txt': 'one\ntwo\nthree\n' }, [
      ['read', { path: 'a.txt' }],
      ['read', { path: '/workspace/a.txt', offset: 2 }],
      ['read', { path: './a.txt', offset: 1, limit: 2 }],
      ['read', { path: 'a.txt', offset: 9 }],
      ['read', { path: 'none.txt' }],
    ])
    expect(told).toEqual([
      went('one\ntwo\nthree\n'),
      went('two\nthree\n'),
      went('one\ntwo\n\n[2 more lines in file. Use offset=3 to continue.]'),
      failed('Offset 9 is beyond end of file (4 lines total)'),
      failed("ENOENT: no such file or directory, access '/workspace/none.txt'"),
    ])
  })

  it('shows 2,000 lines or 50 KB, whole lines from the head', async () => {
    const files = {
      'long.txt': lines(2500),
      'wide.txt': `${'x'.repeat(30_000)}\n`.repeat(3),
      'one.txt': 'y'.repeat(60_000),
    }
    const [long = '', wide = '', one = ''] = textsOf(
      await called(
        coding,
        files,
        Object.keys(files).map((path) => ['read', { path }] as const),
      ),
    )
    expect(
      long.endsWith('line 2000\n\n[Showing lines 1-2000 of 2500. Use offset=2001 to continue.]'),
    ).toBe(true)
    expect(
      wide.endsWith('x\n\n[Showing lines 1-1 of 4 (50.0KB limit). Use offset=2 to continue.]'),
    ).toBe(true)
    expect(one).toBe(
      "[Line 1 is 58.6KB, exceeds 50.0KB limit. Use bash: sed -n '1p' one.txt | head -c 51200]",
    )
  })

  it('tells a fault of the tool as it is told, not as a file that is missing', async () => {
    const { told } = await called(coding, { 'a.txt': 'x' }, [['read', { path: 'a.txt' }]], {
      profile: 'typical',
      chance: { 'job-1/call#1/tool-error': true },
    })
    expect(told).toEqual([failed('Error: the tool failed with an internal error (500).')])
  })
})

describe('bash', () => {
  it('shows what a command says, and its exit code', async () => {
    const { told, trace } = await called(coding, { 'a.txt': 'alpha\n' }, [
      ['bash', { command: 'cat a.txt' }],
      ['bash', { command: 'true' }],
      ['bash', { command: 'echo out; cat none' }],
      ['bash', { command: 'exit 3' }],
      ['bash', { command: 'sleep 10; echo x > a.txt', timeout: 2 }],
    ])
    expect(told).toEqual([
      went('alpha\n'),
      went('(no output)'),
      failed('out\ncat: none: No such file or directory\n\n\nCommand exited with code 1'),
      failed('(no output)\n\nCommand exited with code 3'),
      failed('Command timed out after 2 seconds'),
    ])
    expect(ofKind(trace, 'call').map(({ name }) => name)).toEqual(Array(5).fill('terminal'))
  })

  it('shows the last 2,000 lines or 50 KB', async () => {
    const files = {
      'long.txt': lines(2500),
      'one.txt': 'y'.repeat(60_000),
      'w.txt': `${'x'.repeat(30_000)}\n`.repeat(3),
    }
    const [long = '', one = '', wide = ''] = textsOf(
      await called(coding, files, [
        ['bash', { command: 'cat long.txt' }],
        ['bash', { command: 'cat one.txt' }],
        ['bash', { command: 'cat w.txt' }],
      ]),
    )
    const where = 'Full output: /tmp/pi-bash-output.log]'
    expect(long.startsWith('line 501\n')).toBe(true)
    expect(long.endsWith(`line 2500\n\n[Showing lines 501-2500 of 2500. ${where}`)).toBe(true)
    expect(one).toBe(
      `${'y'.repeat(51_200)}\n\n[Showing last 50.0KB of line 1 (line is 58.6KB). ${where}`,
    )
    expect(wide.endsWith(`x\n\n\n[Showing lines 3-4 of 4 (50.0KB limit). ${where}`)).toBe(true)
  })
})

describe('write and edit', () => {
  it('write a file whole', async () => {
    const { told, files } = await called(coding, {}, [
      ['write', { path: 'o/a.txt', content: 'hi' }],
    ])
    expect(told).toEqual([went('Successfully wrote 2 bytes to o/a.txt')])
    expect(files).toEqual({ 'o/a.txt': 'hi' })
  })

  it('replace texts of the file as it was', async () => {
    const { told, files } = await called(coding, { 'a.txt': 'one two\nthree\n' }, [
      [
        'edit',
        {
          path: 'a.txt',
          edits: [
            { oldText: 'three', newText: 'one two' },
            { oldText: 'one two', newText: '1 2' },
          ],
        },
      ],
      ['edit', { path: 'a.txt', edits: '[{"oldText":"1 2","newText":"x"}]' }],
      ['edit', { path: 'a.txt', oldText: 'x', newText: 'y' }],
    ])
    expect(told).toEqual([
      went('Successfully replaced 2 block(s) in a.txt.'),
      went('Successfully replaced 1 block(s) in a.txt.'),
      went('Successfully replaced 1 block(s) in a.txt.'),
    ])
    expect(files).toEqual({ 'a.txt': 'y\none two\n' })
  })

  it('find a text in spite of quotes and blanks, and keep line ends', async () => {
    const { told, files } = await called(coding, { 'a.txt': 'say \u201chi\u201d  \r\nend\r\n' }, [
      ['edit', { path: 'a.txt', edits: [{ oldText: 'say "hi"\nend', newText: 'said' }] }],
    ])
    expect(told).toEqual([went('Successfully replaced 1 block(s) in a.txt.')])
    expect(files).toEqual({ 'a.txt': 'said\r\n' })
  })

  it.each([
    [
      'no such file',
      'none.txt',
      [['a', 'b']],
      'Could not edit file: none.txt. Error code: ENOENT.',
    ],
    [
      'nothing to do',
      'a.txt',
      [],
      'Edit tool input is invalid. edits must contain at least one replacement.',
    ],
    ['an empty text', 'a.txt', [['', 'b']], 'oldText must not be empty in a.txt.'],
    [
      'no such text',
      'a.txt',
      [['zz', 'b']],
      'Could not find the exact text in a.txt. The old text must match exactly including all whitespace and newlines.',
    ],
    [
      'one of several that is not there',
      'a.txt',
      [
        ['one', '1'],
        ['zz', 'b'],
      ],
      'Could not find edits[1] in a.txt. The oldText must match exactly including all whitespace and newlines.',
    ],
    [
      'a text that stands twice',
      'a.txt',
      [['o', 'b']],
      'Found 2 occurrences of the text in a.txt. The text must be unique. Please provide more context to make it unique.',
    ],
    [
      'texts that overlap',
      'a.txt',
      [
        ['one t', 'b'],
        ['two', 'c'],
      ],
      'edits[0] and edits[1] overlap in a.txt. Merge them into one edit or target disjoint regions.',
    ],
    [
      'no change',
      'a.txt',
      [['one', 'one']],
      'No changes made to a.txt. The replacement produced identical content. This might indicate an issue with special characters or the text not existing as expected.',
    ],
  ])('say what is wrong, and change nothing: %s', async (_what, path, pairs, says) => {
    const edits = pairs.map(([oldText, newText]) => ({ oldText, newText }))
    const { told, files } = await called(coding, { 'a.txt': 'one two' }, [
      ['edit', { path, edits }],
    ])
    expect(told).toEqual([failed(says)])
    expect(files).toEqual({ 'a.txt': 'one two' })
  })
})
