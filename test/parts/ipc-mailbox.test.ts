// Mail between sessions: what arrives, in which order, how often; what a full inbox, a wrong address and a
// shutdown come to; and what a crash does to mail, wherever it strikes.
import { describe, expect, it } from 'vitest'
import jsonl from '../../harnesses/parts/checkpoint/jsonl.ts'
import mailbox from '../../harnesses/parts/ipc/mailbox.ts'
import {
  agents,
  calls,
  crashPoints,
  heard,
  notices,
  onDisk,
  recite,
  repliesOf,
  results,
  step,
  talk,
} from './ipc-rig.ts'

const send = (to: string, text: string, more = {}) =>
  calls('send_message_to_agent', { to, text, ...more })
const check = calls('check_inbox')
const look = calls('list_files')

/** Ana knows a code and tells it; Ben waits for it and writes it down. */
const code = agents(
  {
    user: 'ana',
    job: 'job-a',
    facts: { code: '77' },
    steps: [
      step(
        'tell',
        'agents.send',
        { to: 'job-b', text: '[[fact:code={code}]]' },
        { needs: ['code'] },
      ),
    ],
  },
  {
    user: 'ben',
    job: 'job-b',
    steps: [
      step('hear', 'agents.receive', {}, { learns: ['code'], effect: 'read' }),
      step('note', 'files.write', { path: 'note.txt', content: '{code}' }, { needs: ['code'] }),
    ],
  },
)

describe('mail', () => {
  it('carries a fact from one agent to another that waits for it', async () => {
    const run = await talk(mailbox, code)
    expect(run.ending).toEqual({ kind: 'done' })
    expect(run.simulation.world.data().files['note.txt']).toBe('77')
    expect(heard(run, 'job-b')[0]).toBe('From job-a (user_message): [[fact:code=77]]')
  })

  it('arrives in its order, to a job and to its user, each message once', async () => {
    const run = await recite([mailbox], {
      'job-a': [[send('job-b', 'one'), send('ben', 'two')], [send('job-b', 'three')]],
      'job-b': [[send('ana', 'hello'), look], [look], [look], [check], [check]],
    })
    const [told, again] = results(run, 'job-b').slice(4)
    expect(told?.split('\n\n')).toEqual([
      'From job-a (user_message): one',
      'From job-a (user_message): two',
      'From job-a (user_message): three',
      'From job-a (idle_notification): job-a has ended.',
    ])
    expect(again).toBe('Error: no message within 60 s.')
  })

  it('is announced once, before the next request, and read only by the tool', async () => {
    const run = await recite([mailbox], {
      'job-a': [[send('job-b', 'psst', { type: 'permission_request' })]],
      'job-b': [[look], [look], [look], [check]],
    })
    const [first, ...others] = notices(run, 'job-b')
    expect(first).toBe('You have new messages: permission_request from job-a. Use check_inbox.')
    expect(others.join()).not.toContain('permission_request')
    expect(JSON.stringify(run.conversations.get('job-b')?.messages)).toContain('psst')
  })

  it('is waited for so long and no longer', async () => {
    const run = await recite([mailbox.with({ waitMs: 5000 })], { 'job-a': [[check]], 'job-b': [] })
    expect(results(run, 'job-a')).toEqual(['Error: no message within 5 s.'])
  })

  it('goes to those who exist, in types that exist, and says what is nearest', async () => {
    const run = await recite([mailbox], {
      'job-a': [
        [look],
        [send('job-bb', 'x'), send('job-b', 'x', { type: 'shut_down' })],
        [calls('send_message_to_agent', { text: 'x' })],
      ],
      'job-b': [[look], [look], [look], [look]],
    })
    const [, nobody, noType, lacking] = results(run, 'job-a')
    expect(nobody).toMatch(/no agent 'job-bb'. Nearest: job-b. All: job-a, job-b, ana, ben/)
    expect(noType).toMatch(/no type 'shut_down'. Nearest: shutdown. All: user_message, /)
    expect(lacking).toBe('Error: send_message_to_agent needs to.')
    expect(onDisk(run, 'mail/job-b').filter((path) => path.endsWith('.json'))).toEqual([])
  })

  it('is refused by a full inbox, and for a job that has ended', async () => {
    const run = await recite([mailbox.with({ maxUnread: 2 })], {
      'job-a': [[look], [send('job-b', '1')], [send('job-b', '2'), send('job-b', '3')], [look]],
      'job-b': [[look], [look], [look], [look], [check], []],
      'job-c': [[look], ...Array.from({ length: 8 }, () => [look]), [send('job-b', 'late')]],
    })
    expect(results(run, 'job-a').slice(1, 4)).toEqual([
      'Message 1 sent to job-b.',
      'Message 2 sent to job-b.',
      'Error: the inbox of job-b is full, with 2 messages.',
    ])
    expect(results(run, 'job-c').at(-1)).toBe('Error: job-b has ended.')
  })

  it('that is a shutdown ends the session before its next request, unseen by the model', async () => {
    const run = await recite([mailbox], {
      'job-a': [[send('job-b', '', { type: 'shutdown' })]],
      'job-b': [[look], [look], [look], [look], [look]],
    })
    expect(repliesOf(run)['job-b']).toBe('Stopped: shut down by job-a.')
    expect(results(run, 'job-b').length).toBeLessThan(4)
    expect(notices(run, 'job-b')).toEqual([])
  })

  it('for a user is read by one of their sessions alone', async () => {
    const users = { 'job-a': 'ana', 'job-b': 'ben', 'job-c': 'ben' }
    const script = [[look], [look], [check]]
    const part = mailbox.with({ waitMs: 2000 })
    const scripts = { 'job-a': [[look], [send('ben', 'note')]], 'job-b': script, 'job-c': script }
    const run = await recite([part], scripts, { users, isTogether: true })
    const heard = ['job-b', 'job-c'].map((job) => results(run, job).at(-1)).sort()
    expect(heard).toEqual(['Error: no message within 2 s.', 'From job-a (user_message): note'])
  })
})

