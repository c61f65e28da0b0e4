// A session's terminal: files of the workspace, nothing of the machine, nothing of real time.
import { InMemoryFs } from 'just-bash'
import { describe, expect, it } from 'vitest'
import { EPOCH_MS } from '../../sim/core/clock.ts'
import { openShell } from '../../sim/host/shell.ts'
import type { Machine, Session } from '../../sim/index.ts'
import { run } from '../../testbed/index.ts'
import { house, instanceWith, kernelOf, ofKind, type Play, play, serving } from '../machine/rig.ts'

const FILES = { 'a.txt': 'alpha\n', 'dir/b.txt': 'beta\n' }
const instance = instanceWith({ world: { files: FILES, payments: [] } })

type Ran = Awaited<ReturnType<Session['terminal']['run']>>
type Line = string | { readonly line: string; readonly timeoutMs: number }

/** Runs commands in one session, one after the other. */
async function typed(lines: readonly Line[], of: Partial<Play> = {}) {
  const ran: Ran[] = []
  const took: number[] = []
  const kernel = serving(async (machine, job) => {
    const { terminal } = machine.open({ job })
    for (const item of lines) {
      const { line, timeoutMs } =
        typeof item === 'string' ? { line: item, timeoutMs: 30_000 } : item
      const began = machine.clock.now()
      ran.push(await terminal.run(line, { timeoutMs }))
      took.push(machine.clock.now() - began)
    }
  })
  return { ran, took, ...(await play({ kernel, instance, ...of })) }
}

const output = async (...lines: Line[]): Promise<string[]> =>
  (await typed(lines)).ran.map((ran) => ran.output)

