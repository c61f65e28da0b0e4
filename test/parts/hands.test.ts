// What the tools of an agent have in common: patterns of paths, folders, words for a shell, searches.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Desk, Failure, folderOf, quoted } from '../../harnesses/hands/desk.ts'
import { globbed } from '../../harnesses/hands/glob.ts'
import type { Call, Conversation, Result } from '../../harnesses/kernel.ts'
import aci from '../../harnesses/parts/tools/aci.ts'
import claudeCode from '../../harnesses/parts/tools/claude-code.ts'
import opencode from '../../harnesses/parts/tools/opencode.ts'
import { called, textsOf } from './tools-rig.ts'

describe('a pattern of paths', () => {
  it.each([
    ['*.ts', ['a.ts', 'd/a.ts', '.ts'], ['a.tsx', 'a.ts/b']],
    ['src/*.ts', ['src/a.ts'], ['src/d/a.ts', 'a.ts']],
    ['src/**', ['src/a', 'src/d/a'], ['src', 'a/src/b']],
    ['**/d/*', ['d/a', 'x/y/d/a'], ['xd/a', 'd/a/b']],
    ['a**b', ['ab', 'x/acb', 'ac/b'], ['b']],
    ['{src,test}/?.{ts,*x}', ['src/a.ts', 'test/a.mdx'], ['src/ab.ts', 'lib/a.ts']],
    ['a.(b)', ['a.(b)'], ['axb', 'ab']],
  ])('%s', (pattern, are, areNot) => {
    expect(are.filter((path) => !globbed(pattern)(path))).toEqual([])
    expect(areNot.filter(globbed(pattern))).toEqual([])
  })

  it('means what the expression means that it stands for', () => {
    const means = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' }
    const piece = fc.constantFrom('a', 'b', '/', '**/', '**', '*', '?')
    const path = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 8 })
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), path, (pieces, letters) => {
        const found = `/${pieces.join('')}`.match(/\*\*\/|\*\*|[\s\S]/g) ?? []
        const source = found.map((one) => means[one as keyof typeof means] ?? one).join('')
        const text = `/${letters.join('')}`
        expect(globbed(found.join(''))(text)).toBe(new RegExp(`^${source}$`).test(text))
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['**/'.repeat(20), `${'*a'.repeat(20)}b`, `${'{a*,*a}'.repeat(20)}b`])(
    'takes no long time: %s',
    (pattern) => {
      expect(globbed(pattern)(`${'a/'.repeat(60)}${'a'.repeat(60)}`)).toBe(false)
    },
    2000,
  )
})

describe('a folder', () => {
  it.each([
    ['', ''],
    ['.', ''],
    ['/workspace', ''],
    ['./src//', 'src/'],
    ['/workspace/src', 'src/'],
    ['.github/workflows', '.github/workflows/'],
    ['src/../.github', '.github/'],
  ])('is known however it is spelt: %s', (path, folder) => {
    expect(folderOf(path)).toBe(folder)
  })

  it('is found by all tools that look into one', async () => {
    const files = { '.github/ci.yml': 'x', 'src/ci.yml': 'x' }
    const path = '/workspace/.github'
    const find = ['find_file', { file_name: '*.yml', dir: '.github' }] as const
    expect([
      ...textsOf(await called(claudeCode, files, [['Glob', { pattern: '*.yml', path }]])),
      ...textsOf(await called(opencode, files, [['list', { path }]])),
      ...textsOf(await called(aci, files, [find])),
    ]).toEqual([
      expect.stringMatching(/^\S*\.github\/ci\.yml$/),
      '/workspace/.github/\n  ci.yml',
      'Found 1 matches for "*.yml" in .github:\n.github/ci.yml',
    ])
  })
})

describe('a search', () => {
  const search = (output: string, exitCode: number): Promise<readonly string[]> => {
    const terminal = { run: () => Promise.resolve({ output, exitCode }) }
    const call: Call = { id: '1', name: 'grep', args: {} }
    const next = (): Promise<Result> => Promise.reject(new Error('of the terminal alone'))
    return new Desk({ session: { terminal } } as unknown as Conversation, call, next).search('x')
  }

  it('takes nothing for no hit', async () => {
    expect(await search('', 0)).toEqual([])
    expect(await search('./a:1:x\n', 0)).toEqual(['a:1:x'])
  })

  it('says that it took too long', async () => {
    await expect(search('', 124)).rejects.toThrow(new Failure('Error: the search timed out.'))
  })
})

it('a word for a shell is quoted', () => {
  expect(quoted("it's $x")).toBe("'it'\\''s $x'")
})
