// The machine goes down before any event, and comes up on the same disk: nothing of the old boot is heard
// again, what was in flight landed or did not, and the run goes on counting.
import { describe, expect, it } from 'vitest'
import type { Machine, Session } from '../../sim/index.ts'
import {
  drawn,
  instanceWith,
  kernelNamed,
  kernelOf,
  ofKind,
  type Played,
  play,
  serving,
  usersWith,
} from './rig.ts'

const keyOf = (id: string): string => id.slice(0, id.lastIndexOf('/'))

/** Every event at which a run could have crashed. */
const crashPoints = (run: Played): string[] =>
  run.asked.map(({ id }) => id).filter((id) => id.endsWith('/crash'))

const SMALL = { invoices: 3, distance: 300 }

describe.each(['loop', 'micro'])('%s, crashed once at every event,', (harness) => {
  it.each<[string, Record<string, number>]>([
    ['phantom-calls/malformed', {}],
    ['compaction/exactly-once', SMALL],
  ])('comes to a verdict in %s', async (scenario, set) => {
    const instance = await drawn(scenario, set)
    const kernel = await kernelNamed(harness)
    const played = (chance: Record<string, boolean>) =>
      play({ kernel, instance, chance, profile: 'typical' })
    const points = crashPoints(await played({}))
    expect(points.length).toBeGreaterThan(7)
    expect(new Set(points).size).toBe(points.length)
    for (const id of points) {
      for (const landed of [true, false]) {
        const run = await played({ [id]: true, [`${keyOf(id)}/landed`]: landed })
        isWhole(run, keyOf(id), landed)
      }
    }
  })
})

/** What holds of a run with one crash, whatever the harness made of it. */
function isWhole(run: Played, key: string, landed: boolean): void {
  const { ending, trace } = run
  expect(['done', 'stuck']).toContain(ending?.kind)
  const crashes = ofKind(trace, 'crash')
  expect(crashes.map((crash) => crash.key)).toEqual([key])
  expect(ofKind(trace, 'boot').map(({ boot }) => boot)).toEqual([1, 2])
  const lands = run.asked.some(({ id }) => id === `${key}/landed`)
  expect(crashes[0]?.landed).toEqual(landed && lands ? [key] : [])
  expect(ofKind(trace, 'refusal').map(({ message }) => message)).toEqual([])
  const after = trace.slice(trace.findIndex(({ kind }) => kind === 'crash'))
  expect(ofKind(after, 'request').length).toBeGreaterThan(0)
  expect(ofKind(after, 'reply')).toHaveLength(1)
}

describe('a crash', () => {
  const instance = instanceWith({ users: usersWith(2) })
  const pay = (session: Session) =>
    session.tools.callTool({
      name: 'make_payment',
      arguments: { payee: session.id, amount: '5', reference: 'r' },
    })
  const paying = serving((machine, job) => pay(machine.open({ job })))

  it('brings unanswered jobs again, and those alone', async () => {
    const kernel = serving(async (machine, job) => {
      if (job === 'job-2') await machine.clock.sleep(50)
      await pay(machine.open({ job }))
    })
    const run = await play({ kernel, instance, chance: { 'user-2/sleep#1/crash': true } })
    expect(run.ending).toEqual({ kind: 'done' })
    expect(ofKind(run.trace, 'boot').map(({ user }) => user)).toEqual([
      'user-1',
      'user-2',
      'user-1',
      'user-2',
    ])
    expect(ofKind(run.trace, 'session').map(({ session }) => session)).toEqual(['job-1', 'job-2'])
    expect(ofKind(run.trace, 'reply').map(({ job }) => job)).toEqual(['job-1', 'job-2'])
  })

  it.each([true, false])('takes every call in flight with it: landed %s', async (landed) => {
    const chance = {
      'job-1/call#1/crash': true,
      'job-1/call#1/landed': landed,
      'job-2/call#1/landed': !landed,
    }
    const run = await play({ kernel: paying, instance, chance })
    const before = run.trace.slice(
      0,
      run.trace.findIndex(({ kind }) => kind === 'crash'),
    )
    expect(ofKind(before, 'effect').map(({ session }) => session)).toEqual([
      landed ? 'job-1' : 'job-2',
    ])
    expect(ofKind(before, 'call')).toEqual([])
    const after = run.simulation.world.data().payments?.map(({ payee }) => payee)
    expect(after).toEqual([landed ? 'job-1' : 'job-2', 'job-1~2', 'job-2~2'])
    expect(run.unreached).toEqual([])
  })

  it('on a tape does not come again, for the run goes on counting', async () => {
    const chance = { 'job-1/call#1/crash': true, 'job-1~2/call#1/crash': true }
    const { trace, ending } = await play({ kernel: paying, instance, chance })
    expect(ofKind(trace, 'crash').map(({ key }) => key)).toEqual(['job-1/call#1', 'job-1~2/call#1'])
    expect(ofKind(trace, 'session').map(({ session }) => session)).toEqual([
      ...['job-1', 'job-2', 'job-1~2', 'job-2~2', 'job-1~3', 'job-2~3'],
    ])
    expect(ending).toEqual({ kind: 'done' })
  })

  it('is forgotten once every job is answered, though a boot waits for more', async () => {
    const kernel = kernelOf(async (machine) => {
      for await (const { id } of machine.jobs) {
        const { tools } = machine.open({ job: id })
        await Promise.all([1, 2, 3].map(() => tools.callTool({ name: 'list_files' })))
        machine.reply(id, 'Done.')
      }
      await new Promise(() => {})
    })
    const chance = { 'job-1/call#1/crash': true }
    const { ending } = await play({ kernel, instance: instanceWith(), chance })
    expect(ending).toEqual({ kind: 'done' })
  })

  it.each<[string, Record<string, boolean>, string]>([
    ['lost', { landed: false }, 'old'],
    ['torn', { landed: true, torn: true }, 'new '],
    ['whole', { landed: true, torn: false }, 'new text'],
  ])('leaves a write in flight %s', async (_name, flips, left) => {
    const found: (string | undefined)[] = []
    const kernel = serving(async ({ disk }, job) => {
      found.push(await disk.read(job))
      if (found.length === 1) await disk.write(job, 'old')
      await disk.write(job, 'new text')
    })
    const key = 'ana/write#2'
    const chance: Record<string, boolean> = { [`${key}/crash`]: true }
    for (const [site, value] of Object.entries(flips)) chance[`${key}/${site}`] = value
    const run = await play({ kernel, instance: instanceWith(), chance })
    expect(run.ending).toEqual({ kind: 'done' })
    expect(found).toEqual([undefined, left])
  })

  it('appends to what is there, or half of it', async () => {
    const found: (string | undefined)[] = []
    const kernel = serving(async ({ disk }, job) => {
      found.push(await disk.read(job))
      await disk.append(job, 'line\n')
      await disk.append(job, 'line\n')
    })
    const chance = {
      'ana/write#2/crash': true,
      'ana/write#2/landed': true,
      'ana/write#2/torn': true,
    }
    await play({ kernel, instance: instanceWith(), chance })
    expect(found).toEqual([undefined, 'line\nli'])
  })
})

