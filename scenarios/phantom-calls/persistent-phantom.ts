// A payment is called under the same wrong name again and again, whatever is answered. It stops by itself: who
// is patient that long, and lets nothing else break over it, gets the work done.
import { atom, type Program } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { deedsCheck } from '../materials/deeds.ts'
import { filed, inTurn } from '../materials/filed.ts'
import { oneJob, paying, windowOf, writing } from '../materials/steps.ts'
import { scenario } from '../scenario.ts'

export default scenario({
  claim:
    'A phantom call that comes back several times ends neither the job nor anything that was done.',
  source:
    'ToolBench, arXiv 2307.16789, traces of GPT-3.5: after a phantom the next call is one with p = 0.33',
  good: 'answers each phantom shortly, has patience for several, and lets nothing that was done be done again',
  bad: 'ends the job after a few errors or repeats, or fills the window with catalogues in answer',
  own: ['payment-missing', 'paid-twice', 'file-missing'],
  isPortable: false,
  params: {
    times: { default: 3, min: 1, max: 12, simplest: 1, about: 'phantoms one after the other' },
    length: { default: 4, min: 1, max: 16, simplest: 1, about: 'payments around it' },
    window: windowOf(32_000),
  },
  draw(draw, { times, length, window }) {
    const job = `dues-${draw.int(100, 999)}`
    const members = Array.from({ length }, (_, i) => `${draw.word(2)}-${i + 1}`)
    const documents = members.map((member) => ({
      path: `members/${member}.md`,
      tells: { [`dues-${member}`]: String(draw.int(10, 400)) },
    }))
    const { files, facts, truths, places, reads } = filed(draw, documents, 200)
    const club = draw.word(3)
    const pays = members.map((member) => {
      const of = `dues-${member}`
      const args = { payee: club, amount: `{${of}}`, reference: member }
      return paying(`pay-${member}`, [of], args)
    })
    const program: Program = {
      name: 'pay-dues',
      facts,
      steps: [
        ...inTurn(reads, pays),
        writing('write', [], 'out/dues.md', `Paid ${length} dues.\n`),
      ],
      answer: 'The dues are paid.',
    }
    const struck = draw.of(pays).id
    const hazards = Array.from({ length: times }, (_, i) => [
      { id: `${job}/${struck}/${i + 1}/lapse`, value: 'phantom-tool' },
      ...(i === 0 ? [] : [{ id: `${job}/${struck}/${i + 1}/phantom-tool/same-name`, value: true }]),
    ]).flat()
    const prompt = `${atom('task', 'pay-dues', job)} ${sentence(draw)} Please pay the dues of our members to ${club}, one payment for each with the member as reference, and note it in out/dues.md.\nThe members: ${places.join(' ')}`
    return {
      world: { files, payments: [] },
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
