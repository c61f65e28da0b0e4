// A real harness as a process: empty home and folder, bare environment, time limit, our endpoint on
// loopback and, where the machine allows it, nothing else in its network and process namespaces.
// What it does is judged by its requests and files; how it ends is told, never trusted.
import { isUtf8 } from 'node:buffer'
import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { UsageError } from '../core/assert.ts'
import { attempt, type Ending, endTree, type Isolation, wall } from './bridge.ts'
import { serve } from './serve.ts'

const OUTPUT_BYTES_MAX = 1 << 20
const FILE_BYTES_MAX = 1 << 18
const FOLDER_BYTES_MAX = 1 << 23
const FOLDER_FILES_MAX = 10_000
/** How long the output may stay open after the end, held by a process that got away. */
const STRAGGLER_MS = 1_000

type Texts = Readonly<Record<string, string>>
type Handle = (request: Request) => Promise<Response>

/** What the harness sees: its endpoint, which ends in `/v1`, and two folders. */
export interface Place {
  readonly baseUrl: string
  readonly home: string
  readonly work: string
}

/** `heard` is asked of every line of its output; what it says is said to it, null ends its input. */
export interface Dialogue {
  readonly first: string
  heard(line: string): string | null | undefined
}

export interface ProcessOptions {
  /** Absolute: a program, or a script for Node, which ends in js, mjs or cjs. */
  readonly bin: string
  /** Asked once, when port and folders are known. Files are relative to the home folder. */
  readonly launch: (place: Place) => {
    readonly args: readonly string[]
    readonly env: Texts
    readonly files: Texts
    /** What is said to it over its standard input, line by line. */
    readonly dialogue?: Dialogue
  }
  readonly workFiles: Texts
  readonly handle: Handle
  /** Real milliseconds from the start; then the whole tree is killed. */
  readonly timeLimitMs: number
  readonly isolation: Isolation
}

export interface Exit extends Ending {
  readonly timedOut: boolean
  /** The last MiB of each. */
  readonly stdout: string
  readonly stderr: string
}

export interface RunningProcess {
  /** Never rejects. */
  readonly exited: Promise<Exit>
  /** Requests whose answer has not been handed over whole. */
  pendingRequests(): number
  /** Real milliseconds since its last byte, its last request or the end of our last answer. */
  lastActivityMs(): number
  /**
   * Texts in the work folder now, by path, in a fixed order. Left out: what is no UTF-8 text, links
   * that lead out, files over 256 KiB, and whatever comes after 10,000 files or 8 MiB.
   */
  files(): Record<string, string>
  /** Writes texts into the work folder, by path. */
  put(files: Texts): void
  /** Ends the whole tree and waits for it. */
  kill(): Promise<void>
  /** Ends the tree, closes the endpoint and removes the folders. */
  dispose(): Promise<void>
}

/** @throws {UsageError} when there is no program at `bin`. */
export async function startProcess(of: ProcessOptions): Promise<RunningProcess> {
  const program = await realpath(of.bin).catch(() => {
    throw new UsageError(`${of.bin}: no such program`)
  })
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'enosys-'))
  const { handle, touch, ...gauges } = metered(of.handle)
  const socket = of.isolation.namespaces ? { socketPath: join(folder, 'socket') } : {}
  const server = await serve({ handle, port: 0, ...socket })
  const clear = async (): Promise<void> => {
    await server.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
  try {
    const { child, home } = await launched(of, program, folder, server.port)
    const end = (): void => endTree(child, of.isolation, home)
    const exited = ending(child, end, of.timeLimitMs, touch)
    let over = false
    void exited.then(() => {
      over = true
    })
    const kill = async (): Promise<void> => {
      if (!over) end()
      await exited
    }
    const files = (): Record<string, string> => texts(join(folder, 'work'))
    const put = (changed: Texts): void => place(join(folder, 'work'), changed)
    return { ...gauges, exited, files, put, kill, dispose: () => kill().then(clear) }
  } catch (error) {
    await clear()
    throw error
  }
}

async function launched(of: ProcessOptions, program: string, folder: string, freePort: number) {
  const { port, home, work, env, command } = wall(of.isolation, folder, program, freePort)
  const launch = of.launch({ baseUrl: `http://127.0.0.1:${port}/v1`, home, work })
  await mkdir(join(folder, 'tmp'))
  await fill(join(folder, 'home'), launch.files)
  await fill(join(folder, 'work'), of.workFiles)
  const [first = '', ...args] = command(launch.args)
  const child = spawn(first, args, {
    cwd: join(folder, 'work'),
    env: { ...env, ...launch.env },
    stdio: [
      launch.dialogue === undefined ? 'ignore' : 'pipe',
      'pipe',
      'pipe',
      ...(of.isolation.namespaces ? ['pipe' as const] : []),
    ],
    detached: true,
  })
  if (launch.dialogue !== undefined) converse(child, launch.dialogue)
  return { child, home }
}