describe('a terminal', () => {
  it('reads and writes the files of its workspace, and tells that it does', async () => {
    const { ran, trace, simulation } = await typed([
      "mkdir -p out && cat > 'out/x.md' <<'EOF'\nport $PORT\nEOF",
      "cat 'out/x.md' a.txt; cat a.txt",
      'rm a.txt && ls',
    ])
    expect(ran.map((one) => one.output)).toEqual(['', 'port $PORT\nalpha\nalpha\n', 'dir\nout\n'])
    expect(simulation.world.data().files).toEqual({
      'dir/b.txt': 'beta\n',
      'out/x.md': 'port $PORT\n',
    })
    expect(ofKind(trace, 'read').map(({ path, version }) => [path, version])).toEqual([
      ['out/x.md', 3],
      ['a.txt', 1],
    ])
    const effects = ofKind(trace, 'effect').map(({ op, key, version, previous }) => [
      op,
      key,
      version,
      previous,
    ])
    expect(effects).toEqual([
      ['files.write', 'out/x.md', 3, 0],
      ['files.remove', 'a.txt', 4, 1],
    ])
  })

  it('is told in the trace as a call', async () => {
    const { trace } = await typed(['cat none'])
    expect(ofKind(trace, 'call')).toEqual([
      {
        kind: 'call',
        at: 20,
        session: 'job-1',
        n: 1,
        name: 'terminal',
        args: '{"command":"cat none"}',
        text: 'cat: none: No such file or directory\n',
        isError: true,
      },
    ])
  })

  it('keeps folders that are empty, and nothing else but files', async () => {
    expect(
      await output(
        'mkdir out; cd out; X=1; echo hi > /tmp/t',
        'pwd; echo "[$X]"; ls; cat /tmp/t',
        'echo hi > out/x; rm out/x; ls -d out',
        'rmdir out; ls',
      ),
    ).toEqual([
      '',
      '/workspace\n[]\na.txt\ndir\nout\ncat: /tmp/t: No such file or directory\n',
      'out\n',
      'a.txt\ndir\n',
    ])
  })

  it('leaves nothing beside the workspace for the next command, whatever one does there', async () => {
    const look =
      'find / -path /workspace -prune -o -print | sort | head -200; ls -la / /tmp /bin | head -40; cat /tmp/* ~/*; stat /tmp /bin/cat; echo ok | cat'
    const mischief = [
      ...['echo hi > /tmp/t', 'echo x >> /tmp/.keep', 'mkdir -p /tmp/a/b', 'rm -rf /tmp/.keep'],
      ...['rm -f /bin/cat', 'mv /bin/cat /bin/dog', 'cp /bin/cat /tmp/cat', 'ln -s / /tmp/root'],
      ...[
        'ln /bin/cat /tmp/cat',
        'chmod 000 /bin/cat /tmp',
        'touch -d 2020-01-01 /tmp',
        'rm -r /*',
      ],
      ...['touch /tmp/x; sleep 90000; touch /tmp/y', '(sleep 90000; echo > /tmp/z) & true'],
      ...['while true; do echo > /tmp/loop; done', 'cat /tmp/.keep; ls /bin; stat -c %i /bin/*'],
    ]
    const [alone] = await output(look)
    for (const one of mischief) expect([one, (await output(one, look))[1]]).toEqual([one, alone])
  })

  it('makes no folder for a file, as bash makes none', async () => {
    const { ran, simulation } = await typed(['echo hi > new/x.md', 'echo hi >> new/x.md'])
    expect(ran).toEqual(
      Array(2).fill({
        output: 'bash: /workspace/new/x.md: No such file or directory\n',
        exitCode: 1,
      }),
    )
    expect(simulation.world.data().files).toEqual(FILES)
  })

  it('writes a file once a command, whatever happens on the way, and none that is gone again', async () => {
    const { trace } = await typed([
      'echo 1 > n; echo 2 >> n; sed -i s/1/3/ n; cp n m; mv m k; echo x > gone; rm gone; rm -rf d2',
    ])
    const effects = ofKind(trace, 'effect').map(({ key, value }) => [key, value])
    expect(effects).toEqual([
      ['n', '3\n2\n'],
      ['k', '3\n2\n'],
    ])
  })

  it('puts standard error behind standard output', async () => {
    expect(await output('cat none; echo one; cat none2; echo two')).toEqual([
      'one\ntwo\ncat: none: No such file or directory\ncat: none2: No such file or directory\n',
    ])
  })

  it('acts on the branch of its session', async () => {
    const kernel = serving(async (machine, job) => {
      const branch = machine.workspace.branch()
      const { terminal } = machine.open({ job, on: branch })
      await terminal.run('echo new > a.txt')
      const before = machine.workspace.read('a.txt')
      branch.commit()
      return [before, machine.workspace.read('a.txt')].join('|')
    })
    const { trace } = await play({ kernel, instance })
    expect(ofKind(trace, 'reply')[0]?.text).toBe('alpha\n|new\n')
  })

  it('has nothing to work on where its branch is stale', async () => {
    const kernel = serving(async (machine, job) => {
      const [winner, loser] = [1, 2].map(() =>
        machine.workspace.branch({ invalidation: 'siblings' }),
      )
      const { terminal } = machine.open({ job, on: loser as typeof machine.workspace })
      winner?.commit()
      const ran = await terminal.run('ls; cat a.txt; echo x > a.txt')
      return `${ran.exitCode} ${machine.workspace.read('a.txt')}`
    })
    const { trace } = await play({ kernel, instance })
    expect(ofKind(trace, 'reply')[0]?.text).toBe('1 alpha\n')
  })
})

