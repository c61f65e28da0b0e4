// Signals from session to session, as an operating system has them. `stop`: it ends before its next request.
// `pause`: it waits there until `continue`, or until it has waited long enough. `interrupt`: what it is about
// to call is not called, and it is told why. A signal is a file and is never marked as heeded: after a crash
// all are read again and come to the same. Codex has interrupt_agent (secondary reading); others cancel from
// outside only. Anybody may signal anybody; the longest pause is assumed.

import { failed, offering, ownTool, said, textOf } from '../../hands/own-tools.ts'
import { choice, discharge, enlist, misaddressed, peersOf } from '../../kept/peers.ts'
import { file, filed, load } from '../../kept/spool.ts'
import { until } from '../../kept/until.ts'
import {
  type Args,
  add,
  type Completion,
  type Conversation,
  part,
  type Result,
} from '../../kernel.ts'

const SIGNALS = ['interrupt', 'pause', 'continue', 'stop'] as const

interface Signal {
  readonly signal: (typeof SIGNALS)[number]
  readonly from: string
  readonly text: string
  readonly atMs: number
}

interface State {
  /** Signals read so far. */
  read: number
  /** Who stopped it. */
  stopped: string | undefined
  isPaused: boolean
  /** Not told to the model yet. */
  interrupts: Signal[]
  readonly openedMs: number
}

const folderOf = (job: string): string => `signals/${job}`

function stateOf({ memo, machine }: Conversation): State {
  const known = memo.get('ipc.signal') as State | undefined
  if (known !== undefined) return known
  const openedMs = machine.clock.now()
  const state: State = { read: 0, stopped: undefined, isPaused: false, interrupts: [], openedMs }
  memo.set('ipc.signal', state)
  return state
}

/** Reads the signals that came since. Interrupts of before the session began are over. */
async function heed(c: Conversation): Promise<State> {
  const { disk } = c.machine
  const state = stateOf(c)
  const paths = await filed(disk, folderOf(c.session.job.id))
  for (const path of paths.slice(state.read)) {
    const sent = await load<Signal>(disk, path)
    state.read++
    if (sent?.signal === 'stop') state.stopped ??= sent.from
    else if (sent?.signal === 'interrupt') {
      if (sent.atMs >= state.openedMs) state.interrupts.push(sent)
    } else if (sent !== undefined) state.isPaused = sent.signal === 'pause'
  }
  return state
}

const reasonOf = (interrupts: readonly Signal[]): string =>
  interrupts.map(({ from, text }) => `Interrupted by ${from}${text && `: ${text}`}`).join('\n')

const halted = (by: string): Completion => ({
  kind: 'refused',
  status: 499,
  code: 'stopped',
  message: `stopped by ${by}.`,
})

async function send(args: Args, c: Conversation): Promise<Result> {
  const to = textOf(args, 'to')
  const name = textOf(args, 'signal')
  const signal = SIGNALS.find((known) => known === name)
  if (signal === undefined) return failed(`no signal '${name}'. ${choice(name, SIGNALS)}`)
  const wrong = await misaddressed(c, to)
  if (wrong !== undefined) return wrong
  const jobs = (await peersOf(c)).filter(
    ({ job, user, hasEnded }) => (job === to || user === to) && !hasEnded,
  )
  if (jobs.length === 0) return failed(`no session of ${to} is open.`)
  const { job: from } = c.session
  const sent: Signal = {
    signal,
    from: from.id,
    text: textOf(args, 'text'),
    atMs: c.machine.clock.now(),
  }
  for (const { job } of jobs) await file(c.machine.disk, folderOf(job), sent)
  return said(`Sent ${signal} to ${jobs.map(({ job }) => job).join(', ')}.`)
}

const TOOL = ownTool({
  name: 'signal_agent',
  description: 'Signal another agent: interrupt, pause, continue or stop it.',
  takes: { to: 'job or user', signal: SIGNALS.join(', '), text: 'why, for an interrupt' },
  optional: ['text'],
  run: send,
})

export default part({
  slot: 'ipc',
  about: 'interrupt, pause, continue and stop other sessions',
  source: 'POSIX signals; interrupt_agent of Codex (secondary reading)',
  constants: { maxPauseMs: 600_000, pollMs: 500 },
  policy: ({ maxPauseMs, pollMs }) => {
    const { open, run } = offering([TOOL])
    return {
      async open(c) {
        await enlist(c)
        open(c)
        await heed(c)
      },
      run,
      spent(c) {
        const { stopped } = stateOf(c)
        return stopped && `stopped by ${stopped}`
      },
      async prepare(c) {
        const { interrupts } = await heed(c)
        if (interrupts.length > 0) add(c, { role: 'user', content: reasonOf(interrupts) })
        stateOf(c).interrupts = []
      },
      async ask(request, c, next) {
        await until(c.machine.clock, { waitMs: maxPauseMs, pollMs }, async () => {
          const { isPaused, stopped } = await heed(c)
          return !isPaused || stopped !== undefined || undefined
        })
        const state = stateOf(c)
        state.isPaused = false
        return state.stopped === undefined ? next(request) : halted(state.stopped)
      },
      async gate(_call, c) {
        const { interrupts } = await heed(c)
        return interrupts.length > 0 ? { text: reasonOf(interrupts) } : undefined
      },
      save: async (c) => void (await heed(c)),
      async close(c) {
        await discharge(c)
        return true
      },
    }
  },
})
