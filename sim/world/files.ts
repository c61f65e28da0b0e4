// Files with versions, recorded reads and branches. A branch is a layer over a frozen one: making it costs
// the same at ten files and at ten thousand. What a commit does to other branches is one of the policies
// seen in BranchFS: its paper, its trees before and after 2026-02-07 (both read), and ours, file by file.
import { assert } from '../core/assert.ts'
import type { CallToolResult } from '../core/message.ts'

export type WorkspaceCommit =
  | { readonly kind: 'committed' }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }

/**
 * What others' commits do to a branch. `paths`: its commit is refused where a file that it wrote has changed
 * in its parent since. `siblings`: a commit into its parent makes it stale. `global`: so does a commit into
 * anything but itself and what came from it. `none`: nothing; who commits a file last wins. `reads`: the branch
 * looks through to what its parent has now, but for what it wrote itself; its commit is refused where a file
 * that it read or wrote has changed since it last read it.
 */
export type Invalidation = 'paths' | 'siblings' | 'global' | 'none' | 'reads'

/** The files as one session sees them. Paths are relative, with `/`. Never throws. */
export interface Workspace {
  /** Another branch was committed, and this one is worth nothing: nothing in it can be read or written. */
  readonly isStale: boolean
  read(path: string): string | undefined
  write(path: string, text: string): void
  remove(path: string): void
  list(): readonly string[]
  /** As `list`, and told: whoever asked goes by which files there are. */
  scan(of?: Scan): readonly string[]
  /** The paths that were written or removed since it was branched off. */
  changes(): readonly string[]
  /** `paths` where nothing is said. */
  branch(options?: { readonly invalidation?: Invalidation }): Workspace
  /** Refused where the branch is stale, over, or in conflict; it is over then, too. */
  commit(): WorkspaceCommit
  abort(): void
}

/** What was looked for: all files where nothing is said. */
export interface Scan {
  /** A folder, without a slash at its end. */
  readonly under?: string
  /** Only what lies in the folder itself. */
  readonly isFlat?: boolean
  /** How a file's name has to end: `.md`. */
  readonly ending?: string
  /** A text that a file has to have in it. */
  readonly query?: string
}

/** Which branch it is; undefined for the files that all share. */
export interface Branch {
  readonly id: number | undefined
  /** What it came from. */
  readonly from: number | undefined
  /** It looks through to what its parent has now. */
  readonly isOpen: boolean
}

interface FileVersion {
  /** Undefined where the file was removed. */
  readonly text: string | undefined
  readonly version: number
}

interface Layer {
  readonly files: Map<string, FileVersion>
  readonly below: Layer | undefined
}

/** Told of every access, with versions and what they replaced. */
export interface Audit {
  /** Whoever acts is gone: what it still does changes nothing and is not told. */
  isRevoked(): boolean
  read(path: string, version: number, on: Branch): void
  scan(of: Scan, on: Branch): void
  write(write: AuditedWrite, on: Branch): void
  /** `paths` are those that a commit made visible to its parent, or those in conflict. */
  branch(
    move: 'begin' | 'commit' | 'conflict' | 'abort',
    paths: readonly string[],
    which: Branch,
  ): void
}

/** A write as an audit is told of it: `text` is undefined where the file was removed. */
export interface AuditedWrite {
  readonly path: string
  readonly text: string | undefined
  readonly version: number
  readonly previous: number
}

/** A part that is empty or made of dots. */
const ODD = /(^|\/)\.{0,2}(\/|$)/

/** `a//b/./c` is `a/b/c`; what leaves the workspace stays at its root. */
export function normalPath(path: string): string {
  if (!ODD.test(path)) return path
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return parts.join('/')
}

