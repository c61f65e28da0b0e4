// What a terminal tells of a line that lists or searches: no more than would have shown a file that came later.
import { describe, expect, it } from 'vitest'
import { openShell } from '../../sim/host/shell.ts'
import { type Audit, Files, type Scan, workspaceOn } from '../../sim/world/files.ts'
import { WorldTerminal } from '../../sim/world/terminal.ts'

const FILES = {
  'a.md': 'alpha\n',
  'c.txt': 'gamma\n',
  'sub/.hidden.md': 'alpha\n',
  'sub/b.md': 'beta alpha\n',
  'sub/deep/d.md': 'delta\n',
}

const shell = openShell()

async function typed(line: string, files: Readonly<Record<string, string>> = FILES) {
  const looks: Scan[] = []
  const none = (): void => {}
  const scan = (of: Scan): void => void looks.push(of)
  const audit: Audit = { isRevoked: () => false, read: none, scan, write: none, branch: none }
  const on = workspaceOn(Files.of(files), audit)
  const { stdout } = await new WorldTerminal(shell).run({ key: 'k', line, now: 0 }, on)
  return { looks, stdout }
}

const FLAT = [
  { under: '', isFlat: true },
  { under: 'sub', isFlat: true },
  { under: 'sub/deep', isFlat: true },
]
const SUB = { under: 'sub', isFlat: true }
const ALPHA = { under: '', query: 'alpha' }

const PLAIN: Readonly<Record<string, readonly Scan[]>> = {
  ls: [{ under: '', isFlat: true }],
  'ls /workspace': [{ under: '', isFlat: true }],
  'ls -l': [{ under: '', isFlat: true }],
  'ls /workspace/sub 2>/dev/null | sort': [SUB],
  'ls sub && cat a.md': [SUB],
  'ls *.md sub/*': [{ under: '', isFlat: true, ending: '.md' }, SUB],
  'ls -R': FLAT,
  tree: FLAT,
  'tree sub': FLAT.slice(1),
  'find . -type f | sort': [{ under: '' }],
  "find sub -name '*.md' -type f": [{ under: 'sub', ending: '.md' }],
  'cat sub/*.md': [{ ...SUB, ending: '.md' }],
  'wc -l *; pwd': [{ under: '', isFlat: true }],
  "grep -rn -- 'alpha' .": [ALPHA],
  "grep -rnE -- 'alpha' 'sub' || true": [{ under: 'sub', query: 'alpha' }],
  'grep -Fr "a." sub/deep; ls ; cat sub/*': [
    { under: 'sub/deep', query: 'a.' },
    { under: '', isFlat: true },
    SUB,
  ],
  'pwd\nls sub': [SUB],
  "grep -rn '2>/dev/null' . 2>&1": [{ under: '', query: '2>/dev/null' }],
  'cat a.md && ls sub': [SUB],
  'grep -n alpha *.md': [{ under: '', isFlat: true, ending: '.md', query: 'alpha' }],
  'rg -n alpha': [ALPHA],
}

const OTHERS = [
  ...['grep -Fr a* .', 'grep -r alpha . -i', 'grep -r alpha'],
  ...['cat a.md', 'grep alpha a.md', 'grep -r -- alpha a.md', 'echo ls sub', 'ls a.md'],
  ...[
    'ls > list',
    'ls | head -1',
    'ls | grep md',
    'ls | wc -l',
    'ls a*',
    'ls -d *',
    'ls -I "*.md"',
  ],
  ...['for f in *; do echo $f; done', 'echo $(ls)', 'cd sub && ls', 'ls & ls', 'ls `pwd`'],
  ...[
    'find . -name *.md',
    "find . -name 'a*'",
    'find . -maxdepth 1',
    'find . -newer a.md',
    'find . -print0',
  ],
  ...['find . -type f -exec grep -l beta {} +', 'find . -type d', 'find . -type f | xargs cat'],
  ...[
    'grep -rn "a.p" .',
    'grep -rv alpha .',
    'grep -ri alpha .',
    "grep -rc 'alpha' .",
    'grep -r alpha *',
  ],
  ...[
    "grep -r '' .",
    "grep -r 'alpha\nbeta' .",
    'grep -rn alpha . | head -1',
    'rg "al+"',
    'rg -g x alpha',
  ],
]

const JOINTS = ['; ', '\n', ' && ', ' || ']

/** Where another command saw into the folder that a look failed on, or never was run on. */
const TRAPS = [
  ...['ls -R; grep -r gamma', 'find . -type f; grep -rn alpha', 'ls sub || grep -rn alpha sub'],
  ...['grep -rn alpha sub || ls sub', 'grep -rn gamma sub\nls', 'grep -rn gamma2>/dev/null sub'],
  ...['rm -r sub; ls sub', 'cp -r sub none/x && ls sub', 'ls none sub && grep -r alpha sub'],
  ...['mv sub other; ls sub', "grep -r 'a 2>/dev/null b' .", 'ls sub; rg -n alpha sub'],
]

describe('a line that lists or searches', () => {
  it.each(Object.entries(PLAIN))('is told, where it is plain: %s', async (line, looks) => {
    expect((await typed(line)).looks).toEqual(looks)
  })

  it.each(OTHERS)('is not told, where nobody could say what it looks for: %s', async (line) => {
    expect((await typed(line)).looks).toEqual([])
  })

  it('is not told of what it does not see into', async () => {
    expect((await typed('ls none; find none; grep -r alpha none')).looks).toEqual([])
  })

  it('is not told where files say what it passes over', async () => {
    const files = { ...FILES, '.gitignore': 'c.txt\n' }
    expect((await typed('rg alpha', files)).looks).toEqual([])
    expect((await typed('grep -r alpha .', files)).looks).toEqual([ALPHA])
  })

  it('would have shown each file that fits what is told of it', async () => {
    const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
    const fits = (path: string, text: string) => (look: Scan) => {
      const { under = '', isFlat = false, ending = '', query = '' } = look
      const isIn = isFlat ? folderOf(path) === under : under === '' || path.startsWith(`${under}/`)
      return isIn && path.endsWith(ending) && text.includes(query)
    }
    let tried = 0
    const lines = [...Object.keys(PLAIN), ...OTHERS, ...TRAPS]
    // Each with each other, in turn by every way to join them.
    const pairs = lines.map((line, i) => {
      const [other = '', by = ''] = [lines[(i * 7 + 3) % lines.length], JOINTS[i % JOINTS.length]]
      return line + by + other
    })
    for (const line of [...lines, ...pairs]) {
      const { looks, stdout } = await typed(line)
      if (looks.length === 0) continue
      for (const path of ['n.md', 'n.txt', 'sub/n.md', 'sub/n.txt', 'sub/deep/n', 'new/n.md']) {
        for (const text of ['alpha, beta\n', 'a.\n']) {
          if (!looks.some(fits(path, text))) continue
          tried++
          expect((await typed(line, { ...FILES, [path]: text })).stdout, path).not.toBe(stdout)
        }
      }
    }
    expect(tried).toBeGreaterThan(50)
  })
})