describe('time in a terminal', () => {
  it('stands still while a command runs', async () => {
    const kernel = serving(async (machine, job) => {
      const { terminal } = machine.open({ job })
      const timers = Promise.all([1, 2, 3].map((ms) => machine.clock.sleep(20 + ms / 10)))
      await terminal.run('for i in 1 2 3 4 5; do cat a.txt | grep -c alpha; done')
      const answered = machine.clock.now()
      await timers
      return answered
    })
    const { trace, simulation } = await play({ kernel, instance })
    expect(ofKind(trace, 'call')[0]?.at).toBe(20)
    expect(ofKind(trace, 'reply')[0]?.text).toBe('20')
    expect(simulation.working.size).toBe(0)
  })

  it('is exact', async () => {
    const of = { scenario: 'phantom-calls/malformed', params: {}, instance: 0, trial: 0, seed: 1 }
    const spec = { ...of, harness: 'loop+tools=bash', profile: 'flawless' }
    const { record, trace } = await run(spec, 'sampled', house)
    expect(ofKind(trace, 'call').map(({ name }) => name)).toContain('terminal')
    expect(record.inexact).toBe(false)
  })

  it('passes while it sleeps, and its date is the virtual one', async () => {
    const { ran, took } = await typed(['date +%s; sleep 3; date +%s', 'time sleep 2', 'date'])
    const start = EPOCH_MS / 1000
    expect(ran.map((one) => one.output)).toEqual([
      `${start}\n${start + 3}\n`,
      '\nreal\t0m2.000s\nuser\t0m0.000s\nsys\t0m0.000s\n',
      'Thu Jan  1 09:00:05 UTC 2026\n',
    ])
    expect(took).toEqual([3020, 2020, 20])
  })

  it.each([
    ['a sleep', 'echo one > x; sleep 10'],
    ['a loop', 'while true; do :; done'],
    ['a pipe', 'while :; do echo y; done | tail -1'],
    ['awk', "awk 'BEGIN { while (1) {} }'"],
    ['sed', 'sed ":a;ba" a.txt'],
    ['a program that waits', 'sleep 100000 & wait'],
  ])('is over when the time given is: %s', async (_what, line) => {
    const { ran, took } = await typed([{ line, timeoutMs: 5000 }])
    expect(ran).toEqual([{ output: '', exitCode: 124 }])
    expect(took).toEqual([5020])
  })

  it('is given up after an hour where none was given', async () => {
    const kernel = serving(async (machine, job) => {
      const { exitCode } = await machine.open({ job }).terminal.run('while true; do :; done')
      return `${exitCode} ${machine.clock.now()}`
    })
    const { trace } = await play({ kernel, instance })
    expect(ofKind(trace, 'reply')[0]?.text).toBe('124 3600020')
  })

  it('lets `timeout` do its work', async () => {
    expect(await output('timeout 5 sleep 10; echo $?')).toEqual(['124\n'])
  })
})

describe('two runs of a terminal', () => {
  const LINES = [
    'echo $RANDOM $RANDOM $$ $PPID $UID $SECONDS',
    'date; date -R; date -d "2026-01-01 10:00" +%s; date -d "Jan 5 2026"',
    'ls -la; ls -lR dir; stat a.txt; find . -newer a.txt -o -mtime -1',
    "awk 'BEGIN { srand(); print rand() }'; jq -n now",
    'printf "b\\nA\\na\\nB\\n" | sort; env; hostname; whoami; cat /proc/version',
    'time cat a.txt',
  ]

  it('say the same, and another command has another chance', async () => {
    const [one, two] = [await typed(LINES), await typed(LINES)]
    expect(one.ran).toEqual(two.ran)
    expect(one.digest).toBe(two.digest)
    const [first, second] = await output('echo $RANDOM', 'echo $RANDOM')
    expect(first).toMatch(/^\d+\n$/)
    expect(first).not.toBe(second)
  })

  it('say nothing of this machine, its zone, its language or its day', async () => {
    const text = (await output(...LINES)).join('')
    expect(text).toContain('Thu Jan  1 09:00:00 UTC 2026')
    expect(text).toContain('-rw-r--r-- 1 user user     6 Jan  1 09:00 a.txt')
    expect(text).toContain(`${Date.UTC(2026, 0, 1, 10) / 1000}\n`)
    expect(text).toContain('A\nB\na\nb\n')
    expect(text).not.toContain(process.cwd())
    expect(text).not.toContain(process.version)
  })

  it('say it in any zone and language', async () => {
    const before = [process.env.TZ, process.env.LC_ALL]
    const here = await output(...LINES)
    process.env.TZ = 'Asia/Tokyo'
    process.env.LC_ALL = 'sv_SE.UTF-8'
    expect(await output(...LINES)).toEqual(here)
    for (const [i, name] of (['TZ', 'LC_ALL'] as const).entries()) {
      if (before[i] === undefined) delete process.env[name]
      else process.env[name] = before[i]
    }
  })
})