/** What the messages in an inbox say; one that is not whole throws. */
function inboxOf(run: Awaited<ReturnType<typeof talk>>): string[] {
  const { disk } = run.simulation
  return onDisk(run, 'mail/job-b/')
    .filter((path) => path.endsWith('.json'))
    .map((path) => JSON.parse(disk.get(path) ?? 'null').text)
}

describe('mail that is marked when the turn is saved', () => {
  it('is forgotten once it is marked', async () => {
    const part = mailbox.with({ mark: 'after' })
    const scripts = {
      'job-a': [[send('job-b', 'one')]],
      'job-b': [[check], [look], [look], [look]],
    }
    const run = await recite([part], scripts)
    expect(results(run, 'job-b')[0]).toContain('one')
    const state = run.conversations.get('job-b')?.memo.get('ipc.mailbox')
    expect(state).toMatchObject({ handed: new Set() })
  })
})

describe('mail and a crash, wherever it strikes', async () => {
  const points = crashPoints(await talk(mailbox, code))

  it('is in the inbox as a whole; one sent before the crash is there still', async () => {
    expect(points.length).toBeGreaterThan(12)
    for (const id of points)
      for (const landed of [true, false]) {
        const key = id.slice(0, id.lastIndexOf('/'))
        const run = await talk([mailbox, jsonl], code, { [id]: true, [`${key}/landed`]: landed })
        expect(inboxOf(run).length).toBeGreaterThan(0)
        expect(new Set(inboxOf(run))).toEqual(new Set(['[[fact:code=77]]']))
      }
  })

  /** The crash points at which the reader never came to know the code. */
  const lost = async (mark: 'before' | 'after') => {
    const part = mailbox.with({ mark, waitMs: 5000 })
    const at: string[] = []
    for (const id of crashPoints(await talk([part, jsonl], code))) {
      const key = id.slice(0, id.lastIndexOf('/'))
      const run = await talk([part, jsonl], code, { [id]: true, [`${key}/landed`]: true })
      // Mail that was sent again after the crash hides a loss.
      const isSentOnce = inboxOf(run).length === 1
      if (isSentOnce && run.simulation.world.data().files['note.txt'] !== '77') at.push(id)
    }
    return at
  }

  it('is lost between its mark and the save of the turn, where it is marked first', async () => {
    expect((await lost('before')).length).toBeGreaterThan(0)
  })

  it('is not lost, where it is marked when the turn is saved', async () => {
    expect(await lost('after')).toEqual([])
  })
})
