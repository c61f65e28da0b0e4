// What a gate makes of a call before any rule is asked: commands in a script, paths however they are spelt,
// patterns. Hostile texts neither throw nor take long.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leavesOf } from '../../harnesses/rules/acts.ts'
import { commandsIn, onlyLooks, pathsOf } from '../../harnesses/rules/commands.ts'
import { isNamedIn, placeOf } from '../../harnesses/rules/paths.ts'
import { isAbout, isLike, ruleOf } from '../../harnesses/rules/rules.ts'

const commands = (script: string): string[] =>
  commandsIn(script).map(({ words }) => words.join(' '))

describe('a script', () => {
  it.each([
    ['ls -la', ['ls -la']],
    ['a; b && c || d | e & f\ng', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
    [`echo "a; b" 'c && d' e\\;f`, ['echo a; b c && d e;f']],
    ['r\'m\' -r"f" x', ['rm -rf x']],
    ['echo $(rm x) done', ['rm x', 'echo  done']],
    ['echo "it is `rm x`"', ['rm x', 'echo it is ']],
    ['echo "$(cat "$(rm x)")"', ['rm x', 'cat ', 'echo ']],
    ['(cd a; rm x)', ['cd a', 'rm x']],
    ['A=1 B=2 sudo -E env C=3 nohup rm x', ['rm x']],
    ['timeout 5 rm x', ['rm x']],
    ['find . | xargs -n1 rm', ['find .', 'rm']],
    ['if true; then rm x; fi', ['true', 'rm x', 'fi']],
    ['while :; do rm x; done', [':', 'rm x', 'done']],
    [`bash -lc 'a; rm x'`, ['bash -lc a; rm x', 'a', 'rm x']],
    ['eval "rm x"', ['eval rm x', 'rm x']],
    ['ls # rm x', ['ls']],
    ['a # ; rm x\nb', ['a', 'b']],
    ['ls 2>&1', ['ls']],
    ["echo 'open", ['echo open']],
    ['echo "open', ['echo open']],
    ['rm \\\n  x', ['rm x']],
    ['', []],
    ['# nothing', []],
  ])('%s', (script, wanted) => {
    expect(commands(script)).toEqual(wanted)
  })

  it('has no commands in a here-document', () => {
    const script =
      "cat > 'out/a.md' <<'EOF'\nrm -rf x; `rm y`\nEOF\nls && cat <<-END | sort\n\tsudo x\n\tEND\npwd"
    expect(commands(script)).toEqual(['cat', 'ls', 'cat', 'sort', 'pwd'])
    expect(commandsIn(script)[0]?.writes).toEqual(['out/a.md'])
  })

  it('is known with what stands before it, and without', () => {
    const [command] = commandsIn('A=1 sudo -u root rm x')
    expect(command?.spoken.join(' ')).toBe('A=1 sudo -u root rm x')
    expect(commandsIn('sudo rm x')[0]?.words).toEqual(['rm', 'x'])
  })

  it('tells what it reads and writes by redirection', () => {
    const [command] = commandsIn('sort < in.txt > out.txt 2>> err.log &> all.log')
    expect(command).toEqual({
      spoken: ['sort'],
      words: ['sort'],
      reads: ['in.txt'],
      writes: ['out.txt', 'err.log', 'all.log'],
    })
  })

  it.each([
    ['cat a', true],
    ['grep -rn -- x .', true],
    ['find . -type f', true],
    ['find . -delete', false],
    ['sed -n 1,5p a', true],
    ['sed -i s/a/b/ c', false],
    ['echo x > a', false],
    ['ls 2> /dev/null', true],
    ['git status', true],
    ['git push', false],
    ['/bin/cat a', true],
    ['tree -L 2', true],
    ['tree -o notes.txt', false],
    ['git diff --stat', true],
    ['git diff --output=notes.txt', false],
    ['git log --oneline', true],
    ['rg --pretty x', true],
    ['rg --pre ./evil.sh x', false],
    ['sort -u a', true],
    ['sort --output=a a', false],
    ['rm a', false],
    ['python -c 1', false],
    ['> a', false],
  ])('%s only looks: %s', (script, wanted) => {
    expect(commandsIn(script).every(onlyLooks)).toBe(wanted)
  })

  it.each([
    ['cat -n a b', { reads: ['a', 'b'], writes: [] }],
    ['rm -rf a', { reads: [], writes: ['a'] }],
    ['cp a b', { reads: [], writes: ['a', 'b'] }],
    ['dd if=a of=b', { reads: [], writes: ['a', 'b'] }],
    ['echo prod/x', { reads: [], writes: [] }],
    ['echo x > prod/y', { reads: [], writes: ['prod/y'] }],
    ['sed -i s/a/b/ c', { reads: [], writes: ['s/a/b/', 'c'] }],
    ['tool --config=a', { reads: ['a'], writes: [] }],
  ])('%s is about these paths', (script, wanted) => {
    expect(commandsIn(script).map(pathsOf)).toEqual([wanted])
  })

  it('does not see what only a shell knows', () => {
    expect(commands('X=rm; $X a')).toEqual(['', '$X a'])
    expect(commands('python -c "import os; os.remove(\'a\')"')).toHaveLength(1)
    expect(commandsIn('cat ~/.s*h/id').map(pathsOf)).toEqual([{ reads: ['~/.s*h/id'], writes: [] }])
  })

  it('is read whatever it is', () => {
    const piece = fc.constantFrom(
      ...'ab $(){}`\'"\\<>|&;#\n=-~*'.split(''),
      'EOF',
      '<<',
      '$(',
      'sh -c ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        for (const command of commandsIn(pieces.join(''))) pathsOf(command)
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  it('is read in time, however long and deep', () => {
    for (const piece of ['$(', '(', '`', '"', "'", 'a;', '<<x\n', '\\', 'sh -c "', '>', '#'])
      commandsIn(piece.repeat(100_000))
  }, 10_000)
})

describe('a path', () => {
  it.each([
    ['a/b', 'a/b', false],
    ['./a//b/../c', 'a/c', false],
    ['../../etc/passwd', '/etc/passwd', true],
    ['/etc/passwd', '/etc/passwd', true],
    ['/workspace/a', 'a', false],
    ['../workspace/a', 'a', false],
    ['~/.ssh/id', '/home/user/.ssh/id', true],
    ['$HOME/.ssh/id', '/home/user/.ssh/id', true],
    ['~other/x', '~other/x', false],
    ['', '', false],
    ['..', '/', true],
  ])('%j is %j', (path, wanted, isOutside) => {
    expect(placeOf(path)).toMatchObject({ path: wanted, isOutside })
  })

  it('lands within the workspace where the tools keep to it', () => {
    expect(placeOf('../../prod/x').kept).toBe('prod/x')
    expect(placeOf('/prod/x').kept).toBe('prod/x')
  })

  it.each([
    ['Read a/b.md.', 'a/b.md', true],
    ['Read ./a/b.md', 'a/b.md', true],
    ['in (a/b.md)', 'a/b.md', true],
    ['x/a/b.md', 'a/b.md', false],
    ['a/b.md.bak', 'a/b.md', false],
    ['a/b.mdx', 'a/b.md', false],
    ['a/b.mdx and a/b.md', 'a/b.md', true],
    ['anything', '', false],
  ])('%j names %j: %s', (text, path, wanted) => {
    expect(isNamedIn(text, path)).toBe(wanted)
  })
})

describe('a pattern', () => {
  it('is no regular expression', () => {
    expect(isLike('a.c', 'a.c')).toBe(true)
    expect(isLike('abc', 'a.c')).toBe(false)
    expect(isLike('[x]+', '[x]+')).toBe(true)
    expect(isLike('xx', '[x]+')).toBe(false)
    expect(isLike('$&', '$&')).toBe(true)
  })

  it('has * for any characters and ? for one', () => {
    const cases: readonly [string, string, boolean][] = [
      ['prod/a/b', 'prod/*', true],
      ['prod', 'prod/*', false],
      ['a', '?', true],
      ['ab', '?', false],
      ['', '*', true],
      ['', '', true],
      ['aXbXc', 'a*b*c', true],
      ['aXbX', 'a*b*c', false],
    ]
    for (const [text, pattern, wanted] of cases) expect(isLike(text, pattern)).toBe(wanted)
    expect(isAbout('rm', 'rm *')).toBe(true)
    expect(isAbout('rmdir', 'rm *')).toBe(false)
  })

  it('is as the same pattern in a regular expression', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 })
    fc.assert(
      fc.property(letters, letters, (left, right) => {
        const text = left.join('').replaceAll(/[*?]/g, 'c')
        const pattern = right.join('')
        const like = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(isLike(text, pattern)).toBe(like.test(text))
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  it('takes no long time', () => {
    expect(isLike('a'.repeat(20_000), `${'a*'.repeat(200)}b`)).toBe(false)
  }, 2000)

  it.each([
    ['Bash(rm *)', { tool: 'Bash', pattern: 'rm *' }],
    ['Bash(npm run:*)', { tool: 'Bash', pattern: 'npm run*' }],
    ['Read(./a)', { tool: 'Read', pattern: 'a' }],
    ['Read(~/.ssh/*)', { tool: 'Read', pattern: '/home/user/.ssh/*' }],
    [' make_payment ', { tool: 'make_payment', pattern: '*' }],
    ['Bash(a(b)c)', { tool: 'Bash', pattern: 'a(b)c' }],
    ['Bash(', { tool: 'Bash(', pattern: '*' }],
    ['', { tool: '', pattern: '*' }],
  ])('%j is a rule', (text, wanted) => {
    expect(ruleOf(text)).toEqual(wanted)
  })
})

describe('arguments', () => {
  it('are looked at whatever they are', () => {
    expect(leavesOf(null)).toEqual([])
    expect(leavesOf('x')).toEqual([['', 'x']])
    expect(leavesOf({ a: [1, { b: true }], command: ['bash', '-lc', "it's"] })).toEqual([
      ['a', '1'],
      ['b', 'true'],
      ['command', "'bash' '-lc' 'it'\\''s'"],
    ])
    let deep: unknown = 'x'
    for (let i = 0; i < 5000; i++) deep = [deep]
    expect(leavesOf({ deep })).toEqual([['deep', 'x']])
    expect(leavesOf(Array(50_000).fill(1)).length).toBeLessThanOrEqual(10_000)
    fc.assert(
      fc.property(fc.jsonValue(), (value) => void leavesOf(value)),
      { numRuns: 500, seed: 1 },
    )
  })
})