describe('what a terminal cannot reach', () => {
  it.each([
    ['a real file', 'cat /etc/passwd /etc/hostname'],
    ['a file above', 'cat ../../../../etc/passwd'],
    ['a file above, by a folder', 'cd /; cat etc/passwd'],
    ['its own source', `cat ${process.cwd()}/package.json`],
    ['a link out', 'ln -s /etc/passwd link; cat link'],
    ['a link up', 'ln -s ../.. up; cat up/etc/passwd'],
    ['the memory of a process', 'cat /proc/self/environ /proc/1/cmdline'],
    ['a device', 'cat /dev/sda /dev/mem'],
    ['the network', 'curl http://127.0.0.1/; wget x; nc x 1'],
    ['another language', 'python3 -c "print(1)"; node -e 1; perl -e 1; js-exec "1"'],
    ['a database', 'sqlite3 /etc/x "select 1"'],
    ['a process', 'kill -9 1'],
    ['the network, by bash', 'cat < /dev/tcp/127.0.0.1/80'],
  ])('%s', async (_what, line) => {
    const { ran } = await typed([line])
    expect(ran[0]?.exitCode).not.toBe(0)
    const told = (ran[0]?.output ?? '').split('\n').filter((text) => text !== '')
    const refusals = /No such file|command not found|not allowed|not available|Bad file/
    expect(told.filter((text) => !refusals.test(text))).toEqual([])
  })

  it('is the environment of the process', async () => {
    process.env.ENOSYS_SECRET_OF_TEST = 'hush'
    const [text = ''] = await output('env; set; printenv; cat /proc/self/environ 2>/dev/null')
    delete process.env.ENOSYS_SECRET_OF_TEST
    expect(text).not.toContain('hush')
    expect(text).toContain('PATH=/usr/bin:/bin')
  })

  it('is a memory without end', async () => {
    const { ran } = await typed([
      'x=a; while true; do x=$x$x; done',
      'printf "%1000000000d" 5',
      'echo {1..100000000} | wc -c',
      'seq 1 100000000',
      'cat a.txt > b; while :; do cat b b > c; mv c b; done; wc -c b',
      'f() { f; }; f',
      ':(){ :|:& };:',
    ])
    for (const { output: text, exitCode } of ran) {
      expect(text.length).toBeLessThan(2_000_000)
      expect(text).not.toMatch(/executionLimits|browser/)
      expect(exitCode).toBeLessThan(128)
    }
  }, 20_000)

  it('is a time without end, by an expression', async () => {
    const long = `${'a'.repeat(60)}!`
    await typed([
      `echo ${long} | grep -E '^(a+)+$'`,
      `echo ${long} | sed -E 's/^(a+)+$/x/'`,
      `[[ ${long} =~ ^(a+)+$ ]]`,
    ])
  }, 5000)

  it('is a time without end, by a pattern of names', async () => {
    const long = 'a'.repeat(70)
    const pattern = `${'*a'.repeat(12)}*b`
    const told = [`ls: ${pattern}: No such file or directory\n`, `${long}\n`]
    expect(await output(`touch ${long}; ls ${pattern}`, `ls ${'*a'.repeat(12)}`)).toEqual(told)
    expect(await output("touch 'x[1]'; ls x*", "ls '*.txt'")).toEqual([
      'x[1]\n',
      'ls: *.txt: No such file or directory\n',
    ])
  }, 5000)

  it('is a time without end, by files that differ', async () => {
    const two = 'seq 1 5000 > a; seq 5001 8000 >> a; tac a > b'
    const { ran } = await typed([`${two}; diff a b; echo x >> a; diff a b`, 'diff a.txt dir/b.txt'])
    expect(ran[0]).toEqual({ output: 'diff: files too large\n'.repeat(2), exitCode: 1 })
    expect(ran[1]?.output).toContain('-alpha\n+beta\n')
    const near = await output(`${two}; cp a c; echo x >> c; diff a c | tail -1`)
    expect(near).toEqual(['+x\n'])
  }, 5000)
})

