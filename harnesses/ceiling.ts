// How the ceiling works: keeps the whole history, shows the model all that it tells and nothing else, and runs
// a call only if a flawless model would make it. One job at a time, step by step: the most urgent one, then the
// one whose deadline is nearest, then the first. What is more urgent does not wait for an answer to end, and a
// job that is taken back is left. What a user said and the model settled on is known in later jobs of theirs; what
// was looked up is looked up again. Of what the model may choose it has what it chose in a whole answer.
import type { CallToolResult, Job, Machine, Message, Tool, ToolCall } from '../sim/index.ts'
import type { Oracle } from '../sim/oracle.ts'
import type { Args, Session } from './kernel.ts'
import { runWithin } from './within.ts'

/** How often a wrong answer is asked for again before the right call is run without the model. */
const ASKS = 3
/** A provider that refuses so often in a row does not come back. */
const REFUSALS = 30
/** No last word is longer, nor what is said beside a call. */
const WORDS_TOKENS = 1000
const SYSTEM: Message = { role: 'system', content: 'You are a careful agent.' }

/** What does not end with its job. */
const LASTING = /^\[\[(?:fact|place|rule|choice):/

const CHOICE = /(\[\[choice:[^=\]]+=)[^\]]*\]\]/g

const DENIED = 'Error: this is not permitted.'

const textOf = ({ content }: CallToolResult): string =>
  content.map((part) => (part.type === 'text' ? part.text : '')).join('')

const isSame = (a: ToolCall | undefined, b: ToolCall): boolean =>
  a?.name === b.name && a.args === b.args

/** What is known of a job, also after a crash. */
interface Known {
  history: readonly Message[]
  hasBegun: boolean
  /** The call that is under way, and how many effects there were before it. */
  calling: { readonly wanted: Message; readonly before: number } | undefined
}

interface Work {
  readonly job: Job
  readonly session: Session
  readonly known: Known
}

const told = ({ calls = [] }: Message, content: string, isError: boolean): Message => ({
  role: 'tool',
  callId: calls[0]?.id ?? '',
  content,
  isError,
})

/** That there is nothing to read is not believed at once, nor doubted for ever. */
const isDoubted = (history: readonly Message[]): boolean =>
  history.slice(-2 * ASKS).filter((one) => one.role === 'tool' && one.content === '').length < ASKS

const { POSITIVE_INFINITY: NEVER } = Number

/** Whether one job goes before another that came earlier. */
const isBefore = ({ job: a }: Work, { job: b }: Work): boolean =>
  a.priority !== b.priority
    ? a.priority > b.priority
    : (a.deadlineMs ?? NEVER) < (b.deadlineMs ?? NEVER)

export class Ceiling {
  readonly #machine: Machine
  readonly #oracle: Oracle
  readonly #open: Work[] = []
  /** Of the answer that is being spoken. */
  #speaking: { readonly work: Work; readonly controller: AbortController } | undefined
  #isAtWork = false

  constructor(machine: Machine, oracle: Oracle) {
    this.#machine = machine
    this.#oracle = oracle
  }

  add(job: Job): void {
    const session = this.#machine.open({ job: job.id })
    const work = { job, session, known: this.#recall(job) }
    this.#open.push(work)
    job.signal.addEventListener('abort', () => this.#interrupt(({ work: own }) => own === work))
    this.#interrupt(({ work: other }) => isBefore(work, other))
    if (!this.#isAtWork) void this.#workOn()
  }

  /** A call that was under way at a crash was done, if its effect is there. */
  #recall({ id, prompt }: Job): Known {
    const { memory, effects } = this.#oracle
    const fresh: Known = {
      history: [SYSTEM, { role: 'user', content: prompt }],
      hasBegun: false,
      calling: undefined,
    }
    const known = (memory.get(id) as Known | undefined) ?? fresh
    memory.set(id, known)
    const { calling } = known
    if (calling !== undefined && effects() > calling.before)
      known.history = [...known.history, calling.wanted, told(calling.wanted, 'Done.', false)]
    known.calling = undefined
    return known
  }

  /** With what was said in jobs of its user that are over by now. */
  #begin({ job, known }: Work): void {
    if (known.hasBegun) return
    known.hasBegun = true
    const said = this.#saidBy(job.user)
    if (said.size === 0) return
    const content = `What was said before:\n${[...said.values()].join('\n')}`
    const [system = SYSTEM, ...rest] = known.history
    known.history = [system, { role: 'user', content }, ...rest]
  }

  /** What was said to a user and by them, by what it is about. */
  #saidBy(user: string): Map<string, string> {
    const { memory } = this.#oracle
    const key = `said ${user}`
    const said = (memory.get(key) as Map<string, string> | undefined) ?? new Map()
    memory.set(key, said)
    return said
  }

