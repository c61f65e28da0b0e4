// Puts real output and real files into the pages, between markers that say where they come from:
//   <!-- output: npx enosys run | runs: | isolation -->  the blocks whose first two lines begin so
//   <!-- file: examples/agent.ts -->
// Lines are cut at 100 columns and blocks left out leave `...`; nothing else is changed.
// node docs/refresh.mjs            reruns and replaces (needs dist/)
// node docs/refresh.mjs --check    only says what is not as it was, times aside; exits 1 then
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

const COLUMNS = 100
const MARKED = /<!-- (output|file): (.+?) -->\n```(\w+)\n(?:[\s\S]*?\n)?```$/gm
const isCheck = process.argv.includes('--check')

/** The blocks that are wanted, in their order; `...` for what is left out. */
function chosen(text, heads) {
  const blocks = text
    .trimEnd()
    .replace(/^\n+/, '')
    .split(/\n{2,}/)
  if (heads.length === 0) return blocks.join('\n\n')
  const top = (block) => block.split('\n').slice(0, 2).join('\n')
  const wanted = (block) =>
    heads.some((head) => new RegExp(`^\\s*(?:${head})`, 'm').test(top(block)))
  const shown = blocks.map((block) => (wanted(block) ? block : '  ...'))
  return shown.filter((block, i) => block !== '  ...' || shown[i - 1] !== '  ...').join('\n\n')
}

const cut = (line) => (line.length <= COLUMNS ? line : `${line.slice(0, COLUMNS - 1)}…`)

/** A home of its own, so that what is installed on this machine is not in the tables. */
function output(command, heads, folder) {
  const real = /\bpi\b/.test(command)
  if (real && !existsSync(join(homedir(), '.cache/enosys/adapters'))) return undefined
  const words = command.replace(/^npx enosys/, `"${process.execPath}" dist/cli/main.js`)
  const out = / run\b/.test(command) ? ` --out "${join(folder, 'enosys-out')}"` : ''
  const env = { ...process.env, HOME: real ? homedir() : folder, NO_COLOR: '1' }
  const { stdout, status, stderr } = spawnSync('sh', ['-c', words + out], { env, encoding: 'utf8' })
  if (status === null || status >= 64) throw new Error(`${command}: ${stderr}`)
  const text = stdout.replaceAll(`${join(folder, 'enosys-out')}/`, 'enosys-out/')
  return chosen(text, heads).split('\n').map(cut).join('\n')
}

const timeless = (text) => text.replaceAll(/runs in \d+ s/g, 'runs in N s')

const folder = mkdtempSync(join(tmpdir(), 'enosys-docs-'))
const pages = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)]
let stale = 0
for (const page of pages.filter((name) => name.endsWith('.md'))) {
  const before = readFileSync(page, 'utf8')
  const after = before.replaceAll(MARKED, (whole, kind, source, language) => {
    const [what, ...heads] = source.split(' | ')
    const text = kind === 'file' ? readFileSync(what, 'utf8') : output(what, heads, folder)
    if (text === undefined) return whole
    const fresh = `<!-- ${kind}: ${source} -->\n\`\`\`${language}\n${text.trimEnd()}\n\`\`\``
    if (timeless(fresh) === timeless(whole)) return isCheck ? whole : fresh
    stale++
    console.log(`${page}: ${source}`)
    return fresh
  })
  if (!isCheck && after !== before) writeFileSync(page, after)
}
rmSync(folder, { recursive: true })
console.log(`${stale} ${isCheck ? 'stale' : 'refreshed'}`)
if (isCheck && stale > 0) process.exitCode = 1
