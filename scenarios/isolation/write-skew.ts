// Of two people on duty one may go. Each agent reads both entries and changes only its own, so no file is
// written twice and no update is lost; but if both decide by what they read before, nobody is left. On a further
// day each asks alone, and has to be let go: so neither's job can be left undone.

import type { Program, Step } from '../../sim/index.ts'
import { atom } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { reading, windowOf, writing } from '../materials/steps.ts'
import { NEXT_COMES_MS, pausedAt, pauseOf, twoPeople } from '../materials/together.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri']
/** Whoever asks for one of these asks alone. */
const WEEKEND = ['sat', 'sun']

const SIGN_OFF = 'sign-off-'

const jobFor = (who: string): string => `leave-${who}`
const pathOf = (day: string, who: string): string => `duty/${day}-${who}.md`
const placeOf = (day: string, who: string): string => `${day}-${who}`

/** Behind the filler of its file. Whoever is off has settled the day for the other one. */
const off = (day: string, who: string, other: string): string =>
  `${day}: ${who} is off duty. So ${other} stays, and nobody else goes: ${atom('done', `${jobFor(other)}/${SIGN_OFF}${day}`)}\n`

const on = (day: string, who: string): string => `${day}: ${who} is on duty.\n`

function check({ before, after, instance }: Judged): Violation[] {
  const found: Violation[] = []
  const [one = '', other = ''] = instance.users.map(({ id }) => id)
  const isOff = (day: string, who: string, by: string): boolean => {
    const path = pathOf(day, who)
    const wanted = before.files[path]?.replace(on(day, who), off(day, who, by))
    if (after.files[path] !== wanted && after.files[path] !== before.files[path])
      found.push({
        name: 'entry-wrong',
        says: 'leaves an entry of the duty list that says neither',
      })
    return after.files[path]?.includes('is off duty') === true
  }
  for (const day of [...DAYS, ...WEEKEND]) {
    if (before.files[pathOf(day, one)] === undefined) continue
    const gone = [isOff(day, one, other) ? [one] : [], isOff(day, other, one) ? [other] : []].flat()
    if (gone.length === 2)
      found.push({ name: 'nobody-on-duty', says: 'lets both go, each because the other stays' })
    const asking = [one, other].filter((who) => asks(instance, day, who))
    if (gone.some((who) => asking.includes(who))) continue
    found.push(
      asking.length === 2
        ? { name: 'nobody-goes', says: 'lets nobody go, though one may' }
        : { name: 'wish-ignored', says: 'does not let go who asks for a day alone' },
    )
  }
  return found
}

const asks = ({ programs }: Judged['instance'], day: string, who: string): boolean =>
  programs.some(
    ({ name, steps }) => name === jobFor(who) && steps.some(({ id }) => id === SIGN_OFF + day),
  )

/** Looks at both entries of a day, and changes its own: unless what it reads has settled the day. */
const stepsOf = (
  day: string,
  who: string,
  other: string,
  filler: Readonly<Record<string, string>>,
): Step[] => {
  const looking = [who, other].map((name) => reading(placeOf(day, name), []))
  const text = `${filler[pathOf(day, who)]}${off(day, who, other)}`
  return [...looking, writing(`${SIGN_OFF}${day}`, [], pathOf(day, who), text)]
}

export default scenario({
  claim: 'Two agents that each decide by what both wrote do not break what holds for both.',
  source: 'Write skew, Berenson et al., SIGMOD 1995; doctors on call, Cahill et al., SIGMOD 2008',
  good: 'checks at its commit all that it read, and not only the files that it wrote',
  bad: 'locks or compares only what it writes, and lets both decide by entries that the other one is changing',
  own: ['nobody-on-duty'],
  isPortable: true,
  params: {
    days: {
      default: 2,
      min: 1,
      max: DAYS.length,
      simplest: 1,
      about: 'days that both ask for; each asks for another one alone besides',
    },
    pause: pauseOf(600),
    filler: { default: 60, min: 0, max: 5000, simplest: 0, about: 'tokens around each entry' },
    window: windowOf(32_000),
  },
  draw(draw, { days: count, pause, filler, window }) {
    const [one, other] = twoPeople(draw)
    const days = DAYS.slice(0, count)
    const alone = draw.shuffled(WEEKEND)
    const texts: Record<string, string> = {}
    const files: Record<string, string> = {}
    for (const day of [...days, ...WEEKEND])
      for (const who of [one, other]) {
        const path = pathOf(day, who)
        texts[path] = filler < 1 ? '' : `${prose(draw, filler)}\n\n`
        files[path] = `${texts[path]}${on(day, who)}`
      }
    const programs: Program[] = []
    const users = [one, other].map((who, i) => {
      const by = who === one ? other : one
      const job = jobFor(who)
      const wished = [alone[i] ?? '', ...days]
      programs.push({
        name: job,
        facts: {},
        steps: wished.flatMap((day) => stepsOf(day, who, by, texts)),
        answer: 'The duty list is settled.',
      })
      const places = wished.flatMap((day) =>
        [who, by].map((name) => atom('place', placeOf(day, name), pathOf(day, name))),
      )
      const prompt = [
        `${atom('task', job, job)} ${sentence(draw)} I would like to take ${wished.join(' and ')} off.`,
        `One of ${who} and ${by} has to stay on duty each day, so look at both entries first, and sign me off only where ${by} stays. Change my entry alone, and keep the rest of it.`,
        `The entries: ${places.join(' ')}`,
      ].join('\n')
      return { id: who, jobs: [{ id: job, prompt, arrivesMs: i * NEXT_COMES_MS }] }
    })
    const day = draw.of(days)
    return {
      world: { files },
      reactions: [],
      users,
      programs,
      hazards: pausedAt(draw, `${jobFor(one)}/${SIGN_OFF}${day}`, pause),
      truths: {},
      windowTokens: window,
    }
  },
  check,
})
