// A mistake of the user's gets one line that says what, where, and the nearest thing that would work; exit
// code 64, no stack, and the files are as they were.
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contents, folder, type Outcome, several } from './enosys.ts'

const RUN = 'phantom-calls/malformed@0.0:micro:typical:1'
const FORM = 'expected an async function (session) => ... or a kernel. See docs/your-own-harness.md'
const ALL = 'All: enosys list'
const RUN_FORM =
  'Expected scenario@instance.trial:harness:profile:seed, e.g. compaction/ledger@0.0:micro:typical:1'

const tape = (decision: string, run = RUN): string =>
  `enosys: 1\nrun: "${run}"\ndecisions:\n  ${decision}\n`

const FILES: Readonly<Record<string, string>> = {
  'a-file': 'in the way',
  'full/of.txt': 'things',
  'bare.yaml': 'name: says nothing else',
  'misspelt.yaml': '{ extends: typical, recall: { literlTop: 0.5 } }',
  'too-much.yaml': '{ extends: typical, behaviours: { phantom-tool: { rate: 3.3 } } }',
  'torn.yaml': 'extends: [typical',
  'heir.yaml': 'extends: typcal',
  'round.yaml': 'extends: ./about.yaml',
  'about.yaml': 'extends: ./round.yaml',
  'unlike.yaml': '{ extends: typical, like: { ruler_readme: GPT-4-1107-preview } }',
  'no-tape.yaml': 'hello: 1',
  'cheap.yaml': '{ inputUsdPerMillion: -1, outputUsdPerMillion: 1 }',
  'no-run.yaml': tape('a: true', 'nonsense'),
  'job.yaml': tape('nobody-1/write/1/lapse: phantom-tool'),
  'step.yaml': tape('note-877/wriet/1/lapse: phantom-tool'),
  'site.yaml': tape('note-877/write/1/lapze: phantom-tool'),
  'label.yaml': tape('note-877/write/1/lapse: phantom-tol'),
  'type.yaml': tape('note-877/write/1/lapse: true'),
  'operation.yaml': tape('note-877/genrate#1/yield: true'),
  'syntax.ts': 'export default async (session => {\n',
  'object.ts': 'export default { agent: 1 }\n',
  'nothing.ts': 'export const agent = 1\n',
  'throws.ts': '\nthrow new Error("no key\\nand more")\n',
  'exits.ts': 'process.exit(0)\n',
  'prints.ts': 'console.log("hello"); export default 1\n',
}

