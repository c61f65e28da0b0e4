// Files with versions, recorded reads and branches. A branch is a layer over a frozen one: making it costs
// the same at ten files and at ten thousand. A commit is refused where the parent moved on (first commit wins).
import { assert } from '../core/assert.ts'
import type { CallToolResult } from '../core/message.ts'

export type WorkspaceCommit =
  | { readonly kind: 'committed' }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }

/** The files as one session sees them. Paths are relative, with `/`. Never throws. */
export interface Workspace {
  read(path: string): string | undefined
  write(path: string, text: string): void
  remove(path: string): void
  list(): readonly string[]
  branch(): Workspace
  commit(): WorkspaceCommit
  abort(): void
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
  read(path: string, version: number): void
  write(path: string, text: string | undefined, version: number, previous: number): void
  branch(move: 'begin' | 'commit' | 'conflict' | 'abort', paths: readonly string[]): void
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

/** One branch's files. The run's count of versions is shared by all branches. */
export class Files {
  #top: Layer
  readonly #parent: Files | undefined
  readonly #count: { versions: number }
  /** What the parent had when this branch first wrote there. */
  readonly #bases = new Map<string, number>()
  #closed = false

  private constructor(top: Layer, parent: Files | undefined, count: { versions: number }) {
    this.#top = top
    this.#parent = parent
    this.#count = count
  }

  static of(files: Readonly<Record<string, string>>): Files {
    const layer = new Map<string, FileVersion>()
    let versions = 0
    for (const [path, text] of Object.entries(files))
      layer.set(normalPath(path), { text, version: ++versions })
    return new Files({ files: layer, below: undefined }, undefined, { versions })
  }

  get(path: string): FileVersion | undefined {
    const found = find(this.#top, path)
    return found?.text === undefined ? undefined : found
  }

  versionOf(path: string): number {
    return find(this.#top, path)?.version ?? 0
  }

  set(path: string, text: string | undefined): { version: number; previous: number } {
    const previous = this.versionOf(path)
    if (this.#parent !== undefined && !this.#bases.has(path)) this.#bases.set(path, previous)
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
    return [...seen]
      .filter(([, there]) => there)
      .map(([path]) => path)
      .sort()
  }

  branch(): Files {
    const frozen = settled(this.#top)
    this.#top = over(frozen)
    return new Files(over(frozen), this, this.#count)
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** The paths written here, with what they hold. */
  #written(): [string, FileVersion][] {
    return [...this.#bases.keys()].map((path) => [path, find(this.#top, path) as FileVersion])
  }

  commit(): WorkspaceCommit {
    const parent = this.#parent
    if (parent === undefined || this.#closed || parent.#closed)
      return { kind: 'conflict', paths: [] }
    this.#closed = true
    const paths = [...this.#bases].filter(([path, base]) => parent.versionOf(path) !== base)
    if (paths.length > 0) return { kind: 'conflict', paths: paths.map(([path]) => path) }
    for (const [path, file] of this.#written()) {
      if (parent.#parent !== undefined && !parent.#bases.has(path))
        parent.#bases.set(path, parent.versionOf(path))
      parent.#top.files.set(path, file)
    }
    return { kind: 'committed' }
  }

  /** The files that all share are never closed. */
  abort(): void {
    this.#closed = this.#parent !== undefined
  }

  snapshot(): Record<string, string> {
    return Object.fromEntries(this.paths().map((path) => [path, this.get(path)?.text ?? '']))
  }
}

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

  read(path: string): string | undefined {
    if (this.#audit.isRevoked()) return undefined
    const file = this.#files.get(normalPath(path))
    this.#audit.read(normalPath(path), file?.version ?? 0)
    return file?.text
  }

  write(path: string, text: string): void {
    this.#put(normalPath(path), text)
  }

  remove(path: string): void {
    if (this.#files.get(normalPath(path)) !== undefined) this.#put(normalPath(path), undefined)
  }

  #put(path: string, text: string | undefined): void {
    if (this.#files.isClosed || this.#audit.isRevoked()) return
    const { version, previous } = this.#files.set(path, text)
    this.#audit.write(path, text, version, previous)
  }

  list(): readonly string[] {
    return this.#files.paths()
  }

  branch(): Workspace {
    this.#audit.branch('begin', [])
    return new AuditedFiles(this.#files.branch(), this.#audit)
  }

  commit(): WorkspaceCommit {
    if (this.#audit.isRevoked()) return { kind: 'conflict', paths: [] }
    const outcome = this.#files.commit()
    const isDone = outcome.kind === 'committed'
    this.#audit.branch(isDone ? 'commit' : 'conflict', isDone ? [] : outcome.paths)
    return outcome
  }

  abort(): void {
    this.#files.abort()
    this.#audit.branch('abort', [])
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
