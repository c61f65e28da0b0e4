// What a model turn costs as a session grows, against turn 10: many small tasks in one conversation, with
// a window of 8,000 tokens, where the kernel drops the oldest turns, and with one of 1,000,000, where all
// stays. Everything that a turn costs is in it: the kernel's own work, tools, trace.
// By itself: node dist/bench/growth.js
import { estimate } from '../harnesses/history/estimate.ts'
import type { BootableKernel } from '../sim/boot.ts'
import { openHost } from '../sim/host/index.ts'
import type { Job, Message, Program, Session, Tool } from '../sim/index.ts'
import { atom } from '../sim/index.ts'
import { type House, openHouse } from '../testbed/house.ts'
import { act, SYSTEM, simulate } from './episode.ts'
import { isMain, median, type Row } from './measure.ts'

const MARKS = [100, 1000, 5000] as const
/** Turns around a mark, and around turn 10: whole tasks, and few. */
const AROUND = 51
const EARLY = 12
/** Turns before a mark, for a mean: enough for the collector to come by. */
const MANY = 500
/** Long sessions, and short ones before each: the first of each is not counted. */
const LONG = 7
const SHORT = 30

/** Share of the window that is filled at most. */
const FULL = 0.75

const WINDOWS = [
  { tokens: 8000, goals: { 1000: 1.5, 5000: 1.5 } },
  { tokens: 1_000_000, goals: { 1000: 1.5, 5000: 4 } },
] as const

/** Looks a port up and writes it down: three turns, with the answer. */
const noting: Program = {
  name: 'note',
  facts: { port: { origin: 'stable' } },
  steps: [
    {
      id: 'read',
      needs: ['@port'],
      call: { op: 'files.read', args: { path: '{@port}' } },
      effect: 'read',
    },
    {
      id: 'write',
      needs: ['port'],
      call: { op: 'files.write', args: { path: 'out/{job}.md', content: 'Port {port}' } },
      effect: 'idempotent',
    },
  ],
  answer: 'Noted.',
}

/** A conversation that counts its tokens, by the harnesses' estimate, as it goes. */
class Chat {
  readonly messages: Message[] = [SYSTEM]
  turns = 0
  readonly session: Session
  readonly tools: readonly Tool[]
  #tokens = 0

  constructor(session: Session, tools: readonly Tool[]) {
    this.session = session
    this.tools = tools
    this.#tokens = estimate(this.messages) + estimate(tools)
  }

  add(...messages: readonly Message[]): void {
    this.messages.push(...messages)
    this.#tokens += estimate(messages)
  }

  /** Drops the oldest turns, system prompt excepted, while there are more than so many tokens. */
  dropTo(tokens: number): void {
    const { messages } = this
    let end = 1
    while (this.#tokens > tokens && end < messages.length) {
      const begin = end++
      while (messages[end]?.role === 'tool') end++
      this.#tokens -= estimate(messages.slice(begin, end))
    }
    messages.splice(1, end - 1)
  }

