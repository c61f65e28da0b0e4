// A look into a run: where it stands, what is under way, what the kernel published, and what goes wrong in that.
import { describe, expect, it } from 'vitest'
import { insideOf } from '../../sim/inside.ts'
import { proc } from '../../testbed/proc.ts'
import { Stepper } from '../../testbed/ptrace.ts'
import { run } from '../../testbed/run.ts'
import { parseRunId } from '../../testbed/run-id.ts'
import { strace } from '../../testbed/strace.ts'
import { house, instanceWith, play, serving } from './rig.ts'

const ID = 'phantom-calls/malformed@0.0:micro:hostile:1'
const spec = parseRunId(ID)

describe('a run that is stopped', () => {
  it('stands at the instant that was asked for, with what is under way', async () => {
    const { trace, inside } = await run(spec, 'sampled', house, { stop: { atMs: 1500 } })
    const state = inside()
    expect(state.atMs).toBe(1500)
    expect(trace.every(({ at }) => at <= 1500)).toBe(true)
    expect(state.pending.map(({ at }) => at > 1500)).not.toContain(false)
    const text = proc(trace, state, 100)
    expect(text).toMatch(/^at 1\.500 s/)
    expect(text).toContain('generate #1 (work) since 0.000')
    expect(text).toMatch(/ 0 {2}system {2}since 1 {2}system prompt/)
    expect(text).toMatch(/ 1 {2}user {4}since 1 {2}task/)
  })

  it('goes on to the same end', async () => {
    const whole = await run(spec, 'sampled', house)
    await run(spec, 'sampled', house, { stop: { atMs: 1500 } })
    const again = await run(spec, 'sampled', house)
    expect(again.record.digest).toBe(whole.record.digest)
  })
})

describe('what a kernel publishes', () => {
  const publishing = (value: unknown) =>
    serving(async (machine, id) => {
      machine.open({ job: id }).publish('state', value)
      return 'Done.'
    })
  const told = async (value: unknown): Promise<string> => {
    const played = await play({ kernel: publishing(value), instance: instanceWith() })
    expect(played.ending).toEqual({ kind: 'done' })
    return proc(played.trace, insideOf(played.simulation), 100)
  }
  const round: Record<string, unknown> = {}
  round.round = round

  it.each([
    [
      'a function that throws',
      () => {
        throw new Error('not now')
      },
      'threw: not now',
    ],
    ['a value', { a: 1 }, '{"a":1}'],
    ['a large number', () => 10n, '"10"'],
    ['a circle', round, 'no plain data'],
    ['an escape', '\u001b[2J gone', '[2J gone'],
  ])('is told, and harms nobody: %s', async (_name, value, text) => {
    const shown = await told(value)
    expect(shown).toContain(text)
    expect(shown).not.toContain('\u001b')
  })

  it('is not asked for where nobody looks', async () => {
    let asked = 0
    await play({ kernel: publishing(() => asked++), instance: instanceWith() })
    expect(asked).toBe(0)
  })
})

describe('a listing', () => {
  it('shows only what it is asked for', async () => {
    const result = await run(spec, 'sampled', house)
    const verbs = (of: object) =>
      new Set(
        strace(result, 120, of)
          .split('\n')
          .filter((line) => /^ *\d+\.\d{3} /.test(line))
          .map((line) => line.slice(11).split(' ')[0]),
      )
    expect(verbs({ verbs: ['gen', 'call'] })).toEqual(new Set(['gen', 'call']))
    expect(verbs({ grep: 'OWNERS' }).size).toBeGreaterThan(1)
    expect(verbs({ session: 'nobody' })).toEqual(new Set())
  })
})

describe('stepping', () => {
  const open = () =>
    Stepper.open(async (events) => {
      const stop = events === undefined ? undefined : { events }
      const { record, trace, unreached, inside } = await run(spec, 'sampled', house, { stop })
      return { record, trace, unreached, inside: inside() }
    }, 120)

  it('goes line by line, back, and to what is looked for', async () => {
    const stepper = await open()
    expect(await stepper.command('step')).toMatch(/boot {4}ana\n$/)
    expect((await stepper.command('step 2')).split('\n')).toHaveLength(3)
    expect(await stepper.command('until PLACED')).toContain('PLACED')
    const there = await stepper.command('where')
    await stepper.command('step')
    expect(await stepper.command('back')).toBe(there)
    expect(await stepper.command('context')).toMatch(/request 3 .*messages/)
    expect(await stepper.command('proc')).toContain('note-')
    expect(await stepper.command('cont')).toMatch(/PASS|FAIL/)
  })

  it('shows a window only as far as the listing has come', async () => {
    const stepper = await open()
    await stepper.command('step 3')
    const { length } = (await stepper.command('context')).split('\n')
    await stepper.command('step 8')
    expect((await stepper.command('context')).split('\n').length).toBeGreaterThan(length)
  })

  it.each(['to soon', 'step x', 'back 0', 'jump'])('refuses %s in one line', async (command) => {
    const stepper = await open()
    await expect(stepper.command(command)).rejects.toThrow(/^[^\n]+$/)
  })
})
