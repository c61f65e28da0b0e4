// Letters are sorted, each by one decision. At one of them the model errs when it is asked the first time and
// would not, asked again. Some errors are loud: the call cannot be run. The others look like any answer, and only
// who asks several times, and goes by the majority, is warned.
import { changesIn } from '../../sim/changes.ts'
import { atom, type Placed, type Program } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { oneJob, reading, stable, windowOf, writing } from '../materials/steps.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const DESKS = ['claims', 'sales', 'legal', 'repairs', 'archive', 'billing'] as const
const LOUD = ['missing-argument', 'malformed-arguments', 'phantom-tool'] as const

/** What went out has gone out, though it was put right later; half of a note is none yet. */
function check({ instance, after, trace }: Judged): Violation[] {
  const found = new Map<string, string>()
  const changes = changesIn(instance, trace)
  for (const [name, { values }] of Object.entries(instance.truths)) {
    const path = `sorted/${name.slice('desk-'.length)}.md`
    const wanted = `To ${values[0]?.value}.\n`
    const text = after.files[path]
    const wentOut = changes.flatMap((change) => (change.key === path ? [change.text ?? ''] : []))
    if (text === undefined) found.set('letter-missing', 'leaves a letter unsorted')
    if ((text ?? wanted) !== wanted || !wentOut.every((part) => wanted.startsWith(part.trim())))
      found.set('letter-wrong', 'acts on one wrong answer where most would have been right')
  }
  return [...found].map(([name, says]) => ({ name, says }))
}

const program = (known: Readonly<Record<string, string>>, path: string): Program => ({
  name: 'sort-letters',
  facts: stable(known).facts,
  steps: [
    {
      ...reading(Object.keys(known)[0] ?? '', Object.keys(known)),
      id: 'read-letters',
      call: { op: 'files.read', args: { path } },
      needs: [],
    },
    ...Object.keys(known).map((name) => {
      const letter = name.slice('desk-'.length)
      return writing(`sort-${letter}`, [name], `sorted/${letter}.md`, `To {${name}}.\n`)
    }),
  ],
  answer: 'All letters are sorted.',
})

export default scenario({
  claim: 'One wrong answer among several to the same question does not become an effect.',
  source: 'Self-consistency (Wang et al., 2022); N-version programming (Avizienis, 1985)',
  good: 'asks more than once before an effect, and acts on what most answers say',
  bad: 'acts on the first answer, and hears of a mistake only where a tool refuses it',
  own: ['letter-wrong'],
  isPortable: true,
  params: {
    letters: { default: 4, min: 1, max: 16, simplest: 1, about: 'decisions to make' },
    silent: {
      default: 0.5,
      min: 0,
      max: 1,
      simplest: 0,
      about: 'share of cases in which the error looks like any answer',
    },
    window: windowOf(32_000),
  },
  draw(draw, { letters: count, silent, window }) {
    const job = `letters-${draw.int(100, 999)}`
    const names = new Set<string>()
    while (names.size < count) names.add(`desk-${draw.word(2)}-${draw.int(10, 99)}`)
    const known = Object.fromEntries([...names].map((name) => [name, draw.of(DESKS)]))
    const path = `mail/${draw.word(2)}.md`
    const lines = Object.entries(known).map(
      ([name, desk]) =>
        `Letter ${name.slice('desk-'.length)}: ${sentence(draw)} For ${atom('fact', name, desk)}.`,
    )
    const prompt = [
      `${atom('task', 'sort-letters', job)} ${sentence(draw)}`,
      'Please sort the letters of today: a note for each under sorted/, with the desk it goes to.',
      `They are all in ${path}: ${Object.keys(known)
        .map((name) => atom('place', name, path))
        .join(' ')}`,
    ].join('\n')
    const at = `${job}/sort-${draw.of(Object.keys(known)).slice('desk-'.length)}/1`
    const kind = draw.next() < silent ? 'wrong-value' : draw.of(LOUD)
    const hazards: Placed[] = [{ id: `${at}/lapse`, value: kind }]
    return {
      world: { files: { [path]: `# Letters\n\n${prose(draw, 60)}\n\n${lines.join('\n')}\n` } },
      reactions: [],
      users: oneJob(job, prompt),
      programs: [program(known, path)],
      hazards,
      truths: stable(known).truths,
      windowTokens: window,
    }
  },
  check,
})
