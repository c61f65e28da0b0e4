// Listings and searches by command lines: looks, as those by tools are.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Kind } from '../../reports/isolation/anomalies.ts'
import { isolationOf, storiesOf } from '../../reports/isolation/index.ts'
import { type Agent, START, Stage } from './isolation-stage.ts'

const judged = ({ trace }: Stage) => isolationOf(trace, START)
const shown = (stage: Stage): Kind[] => judged(stage).anomalies.map(({ kind }) => kind)

/** None of the lines shows what is in it. */
const LINK = 'far/link.txt'

/** Ana looks, Bo makes something and changes what she reads then. */
async function skewed(line: string, act: (bo: Agent) => void): Promise<Stage> {
  const stage = new Stage()
  const [ana, bo] = [stage.job('ana'), stage.job('bo')]
  bo.write('sub/d.txt', 'delta, of bo')
  bo.write('sub/e.md', 'epsilon')
  bo.write(LINK, 'a link')
  await ana.types(line)
  act(bo)
  bo.write(LINK, 'another link')
  ana.read(LINK)
  return stage
}

const makes =
  (path: string, text = 'alpha again') =>
  (bo: Agent): void =>
    bo.write(path, text)

describe('a command line', () => {
  const SEEN: readonly (readonly [string, string, string])[] = [
    ['grep -rn alpha .', 'sub/n.md', 'looks for files with'],
    ['grep -rn nothing . || true', 'sub/n.md', 'in them'],
    ['grep -n alpha *.md', 'n.md', 'files with'],
    ['rg -l alpha', 'n.md', 'files with'],
    ['ls', 'n.txt', 'which files there are'],
    ['ls -l && cat b.md', 'n.txt', 'which files there are'],
    ['ls sub', 'sub/n.txt', 'in sub'],
    ['ls -R', 'sub/n.txt', 'in sub'],
    ['tree', 'n.txt', 'which files there are'],
    ['find . -type f | sort', 'sub/n.txt', 'which files there are'],
    ["find . -name '*.md'", 'sub/n.md', 'which .md files there are'],
    ['cat sub/*', 'sub/n.txt', 'in sub'],
    ['head -n 1 *.md', 'n.md', 'which .md files there are'],
  ]

  it.each(SEEN)('%s goes by there being no %s', async (line, path, says) => {
    const stage = await skewed(line, makes(path, 'nothing but alpha'))
    const { anomalies } = judged(stage)
    expect(anomalies.map(({ kind }) => kind)).toContain('G-single')
    expect(anomalies.some(({ isPredicate }) => isPredicate)).toBe(true)
    expect(storiesOf(anomalies, 99).join('')).toContain(says)
  })

  const UNSEEN: readonly (readonly [string, string])[] = [
    ['grep -rn alpha sub', 'n.md'],
    ['grep -n alpha *.md', 'n.txt'],
    ['grep -n alpha *.md', 'sub/n.md'],
    ['grep -rn alpha .', '.n.md'],
    ['ls', 'sub/n.md'],
    ['ls', '.n.md'],
    ['ls sub', 'n.md'],
    ["find . -name '*.md'", 'n.txt'],
    ['cat sub/* | head -1', 'sub/n.md'],
    ['ls | grep a', 'n.md'],
    ['head -n 1 *.md', 'sub/n.md'],
    ['cat a.md b.md c.md', 'n.md'],
  ]

  it.each(UNSEEN)('%s does not go by there being no %s', async (line, path) => {
    expect(shown(await skewed(line, makes(path)))).toEqual([])
  })

  it('that searches does not go by what has nothing of it', async () => {
    const stage = await skewed('grep -rn alpha .', makes('n.md', 'nu'))
    expect(judged(stage).anomalies.filter(({ isPredicate }) => isPredicate)).toEqual([])
  })

  it('that searches goes by what is there, though its writer then makes it fit', async () => {
    const stage = await skewed('grep -rn alpha .', makes('sub/e.md', 'alpha at last'))
    expect(shown(stage)).toContain('G-single')
    expect(judged(stage).anomalies.some(({ isPredicate }) => isPredicate)).toBe(true)
  })

  it('is told with the folder in which it looked', async () => {
    const stage = await skewed('grep -rn alpha sub', makes('sub/n.md'))
    expect(storiesOf(judged(stage).anomalies).join('')).toContain(
      "looks for files with 'alpha' in them in sub",
    )
  })

  it('accuses nobody who came one after the other', async () => {
    const line = fc.constantFrom(...SEEN.map(([one]) => one), ...UNSEEN.map(([one]) => one))
    const path = fc.constantFrom('a.md', 'n.txt', 'sub/d.txt', 'sub/n.md')
    const act = fc.oneof(
      fc.record({ kind: fc.constant('types' as const), what: line }),
      fc.record({ kind: fc.constantFrom('write' as const, 'remove' as const), what: path }),
    )
    const jobs = fc.array(fc.array(act, { maxLength: 4 }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(jobs, async (all) => {
        const stage = new Stage()
        for (const [i, acts] of all.entries()) {
          const agent = stage.job(`job-${i}`)
          for (const { kind, what } of acts)
            if (kind === 'types') await agent.types(what)
            else if (kind === 'write') agent.write(what, `alpha of ${agent.id}`)
            else agent.remove(what)
          agent.done()
        }
        expect(shown(stage)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})