  /** One turn: drops what is too old, asks, runs what is called. False: the task is answered. */
  async turn(): Promise<boolean> {
    const { session, tools } = this
    this.dropTo(FULL * session.limits.windowTokens)
    const completion = await session.generate({ messages: this.messages, tools }).result
    this.turns++
    if (completion.kind === 'refused') {
      if (completion.code === 'context_length_exceeded') this.dropTo(0.8 * this.#tokens)
      return true
    }
    const { message } = completion
    const results: Message[] = []
    for (const { id, name, args } of message.calls ?? []) {
      const { text, isError } = await act(session, name, args)
      results.push({ role: 'tool', callId: id, content: text, isError })
    }
    this.add(message, ...results)
    return message.calls !== undefined
  }
}

/** Works on one small task after another, and notes when each turn ended, in milliseconds. */
const chatty = (ended: number[], turns: number): BootableKernel => ({
  users: 'one',
  async boot(machine) {
    for await (const job of machine.jobs) {
      const session = machine.open({ job: job.id })
      const { tools } = await session.tools.listTools()
      const chat = new Chat(session, tools)
      for (let task = 1; chat.turns < turns; task++) {
        chat.add({ role: 'user', content: asking(job, task) })
        for (let isOpen = true; isOpen; ) {
          isOpen = await chat.turn()
          ended.push(performance.now())
        }
      }
      machine.reply(job.id, 'Done.')
    }
  },
})

/** The next task, in the words of the first. */
const asking = ({ prompt }: Job, task: number): string =>
  prompt.replace(atom('task', 'note', 'job-1'), atom('task', 'note', `job-${task}`))

async function session(seed: number, windowTokens: number, turns: number, house: House) {
  const ended: number[] = []
  const shape = { profile: 'flawless', seed, windowTokens, programs: [noting], task: 'note' }
  await simulate(shape, house, chatty(ended, turns))
  return ended
}

/** Microseconds of the median turn among so many up to one: pauses of the collector fall out. */
function around(ended: readonly number[], turn: number, count: number): number {
  const turns = ended.slice(turn - count, turn + 1)
  return 1000 * median(turns.slice(1).map((at, i) => at - (turns[i] ?? Number.NaN)))
}

/** Microseconds of the mean turn among so many up to one, with all that the collector takes. */
const meanOf = (ended: readonly number[], turn: number, count: number): number =>
  (1000 * ((ended[turn] ?? Number.NaN) - (ended[turn - count] ?? Number.NaN))) / count

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Microseconds of a turn: of turn 10, and at each mark. */
interface Costs {
  readonly early: number
  readonly marks: readonly number[]
  /** Of the mean turn, where the others are of the median one. */
  readonly means: { readonly early: number; readonly marks: readonly number[] }
}

async function costs(windowTokens: number, house: House): Promise<Costs> {
  const [early, earlyMeans]: [number[], number[]] = [[], []]
  const marks: number[][] = MARKS.map(() => [])
  const means: number[][] = MARKS.map(() => [])
  for (let round = 0; round < LONG; round++) {
    for (let i = 0; i < SHORT; i++) {
      const ended = await session(1 + round * SHORT + i, windowTokens, 20, house)
      if (round === 0) continue
      early.push(around(ended, 10 + EARLY / 2, EARLY))
      earlyMeans.push(meanOf(ended, 10 + EARLY / 2, EARLY))
    }
    const ended = await session(round, windowTokens, 5000 + AROUND, house)
    if (round === 0) continue
    for (const [i, mark] of MARKS.entries()) {
      marks[i]?.push(around(ended, mark + (AROUND >> 1), AROUND))
      means[i]?.push(meanOf(ended, mark, Math.min(MANY, mark)))
    }
  }
  return {
    early: median(early),
    marks: marks.map(median),
    means: { early: mean(earlyMeans), marks: means.map(median) },
  }
}

const curve = (early: number, marks: readonly number[]): string =>
  [early, ...marks].map((us, i) => `${us.toFixed(0)} us at ${[10, ...MARKS][i]}`).join(', ')

export async function growth(): Promise<Row[]> {
  const house = await openHouse(openHost())
  const rows: Row[] = []
  for (const { tokens, goals } of WINDOWS) {
    const { early, marks, means } = await costs(tokens, house)
    const detail = curve(early, marks)
    const further = `mean, pauses of the collector included: ${curve(means.early, means.marks)}`
    for (const mark of [1000, 5000] as const) {
      rows.push({
        what: `turn ${mark} against turn 10, window of ${tokens.toLocaleString('en')} tokens`,
        measured: (marks[MARKS.indexOf(mark)] ?? Number.NaN) / early,
        goal: goals[mark],
        atLeast: false,
        unit: 'times',
        detail: mark === 1000 ? detail : further,
      })
    }
  }
  return rows
}

if (isMain(import.meta.url)) console.table(await growth())