describe('a boot that is gone', () => {
  const CRASH = { 'job-1/call#1/crash': true }

  /** Boots twice; the second boot gives what the first one left to whoever haunts. */
  async function haunted(
    haunt: (old: { machine: Machine; session: Session; hangUp: AbortController }) => void,
  ) {
    let old: Parameters<typeof haunt>[0] | undefined
    const kernel = serving(async (machine, job) => {
      if (old !== undefined) haunt(old)
      const session = machine.open({ job })
      const hangUp = new AbortController()
      old ??= { machine, session, hangUp }
      const { signal } = hangUp
      void session.generate({ messages: [{ role: 'user', content: 'Hello.' }] }, { signal })
      await session.tools.callTool({ name: 'read_file', arguments: { path: 'a.txt' } })
      await machine.disk.write('note', 'mine')
      return machine.disk.read('note')
    })
    const run = await play({ kernel, instance: instanceWith(), chance: CRASH })
    expect(run.ending).toEqual({ kind: 'done' })
    expect(ofKind(run.trace, 'boot')).toHaveLength(2)
    return run
  }

  it('changes nothing any more, whatever it does', async () => {
    const quiet = await haunted(() => {})
    const deeds: Record<string, (old: Parameters<Parameters<typeof haunted>[0]>[0]) => unknown> = {
      reply: ({ machine }) => machine.reply('job-1', 'boo'),
      open: ({ machine }) => machine.open({ job: 'job-1' }),
      sleep: ({ machine }) => machine.clock.sleep(1),
      write: ({ machine }) => machine.disk.write('note', 'boo'),
      append: ({ machine }) => machine.disk.append('note', 'boo'),
      generate: ({ session }) => session.generate({ messages: [] }),
      abort: ({ hangUp }) => hangUp.abort(),
      call: ({ session }) => session.tools.callTool({ name: 'list_files' }),
      publish: ({ session }) => session.publish('boo', 1),
      file: ({ session }) => session.workspace.write('a.txt', 'boo'),
      remove: ({ session }) => session.workspace.remove('a.txt'),
      look: ({ session }) => session.workspace.read('a.txt'),
      branch: ({ session }) => {
        const branch = session.workspace.branch()
        branch.write('a.txt', 'boo')
        branch.commit()
        branch.abort()
      },
      haunt: ({ machine }) => {
        const session = machine.open({ job: 'job-1' })
        session.workspace.write('a.txt', 'boo')
        void session.tools.callTool({ name: 'list_files' })
      },
    }
    for (const [name, deed] of Object.entries(deeds)) {
      const run = await haunted((old) => void deed(old))
      expect([name, run.trace]).toEqual([name, quiet.trace])
      expect(run.simulation.world.data()).toEqual(quiet.simulation.world.data())
      expect(run.simulation.disk).toEqual(quiet.simulation.disk)
    }
  })

  it('is never answered', async () => {
    const heard: string[] = []
    const hear = (name: string, promise: Promise<unknown>): void =>
      void promise.then(
        () => heard.push(name),
        () => heard.push(name),
      )
    await haunted(({ machine, session }) => {
      hear('sleep', machine.clock.sleep(1))
      hear('hold', machine.clock.hold(Promise.resolve()))
      hear('read', machine.disk.read('note'))
      hear('list', machine.disk.list())
      hear('write', machine.disk.write('note', 'boo'))
      hear('tools', session.tools.listTools())
      hear('call', session.tools.callTool({ name: 'list_files' }))
      hear('generate', session.generate({ messages: [] }).result)
      hear('fetch', session.fetch('http://model.test/v1/models'))
      hear('job', machine.jobs[Symbol.asyncIterator]().next())
    })
    expect(heard).toEqual([])
  })

  it('may return, throw or spin its own wheels: only the boot of now counts', async () => {
    let boots = 0
    const kernel = kernelOf(async (machine) => {
      boots++
      for await (const { id } of machine.jobs) {
        const gone = machine.clock.sleep(10_000)
        await Promise.race([gone, machine.open({ job: id }).tools.callTool({ name: 'list_files' })])
        machine.reply(id, 'Done.')
      }
    })
    const run = await play({ kernel, instance: instanceWith(), chance: CRASH })
    expect(boots).toBe(2)
    expect(run.ending).toEqual({ kind: 'done' })
  })
})
