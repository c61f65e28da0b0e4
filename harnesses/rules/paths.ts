// Paths as a rule has to see them: resolved, whatever way they are spelt. A workspace stands at a fixed place
// among all paths; what leads out of it is told apart. Links are not followed: they are not seen in a path.

const ROOT = '/workspace'
const HOME = '/home/user'

export interface Place {
  /** Resolved: relative to the workspace, or absolute outside of it. */
  readonly path: string
  readonly absolute: string
  readonly isOutside: boolean
  /** Where a tool lands that keeps within the workspace whatever is asked of it. */
  readonly kept: string
}

/** A path, or a pattern of paths, under the user's own folder. */
export const atHome = (path: string): string =>
  path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, HOME)

function resolved(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return parts.join('/')
}

/** Total: any text. */
export function placeOf(path: string): Place {
  const spelt = atHome(path.trim())
  const absolute = `/${resolved(spelt.startsWith('/') ? spelt : `${ROOT}/${spelt}`)}`
  const isOutside = absolute !== ROOT && !absolute.startsWith(`${ROOT}/`)
  const kept = resolved(path)
  return {
    path: isOutside ? absolute : absolute.slice(ROOT.length + 1),
    absolute,
    isOutside,
    kept,
  }
}

/** Whether a text says a path, as it is and not as a piece of a longer one. */
export function isNamedIn(text: string, path: string): boolean {
  if (path === '') return false
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at)
    const behind = text.slice(at + path.length, at + path.length + 2)
    const begins = before.endsWith('./') || !/[\w/-]$/.test(before)
    if (begins && !/^(?:[\w/-]|\.\w)/.test(behind)) return true
  }
  return false
}
