// The shell: just-bash, with nothing but what a run gives it. A command takes virtual time where it sleeps,
// and none where it works; one that would never end is given up.
import type { BashOptions, InMemoryFs } from 'just-bash'
import { EPOCH_MS } from '../core/clock.ts'
import { type Outcome, ROOT, type Script, type Shell } from '../world/shell.ts'
import { real } from './seal.ts'
import { type Library, loadShell, Stage } from './shell-realm.ts'

/** Without network, archives, databases and other languages. */
const COMMANDS = [
  ...['echo', 'cat', 'printf', 'ls', 'mkdir', 'rmdir', 'touch', 'rm', 'cp', 'mv', 'ln', 'chmod'],
  ...['pwd', 'readlink', 'head', 'tail', 'wc', 'stat', 'grep', 'fgrep', 'egrep', 'sed', 'awk'],
  ...['sort', 'uniq', 'comm', 'cut', 'paste', 'tr', 'rev', 'nl', 'fold', 'expand', 'unexpand'],
  ...['strings', 'split', 'column', 'join', 'tee', 'find', 'basename', 'dirname', 'tree', 'du'],
  ...['env', 'printenv', 'xargs', 'true', 'false', 'bash', 'sh', 'jq', 'base64', 'diff', 'date'],
  ...['sleep', 'timeout', 'seq', 'expr', 'md5sum', 'sha1sum', 'sha256sum', 'which', 'tac', 'od'],
  ...['hostname', 'whoami', 'time', 'rg'],
] as const satisfies BashOptions['commands']

const MEBIBYTE = 1_048_576
const STEPS = 5000

/** What a command may do before it counts as one without end, and how much it may hold. */
const LIMITS = {
  maxCommandCount: STEPS,
  maxLoopIterations: STEPS,
  maxAwkIterations: STEPS,
  maxSedIterations: STEPS,
  maxJqIterations: STEPS,
  maxBraceExpansionResults: STEPS,
  maxArrayElements: 40 * STEPS,
  maxWorkUnits: 200 * STEPS,
  maxOutputSize: MEBIBYTE,
  maxStringLength: 4 * MEBIBYTE,
  maxHeredocSize: 4 * MEBIBYTE,
  maxSourceBytes: 4 * MEBIBYTE,
  maxFileSystemBytes: 16 * MEBIBYTE,
  maxLiveBytes: 64 * MEBIBYTE,
  maxInputBytes: 64 * MEBIBYTE,
  maxExecutionTimeMs: Number.POSITIVE_INFINITY,
} satisfies BashOptions['executionLimits']

/** How the library says that a command went on for too long. */
const ENDLESS =
  /too many (?:commands|iterations)|(?:iterations?|work) (?:limit )?exceeded|iterations \(/

const TIMED_OUT = { stdout: '', stderr: '', exitCode: 124 } as const

const failed = (thrown: unknown): Omit<Outcome, 'elapsedMs'> => ({
  stdout: '',
  stderr: `bash: ${String(thrown)}\n`,
  exitCode: 1,
})

const hop = (): Promise<void> => new Promise((resolve) => real.setImmediate(resolve))

/** What leaves a file system as it was. */
const READS: ReadonlySet<string | symbol> = new Set<keyof InMemoryFs>([
  ...(['readFile', 'readFileBytes', 'readFileBuffer', 'exists', 'stat', 'lstat'] as const),
  ...(['readdir', 'readdirWithFileTypes', 'getAllPaths', 'resolvePath', 'readlink'] as const),
  'realpath',
])

/** What there is beside the workspace: the usual folders, as old as its files. */
class Base {
  /** Whether it is as it was made: then the next command can have it, too. */
  isFresh = true
  readonly fs: InMemoryFs

  constructor({ Bash, InMemoryFs }: Library) {
    const made = new InMemoryFs({ '/tmp/.keep': '' })
    new Bash({ fs: made, cwd: '/', commands: COMMANDS.slice(), defenseInDepth: false })
    this.fs = new Proxy(made, {
      get: (fs, name) => {
        if (!READS.has(name)) this.isFresh = false
        const value: unknown = Reflect.get(fs, name)
        return typeof value === 'function' ? value.bind(fs) : value
      },
    })
  }
}

/** A shell's library, and what stands beside the workspace: made anew where a command left something there. */
class Room {
  readonly library: Library
  readonly #stage: Stage
  #base: Base | undefined

  constructor(stage: Stage) {
    this.#stage = stage
    this.library = loadShell(stage)
  }

  base(): Base {
    if (this.#base?.isFresh !== true) {
      this.#stage.nowMs = EPOCH_MS
      this.#base = new Base(this.library)
    }
    return this.#base
  }
}

async function perform(room: Room, stage: Stage, script: Script): Promise<Outcome> {
  const { command, files, startMs, timeoutMs } = script
  const { library } = room
  const base = room.base()
  stage.begin(script)
  const fs = new library.MountableFs({
    base: base.fs,
    mounts: [{ mountPoint: ROOT, filesystem: files }],
  })
  const options = { fs, cwd: ROOT, commands: COMMANDS.slice(), executionLimits: LIMITS }
  const bash = new library.Bash({ ...options, defenseInDepth: false })
  const ended: { as?: Omit<Outcome, 'elapsedMs'> } = {}
  stage.timer(() => {
    ended.as ??= TIMED_OUT
  }, timeoutMs)
  bash.exec(command).then(
    (ran) => {
      ended.as ??= ran
    },
    (thrown: unknown) => {
      ended.as ??= failed(thrown)
    },
  )
  for (await hop(); ended.as === undefined; await hop()) stage.advance()
  const { stdout, stderr, exitCode } = ended.as
  const isEndless = exitCode === 126 && ENDLESS.test(stderr)
  // What was given up may go on writing.
  if (isEndless || ended.as === TIMED_OUT) base.isFresh = false
  return isEndless
    ? { ...TIMED_OUT, elapsedMs: timeoutMs }
    : { stdout, stderr, exitCode, elapsedMs: stage.nowMs - startMs }
}

/** Nothing is loaded before the first command. */
export function openShell(): Shell {
  const stage = new Stage()
  let room: Room | undefined
  let last: Promise<unknown> = Promise.resolve()
  return (script) => {
    const ran = last
      .then(() => {
        room ??= new Room(stage)
        return perform(room, stage, script)
      })
      .catch((thrown: unknown): Outcome => ({ ...failed(thrown), elapsedMs: 0 }))
    last = ran
    return ran
  }
}
