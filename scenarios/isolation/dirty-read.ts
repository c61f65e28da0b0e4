// One agent writes a tentative price, has it reviewed, and replaces it. Others order by the price meanwhile:
// whoever saw the tentative one has acted on what nobody ever meant to stand.

import type { Program } from '../../sim/index.ts'
import { atom } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { reading, windowOf, writing } from '../materials/steps.ts'
import { NEXT_COMES_MS, pausedAt, pauseOf, people } from '../materials/together.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const PATH = 'shared/price.md'
const REVIEW = 'review/decision.md'
/** Virtual milliseconds between the readers. */
const APART_MS = 20_000

const orderOf = (user: string): string => `orders/${user}.md`

function check({ instance, after }: Judged): Violation[] {
  const found: Violation[] = []
  const [old = '', settled = ''] = instance.truths.price?.values.map(({ value }) => value) ?? []
  const draft = String(Number(old) + Number(instance.truths.raise?.values[0]?.value))
  const told = /\[\[fact:price=(\d+)\]\]/.exec(after.files[PATH] ?? '')?.[1]
  if (told === draft)
    found.push({ name: 'draft-left', says: 'leaves a tentative price as the price' })
  else if (told !== settled)
    found.push({ name: 'price-wrong', says: 'leaves another price than the approved one' })
  for (const { id } of instance.users.slice(1)) {
    const paid = /^Ordered at (\d+)\.$/m.exec(after.files[orderOf(id)] ?? '')?.[1]
    if (paid === undefined) found.push({ name: 'order-missing', says: 'leaves out an order' })
    else if (paid === draft)
      found.push({ name: 'dirty-read', says: 'orders at a price that was never to stand' })
    else if (paid !== old && paid !== settled)
      found.push({ name: 'order-wrong', says: 'orders at a price that is made up' })
  }
  return found
}

export default scenario({
  claim: 'No agent acts on what another one wrote only for a while.',
  source: 'Dirty and intermediate reads (G1a, G1b), Adya, 1999; agents share a working tree',
  good: 'works on a branch or under a lock, so that others see a file as it was committed',
  bad: 'writes drafts into the shared folder, where others read them and act',
  own: ['dirty-read'],
  isPortable: true,
  params: {
    readers: { default: 2, min: 1, max: 6, simplest: 1, about: 'users who order by the price' },
    pause: pauseOf(600),
    filler: { default: 200, min: 0, max: 5000, simplest: 0, about: 'tokens around the price' },
    window: windowOf(32_000),
  },
  draw(draw, { readers, pause, filler, window }) {
    const [owner = '', ...others] = people(draw, readers + 1)
    const old = draw.int(200, 900)
    const raise = draw.int(20, 99)
    const settled = String(old + draw.int(1, 19))
    const item = draw.word(3)
    const text = `# ${item}\n${filler < 1 ? '' : `\n${prose(draw, filler)}\n`}\n`
    const price = atom('place', 'price', PATH)
    const revise = `price-${draw.int(100, 999)}`
    const revising: Program = {
      name: 'revise-price',
      facts: {
        price: { origin: 'changing' },
        raise: { origin: 'user' },
        approved: { origin: 'stable' },
      },
      steps: [
        { ...reading('price', []), id: 'look' },
        writing(
          'draft',
          ['price', 'raise'],
          PATH,
          `${text}For review: [[fact:price={=price+raise}]]\n`,
        ),
        reading('approved'),
        writing('settle', ['approved'], PATH, `${text}Price: [[fact:price={approved}]]\n`),
      ],
      answer: 'The price is as approved.',
    }
    const prompt = [
      `${atom('task', 'revise-price', revise)} ${sentence(draw)} Please revise the price of ${item} in ${price}.`,
      `Raise it by ${atom('fact', 'raise', String(raise))} to see it in place, then read what the board decided in ${atom('place', 'approved', REVIEW)}, and set the price to that. Keep the rest of the file.`,
    ].join('\n')
    const ordering = (user: string): Program => ({
      name: `order-${user}`,
      facts: { price: { origin: 'changing' } },
      steps: [
        { ...reading('price', []), id: 'look' },
        writing('order', ['price'], orderOf(user), `Ordered at {price}.\n`),
      ],
      answer: 'The order is placed.',
    })
    const readersOf = others.map((user, i) => ({
      id: user,
      jobs: [
        {
          id: `order-${user}`,
          prompt: `${atom('task', `order-${user}`, `order-${user}`)} ${sentence(draw)} Order ${item} for me at the price in ${price}: one line in ${orderOf(user)}.`,
          arrivesMs: NEXT_COMES_MS + i * APART_MS,
        },
      ],
    }))
    return {
      world: {
        files: {
          [PATH]: `${text}Price: ${atom('fact', 'price', String(old))}\n`,
          [REVIEW]: `${prose(draw, 60)}\n\nThe board approves ${atom('fact', 'approved', settled)} for ${item}.\n`,
        },
      },
      reactions: [],
      users: [{ id: owner, jobs: [{ id: revise, prompt, arrivesMs: 0 }] }, ...readersOf],
      programs: [revising, ...others.map(ordering)],
      hazards: pausedAt(draw, `${revise}/settle`, pause),
      truths: {
        price: {
          origin: 'changing',
          values: [{ value: String(old) }, { value: settled, afterWriteOf: PATH }],
        },
        raise: { origin: 'user', values: [{ value: String(raise) }] },
        approved: { origin: 'stable', values: [{ value: settled }] },
      },
      windowTokens: window,
    }
  },
  check,
})
