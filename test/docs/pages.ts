// The pages as the tests read them: their blocks, their commands, their links and their code spans.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Block {
  readonly language: string
  readonly text: string
  /** What the comment before it says of where it comes from. */
  readonly source: string | undefined
}

export interface Page {
  /** Relative to the root. */
  readonly path: string
  readonly text: string
  readonly blocks: readonly Block[]
  /** Without its blocks. */
  readonly prose: string
}

const BLOCK = /(?:<!-- (.+?) -->\n)?^```(\w*)\n([\s\S]*?)^```$/gm

function pageOf(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const blocks = [...text.matchAll(BLOCK)].map(([, source, language = '', body = '']) => ({
    language,
    text: body,
    source,
  }))
  return { path, text, blocks, prose: text.replaceAll(BLOCK, '') }
}

const inDocs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'))

export const PAGES: readonly Page[] = ['README.md', ...inDocs.map((name) => `docs/${name}`)].map(
  pageOf,
)

export interface Command {
  readonly line: string
  /** What the page says of it: `# exits 1`; else 0. */
  readonly exits: number
}

/** The commands of a page in their order. */
export function commandsOf({ blocks }: Page): Command[] {
  const shells = blocks.filter(({ language }) => language === 'sh' || language === 'console')
  const lines = shells.flatMap(({ text }) => text.split('\n'))
  return lines.flatMap((full) => {
    const line = full.replace(/^\$ /, '').replace(/\s+#.*$/, '')
    if (!/^(npx enosys|npm)\b/.test(line)) return []
    return [{ line, exits: Number(/# exits (\d+)/.exec(full)?.[1] ?? 0) }]
  })
}

/** What stands between backticks in prose. */
export const spansOf = ({ prose }: Page): string[] =>
  [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span)

/** Where links lead, without those that leave the project. */
export const linksOf = ({ prose }: Page): string[] =>
  [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
