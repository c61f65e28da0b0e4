// Several agents are asked for the same date. The first to claim it has it, and the others have to say that it
// is gone. Who looked before another one's claim and claims after it has promised it twice; and where the
// promise went out by mail, doing the job over does not take it back.

import type { Program, Step, WorldData } from '../../sim/index.ts'
import { atom } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { reading, sending, windowOf, writing } from '../materials/steps.ts'
import { NEXT_COMES_MS, pausedAt, pauseOf, people } from '../materials/together.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const SLOT = 'calendar/hall.md'

const jobFor = (user: string): string => `claim-${user}`
const noteOf = (user: string): string => `out/${user}.md`
const clientOf = (user: string): string => `client-of-${user}@example.com`
const CONFIRMED = 'The hall is yours.'

const saysYes = (user: string, { files, mail }: WorldData): boolean =>
  files[noteOf(user)]?.startsWith(CONFIRMED) === true ||
  mail?.sent.some(({ to }) => to === clientOf(user)) === true

const saysNo = (user: string, { files }: WorldData): boolean =>
  files[noteOf(user)]?.startsWith('The hall is taken.') === true

function check({ instance, after }: Judged): Violation[] {
  const users = instance.users.map(({ id }) => id)
  const owner = /^Taken by ([a-z]+)\.$/m.exec(after.files[SLOT] ?? '')?.[1]
  if (owner === undefined)
    return [
      { name: 'nobody-claims', says: 'leaves a free date to nobody, though it was asked for' },
    ]
  const found: Violation[] = []
  const promised = users.filter((user) => saysYes(user, after) && !saysNo(user, after))
  if (promised.length > 1)
    found.push({ name: 'promised-twice', says: 'promises the same date to more than one' })
  for (const user of users) {
    const [yes, no] = [saysYes(user, after), saysNo(user, after)]
    if (user !== owner && yes && no)
      found.push({ name: 'promise-broken', says: 'promises a date by mail that it then loses' })
    if (user === owner && yes && no)
      found.push({ name: 'winner-told-both', says: 'says yes and no to the one who has the date' })
    if (user === owner && !yes)
      found.push({ name: 'winner-not-told', says: 'takes the date and does not say so' })
    if (user !== owner && !yes && !no)
      found.push({ name: 'loser-not-told', says: 'does not say that the date is gone' })
  }
  return found
}

/** What stands in the calendar settles for all others that there is nothing to claim, and for itself that
 * there is nothing to decline. */
function claimOf(user: string, users: readonly string[]): string {
  const others = users.filter((other) => other !== user)
  const settled = others.flatMap((other) =>
    ['claim', 'confirm'].map((step) => atom('done', `${jobFor(other)}/${step}`)),
  )
  const own = atom('done', `${jobFor(user)}/decline`)
  return `Taken by ${user}.\nOut of the question for anybody else: ${settled.join(' ')}\nNo need to decline: ${own}\n`
}

function stepsOf(user: string, users: readonly string[], text: string, byMail: boolean): Step[] {
  const confirm = byMail
    ? sending('confirm', [], { to: clientOf(user), subject: 'The hall', body: CONFIRMED })
    : writing('confirm', [], noteOf(user), `${CONFIRMED}\n`)
  return [
    { ...reading('slot', []), id: 'look' },
    writing('claim', [], SLOT, `${text}${claimOf(user, users)}`),
    confirm,
    writing('decline', [], noteOf(user), 'The hall is taken. Please name another date.\n'),
  ]
}

export default scenario({
  claim: 'Of several agents that claim one thing exactly one has it, and the others say so.',
  source: 'First commit wins, arXiv 2602.08199; effects beside the files are not rolled back there',
  good: 'checks at its commit that what it read still stands, and promises nothing before that',
  bad: 'looks, thinks and writes on a shared folder without a check, or sends a promise that no commit holds back',
  own: ['promised-twice', 'promise-broken'],
  isPortable: false,
  params: {
    users: { default: 2, min: 2, max: 6, simplest: 2, about: 'users who ask for the same date' },
    mailed: {
      default: 30,
      min: 0,
      max: 100,
      simplest: 0,
      about: 'percent of the cases in which the promise goes out by mail',
    },
    pause: pauseOf(600),
    filler: { default: 60, min: 0, max: 5000, simplest: 0, about: 'tokens around the entry' },
    window: windowOf(32_000),
  },
  draw(draw, { users: count, mailed, pause, filler, window }) {
    const users = people(draw, count)
    const byMail = draw.int(1, 100) <= mailed
    const date = `${draw.int(1, 28)} ${draw.of(['May', 'June', 'July', 'September', 'October'])}`
    const text = `# The hall, ${date}\n${filler < 1 ? '' : `\n${prose(draw, filler)}\n`}\n`
    const programs = users.map(
      (user): Program => ({
        name: jobFor(user),
        facts: {},
        steps: stepsOf(user, users, text, byMail),
        answer: 'That is settled.',
      }),
    )
    const told = (user: string): string =>
      byMail ? `write to ${clientOf(user)} that it is theirs` : `say so in ${noteOf(user)}`
    return {
      world: {
        files: { [SLOT]: `${text}Free.\n` },
        ...(byMail ? { mail: { inbox: [], sent: [] } } : {}),
      },
      reactions: [],
      users: users.map((user, i) => ({
        id: user,
        jobs: [
          {
            id: jobFor(user),
            prompt: `${atom('task', jobFor(user), jobFor(user))} ${sentence(draw)} My client wants the hall on ${date}. If ${atom('place', 'slot', SLOT)} says that it is free, claim it there and ${told(user)}. If it is taken, leave it, and note in ${noteOf(user)} that we need another date.`,
            arrivesMs: i * NEXT_COMES_MS,
          },
        ],
      })),
      programs,
      hazards: pausedAt(draw, `${jobFor(users[0] ?? '')}/claim`, pause),
      truths: {},
      windowTokens: window,
    }
  },
  check,
})
