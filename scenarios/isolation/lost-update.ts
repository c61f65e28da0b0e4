// Two users' agents update one balance. The first has read it and thinks for long; meanwhile the second
// reads and writes. Whoever then writes from the stale reading has lost an update.

import { changesIn } from '../../sim/changes.ts'
import type { Program } from '../../sim/index.ts'
import { atom } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { doers } from '../materials/together.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const PATH = 'shared/balance.md'
/** Virtual milliseconds: the second user comes well after a job of ordinary length is over ... */
const SECOND_COMES_MS = 120_000
/** ... and well before the first one's placed pause is. */
const PAUSE_MS = 600_000

function check({ instance, after, trace }: Judged): Violation[] {
  const [first, second] = ['amount-a', 'amount-b'].map((name) =>
    Number(instance.truths[name]?.values[0]?.value),
  )
  const start = Number(instance.truths.balance?.values[0]?.value)
  const told = /\[\[fact:balance=(\d+)\]\]/.exec(after.files[PATH] ?? '')
  if (told === null)
    return [{ name: 'balance-missing', says: 'leaves the shared file without a balance' }]
  const balance = Number(told[1])
  if (balance === start + (first ?? 0) + (second ?? 0)) return []
  if (![start, start + (first ?? 0), start + (second ?? 0)].includes(balance))
    return [{ name: 'balance-wrong', says: 'leaves a wrong balance' }]
  const changes = changesIn(instance, trace).filter(({ key }) => key === PATH)
  const haveAll =
    instance.users.flatMap(({ jobs }) => jobs).length === doers(instance, changes).size
  return haveAll
    ? [{ name: 'lost-update', says: 'overwrites the update of another agent' }]
    : [{ name: 'update-missing', says: 'leaves out an update' }]
}

export default scenario({
  claim: 'Two agents that update one file lose neither update.',
  source: 'Lost update, Berenson et al., SIGMOD 1995; agents act on stale windows',
  good: 'takes a lock from reading to writing, or refuses a write whose file has changed since it was read',
  bad: 'writes from a reading that is minutes old, over what another agent wrote meanwhile',
  own: ['lost-update'],
  isPortable: true,
  params: {
    filler: {
      default: 60,
      min: 0,
      max: 20_000,
      simplest: 0,
      about: 'tokens of prose around the balance',
    },
    window: {
      default: 32_000,
      min: 2000,
      max: 1_000_000,
      simplest: 1_000_000,
      about: 'context window in tokens',
    },
  },
  draw(draw, { filler, window }) {
    const start = draw.int(100, 900)
    const text = filler < 1 ? '' : `${prose(draw, filler)}\n\n`
    const programs: Program[] = []
    const users = ['a', 'b'].map((name, i) => {
      const amount = draw.int(11, 99)
      const job = `add-${name}`
      programs.push({
        name: `add-${name}`,
        facts: { balance: { origin: 'changing' }, [`amount-${name}`]: { origin: 'user' } },
        steps: [
          {
            id: 'look',
            needs: ['@balance'],
            call: { op: 'files.read', args: { path: '{@balance}' } },
            effect: 'read',
          },
          {
            id: 'update',
            needs: ['balance', `amount-${name}`, '@balance'],
            call: {
              op: 'files.write',
              args: {
                path: '{@balance}',
                content: `${text}Balance: [[fact:balance={=balance+amount-${name}}]]\n`,
              },
            },
            effect: 'idempotent',
          },
        ],
        answer: 'The balance is up to date.',
      })
      const prompt = `${atom('task', `add-${name}`, job)} ${sentence(draw)} Add ${atom('fact', `amount-${name}`, String(amount))} to the balance in ${atom('place', 'balance', PATH)}. Keep the rest of the file.`
      return {
        id: `user-${name}`,
        amount,
        jobs: [{ id: job, prompt, arrivesMs: i * SECOND_COMES_MS }],
      }
    })
    return {
      world: { files: { [PATH]: `${text}Balance: ${atom('fact', 'balance', String(start))}\n` } },
      reactions: [],
      users: users.map(({ id, jobs }) => ({ id, jobs })),
      programs,
      hazards: [{ id: 'add-a/update/1/slow', value: PAUSE_MS }],
      truths: {
        balance: { origin: 'changing', values: [{ value: String(start) }] },
        'amount-a': { origin: 'user', values: [{ value: String(users[0]?.amount) }] },
        'amount-b': { origin: 'user', values: [{ value: String(users[1]?.amount) }] },
      },
      windowTokens: window,
    }
  },
  check,
})