/** Both normal. A folder is within itself, and all are within the root, ''. */
export const isWithin = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`)

const find = (layer: Layer | undefined, path: string): FileVersion | undefined => {
  for (let l = layer; l !== undefined; l = l.below) {
    const found = l.files.get(path)
    if (found !== undefined) return found
  }
  return undefined
}

const over = (below: Layer): Layer => ({ files: new Map(), below })

/** A layer for others to stand on: merged with those of its size below, so that a chain stays short. */
function settled(top: Layer): Layer {
  let layer = top
  for (let { below } = layer; below !== undefined; below = layer.below) {
    if (layer.files.size === 0) layer = below
    else if (2 * layer.files.size >= below.files.size)
      layer = { files: new Map([...below.files, ...layer.files]), below: below.below }
    else break
  }
  return layer
}

interface Counts {
  versions: number
  branches: number
  commits: number
}

/** One branch's files. What is counted is counted for all branches of a run. */
export class Files implements Branch {
  readonly id: number | undefined
  #top: Layer
  readonly #parent: Files | undefined
  readonly #count: Counts
  readonly #invalidation: Invalidation
  /** What the parent had when this branch first wrote there. */
  readonly #bases = new Map<string, number>()
  /** What the parent had when it was last read through this branch. */
  readonly #seen = new Map<string, number>()
  /** Commits into this one. */
  #commits = 0
  /** Commits into the parent, and into anything, that this branch knows of. */
  #known: { parent: number; all: number }
  #closed = false

  private constructor(
    top: Layer,
    count: Counts,
    parent?: Files,
    invalidation: Invalidation = 'paths',
  ) {
    this.id = parent === undefined ? undefined : ++count.branches
    this.#top = top
    this.#parent = parent
    this.#count = count
    this.#invalidation = invalidation
    this.#known = { parent: parent === undefined ? 0 : parent.#commits, all: count.commits }
  }

  static of(files: Readonly<Record<string, string>>): Files {
    const layer = new Map<string, FileVersion>()
    let versions = 0
    for (const [path, text] of Object.entries(files))
      layer.set(normalPath(path), { text, version: ++versions })
    return new Files({ files: layer, below: undefined }, { versions, branches: 0, commits: 0 })
  }

  get from(): number | undefined {
    return this.#parent?.id
  }

  /** A branch of `reads` looks through to what its parent has now, but for what it wrote itself. */
  get isOpen(): boolean {
    return this.#invalidation === 'reads' && this.#parent !== undefined
  }

  #find(path: string): FileVersion | undefined {
    const parent = this.#parent
    const isOwn = !this.isOpen || parent === undefined || this.#bases.has(path)
    return isOwn ? find(this.#top, path) : parent.#find(path)
  }

  get(path: string): FileVersion | undefined {
    const found = this.#find(path)
    return found?.text === undefined ? undefined : found
  }

  versionOf(path: string): number {
    return this.#find(path)?.version ?? 0
  }

  /** Somebody took note of what stands there: what is written from it holds only as long as that does. */
  look(path: string): FileVersion | undefined {
    if (this.isOpen && !this.#bases.has(path)) this.#seen.set(path, this.versionOf(path))
    return this.get(path)
  }

  set(path: string, text: string | undefined): { version: number; previous: number } {
    const isFirst = this.#parent !== undefined && !this.#bases.has(path)
    const previous = (isFirst ? this.#seen.get(path) : undefined) ?? this.versionOf(path)
    if (isFirst) this.#bases.set(path, previous)
    const version = ++this.#count.versions
    this.#top.files.set(path, { text, version })
    return { version, previous }
  }

  paths(): string[] {
    const seen = new Map<string, boolean>()
    for (let l: Layer | undefined = this.#top; l !== undefined; l = l.below) {
      for (const [path, file] of l.files) {
        if (!seen.has(path)) seen.set(path, file.text !== undefined)
      }
    }
    if (this.isOpen) {
      const now = this.#parent?.paths() ?? []
      for (const path of [...seen.keys()]) if (!this.#bases.has(path)) seen.delete(path)
      for (const path of now) if (!this.#bases.has(path)) seen.set(path, true)
    }
    return [...seen]
      .filter(([, there]) => there)
      .map(([path]) => path)
      .sort()
  }

  branch(invalidation: Invalidation = 'paths'): Files {
    const frozen = settled(this.#top)
    this.#top = over(frozen)
    // What stands on a branch that looks through has to look through, too.
    return new Files(over(frozen), this.#count, this, this.isOpen ? 'reads' : invalidation)
  }

  /** What came from a stale branch is stale, too. */
  get isStale(): boolean {
    const parent = this.#parent
    if (parent === undefined || this.#closed) return false
    if (this.#invalidation === 'siblings' && parent.#commits !== this.#known.parent) return true
    if (this.#invalidation === 'global' && this.#count.commits !== this.#known.all) return true
    return parent.isStale
  }

  get isClosed(): boolean {
    return this.#closed
  }

  changes(): string[] {
    return [...this.#bases.keys()]
  }

  /** The paths written here, with what they hold. */
  #written(): [string, FileVersion][] {
    return this.changes().map((path) => [path, find(this.#top, path) as FileVersion])
  }

  commit(): WorkspaceCommit {
    const parent = this.#parent
    if (parent === undefined || this.#closed || parent.#closed)
      return { kind: 'conflict', paths: [] }
    const { isStale } = this
    this.#closed = true
    if (isStale) return { kind: 'conflict', paths: [...this.#bases.keys()] }
    const isChecked = this.#invalidation !== 'none'
    const noted = this.#seen.size === 0 ? this.#bases : new Map([...this.#seen, ...this.#bases])
    const paths = [...noted].filter(([path, base]) => isChecked && parent.versionOf(path) !== base)
    if (paths.length > 0) return { kind: 'conflict', paths: paths.map(([path]) => path) }
    for (const [path, file] of this.#written()) {
      if (parent.#parent !== undefined && !parent.#bases.has(path))
        parent.#bases.set(path, parent.versionOf(path))
      parent.#top.files.set(path, file)
    }
    parent.#tellCommit()
    return { kind: 'committed' }
  }

  /** Everyone is to know of a commit but those whose files it changed. */
  #tellCommit(): void {
    this.#commits++
    this.#count.commits++
    for (let f: Files | undefined = this; f !== undefined; f = f.#parent)
      f.#known.all = this.#count.commits
  }

  /** The files that all share are never closed. */
  abort(): void {
    this.#closed = this.#parent !== undefined
  }

  snapshot(): Record<string, string> {
    return Object.fromEntries(this.paths().map((path) => [path, this.get(path)?.text ?? '']))
  }
}

/** Whatever code of others hands over names some file. */
const named = (path: string): string => normalPath(String(path))

/** The files as a session sees them: every access is told to its audit. */
class AuditedFiles implements Workspace {
  readonly #files: Files
  readonly #audit: Audit

  constructor(files: Files, audit: Audit) {
    this.#files = files
    this.#audit = audit
  }

  /** The files behind a workspace that a machine made. */
  static behind(workspace: Workspace): Files {
    assert(workspace instanceof AuditedFiles, 'a workspace comes from a machine')
    return workspace.#files
  }

  get isStale(): boolean {
    return this.#files.isStale
  }

  read(path: string): string | undefined {
    if (this.#audit.isRevoked() || this.isStale) return undefined
    const file = this.#files.look(named(path))
    this.#audit.read(named(path), file?.version ?? 0, this.#files)
    return file?.text
  }

  write(path: string, text: string): void {
    this.#put(named(path), String(text))
  }

  remove(path: string): void {
    if (this.#files.get(named(path)) !== undefined) this.#put(named(path), undefined)
  }

  #put(path: string, text: string | undefined): void {
    if (this.#files.isClosed || this.isStale || this.#audit.isRevoked()) return
    const versions = this.#files.set(path, text)
    this.#audit.write({ path, text, ...versions }, this.#files)
  }

  list(): readonly string[] {
    return this.isStale ? [] : this.#files.paths()
  }

  scan(of: Scan = {}): readonly string[] {
    if (!this.#audit.isRevoked() && !this.isStale) this.#audit.scan(of, this.#files)
    return this.list()
  }

  changes(): readonly string[] {
    return this.#files.changes()
  }

  branch(options: { readonly invalidation?: Invalidation } = {}): Workspace {
    const files = this.#files.branch(options.invalidation)
    this.#audit.branch('begin', [], files)
    return new AuditedFiles(files, this.#audit)
  }

  commit(): WorkspaceCommit {
    if (this.#audit.isRevoked()) return { kind: 'conflict', paths: [] }
    const changes = this.#files.changes()
    const outcome = this.#files.commit()
    if (outcome.kind === 'committed') this.#audit.branch('commit', changes, this.#files)
    else this.#audit.branch('conflict', outcome.paths, this.#files)
    return outcome
  }

  abort(): void {
    this.#files.abort()
    this.#audit.branch('abort', [], this.#files)
  }
}

export const workspaceOn = (files: Files, audit: Audit): Workspace => new AuditedFiles(files, audit)

/** The same files, seen by someone else. */
export const seenBy = (workspace: Workspace, audit: Audit): Workspace =>
  new AuditedFiles(AuditedFiles.behind(workspace), audit)

/** The same files in a world of their own: what is done there is done nowhere else. */
export const copyOf = (workspace: Workspace, audit: Audit): Workspace =>
  new AuditedFiles(Files.of(AuditedFiles.behind(workspace).snapshot()), audit)

export const text = (content: string): CallToolResult => ({
  content: [{ type: 'text', text: content }],
})

export const failure = (content: string): CallToolResult => ({ ...text(content), isError: true })
