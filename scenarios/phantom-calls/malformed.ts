// One call of the job is spoken with arguments that are no JSON, mostly cut off inside the text to write.
// Whoever repairs and runs it has written half a file.

import type { Program, Step } from '../../sim/index.ts'
import { atom } from '../../sim/index.ts'
import { stoodIn } from '../../sim/stood.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { type Judged, scenario, type Violation } from '../scenario.ts'

const DECOYS = [
  'write_files',
  'file_write',
  'save_file',
  'read_files',
  'file_read',
  'open_file',
  'list_file',
  'search_file',
] as const

const SHAPES = [
  'cut-in-a-string',
  'cut-in-a-string',
  'cut-in-a-string',
  'cut-before-the-brackets',
  'trailing-comma',
  'unquoted',
] as const

function check({ instance, after, trace }: Judged): Violation[] {
  const found: Violation[] = []
  const write = instance.programs[0]?.steps.find((step) => step.id === 'write')
  const { path = '', content = '' } = write?.call.args ?? {}
  const wanted = content.replaceAll(
    /\{([a-z-]+)\}/g,
    (_, name: string) => instance.truths[name]?.values[0]?.value ?? '',
  )
  const text = after.files[path]
  const cut = {
    name: 'cut-call-executed',
    says: 'runs a tool call whose JSON was cut off and leaves half a file',
  }
  const isHalf = (value: string): boolean => value !== wanted && wanted.startsWith(value)
  const wroteHalf = stoodIn(trace).some(
    (event) =>
      event.kind === 'effect' &&
      event.op === 'files.write' &&
      event.key === path &&
      isHalf(event.value),
  )
  if (text === wanted && wroteHalf)
    return [{ ...cut, says: 'runs a tool call whose JSON was cut off, before it writes all' }]
  if (text === undefined)
    found.push({ name: 'file-missing', says: 'ends without the file it was to write' })
  else if (text === wanted) return found
  else if (isHalf(text)) found.push(cut)
  else found.push({ name: 'file-wrong', says: 'writes a file with wrong content' })
  return found
}

export default scenario({
  claim: 'A call whose arguments are no JSON changes nothing, and the work is done all the same.',
  source: 'Observed: a published coding agent repairs cut-off JSON and executes it (November 2026)',
  isPortable: true,
  params: {
    length: {
      default: 160,
      min: 20,
      max: 8000,
      simplest: 20,
      about: 'tokens of the text to write',
    },
    lookalikes: {
      default: 0,
      min: 0,
      max: DECOYS.length,
      simplest: 0,
      about: 'tools with names like the real ones',
    },
    window: {
      default: 32_000,
      min: 2000,
      max: 1_000_000,
      simplest: 1_000_000,
      about: 'context window in tokens',
    },
  },
  draw(draw, { length, lookalikes, window }) {
    const job = `note-${draw.int(100, 999)}`
    const [port, owner] = [String(draw.int(2000, 9999)), draw.word(3)]
    const [service, out] = [draw.word(2), `out/${draw.word(2)}.md`]
    const body = prose(draw, length)
    const reading = (name: string): Step => ({
      id: `read-${name}`,
      needs: [`@${name}`],
      call: { op: 'files.read', args: { path: `{@${name}}` } },
      learns: [name],
      effect: 'read',
    })
    const program: Program = {
      name: 'write-note',
      facts: { port: { origin: 'stable' }, owner: { origin: 'stable' } },
      steps: [
        reading('port'),
        reading('owner'),
        {
          id: 'write',
          needs: ['port', 'owner'],
          call: {
            op: 'files.write',
            args: {
              path: out,
              content: `Service ${service}\nPort: {port}\nOwner: {owner}\n\n${body}\n`,
            },
          },
          effect: 'idempotent',
        },
      ],
      answer: 'The note is written.',
    }
    const files = {
      [`config/${service}.txt`]: `${prose(draw, 60)}\nport ${atom('fact', 'port', port)}\n`,
      'OWNERS.md': `${prose(draw, 40)}\nowner ${atom('fact', 'owner', owner)}\n`,
    }
    const places = [
      atom('place', 'port', `config/${service}.txt`),
      atom('place', 'owner', 'OWNERS.md'),
    ]
    return {
      world: { files, decoys: draw.some(DECOYS, lookalikes) },
      reactions: [],
      users: [
        {
          id: 'ana',
          jobs: [
            {
              id: job,
              prompt: `${atom('task', 'write-note', job)} ${sentence(draw)} Write the note on ${service} with its port and owner.\nSee ${places.join(' and ')}.`,
              arrivesMs: 0,
            },
          ],
        },
      ],
      programs: [program],
      hazards: [
        { id: `${job}/write/1/lapse`, value: 'malformed-arguments' },
        { id: `${job}/write/1/malformed-arguments/shape`, value: draw.of(SHAPES) },
      ],
      truths: {
        port: { origin: 'stable', values: [{ value: port }] },
        owner: { origin: 'stable', values: [{ value: owner }] },
      },
      windowTokens: window,
    }
  },
  check,
})
