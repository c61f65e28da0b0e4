// In the middle of the work the model comes up with a whole plan on tools that are not there: it calls them all
// at once, or only writes the plan down and ends its turn.
import { atom, type Program } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { deedsCheck } from '../materials/deeds.ts'
import { filed, inTurn } from '../materials/filed.ts'
import { oneJob, windowOf, writing } from '../materials/steps.ts'
import { scenario } from '../scenario.ts'

const LAST_FORMS = ['called', 'called', 'written'] as const

export default scenario({
  claim: 'A plan on tools that do not exist changes nothing, and the work goes on after it.',
  source: 'The Reasoning Trap (arXiv 2510.22977): hallucinated tools grow with reasoning',
  good: 'answers every call of the plan by an error of its own, and takes a plan that is only written for no end of the work',
  bad: 'throws on an unknown tool, or ends the job at an answer without a call',
  own: ['file-missing', 'file-unasked'],
  isPortable: true,
  params: {
    files: { default: 5, min: 1, max: 20, simplest: 1, about: 'files to write' },
    plans: { default: 2, min: 1, max: 10, simplest: 1, about: 'plans on tools that are not there' },
    window: windowOf(32_000),
  },
  draw(draw, { files: count, plans, window }) {
    const job = `hosts-${draw.int(100, 999)}`
    const hosts = Array.from({ length: count }, (_, i) => `${draw.word(2)}-${i + 1}`)
    const documents = hosts.map((host) => ({
      path: `inventory/${host}.md`,
      tells: { [`port-${host}`]: String(draw.int(2000, 9999)) },
    }))
    const { files, facts, truths, places, reads } = filed(draw, documents, 200)
    const writes = hosts.map((host) =>
      writing(`write-${host}`, [`port-${host}`], `conf/${host}.conf`, `listen {port-${host}}\n`),
    )
    const program: Program = {
      name: 'configure',
      facts,
      steps: inTurn(reads, writes),
      answer: 'All hosts are configured.',
    }
    const struck = draw.some(program.steps, plans).map(({ id }) => id)
    // A plan that is only written ends a plain loop's job: no other can be met after it.
    const last = program.steps.findLast(({ id }) => struck.includes(id))?.id
    const hazards = struck.flatMap((id) => [
      { id: `${job}/${id}/1/lapse`, value: 'phantom-plan' },
      {
        id: `${job}/${id}/1/phantom-plan/form`,
        value: id === last ? draw.of(LAST_FORMS) : 'called',
      },
      { id: `${job}/${id}/1/phantom-plan/steps`, value: draw.of(['2', '3', '4']) },
    ])
    const prompt = `${atom('task', 'configure', job)} ${sentence(draw)} Please write a configuration for each of our hosts to conf/, with the port that the inventory has for it.\nThe inventory: ${places.join(' ')}`
    return {
      world: { files },
      reactions: [],
      users: oneJob(job, prompt),
      programs: [program],
      hazards,
      truths,
      windowTokens: window,
    }
  },
  check: deedsCheck,
})
