// Files by the hash of what they hold, on the machine's disk: what a workspace was at a moment, and back to it.
// The hash of a file is git's; a tree of files is text here, one `hash path` a line, where git's is binary.
import { createHash } from 'node:crypto'
import type { Disk, Workspace } from '../../sim/index.ts'

const hashOf = (kind: 'blob' | 'tree', text: string): string =>
  createHash('sha1')
    .update(`${kind} ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex')

const pathOf = (hash: string): string => `objects/${hash.slice(0, 2)}/${hash.slice(2)}`

/** What a conversation knows of the objects: texts that were hashed, and hashes that are on the disk. */
export interface Store {
  readonly hashed: Map<string, { readonly text: string; readonly hash: string }>
  readonly stored: Set<string>
}

async function put(disk: Disk, store: Store, hash: string, text: string): Promise<void> {
  if (store.stored.has(hash)) return
  // One that is there already holds the same, unless a crash has torn it.
  const path = pathOf(hash)
  if (!(await disk.create(path, text)) && (await disk.read(path)) !== text)
    await disk.write(path, text)
  store.stored.add(hash)
}

/** Stores what is not stored yet. Files above the size are left out. @returns the hash of the tree. */
export async function capture(
  disk: Disk,
  files: Workspace,
  store: Store,
  maxFileBytes: number,
): Promise<string> {
  const lines: string[] = []
  const puts: Promise<void>[] = []
  for (const path of files.list()) {
    const text = files.read(path) ?? ''
    if (Buffer.byteLength(text) > maxFileBytes) continue
    const known = store.hashed.get(path)
    const hash = known?.text === text ? known.hash : hashOf('blob', text)
    store.hashed.set(path, { text, hash })
    puts.push(put(disk, store, hash, text))
    lines.push(`${hash} ${path}\n`)
  }
  await Promise.all(puts)
  const tree = lines.join('')
  const hash = hashOf('tree', tree)
  await put(disk, store, hash, tree)
  return hash
}

/**
 * Makes the files what they were. Those that were not there are removed, but for such as are never stored.
 * @returns the paths changed.
 */
export async function checkout(
  disk: Disk,
  files: Workspace,
  tree: string,
  maxFileBytes: number,
): Promise<string[]> {
  const listed = (await disk.read(pathOf(tree))) ?? ''
  const wanted = new Map<string, string>()
  for (const line of listed.split('\n')) {
    const at = line.indexOf(' ')
    if (at > 0) wanted.set(line.slice(at + 1), line.slice(0, at))
  }
  const changed: string[] = []
  for (const path of files.list()) {
    const isKept = wanted.has(path) || Buffer.byteLength(files.read(path) ?? '') > maxFileBytes
    if (isKept) continue
    files.remove(path)
    changed.push(path)
  }
  for (const [path, hash] of wanted) {
    const text = (await disk.read(pathOf(hash))) ?? ''
    if (files.read(path) === text) continue
    files.write(path, text)
    changed.push(path)
  }
  return changed
}