  #remember({ job, known }: Work): void {
    const said = this.#saidBy(job.user)
    const words = known.history.filter(({ role }) => role === 'user' || role === 'assistant')
    for (const line of this.#oracle.brief(words).split('\n'))
      if (LASTING.test(line)) said.set(line.replace(/=.*/, ''), line)
  }

  #interrupt(isDue: (speaking: { work: Work }) => boolean): void {
    if (this.#speaking !== undefined && isDue(this.#speaking)) this.#speaking.controller.abort()
  }

  async #workOn(): Promise<void> {
    this.#isAtWork = true
    while (this.#open.length > 0) {
      const work = this.#open.reduce((best, other) => (isBefore(other, best) ? other : best))
      const reply = work.job.signal.aborted ? '' : await this.#step(work)
      if (reply === undefined) continue
      this.#remember(work)
      this.#open.splice(this.#open.indexOf(work), 1)
      this.#machine.reply(work.job.id, reply)
    }
    this.#isAtWork = false
  }

  /** The reply, when there is nothing left to do. */
  async #step(work: Work): Promise<string | undefined> {
    const oracle = this.#oracle
    const tools = (await work.session.tools.listTools()).tools
    const { known } = work
    this.#begin(work)
    const wanted = oracle.answer(known.history, tools)
    const [call] = wanted.calls ?? []
    if (call === undefined) return this.#end(work, tools, wanted.content)
    if (!(await this.#ask(work, tools, call))) return undefined
    const before = oracle.effects()
    known.calling = { wanted, before }
    const args = JSON.parse(call.args) as Args
    const result = await runWithin(this.#machine, work.session, tools, { ...call, args })
    const content = result === undefined ? DENIED : textOf(result)
    const isMissed = oracle.effects() === before && (result?.isError === true || oracle.changes())
    const isHollow = content === '' && oracle.looksUp() && isDoubted(known.history)
    const isError = result === undefined || isMissed || isHollow
    known.history = [...known.history, wanted, told(wanted, content, isError)]
    known.calling = undefined
    return undefined
  }

  /** Has the model say that all is done, as any harness does: whatever it says, the job is. */
  async #end(work: Work, tools: readonly Tool[], reply: string): Promise<string | undefined> {
    const isHeard = await this.#ask(work, tools, undefined)
    return isHeard ? reply : undefined
  }

  /** False where something else is to be done now. */
  async #ask(work: Work, tools: readonly Tool[], call: ToolCall | undefined): Promise<boolean> {
    const known = `What you know:\n${this.#oracle.brief(work.known.history)}\nDo the next step.`
    // A token is a character at least: there is room for the call, and an end to whatever has none.
    const maxTokens = WORDS_TOKENS + (call === undefined ? 0 : call.name.length + call.args.length)
    let refusals = 0
    for (let asks = 0; asks < ASKS; ) {
      // The same words again may get the same answer again.
      const content = asks === 0 ? known : `${known} This is the ${asks + 1}. time of asking.`
      const messages: Message[] = [SYSTEM, { role: 'user', content }]
      const controller = new AbortController()
      this.#speaking = { work, controller }
      const { signal } = controller
      const request = { messages, tools, maxTokens }
      const completion = await work.session.generate(request, { signal }).result
      this.#speaking = undefined
      if (signal.aborted) return false
      if (completion.kind === 'refused') {
        if (++refusals > REFUSALS) break
        await this.#machine.clock.sleep(completion.retryAfterMs ?? 1000)
      } else if (call === undefined || isSame(completion.message.calls?.[0], call)) break
      else if (this.#settles(work.known, completion.message)) return false
      else asks++
    }
    return true
  }

  /** Whether an answer settles what was open: then the right call is another one. */
  #settles(known: Known, { content, calls = [] }: Message): boolean {
    const settled = this.#oracle.brief(known.history)
    const news = [...content.matchAll(CHOICE)].filter(([, name = '']) => !settled.includes(name))
    if (calls.length === 0 || news.length === 0) return false
    const said = news.map(([choice]) => choice).join('\n')
    known.history = [...known.history, { role: 'assistant', content: said }]
    return true
  }
}
