// What a kernel shows of itself: the window and why each message stands in it, budgets, tools, what parts keep.
// Told when somebody looks, as plain data; nothing is worked out in between.
import { describe, expect, it } from 'vitest'
import { type Standing, sizeOf } from '../../harnesses/history/window-map.ts'
import { kernel, type Message, part } from '../../harnesses/kernel.ts'
import micro from '../../harnesses/kernels/micro.ts'
import cost from '../../harnesses/parts/budget/cost.ts'
import turns from '../../harnesses/parts/budget/turns.ts'
import keepRecent from '../../harnesses/parts/context/keep-recent.ts'
import mailbox from '../../harnesses/parts/ipc/mailbox.ts'
import none from '../../harnesses/parts/observe/none.ts'
import proc from '../../harnesses/parts/observe/proc.ts'
import task from '../../harnesses/parts/pinning/task.ts'
import { insideOf } from '../../sim/inside.ts'
import { drawn, ofKind, type Played, play } from '../machine/rig.ts'
import { calls, recite } from './ipc-rig.ts'

const look = calls('list_files')
const looks = (n: number) => Array.from({ length: n }, () => [look])
const send = calls('send_message_to_agent', { to: 'job-b', text: 'psst' })

const shownBy = ({ simulation }: Pick<Played, 'simulation'>, key: string): unknown =>
  insideOf(simulation).published.get(key)

const contextOf = (run: Pick<Played, 'simulation'>, session: string): Standing[] =>
  shownBy(run, `${session}/context`) as Standing[]

describe('proc', () => {
  it('tells why each message stands in the window', async () => {
    const alert: Message = { role: 'user', content: 'Memory pressure: 80 % of the window is used.' }
    const changing = part({
      slot: 'context',
      about: 'alerts once, and clears a result',
      source: 'none',
      policy: {
        prepare(c) {
          if (c.turns !== 3 || c.messages.includes(alert)) return
          c.messages = [
            ...c.messages.map((message, i) =>
              i === 3 ? { ...message, content: '[cleared]' } : message,
            ),
            alert,
          ]
        },
      },
    })
    const run = await recite([proc, task, mailbox, changing], {
      'job-a': [[look], [send]],
      'job-b': looks(4),
    })
    const told = contextOf(run, 'job-b')
    const { conversations } = run
    expect(told).toHaveLength(conversations.get('job-b')?.messages.length ?? 0)
    expect(told.map(({ why }) => why)).toEqual([
      'system prompt',
      'task, pinned',
      'said',
      'result of list_files job-b.0.0, shortened',
      'said',
      'result of list_files job-b.1.0',
      'from another session',
      'said',
      'result of list_files job-b.2.0',
      'alert',
      'said',
      'result of list_files job-b.3.0',
      'recent',
    ])
    expect(told[1]).toMatchObject({ role: 'user', begins: 'Work.', tokens: 2 })
    expect(told[2]?.begins).toBe('-> list_files')
  })

  it('knows a summary, and what is said of it is no more than what stands there', async () => {
    const page = {
      ...micro.page,
      slots: { ...micro.page.slots, context: keepRecent, observe: proc },
    }
    const instance = await drawn('compaction/ledger', { distance: 6000, window: 4000 })
    const run = await play({ kernel: kernel(page), instance })
    expect(ofKind(run.trace, 'request').some(({ purpose }) => purpose === 'compaction')).toBe(true)
    const [session = ''] = ofKind(run.trace, 'session').map((event) => event.session)
    const told = contextOf(run, session)
    expect(told.filter(({ why }) => why === 'summary')).toHaveLength(1)
    expect(told.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThan(4000)
  })

  it('tells budgets with their bounds, tools, and the sizes of what is kept and shared', async () => {
    const bounds = [turns.with({ turns: 3 }), cost]
    const run = await recite([proc, mailbox, ...bounds], { 'job-a': looks(5) })
    expect(shownBy(run, 'job-a/budget')).toEqual({
      turns: 3,
      answers: 3,
      input: 300,
      cached: 120,
      output: 30,
      newest: 110,
      windowTokens: 8000,
      scale: 0.04,
      bounds: { turns: { turns: 3, of: 3 }, cost: { of: 3, usd: expect.any(Number) } },
    })
    expect(shownBy(run, 'job-a/tools')).toContain('check_inbox')
    expect(shownBy(run, 'job-a/memo')).toHaveProperty(['ipc.mailbox'])
    expect(shownBy(run, 'job-a/shared')).toEqual({})
  })

  it('is plain data, the same when looked at twice, and changes no run', async () => {
    const scripts = { 'job-a': [[look], [send]], 'job-b': looks(4) }
    const run = await recite([proc, mailbox], scripts)
    const first = JSON.stringify([...insideOf(run.simulation).published])
    expect(first).toBe(JSON.stringify([...insideOf(run.simulation).published]))
    expect(structuredClone([...insideOf(run.simulation).published])).toEqual([
      ...insideOf(run.simulation).published,
    ])
    expect((await recite([none, mailbox], scripts)).digest).toBe(run.digest)
    expect(insideOf((await recite([none, mailbox], scripts)).simulation).published.size).toBe(0)
  })

  it('measures what is kept by its members', () => {
    expect([new Map([[1, 1]]), new Set(), [1, 2], 'abc', { a: 1 }, 7, null].map(sizeOf)).toEqual([
      1, 0, 2, 3, 1, 1, 1,
    ])
  })
})