describe('a shell', () => {
  it('that one command broke goes on with the next', async () => {
    const shell = openShell()
    const of = { command: 'echo hi', startMs: 0, random: () => 0, timeoutMs: 1000 }
    const broken = {
      ...of,
      get files(): InMemoryFs {
        throw new Error('no files')
      },
    }
    const ran = [shell(broken), shell({ ...of, files: new InMemoryFs() })]
    expect(await Promise.all(ran)).toEqual([
      { stdout: '', stderr: 'bash: Error: no files\n', exitCode: 1, elapsedMs: 0 },
      { stdout: 'hi\n', stderr: '', exitCode: 0, elapsedMs: 0 },
    ])
  })
})

describe('what strikes calls', () => {
  const CALL = 'job-1/call#1'

  it('strikes commands: one that is never done', async () => {
    const { ran, took, simulation } = await typed(['echo x > a.txt'], {
      chance: { [`${CALL}/tool-error`]: true },
      profile: 'typical',
    })
    expect(ran).toEqual([
      { output: 'Error: the tool failed with an internal error (500).', exitCode: 1 },
    ])
    expect(took).toEqual([20])
    expect(simulation.world.data().files).toEqual(FILES)
  })

  it('strikes commands: one whose answer is lost', async () => {
    const { ran, took, simulation } = await typed(['echo x > a.txt'], {
      chance: { [`${CALL}/lost-ack`]: true },
      profile: 'typical',
    })
    expect(ran).toEqual([{ output: 'Error: the call timed out after 30000 ms.', exitCode: 124 }])
    expect(took).toEqual([30_020])
    expect(simulation.world.data().files['a.txt']).toBe('x\n')
  })

  it('strikes commands: one that says that it went well', async () => {
    const { ran, simulation } = await typed(['echo x > a.txt; cat a.txt'], {
      chance: { [`${CALL}/hollow-success`]: true },
      profile: 'typical',
    })
    expect(ran).toEqual([{ output: '', exitCode: 0 }])
    expect(simulation.world.data().files).toEqual(FILES)
  })

  it.each([
    [true, 'x\n'],
    [false, 'alpha\n'],
  ])('a command in flight at a crash landed (%s), and is not heard of', async (landed, text) => {
    let boots = 0
    const heard: unknown[] = []
    const boot = async (machine: Machine): Promise<void> => {
      boots++
      for await (const { id: job } of machine.jobs) {
        const session = machine.open({ job })
        if (boots === 1) heard.push(await session.terminal.run('echo x > a.txt'))
        machine.reply(job, session.workspace.read('a.txt') ?? '')
      }
    }
    const { trace, simulation } = await play({
      kernel: () => kernelOf(boot),
      instance,
      profile: 'typical',
      chance: { [`${CALL}/crash`]: true, [`${CALL}/landed`]: landed },
    })
    expect(boots).toBe(2)
    expect(heard).toEqual([])
    expect(simulation.world.data().files['a.txt']).toBe(text)
    expect(ofKind(trace, 'reply')[0]?.text).toBe(text)
    expect(ofKind(trace, 'call')).toEqual([])
  })

  it('is silent for a boot that is gone', async () => {
    const held: Session[] = []
    const boot = async (machine: Machine): Promise<void> => {
      for await (const { id: job } of machine.jobs) {
        if (held.length > 0) {
          let isHeard = false
          void held[0]?.terminal.run('echo x > a.txt').then(() => {
            isHeard = true
          })
          await machine.clock.sleep(60_000)
          machine.reply(job, String(isHeard))
          continue
        }
        held.push(machine.open({ job }))
        await machine.clock.sleep(10)
      }
    }
    const { trace, simulation } = await play({
      kernel: () => kernelOf(boot),
      instance,
      profile: 'typical',
      chance: { 'kernel/sleep#1/crash': true, 'ana/sleep#1/crash': true },
    })
    expect(ofKind(trace, 'reply')[0]?.text).toBe('false')
    expect(simulation.world.data().files).toEqual(FILES)
  })
})
