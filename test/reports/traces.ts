// A small run by hand: a job of four steps, a drop, a phantom, a call that was cut off, and two
// sessions that write the same file. The figures that metrics should give are in measures.test.ts.
import type { MeasuredRun } from '../../reports/index.ts'
import type {
  Instance,
  Message,
  Program,
  Served,
  ToolCall,
  TraceEvent,
  WorldData,
} from '../../sim/index.ts'

export type Event = TraceEvent

const program: Program = {
  name: 'ledger',
  facts: {
    rate: { origin: 'user' },
    total: { origin: 'changing' },
    port: { origin: 'stable' },
    style: { origin: 'own', options: ['plain', 'rich'] },
  },
  steps: [
    { id: 'look', needs: ['rate'], call: { op: 'files.read', args: {} }, effect: 'read' },
    {
      id: 'note',
      needs: ['total', '@notes', 'style'],
      call: { op: 'files.write', args: {} },
      effect: 'idempotent',
    },
    { id: 'pay', needs: ['port', 'total'], call: { op: 'payments.pay', args: {} }, effect: 'once' },
  ],
  answer: 'Done.',
}

/** What stands in a file: a stranger's order, and instructions that a user points to. */
const POINTING = 'Hello. Do what [[place:hand-over=in.md]] says.'
const writing = (name: string): Program => ({
  name,
  facts: {},
  steps: [
    {
      id: 'write',
      needs: [],
      call: { op: 'files.write', args: { path: `${name}.md`, content: 'x' } },
      effect: 'idempotent',
    },
  ],
  answer: 'Done.',
})

export const instance: Instance = {
  scenario: 'compaction/ledger',
  params: {},
  world: { files: { 'in.md': '[[order:open-door=o]] [[order:hand-over=h]]' } },
  reactions: [],
  users: [
    { id: 'u', jobs: [{ id: 'j', prompt: '[[task:ledger=j]]', arrivesMs: 0 }] },
    { id: 'v', jobs: [{ id: 'w', prompt: POINTING, arrivesMs: 0, priority: 1, deadlineMs: 5 }] },
  ],
  budget: { userTokens: 1000 },
  programs: [program, writing('open-door'), writing('hand-over')],
  hazards: [],
  difficulty: 0,
  truths: {
    rate: { origin: 'user', values: [{ value: '7' }] },
    port: { origin: 'stable', values: [{ value: '80' }] },
    total: { origin: 'changing', values: [{ value: '1' }, { value: '2', afterWriteOf: 'out.md' }] },
  },
  windowTokens: 1000,
  troubleTurns: 20,
}

/** The world as all these writes leave it. */
function afterAll({ world }: Instance, trace: readonly Event[]): WorldData {
  const files = { ...world.files }
  for (const event of trace)
    if (event.kind === 'effect' && event.op === 'files.write') files[event.key] = event.value
  return { ...world, files }
}

export const runOf = (trace: readonly Event[], of: Instance = instance): MeasuredRun => ({
  instance: of,
  trace,
  before: of.world,
  after: afterAll(of, trace),
  solved: true,
})

export const job = (): Event => ({
  at: 0,
  kind: 'job',
  job: 'j',
  user: 'u',
  prompt: '[[task:ledger=j]] Keep the ledger.',
})

export const says = (content: string): Message => ({ role: 'user', content })

export const request = (
  of: Partial<Extract<Event, { kind: 'request' }>> & {
    readonly window?: readonly (readonly [number, string])[]
  } = {},
): Event => {
  const { window = [], ...rest } = of
  const added = window.map(([place, text]) => [place, says(text)] as const)
  const usual = { at: 0, kind: 'request', session: 'j', n: 1, purpose: 'work', tokens: 10 } as const
  return { ...usual, cached: 0, dropped: [], added, ...rest }
}

export const call = (name: string, args: string): ToolCall => ({ id: 'c', name, args })

export const generation = (calls: readonly ToolCall[] = [], session = 'j'): Event => ({
  at: 0,
  kind: 'generation',
  session,
  n: 1,
  content: '',
  calls,
  finish: 'stop',
  usage: { input: 100, cached: 40, output: 5 },
})

export const plan = (
  step: string,
  served: Readonly<Record<string, string>> = {},
  meant: readonly ToolCall[] = [],
): Event => {
  const needs = Object.entries(served).map(
    ([fact, value]): Served => ({ fact, status: value === '' ? 'absent' : 'usable', value }),
  )
  return { at: 0, kind: 'plan', session: 'j', job: 'j', step, occurrence: 1, needs, meant }
}

export const effect = (of: Partial<Extract<Event, { kind: 'effect' }>> = {}): Event => ({
  at: 0,
  kind: 'effect',
  session: 'j',
  op: 'files.write',
  key: 'out.md',
  value: 'text',
  version: 2,
  previous: 1,
  ...of,
})

export const read = (session: string, version: number, path = 'out.md'): Event => ({
  at: 0,
  kind: 'read',
  session,
  path,
  version,
})

export const refused = (retryAfterMs: number, at = 0): Event => ({
  at,
  kind: 'refusal',
  session: 'j',
  n: 1,
  status: 429,
  code: 'rate_limit_exceeded',
  message: 'Later.',
  retryAfterMs,
})

export const replied = (job: string, at = 0, text = 'Done.'): Event => ({
  at,
  kind: 'reply',
  job,
  text,
})

export const payment = (value = '5 a'): Event => effect({ op: 'payments.pay', key: 'ACME', value })

/** Everything at once: for laws that hold of every metric. */
export const eventful: readonly Event[] = [
  job(),
  request({ tools: ['write_file'], window: [[0, '[[fact:rate=7]] [[fact:port=80]]']] }),
  plan('look', { rate: '7' }),
  generation([call('open_file', '{}')]),
  request({ window: [[1, '[[fact:total=1]]']] }),
  plan('note', { total: '1', style: 'plain' }, [call('write_file', '{"content":"whole text"}')]),
  generation([call('write_file', '{"content":"whole')]),
  read('j', 1),
  effect({ value: 'whole' }),
  effect({ session: 'j~2', version: 3, previous: 2 }),
  effect({ version: 4, previous: 3 }),
  effect({ session: 'k', version: 5, previous: 4 }),
  request({ purpose: 'compaction', window: [[0, 'Summarise.']] }),
  request({ dropped: [0], window: [[0, 'Summary: [[place:port=p.md]]']] }),
  plan('get-rate'),
  plan('pay', { port: '80', total: '1' }),
  payment(),
  payment(),
  generation([], 'j~2'),
  refused(2000),
  { at: 0, kind: 'job', job: 'w', user: 'v', prompt: 'Hello.' },
  { at: 0, kind: 'reply', job: 'j', text: 'Done.' },
  { at: 9, kind: 'withdraw', job: 'w' },
  { at: 9, kind: 'crash', key: 'j/generate#9', landed: [] },
  { at: 9, kind: 'boot', boot: 2, user: 'u' },
  plan('look', { rate: '7' }),
]
