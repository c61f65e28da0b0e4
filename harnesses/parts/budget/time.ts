// Bounds in time, SWE-agent's: a command that takes too long is given up (what it did may have happened), so
// many of these in a row end the job, and so does the sum of all commands, before the next request. Beside
// them a bound on the job's own time, the model's included, which SWE-agent has not; 0 is no bound. Virtual
// milliseconds, which do not scale with the window. The words for a late command are from memory.

import { show } from '../../kept/meter.ts'
import { type Call, type Conversation, part, type Result } from '../../kernel.ts'

interface State {
  readonly openedMs: number
  calledMs: number
  /** In a row. */
  timeouts: number
}

function stateOf({ account, machine }: Conversation): State {
  const known = account.get('budget.clock') as State | undefined
  if (known !== undefined) return known
  const state: State = { openedMs: machine.clock.now(), calledMs: 0, timeouts: 0 }
  account.set('budget.clock', state)
  return state
}

const late = ({ name }: Call, ms: number): Result => ({
  text: `The command '${name}' was cancelled because it took more than ${ms / 1000} seconds. Please try a different command that completes more quickly.`,
  isError: true,
})

export default part({
  slot: 'budget',
  about: 'so long a command, so many late ones in a row, so long all commands, so long the job',
  source:
    'SWE-agent 3ea751c: execution_timeout 30 s, 3 consecutive timeouts, total_execution_timeout 1,800 s (read in source)',
  constants: { commandMs: 30_000, timeouts: 3, commandsMs: 1_800_000, jobMs: 0 },
  policy: ({ commandMs, timeouts, commandsMs, jobMs }) => ({
    open(c) {
      const state = stateOf(c)
      show(c, 'time', () => ({ ...state, nowMs: c.machine.clock.now() }))
    },
    spent(c) {
      const state = stateOf(c)
      if (timeouts > 0 && state.timeouts >= timeouts) return `${timeouts} timeouts in a row`
      if (commandsMs > 0 && state.calledMs >= commandsMs)
        return `${commandsMs / 1000} s of commands`
      const isOver = jobMs > 0 && c.machine.clock.now() - state.openedMs >= jobMs
      return isOver ? `${jobMs / 1000} s` : undefined
    },
    async run(call, c, next) {
      const { clock } = c.machine
      const state = stateOf(c)
      const fromMs = clock.now()
      const running = next(call)
      const inTime = (): Promise<undefined> => clock.sleep(commandMs).then(() => undefined)
      const result = await (commandMs > 0 ? Promise.race([running, inTime()]) : running)
      state.calledMs += clock.now() - fromMs
      state.timeouts = result === undefined ? state.timeouts + 1 : 0
      return result ?? late(call, commandMs)
    },
  }),
})
