// The user says where things go, and thinks better of it while the work is under way: a note says so. Both
// values have been said; the older one is in the prompt, which designs keep, and the newer in a result, which
// they drop.
import { atom, type Program, type Reaction, type Step, type Truth } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { damage } from '../materials/deeds.ts'
import { oneJob, windowOf, writing } from '../materials/steps.ts'
import {
  closing,
  documents,
  looking,
  MOVING,
  names,
  OPENING,
  origins,
  told,
} from '../materials/stretch.ts'
import { flawsOf, usedStale, written } from '../materials/written.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const NOTE = 'notes/delivery.md'

const TAKEN_BACK: Violation = { name: 'fact-stale', says: 'goes by what its user has taken back' }

/** What was sent has been sent, whatever the file says by the end. */
function check(judged: Judged): Violation[] {
  const isUsed = usedStale(judged).has('depot')
  const flaws = flawsOf(written(judged)).filter(({ name }) => !isUsed || name !== TAKEN_BACK.name)
  return [...damage(judged), ...(isUsed ? [TAKEN_BACK] : []), ...flaws]
}

/** After which items the user changes their mind: at even distances, and never twice at once. */
function turns(items: number, changes: number): number[] {
  const times = Math.max(1, Math.min(changes, items - 1))
  return Array.from({ length: times }, (_, i) =>
    Math.max(0, Math.floor(((i + 1) * items) / (times + 1)) - 1),
  )
}

function steps(items: readonly string[], after: readonly number[]): Step[] {
  const work = items.flatMap((item, i): Step[] => {
    const sends = writing(
      `send-${item}`,
      [`amount-${item}`, 'depot', 'label'],
      `out/${item}.md`,
      `Send ${told(`amount-${item}`)} to ${told('depot')} under ${told('label', 'choice')}.\n`,
    )
    return after.includes(i) ? [sends, looking(`look-at-note-${i}`, 'depot')] : [sends]
  })
  return [
    ...OPENING,
    ...work,
    ...closing('sum-up', 'out/summary.md', 'The last went to {depot}.\n', ['depot']),
  ]
}

export default scenario({
  claim: 'What a user has taken back is not used again, however long ago the correction was.',
  source:
    'LongMemEval, arXiv 2410.10813: knowledge updates; a pinned prompt outlives what corrects it',
  good: 'keeps the newer word of its user with the older one, in a summary or a pin that is brought up to date, or reads the note again before it acts',
  bad: 'pins the prompt and drops the result with the correction, so that only what was taken back is left in the window',
  own: ['fact-stale'],
  isPortable: true,
  params: {
    distance: {
      default: 17_000,
      min: 100,
      max: 200_000,
      simplest: 100,
      about: 'tokens of work in all',
    },
    items: { default: 8, min: 1, max: 26, simplest: 1, about: 'documents to work through' },
    changes: { default: 1, min: 1, max: 4, simplest: 1, about: 'changes of mind, at most' },
    moving: MOVING,
    window: windowOf(16_000),
  },
  draw(draw, { distance, items: count, changes, moving, window }) {
    const items = names(draw, count)
    const job = `send-${draw.int(100, 999)}`
    const known = origins(draw, `out/${items[0]}.md`, moving)
    const docs = documents(draw, items, distance)
    const after = turns(count, changes)
    const [first = '', ...later] = names(draw, after.length + 1)
    const note = (depot: string): string =>
      `${sentence(draw)} Everything goes to ${atom('fact', 'depot', depot)} from now on.\n`
    const files = { ...known.files, ...docs.files, [NOTE]: note(first) }
    const triggers = after.map((i) => `out/${items[i]}.md`)
    const notes: Reaction[] = later.map((depot, i) => ({
      onWriteOf: triggers[i] ?? '',
      path: NOTE,
      text: note(depot),
    }))
    const depot: Truth = {
      origin: 'user',
      values: [
        { value: first },
        ...later.map((value, i) => ({ value, afterWriteOf: triggers[i] ?? '' })),
      ],
    }
    const prompt = [
      `${atom('task', 'send', job)} ${sentence(draw)} Please send out what these documents list, on account ${atom('fact', 'account', known.account)}, under one label of your own.`,
      `It all goes to ${atom('fact', 'depot', first)}. I may still change my mind about that: it will be in ${atom('place', 'depot', NOTE)}. Look there after document ${after.map((i) => i + 1).join(', ')}, and go by it.`,
      `Then write a summary. Read the rate again just before.`,
      `Where things are: ${[...known.places, ...docs.places].join(' ')}`,
    ].join('\n')
    const program: Program = {
      name: 'send',
      facts: { ...known.facts, ...docs.facts, depot: { origin: 'user' } },
      steps: steps(items, after),
      answer: 'Everything is sent.',
    }
    // The rate moves with the first item, and so may the note: then one file moves both.
    return {
      world: { files },
      reactions: [...known.moves(draw), ...notes],
      users: oneJob(job, prompt),
      programs: [program],
      hazards: [],
      truths: { ...known.truths, ...docs.truths, depot },
      windowTokens: window,
    }
  },
  check,
})
