// The wall around a real harness: its own network, process and mount namespaces, with one opening.
// A Unix socket crosses network namespaces, so a bridge inside offers ours as a loopback port. The
// bridge is a function whose source is run by `node -e`: one page, from source and from dist alike.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Where the harness finds its folder inside: on every machine it says the same of itself. */
const PLACE = '/mnt'
/** The port inside. */
const PORT = 8123

/** What this machine allows. Ask once, and hand the answer on. */
export interface Isolation {
  readonly namespaces: boolean
  /** Options of `unshare` that this user needs besides. */
  readonly as: readonly string[]
}

export const OPEN: Isolation = { namespaces: false, as: [] }

interface Opening {
  readonly port: number
  /** Outside. It is mounted at `place`, unless they are equal. */
  readonly folder: string
  readonly place: string
  /** Inside. */
  readonly socket: string
  readonly work: string
}

/** How a program ended. From inside it comes as JSON on file descriptor 3. */
export interface Ending {
  readonly code: number | null
  readonly signal: string | null
}

/** Runs inside, from its own text: it can name nothing outside itself. */
function bridge({ socket, port, folder, place, work }: Opening): void {
  const { connect, createServer, Socket } = process.getBuiltinModule('node:net')
  const { spawn, spawnSync } = process.getBuiltinModule('node:child_process')
  const prepare = (command: string, args: string[]): void => {
    const env = { PATH: '/usr/sbin:/sbin:/usr/bin:/bin' }
    const { status } = spawnSync(command, args, { env, stdio: 'ignore' })
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: failed`)
  }
  prepare('ip', ['link', 'set', 'lo', 'up'])
  if (folder !== place) prepare('mount', ['--bind', folder, place])
  process.chdir(work)
  // It closes when the host dies, however: then there is nobody left to run for.
  const host = new Socket({ fd: 3 })
  host.on('close', () => process.exit(1)).resume()
  const end = (code: number | null, signal: string | null): void => {
    host.end(JSON.stringify({ code, signal }), () => process.exit(0))
  }
  const server = createServer((inner) => {
    const outer = connect(socket)
    inner.setNoDelay(true)
    inner.on('error', () => outer.destroy())
    outer.on('error', () => inner.destroy())
    inner.pipe(outer).pipe(inner)
  })
  server.listen(port, '127.0.0.1', () => {
    const [program = '', ...args] = process.argv.slice(1)
    const child = spawn(program, args, { stdio: 'inherit' })
    child.on('exit', end)
    child.on('error', (error) => {
      console.error(error.message)
      end(127, null)
    })
  })
}

/** Runs `argv` inside. Descriptor 3 must be a pipe of Node's, which goes both ways. */
function bridged({ as }: Isolation, opening: Opening, argv: readonly string[]): string[] {
  const alone = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc']
  const script = `(${bridge.toString()})(${JSON.stringify(opening)})`
  return ['unshare', ...as, ...alone, '--', process.execPath, '-e', script, ...argv]
}

/** How `program` is run on a folder with `home`, `work`, `tmp` and, behind a wall, our `socket`. */
export function wall(isolation: Isolation, folder: string, program: string, freePort: number) {
  const hidden = [program, process.execPath].some((path) => path.startsWith(`${PLACE}/`))
  const place = isolation.namespaces && !hidden ? PLACE : folder
  const port = isolation.namespaces ? PORT : freePort
  const [home, work, socket] = [join(place, 'home'), join(place, 'work'), join(place, 'socket')]
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: home,
    TMPDIR: join(place, 'tmp'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  }
  const command = (args: readonly string[]): string[] => {
    const argv = [...(/\.[cm]?js$/.test(program) ? [process.execPath] : []), program, ...args]
    if (!isolation.namespaces) return argv
    return bridged(isolation, { port, folder, place, socket, work }, argv)
  }
  return { port, home, work, env, command }
}

/** Whether `true` comes through the wall, as it is or as root of a user namespace. Takes 0.1 s. */
export async function isolation(): Promise<Isolation> {
  const opening = { socket: '', port: PORT, folder: tmpdir(), place: PLACE, work: PLACE }
  for (const as of [[], ['--map-root-user']]) {
    const allowed = { namespaces: true, as }
    const [command = '', ...args] = bridged(allowed, opening, ['true'])
    const probe = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    const [code] = await once(probe, 'close').catch(() => [null])
    if (code === 0) return allowed
  }
  return OPEN
}

/**
 * Ends all of it: with its first process a namespace ends. Outside, a session of its own gets away
 * from the process group, but keeps an environment that names a home that is no one else's.
 */
export function endTree({ pid }: ChildProcess, { namespaces }: Isolation, home: string): void {
  if (pid === undefined) return
  const others = namespaces ? [] : bearing(`HOME=${home}`)
  for (const target of [-pid, ...others]) attempt(() => process.kill(target, 'SIGKILL'))
}

/** Processes with this word in their environment. None where there is no /proc. */
function bearing(word: string): number[] {
  const all = attempt(() => readdirSync('/proc')) ?? []
  const environ = (pid: string) => attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8')) ?? ''
  return all.filter((pid) => /^\d/.test(pid) && environ(pid).split('\0').includes(word)).map(Number)
}

/** For what lives: what is there may be gone the next moment. */
export function attempt<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
