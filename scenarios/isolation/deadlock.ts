// Two agents book on the same two sheets, each under a lock file. One takes north first, the other one south.
// Where each has its first lock and wants the other's, both ask for ever, or give up with their locks on.

import { atom, jobOf, type Program, type TraceEvent } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { reading, windowOf, writing } from '../materials/steps.ts'
import { pausedAt, pauseOf, twoPeople } from '../materials/together.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

/** Virtual milliseconds. Sooner than elsewhere: who waits asks again every second, and that not for ever. */
const SECOND_COMES_MS = 60_000
/** It has its own first lock by then. */
const LEAST_PAUSE_MS = SECOND_COMES_MS + 5_000

const SHEETS = ['north', 'south'] as const

const sheetOf = (sheet: string): string => `sheets/${sheet}.md`
const lockOf = (sheet: string): string => `locks/${sheet}`

const lineOf = (sheet: string, value: string): string =>
  `${sheet}: ${atom('fact', `total-${sheet}`, value)}\n`

/** Whether a job asked for a lock again, having been told that somebody has it. */
function waits(trace: readonly TraceEvent[], job: string): boolean {
  const asked = trace.flatMap((event) =>
    event.kind === 'generation' && jobOf(event.session) === job
      ? [event.content, ...event.calls.map(({ args }) => args)]
      : [],
  )
  return SHEETS.some(
    (sheet) => asked.filter((said) => said.includes(`> ${lockOf(sheet)}`)).length > 1,
  )
}

function check({ instance, after, trace }: Judged): Violation[] {
  const found: Violation[] = []
  const { truths, users } = instance
  const truth = (name: string): number => Number(truths[name]?.values[0]?.value)
  const held = SHEETS.filter((sheet) => after.files[lockOf(sheet)] !== undefined)
  const waiting = new Set(users.flatMap(({ jobs }) => jobs.filter(({ id }) => waits(trace, id))))
  if (held.length === 2 && waiting.size === users.length)
    found.push({ name: 'deadlock', says: 'has one lock each, and each waits for the other one' })
  else if (held.length > 0)
    found.push({ name: 'lock-left', says: 'ends with a lock that nobody gives back' })
  const hours = Object.keys(truths).filter((name) => name.startsWith('hours-'))
  for (const sheet of SHEETS) {
    const wanted = hours.reduce((sum, name) => sum + truth(name), truth(`total-${sheet}`))
    const total = /\[\[fact:total-[a-z]+=(\d+)\]\]/.exec(after.files[sheetOf(sheet)] ?? '')?.[1]
    if (Number(total) < wanted)
      found.push({ name: 'booking-missing', says: 'leaves out or loses a booking' })
    else if (Number(total) !== wanted)
      found.push({ name: 'booking-wrong', says: 'leaves a sheet with a wrong total' })
  }
  return found
}

/** Takes a lock if nobody has it, in one move of the shell: the file is made, or it is there already. */
const taking = (sheet: string, user: string): Program['steps'][number] => ({
  id: `take-${sheet}`,
  needs: [],
  call: {
    op: 'shell.run',
    args: { command: `set -C; echo ${user} > ${lockOf(sheet)} && echo taken` },
  },
  effect: 'idempotent',
})

function booking(user: string, order: readonly string[], text: string): Program {
  const hours = `hours-${user}`
  const totals = order.map((sheet) => `total-${sheet}`)
  return {
    name: `book-${user}`,
    facts: {
      [hours]: { origin: 'user' },
      ...Object.fromEntries(totals.map((total) => [total, { origin: 'changing' as const }])),
    },
    steps: [
      ...order.map((sheet) => taking(sheet, user)),
      ...totals.map((total) => reading(total, [])),
      ...order.map((sheet) =>
        writing(
          `book-${sheet}`,
          [`total-${sheet}`, hours],
          sheetOf(sheet),
          `${text}${lineOf(sheet, 'TOTAL').replace('TOTAL', `{=total-${sheet}+${hours}}`)}`,
        ),
      ),
      {
        id: 'give-back',
        needs: [],
        call: {
          op: 'shell.run',
          args: { command: `rm -f ${order.map(lockOf).join(' ')} && echo given back` },
        },
        effect: 'idempotent',
      },
    ],
    answer: 'The hours are booked on both sheets.',
  }
}

export default scenario({
  claim:
    'Agents that need the same two things in a different order do not wait for each other for ever.',
  source: 'Deadlock, Coffman et al., System Deadlocks, 1971; lock files of parallel coding agents',
  good: 'takes locks in one order, gives them back when it has to wait, or works apart and commits, so that nobody waits in a circle',
  bad: 'holds one lock while it asks for the other, without an order, a time limit or anybody who sees the circle',
  own: ['deadlock'],
  isPortable: false,
  params: {
    pause: pauseOf(80, LEAST_PAUSE_MS),
    filler: { default: 60, min: 0, max: 5000, simplest: 0, about: 'tokens on each sheet' },
    window: windowOf(32_000),
  },
  draw(draw, { pause, filler, window }) {
    const pair = twoPeople(draw)
    const text = filler < 1 ? '' : `${prose(draw, filler)}\n\n`
    const totals = SHEETS.map((sheet) => ({ sheet, total: draw.int(100, 900) }))
    const orders = draw.shuffled([SHEETS, SHEETS.toReversed()])
    // Different ones: a merge would take two equal bookings for one.
    const less = draw.int(11, 40)
    const users = pair.map((user, i) => {
      const hours = i === 0 ? less : less + draw.int(1, 40)
      return { user, order: orders[i] ?? [], hours }
    })
    const first = users[0] ?? { user: '', order: [] }
    return {
      world: {
        files: {
          'locks/README.md': `${sentence(draw)} Who works on a sheet has a lock here.\n`,
          ...Object.fromEntries(
            totals.map(({ sheet, total }) => [
              sheetOf(sheet),
              `${text}${lineOf(sheet, String(total))}`,
            ]),
          ),
        },
        hasTerminal: true,
      },
      reactions: [],
      users: users.map(({ user, order, hours }, i) => {
        const places = order.map((sheet) => atom('place', `total-${sheet}`, sheetOf(sheet)))
        return {
          id: user,
          jobs: [
            {
              id: `book-${user}`,
              prompt: [
                `${atom('task', `book-${user}`, `book-${user}`)} ${sentence(draw)} Add ${atom('fact', `hours-${user}`, String(hours))} hours to the totals on both sheets, ${places.join(' and ')}.`,
                `Take a lock for each first, ${order.map(lockOf).join(', then ')}, each only if it is free, and keep asking for it if not. Give both back in the end.`,
              ].join('\n'),
              arrivesMs: i * SECOND_COMES_MS,
            },
          ],
        }
      }),
      programs: users.map(({ user, order }) => booking(user, order, text)),
      hazards: pausedAt(draw, `book-${first.user}/take-${first.order[1]}`, pause, LEAST_PAUSE_MS),
      truths: {
        ...Object.fromEntries(
          totals.map(({ sheet, total }) => [
            `total-${sheet}`,
            { origin: 'changing' as const, values: [{ value: String(total) }] },
          ]),
        ),
        ...Object.fromEntries(
          users.map(({ user, hours }) => [
            `hours-${user}`,
            { origin: 'user' as const, values: [{ value: String(hours) }] },
          ]),
        ),
      },
      windowTokens: window,
    }
  },
  check,
})
