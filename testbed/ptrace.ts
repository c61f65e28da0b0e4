// A run under a debugger: stop, look, step, go back. Each stop is the run again from its start to there, which
// is exact and takes milliseconds; so there is no state to undo, and going back costs what going on does.
import { UsageError } from '../sim/core/assert.ts'
import { proc } from './proc.ts'
import { contextAt, type Filter, linesOf, strace, VERBS } from './strace.ts'
import type { Delivery } from './worker.ts'

/** Runs until the trace has so many events; to the end where nothing is said. */
export type Rerun = (events: number | undefined) => Promise<Delivery>

export const HELP = `step [n]        n more lines of the listing (1)
back [n]        n lines back (1)
until WHAT      on to the next line with this verb or text: until LAPSE, until make_payment
to SECONDS      to this instant
cont            on to the end
proc            jobs, sessions, windows, queue, disk, what the kernel holds
context [turn]  the model's window at a request (the newest)
where           where it stands
help, quit
`

/** One stop after the other: a position in the trace, and what is shown there. */
export class Stepper {
  readonly #rerun: Rerun
  readonly #columns: number
  /** The whole run: its lines are the places to stop at. */
  readonly #whole: Delivery
  /** Events before the stop. */
  #at = 0

  private constructor(rerun: Rerun, whole: Delivery, columns: number) {
    this.#rerun = rerun
    this.#whole = whole
    this.#columns = columns
  }

  static async open(rerun: Rerun, columns: number): Promise<Stepper> {
    return new Stepper(rerun, await rerun(undefined), columns)
  }

  get whole(): Delivery {
    return this.#whole
  }

  /** What a command says. @throws {UsageError} for a command that is none. */
  async command(line: string): Promise<string> {
    const [verb = '', ...rest] = line.trim().split(/\s+/)
    const given = rest.join(' ')
    const n = given === '' ? 1 : Number(given)
    switch (verb) {
      case '':
      case 'step':
        return this.#move(this.#after(this.#at, whole(n, verb)))
      case 'back':
        return this.#move(this.#before(this.#at, whole(n, verb)))
      case 'until':
        return this.#until(given)
      case 'to':
        if (!(n >= 0)) throw new UsageError(`to: expected seconds, e.g. to 12.5, got '${given}'`)
        return this.#move(this.#instant(n * 1000))
      case 'cont':
        return this.#move(this.#whole.trace.length)
      case 'where':
        return this.#where()
      case 'help':
        return HELP
      case 'proc': {
        // Events of one instant may follow before the machine stops; they are not told yet.
        const { trace, inside } = await this.#stopped()
        return inside === undefined ? '' : proc(trace.slice(0, this.#at), inside, this.#columns)
      }
      case 'context': {
        const trace = this.#whole.trace.slice(0, this.#at)
        const requests = trace.filter(({ kind }) => kind === 'request').length
        return contextAt(trace, given === '' ? requests : whole(n, verb))
      }
      default:
        throw new UsageError(
          `no command '${verb}'. Commands: step, back, until, to, cont, proc, context, where, help, quit`,
        )
    }
  }

  #stopped(): Promise<Delivery> {
    const { trace } = this.#whole
    return this.#at >= trace.length ? Promise.resolve(this.#whole) : this.#rerun(this.#at)
  }

  /** The lines between here and there; what is gone back over is not told again. */
  #move(to: number): string {
    const from = this.#at
    this.#at = to
    if (to < from) return this.#where()
    const { trace } = this.#whole
    const lines = linesOf(trace.slice(from, to), this.#columns, {})
    if (to < trace.length) return told(lines)
    return `${strace({ trace: trace.slice(from), record: this.#whole.record }, this.#columns)}\n`
  }

  #isLine(i: number, only: Filter = {}): boolean {
    const event = this.#whole.trace[i]
    return event !== undefined && linesOf([event], this.#columns, only).length > 0
  }

  #after(from: number, lines: number): number {
    let left = lines
    let i = from
    for (; i < this.#whole.trace.length && left > 0; i++) if (this.#isLine(i)) left--
    return i
  }

  #before(from: number, lines: number): number {
    let left = lines
    let i = from
    for (; i > 0 && left > 0; i--) if (this.#isLine(i - 1)) left--
    return i
  }

  #instant(ms: number): number {
    const i = this.#whole.trace.findIndex(({ at }) => at > ms)
    return i < 0 ? this.#whole.trace.length : i
  }

  #until(what: string): string {
    const verb = VERBS.find((one) => one.toLowerCase() === what.toLowerCase())
    const only: Filter = verb === undefined ? { grep: what } : { verbs: [verb] }
    for (let i = this.#at; i < this.#whole.trace.length; i++)
      if (this.#isLine(i, only)) return this.#move(i + 1)
    return `nothing more with '${what}'\n`
  }

  #where(): string {
    const { trace } = this.#whole
    const ms = trace[Math.max(0, this.#at - 1)]?.at ?? 0
    return `event ${this.#at} of ${trace.length}, ${(ms / 1000).toFixed(3)} s\n`
  }
}

const told = (lines: readonly string[]): string =>
  lines.length === 0 ? '' : `${lines.join('\n')}\n`

const whole = (n: number, verb: string): number => {
  if (!Number.isInteger(n) || n < 1) throw new UsageError(`${verb}: expected a whole number from 1`)
  return n
}
