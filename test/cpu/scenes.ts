// Scenes for the laws of the catalogue: runs in which every behaviour and every fault should find its
// occasion. An entry that finds none fails the laws until a scene here has it.
import type { BootableKernel } from '../../sim/boot.ts'
import type { Instance, Job, Machine, Message, Program, Session, Tool } from '../../sim/index.ts'
import { drawn, instanceWith, kernelNamed, kernelOf } from '../machine/rig.ts'

export interface Scene {
  readonly name: string
  readonly kernel: BootableKernel
  readonly instance: Instance
}

/** Parallel steps, a fact in two versions, one that has to be searched for, a file with nothing in it. */
const errands: Program = {
  name: 'errands',
  facts: { port: { origin: 'changing' }, code: { origin: 'stable' }, owner: { origin: 'user' } },
  steps: [
    {
      id: 'look',
      needs: ['@port'],
      call: { op: 'files.read', args: { path: '{@port}' } },
      effect: 'read',
    },
    {
      id: 'nothing',
      needs: [],
      call: { op: 'files.read', args: { path: 'empty.txt' } },
      effect: 'read',
    },
    {
      id: 'note',
      needs: ['port', 'owner'],
      call: { op: 'files.write', args: { path: 'note.txt', content: '{port} of {owner}' } },
      effect: 'idempotent',
    },
    {
      id: 'copy',
      needs: ['port'],
      call: { op: 'files.write', args: { path: 'copy.txt', content: 'again {port}' } },
      effect: 'idempotent',
      isBeside: true,
    },
    {
      id: 'pay',
      needs: ['code', 'owner'],
      call: {
        op: 'payments.pay',
        args: { payee: '{owner}', amount: '{code}.00', reference: '{job}' },
      },
      effect: 'once',
    },
  ],
  answer: 'The port is {port}.',
}

/** An older goal, the last step of which no tool serves. */
const tidy: Program = {
  name: 'tidy',
  facts: {},
  steps: [
    { id: 'list', needs: [], call: { op: 'files.list', args: {} }, effect: 'read' },
    { id: 'tell', needs: [], call: { op: 'mail.send', args: { to: 'ana' } }, effect: 'once' },
  ],
  answer: 'Tidy.',
}

const promptOf = (job: string): string =>
  `[[task:tidy=old-${job}]] was for later. Now do [[task:errands=${job}]] for [[fact:owner=ana]]. The port was [[fact:port=80]]; it may have changed, see [[place:port=port.md]].`

const SYSTEM: Message = { role: 'system', content: 'Use the tools to do what the user asks.' }
const TURNS = 24

/** One turn's calls, with what came of them. */
async function carriedOut(
  session: Session,
  calls: Message['calls'],
  tools: readonly Tool[],
): Promise<Message[]> {
  const results: Message[] = []
  for (const { id: callId, name, args } of calls ?? []) {
    const told = (content: string, isError: boolean): number =>
      results.push({ role: 'tool', callId, content, isError })
    if (!tools.some((tool) => tool.name === name)) told(`Unknown tool: ${name}`, true)
    else {
      try {
        const given = JSON.parse(args) as Record<string, unknown>
        const { content, isError } = await session.tools.callTool({ name, arguments: given })
        const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('')
        told(text, isError === true)
      } catch {
        told('Error: the arguments are no JSON.', true)
      }
    }
  }
  return results
}

/** The plainest loop; the first call of every job fails, and a refused request is sent again a few times. */
async function worked(machine: Machine, job: Job): Promise<string> {
  const session = machine.open({ job: job.id })
  const { tools } = await session.tools.listTools()
  const messages: Message[] = [SYSTEM, { role: 'user', content: job.prompt }]
  for (let turn = 0; turn < TURNS; turn++) {
    const answer = await session.generate({ messages, tools }).result
    if (answer.kind === 'refused') {
      await machine.clock.sleep(answer.retryAfterMs ?? 1000)
      continue
    }
    const { content, calls = [] } = answer.message
    if (calls.length === 0) return content
    const results = await carriedOut(session, calls, tools)
    const [first] = results
    if (turn === 0 && first !== undefined)
      results[0] = { ...first, content: 'Error: busy, try again.', isError: true }
    messages.push(answer.message, ...results)
  }
  return 'Stopped: too many turns.'
}

/** All jobs at once, so that generations run beside each other. */
const crew = kernelOf(async (machine) => {
  const open: Promise<void>[] = []
  for await (const job of machine.jobs)
    open.push(worked(machine, job).then((text) => machine.reply(job.id, text)))
  await Promise.all(open)
}, 'all')

export const SCENES: readonly Scene[] = [
  {
    name: 'payments',
    kernel: await kernelNamed('micro'),
    instance: await drawn('compaction/exactly-once', { invoices: 3, distance: 300 }),
  },
  {
    name: 'errands',
    kernel: crew,
    instance: instanceWith({
      world: {
        files: {
          'port.md': 'It is [[fact:port=8080]] now.',
          'empty.txt': '',
          'notes.md': 'The code is [[fact:code=77]].',
        },
        payments: [],
      },
      programs: [errands, tidy],
      users: ['ana', 'ben'].map((id, n) => ({
        id,
        jobs: [{ id: `job-${n + 1}`, prompt: promptOf(`job-${n + 1}`), arrivesMs: 0 }],
      })),
      troubleTurns: 40,
    }),
  },
]
