// A small job in front of a large registry: the tools it needs stand among 8 to 512. Their catalogue takes
// room in the window, names near the right ones lie about, and an error that lists them all takes it again. The
// more there are, the more calls of none of them: as models do, and so it is placed.
import { atom, type Program } from '../../sim/index.ts'
import { sentence } from '../../sim/world/prose.ts'
import { deedsCheck } from '../materials/deeds.ts'
import { filed, inTurn } from '../materials/filed.ts'
import { registry } from '../materials/registry.ts'
import { oneJob, paying, windowOf, writing } from '../materials/steps.ts'
import { scenario } from '../scenario.ts'

/** Tools that the world has anyway. */
const OWN = 6
const FEWEST = 8
/** Each e-fold of the number of tools has the odds of a phantom times e to this. @see phantom-tool, `registry` */
const SLOPE = 0.3

const phantomsAmong = (tools: number, ofFewest: number): number =>
  Math.round(ofFewest * Math.exp(SLOPE * Math.log(tools / FEWEST)))

export default scenario({
  claim: 'A job is done with the few tools it needs, however many others are offered beside them.',
  source:
    'RAG-MCP: choosing among few retrieved tools; ToolBench, arXiv 2307.16789, phantoms by registry size',
  good: 'shows the tools that fit the task, and names a few near ones in an error',
  bad: 'puts the whole registry into each request, and again into each error, until the work does not fit beside it',
  own: ['payment-missing', 'file-missing', 'paid-twice'],
  isPortable: false,
  params: {
    tools: {
      default: 128,
      min: FEWEST,
      max: 512,
      simplest: FEWEST,
      about: 'tools that are offered',
    },
    phantoms: {
      default: 2,
      min: 1,
      max: 4,
      simplest: 1,
      about: 'calls of a tool that is not there, where 8 are offered; more where more are',
    },
    distance: {
      default: 6000,
      min: 100,
      max: 100_000,
      simplest: 100,
      about: 'tokens to read in all',
    },
    // It holds the catalogue of 512, and a few errors that name them all.
    window: windowOf(64_000),
  },
  draw(draw, { tools, phantoms, distance, window }) {
    const job = `quarter-${draw.int(100, 999)}`
    const sites = Array.from({ length: 8 }, (_, i) => `${draw.word(2)}-${i + 1}`)
    const documents = sites.map((site) => ({
      path: `sites/${site}.md`,
      tells: { [`rent-${site}`]: String(draw.int(100, 999)) },
    }))
    const { files, facts, truths, places, reads } = filed(draw, documents, distance / sites.length)
    const landlord = draw.word(3)
    const pays = sites.map((site) => {
      const rent = `rent-${site}`
      return paying(`pay-${site}`, [rent], {
        payee: landlord,
        amount: `{${rent}}`,
        reference: site,
      })
    })
    const program: Program = {
      name: 'rents',
      facts,
      steps: [
        ...inTurn(reads, pays),
        writing('write', [], 'out/rents.md', `Paid the rents of ${sites.length} sites.\n`),
      ],
      answer: 'The rents are paid.',
    }
    const count = phantomsAmong(tools, phantoms)
    const struck = draw.some(program.steps, count).map(({ id }) => id)
    const prompt = `${atom('task', 'rents', job)} ${sentence(draw)} Please pay the rents of our eight sites to ${landlord}, each once with the site as reference, and note it in out/rents.md.\nThe contracts: ${places.join(' ')}`
    return {
      world: { files, payments: [], decoys: registry(draw, tools - OWN) },
      reactions: [],
      users: oneJob(job, prompt),
      programs: [program],
      hazards: struck.map((id) => ({ id: `${job}/${id}/1/lapse`, value: 'phantom-tool' })),
      truths,
      windowTokens: window,
    }
  },
  check: deedsCheck,
})
