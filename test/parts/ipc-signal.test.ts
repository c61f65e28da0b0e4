// Signals between sessions: what each does, to whom, and that a crash neither loses nor repeats it.
import { describe, expect, it } from 'vitest'
import signal from '../../harnesses/parts/ipc/signal.ts'
import { ofKind } from '../machine/rig.ts'
import { ANSWER_MS, calls, crashPoints, notices, recite, repliesOf, results } from './ipc-rig.ts'

const send = (to: string, name: string, text = '') =>
  calls('signal_agent', { to, signal: name, text })
const look = calls('list_files')
const looks = (n: number) => Array.from({ length: n }, () => [look])

const repliedMs = (run: Awaited<ReturnType<typeof recite>>, job: string): number =>
  ofKind(run.trace, 'reply').find((reply) => reply.job === job)?.at ?? Number.NaN

describe('a signal', () => {
  it('to stop ends the other session before its next request', async () => {
    const run = await recite([signal], { 'job-a': [[send('job-b', 'stop')]], 'job-b': looks(6) })
    expect(results(run, 'job-a')).toEqual(['Sent stop to job-b.'])
    expect(repliesOf(run)['job-b']).toBe('Stopped: stopped by job-a.')
    expect(results(run, 'job-b').length).toBeLessThan(3)
  })

  it('to pause makes it wait for the one to continue', async () => {
    const run = await recite([signal], {
      'job-a': [[send('ben', 'pause')], ...looks(60), [send('ben', 'continue')]],
      'job-b': looks(4),
    })
    expect(repliesOf(run)['job-b']).toBe('Done.')
    expect(results(run, 'job-b')).toHaveLength(4)
    expect(repliedMs(run, 'job-b')).toBeGreaterThan(60 * ANSWER_MS)
  })

  it('to pause holds it for so long at most, and a stop ends the pause', async () => {
    const part = signal.with({ maxPauseMs: 5000 })
    const scripts = { 'job-a': [[send('job-b', 'pause')]], 'job-b': looks(4) }
    const held = await recite([part], scripts)
    expect(repliesOf(held)['job-b']).toBe('Done.')
    const freeMs = repliedMs(await recite([part], { 'job-b': looks(4) }), 'job-b')
    expect(repliedMs(held, 'job-b') - freeMs).toBeGreaterThan(4000)
    expect(repliedMs(held, 'job-b') - freeMs).toBeLessThan(6000)
    const stopped = await recite([signal], {
      'job-a': [[send('job-b', 'pause')], ...looks(3), [send('job-b', 'stop')]],
      'job-b': looks(9),
    })
    expect(repliesOf(stopped)['job-b']).toBe('Stopped: stopped by job-a.')
    expect(repliedMs(stopped, 'job-b')).toBeLessThan(10 * ANSWER_MS)
  })

  it('to interrupt keeps what is about to be called from being run, and says why', async () => {
    const many = Array.from({ length: 8 }, () => look)
    const run = await recite([signal], {
      'job-a': [[look, send('job-b', 'interrupt', 'look at b')]],
      'job-b': [many],
    })
    const got = results(run, 'job-b')
    const denied = got.filter((text) => text === 'Interrupted by job-a: look at b')
    expect(denied.length).toBeGreaterThan(0)
    expect(got.length - denied.length).toBeGreaterThan(0)
    expect(got).toHaveLength(8)
    expect(notices(run, 'job-b')).toEqual(['Interrupted by job-a: look at b'])
    expect(repliesOf(run)['job-b']).toBe('Done.')
  })

  it('that does not exist, or for nobody, is an error', async () => {
    const run = await recite([signal], {
      'job-a': [
        [look],
        [send('job-b', 'halt'), send('joe', 'stop')],
        ...looks(5),
        [send('ben', 'stop')],
      ],
      'job-b': looks(2),
    })
    const got = results(run, 'job-a')
    expect(got[1]).toMatch(/no signal 'halt'. Nearest: .*All: interrupt, pause, continue, stop\./)
    expect(got[2]).toMatch(/no agent 'joe'/)
    expect(got.at(-1)).toBe('Error: no session of ben is open.')
  })

  it('to stop is heeded once, wherever the machine goes down after it was sent', async () => {
    const scripts = { 'job-a': [[send('job-b', 'stop')]], 'job-b': looks(6) }
    const points = crashPoints(await recite([signal], scripts))
    expect(points.length).toBeGreaterThan(8)
    for (const id of points) {
      const chance = { [id]: true, [`${id.slice(0, id.lastIndexOf('/'))}/landed`]: true }
      const run = await recite([signal], scripts, { chance })
      expect(repliesOf(run)['job-b']).toBe('Stopped: stopped by job-a.')
    }
  })
})