/** Of a line that is longer the rest is not heard. */
const LINE_CHARS_MAX = 1 << 20

function converse({ stdin, stdout }: ChildProcess, { first, heard }: Dialogue): void {
  const decoder = new StringDecoder('utf8')
  let open = ''
  // It may be gone before it was told all.
  stdin?.on('error', () => {})
  stdin?.write(`${first}\n`)
  stdout?.on('data', (chunk: Buffer) => {
    const lines = `${open}${decoder.write(chunk)}`.split('\n')
    open = (lines.pop() ?? '').slice(0, LINE_CHARS_MAX)
    for (const line of lines) {
      const said = attempt(() => heard(line.slice(0, LINE_CHARS_MAX)))
      if (said === null) stdin?.end()
      else if (said !== undefined && stdin?.writable) stdin.write(`${said}\n`)
    }
  })
}

async function fill(root: string, files: Texts): Promise<void> {
  await mkdir(root)
  place(root, files)
}

function place(root: string, files: Texts): void {
  for (const [path, text] of Object.entries(files)) {
    const file = resolve(root, path)
    if (!file.startsWith(root + sep)) throw new UsageError(`${path}: leads out of its folder`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

/** Counts what is being answered, and notes the last sign of life. */
function metered(handle: Handle) {
  let pending = 0
  let last = performance.now()
  const touch = (): void => {
    last = performance.now()
  }
  const answered = (): void => {
    pending--
    touch()
  }
  const counting: Handle = async (request) => {
    pending++
    touch()
    const response = await handle(request).catch((error: unknown) => {
      answered()
      throw error
    })
    const { readable, writable } = new TransformStream()
    const handedOver = response.body?.pipeTo(writable) ?? Promise.resolve()
    handedOver.then(answered, answered)
    return new Response(response.body === null ? null : readable, response)
  }
  const lastActivityMs = (): number => performance.now() - last
  return { handle: counting, touch, pendingRequests: () => pending, lastActivityMs }
}

function ending(child: ChildProcess, end: () => void, timeLimitMs: number, touch: () => void) {
  const stdout = tail(child.stdout, touch)
  const stderr = tail(child.stderr, touch)
  const report = tail(child.stdio[3], touch)
  let timedOut = false
  let failure = ''
  const expire = (): void => {
    timedOut = true
    end()
  }
  const limit = setTimeout(expire, Math.min(timeLimitMs, 2 ** 31 - 1))
  child.on('error', ({ message }) => {
    failure = message
  })
  child.on('exit', () => {
    end()
    const leave = (): void => child.stdio.forEach((stream) => void stream?.destroy())
    setTimeout(leave, STRAGGLER_MS).unref()
  })
  return new Promise<Exit>((settle) => {
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      const told: Ending = report() === '' ? { code, signal } : JSON.parse(report())
      settle({ ...told, timedOut, stdout: stdout(), stderr: stderr() + failure })
    })
  })
}

/** Keeps the last bytes of a stream. */
function tail(stream: Readable | Writable | null | undefined, touch: () => void): () => string {
  let old = Buffer.alloc(0)
  let young: Buffer[] = []
  let bytes = 0
  stream?.on('data', (chunk: Buffer) => {
    touch()
    young.push(chunk)
    bytes += chunk.length
    if (bytes < OUTPUT_BYTES_MAX) return
    old = Buffer.concat(young)
    young = []
    bytes = 0
  })
  return () => String(Buffer.concat([old, ...young]).subarray(-OUTPUT_BYTES_MAX))
}

function texts(root: string): Record<string, string> {
  const found: Record<string, string> = {}
  let files = 0
  let bytes = 0
  for (const path of walk(root)) {
    const text = textOf(root, path)
    bytes += text?.length ?? 0
    if (++files > FOLDER_FILES_MAX || bytes > FOLDER_BYTES_MAX) break
    if (text !== undefined) found[relative(root, path).replaceAll(sep, '/')] = text.toString()
  }
  return found
}

/** Whatever is no folder. Links to folders are not entered: they may go round. */
function* walk(folder: string): Generator<string> {
  const entries = attempt(() => readdirSync(folder, { withFileTypes: true })) ?? []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else yield path
  }
}

/** Its bytes, if it is a text and lies in `root`. The harness may be at work there meanwhile. */
function textOf(root: string, path: string): Buffer | undefined {
  const real = attempt(() => realpathSync(path))
  if (!real?.startsWith(root + sep)) return undefined
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = attempt(() => openSync(real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK))
  if (file === undefined) return undefined
  try {
    const stat = fstatSync(file)
    if (!stat.isFile() || stat.size > FILE_BYTES_MAX) return undefined
    const bytes = readFileSync(file)
    return isUtf8(bytes) && !bytes.includes(0) ? bytes : undefined
  } finally {
    closeSync(file)
  }
}