/** What is typed, then what is said. */
const MISTAKES: readonly (readonly [args: string, says: string])[] = [
  [
    'run phantom-calls/malforme',
    `no scenario 'phantom-calls/malforme'. Nearest: phantom-calls/malformed. ${ALL} scenarios`,
  ],
  ['run --harness micr', `no harness 'micr'. Nearest: micro. ${ALL} harnesses`],
  ['run --profile typcal', `no profile 'typcal'. Nearest: typical. ${ALL} profiles`],
  ['run --harness micro+recovry=terse', "no slot 'recovry'. Nearest: recovery. All: "],
  ['run --harness micro+recovery=ters', "no part 'ters' for slot recovery. Nearest: terse. All: "],
  ['run --harness micro+recovery', 'recovery: names no part: recovery=PART. All: '],
  [
    'run --harness micro+recovery=strict~red',
    'recovery=strict~red: it answers at no such moment. Nearest: read. All: ',
  ],
  [
    'run --harness micro+context=keep-recent(reserve=3)',
    'context=keep-recent(reserve=3): no such constant. Nearest: reserveTokens. All: ',
  ],
  [
    'run --harness micro+context=keep-recent(reserveTokens=few)',
    'context=keep-recent(reserveTokens=few): expected a number',
  ],
  [
    'run --harness loop+isolation=worktree/optimistic',
    'isolation: two parts would each decide whose files a job acts on; only one of them can',
  ],
  [
    'run --prices cheap.yaml',
    'cheap.yaml: inputUsdPerMillion: Too small: expected number to be >=0',
  ],
  ['run --prices none.yaml', 'none.yaml: no such file'],
  ['run --instnces 3', "unknown option '--instnces'. Nearest: --instances. See enosys --help"],
  ['rn', "unknown command 'rn'. Nearest: run. See enosys --help"],
  ['list scenaros', "nothing to list as 'scenaros'. Nearest: scenarios. All: scenarios, "],
  ['show micr', `no entry 'micr'. Nearest: micro. ${ALL}`],
  ['run --format termnal', "--format: no format 'termnal'. Nearest: terminal. All: "],
  ['run --set distnce=4', '--set distnce: no scenario here has it. Nearest: distance. They have: '],
  [
    'sweep compaction/ledgr --over distance=1..2',
    `no scenario 'compaction/ledgr'. Nearest: compaction/ledger. ${ALL} scenarios`,
  ],
  [
    'sweep compaction/ledger --over distnce=1000..2000',
    "--over distnce=1000..2000: compaction/ledger has no parameter 'distnce'. Nearest: distance. It",
  ],
  [
    'sweep compaction/ledger --over distance=1..2000',
    '--over distance=1..2000: expected distance in [100, 200000], got 1',
  ],
  [
    'sweep compaction/ledger --over distance=2000..1000',
    '--over distance=2000..1000: 2000 is more than 1000. expected parameter=from..to, or',
  ],
  [
    'sweep compaction/ledger --over distance',
    '--over distance: expected parameter=from..to, or parameter=a,b,c; e.g. distance=1000..200000',
  ],
  [
    'sweep compaction/ledger --over distance=1000..2000 --metric recal',
    "--metric: no metric 'recal'. Nearest: ",
  ],
  [
    'run phantom-calls/malformed --set window=1',
    'phantom-calls/malformed: window: expected a number in [2000, 1000000], got 1',
  ],
  ['run --set distance=far', "'distance=far': expected name=number, e.g. distance=4000"],
  ['run --instances some', "--instances: expected a whole number from 1 on, got 'some'"],
  ['run --workers 0', "--workers: expected a whole number from 1 on, got '0'"],
  ['run --shard 3/2', '--shard 3/2: expected i/n with 1 <= i <= n, e.g. 1/4'],
  ['run --harness micro --gate loop', '--gate loop: does not run here. Nearest: '],
  ['run --profile ./bare.yaml', './bare.yaml: window.native: missing; expected tokens in [1, '],
  [
    'run --profile ./misspelt.yaml',
    './misspelt.yaml: recall.literlTop: unknown; nearest: literalTop',
  ],
  [
    'run --profile ./too-much.yaml',
    './too-much.yaml: behaviours.phantom-tool.rate: expected a probability in [0, 1], got 3.3',
  ],
  ['run --profile ./torn.yaml', './torn.yaml: not YAML: '],
  [
    'run --profile ./heir.yaml',
    `./heir.yaml: extends: no profile 'typcal'. Nearest: typical. ${ALL} profiles`,
  ],
  [
    'run --profile ./round.yaml',
    './round.yaml: extends: ./about.yaml: extends: ./round.yaml extends itself',
  ],
  ['run --profile ./gone.yaml', './gone.yaml: no such file'],
  ['run --harness ./gone.ts', './gone.ts: no such file'],
  ['run --harness ./full', './full: no such file'],
  ['run --harness ./syntax.ts', './syntax.ts: does not load: ParseError: '],
  ['run --harness ./object.ts', `./object.ts: the default export is an object; ${FORM}`],
  ['run --harness ./nothing.ts', `./nothing.ts: the default export is nothing; ${FORM}`],
  ['run --harness ./throws.ts', './throws.ts: does not load: no key (line 2)'],
  ['run --harness ./exits.ts', './exits.ts: ends the process as it loads'],
  ['run --harness ./prints.ts', `./prints.ts: the default export is a number; ${FORM}`],
  ['run --out a-file', 'a-file/runs.ndjson: cannot be written: EEXIST: file already exists'],
  ['replay', 'replay needs a RUN_ID, or --tape FILE'],
  ['replay nonsense', `'nonsense' is not a RUN_ID. ${RUN_FORM}`],
  [
    'replay phantom-calls/malformed[size=3]@0.0:micro:typical:1',
    "phantom-calls/malformed: no parameter 'size'. It has: ",
  ],
  ['replay --tape no-tape.yaml', 'no-tape.yaml: enosys: expected 1, got undefined'],
  ['replay --tape torn.yaml', 'torn.yaml: not YAML: '],
  ['replay --tape no-run.yaml', `no-run.yaml: run: 'nonsense' is not a RUN_ID. ${RUN_FORM}`],
  [
    'replay --tape job.yaml',
    "job.yaml: decisions.nobody-1/write/1/lapse: no job 'nobody-1' in this run. Nearest: note-877",
  ],
  [
    'replay --tape step.yaml',
    "step.yaml: decisions.note-877/wriet/1/lapse: no step 'wriet' in this task. Nearest: write",
  ],
  [
    'replay --tape site.yaml',
    "site.yaml: decisions.note-877/write/1/lapze: no site 'lapze'. Sites: lapse, ",
  ],
  [
    'replay --tape label.yaml',
    "label.yaml: decisions.note-877/write/1/lapse: no behaviour 'phantom-tol'. Nearest: phantom-tool",
  ],
  [
    'replay --tape type.yaml',
    'type.yaml: decisions.note-877/write/1/lapse: expected a string, got true',
  ],
  [
    'replay --tape operation.yaml',
    "operation.yaml: decisions.note-877/genrate#1/yield: no operation 'genrate'. Nearest: generate",
  ],
  ['report gone', 'gone/runs.ndjson: no such file. `enosys run --out gone` writes it'],
  ['calibrate rulr', `no experiment 'rulr'. Nearest: ruler. ${ALL} experiments`],
  ['calibrate --profile typcal', `no profile 'typcal'. Nearest: typical. ${ALL} profiles`],
  ['calibrate --lenght 4000', "unknown option '--lenght'. Nearest: --length. See enosys --help"],
  ['calibrate ruler --documents 5', '--documents: is no condition of this. ruler: length'],
  [
    'calibrate ruler --length 4000,far',
    "--length: expected a whole number in [250, 10000000], got 'far'",
  ],
  [
    'calibrate agentdojo --attack direkt',
    "--attack: no 'direkt'. Nearest: direct. All: important_instructions, ",
  ],
  [
    'calibrate ruler --length 200000',
    'window of typical is 128000 tokens: a length of 200000 does not fit',
  ],
  ['calibrate position --documents 5 --gold 7', '--gold 7: 5 documents have places from 0 to 4'],
  ['calibrate passk --instances 0', "--instances: expected a whole number from 1 on, got '0'"],
  ['calibrate ruler --profile ./unlike.yaml', './unlike.yaml#'],
  ['install p', `no adapter 'p'. Nearest: pi. ${ALL} harnesses`],
  ['serve --work full', '--work full: is not empty; name a folder that does not exist yet'],
  ['serve --work a-file', '--work a-file: is no folder; name a folder that does not exist yet'],
  ['serve --port 70000', '--port 70000: expected one in [0, 65535]'],
  ['serve --port TAKEN --work new', 'port TAKEN is in use. Another: --port 0'],
]

const server = createServer()
let port = ''
let before: Record<string, string>
let after: Record<string, string>
let outcomes: Outcome[]

const here = (text: string): string => text.replaceAll('TAKEN', port)

beforeAll(async () => {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  const address = server.address()
  port = typeof address === 'object' ? `${address?.port}` : ''
  const cwd = folder(FILES)
  before = contents(cwd)
  outcomes = await several(
    MISTAKES.map(([args]) => here(args).split(' ')),
    cwd,
  )
  after = contents(cwd)
}, 60_000)

afterAll(() => void server.close())

test.each(MISTAKES.map(([args, says], i) => [args, says, i] as const))(
  'enosys %s',
  (_, says, i) => {
    const { code, stdout, stderr } = outcomes[i] as Outcome
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr.startsWith(`enosys: ${here(says)}`), stderr).toBe(true)
    expect(stderr.indexOf('\n')).toBe(stderr.length - 1)
  },
)

test('no file is written, changed or removed', () => expect(after).toEqual(before))
