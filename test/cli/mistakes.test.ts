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

const SWEEP = 'sweep compaction/ledger --over distance=1000..2000'

const FILES: Readonly<Record<string, string>> = {
  'a-file': 'in the way',
  'full/of.txt': 'things',
  'foreign/records/runs.ndjson': '{"run":1}\n',
  'foreign/report/report.json': '{"mine":1}',
  'foreign/page/summary.md': 'my own',
  'foreign/binary/runs.ndjson': '\u0001\n\u0002\n\u0003\n',
  'locked/.enosys.lock': `${process.pid}\n`,
  'more.yaml': `${tape('a: true')}decisons: {}\n`,
  'keys.yaml': `${tape('a: true')}? [a, b]\n: 1\n`,
  'large.yaml': `# ${'-'.repeat(3 << 19)}\nextends: typical\n`,
  'bare.yaml': 'name: says nothing else',
  'misspelt.yaml': '{ extends: typical, recall: { literlTop: 0.5 } }',
  'too-much.yaml': '{ extends: typical, behaviours: { phantom-tool: { rate: 3.3 } } }',
  'torn.yaml': 'extends: [typical',
  'twice.yaml': 'enosys: 1\ndecisions:\n  a/lapse: retry\n  a/lapse: none\n',
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
    '--over distance=2000..1000: 2000 is more than 1000. Nearest: distance=1000..2000',
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
  ['run --instances some', "--instances: expected a whole number in [1, 100,000], got 'some'"],
  ['run --workers 0', "--workers: expected a whole number in [1, 256], got '0'"],
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
  ['run --harness ./full', './full: is a folder; expected a file'],
  ['replay --tape ./full', './full: is a folder; expected a file'],
  ['run --prices full', 'full: is a folder; expected a file'],
  ['run --harness ./syntax.ts', './syntax.ts: does not load: ParseError: '],
  ['run --harness ./object.ts', `./object.ts: the default export is an object; ${FORM}`],
  ['run --harness ./nothing.ts', `./nothing.ts: the default export is nothing; ${FORM}`],
  ['run --harness ./throws.ts', './throws.ts: does not load: no key (line 2)'],
  ['run --harness ./exits.ts', './exits.ts: ends the process as it loads'],
  ['run --harness ./prints.ts', `./prints.ts: the default export is a number; ${FORM}`],
  ['run --out a-file', '--out a-file: is a file; expected a folder, e.g. enosys-out'],
  [`${SWEEP} --out a-file`, '--out a-file: is a file; expected a folder, e.g. enosys-out'],
  ['run --out a-file/x', 'a-file/x: cannot be written: ENOTDIR: not a directory'],
  [`crashes ${RUN} --out a-file/x`, 'a-file/x: cannot be written: ENOTDIR: not a directory'],
  ['run --out=', '--out: is empty; expected a folder, e.g. enosys-out'],
  [
    'run --out foreign/records',
    'foreign/records/runs.ndjson: begins with no record of a run, and ',
  ],
  ['run --out foreign/report', 'foreign/report/report.json: is no report of enosys, and is not '],
  [
    'run --out foreign/page',
    'foreign/page/summary.md: has no runs of enosys beside it, and is not ',
  ],
  ['run --resume --out foreign/page', 'foreign/page/summary.md: has no runs of enosys beside it'],
  ['run --out locked', `locked: process ${process.pid} is writing there (it says so in locked/`],
  [`replay ${RUN} --write cheap.yaml`, '--write cheap.yaml: is there, and is no tape of enosys; '],
  [`replay ${RUN} --write full`, '--write full: is there, and is no tape of enosys; name a file'],
  ['replay', 'replay needs a RUN_ID, or --tape FILE'],
  ['replay nonsense', `'nonsense' is not a RUN_ID. ${RUN_FORM}`],
  [
    'replay phantom-calls/malformed[size=3]@0.0:micro:typical:1',
    "phantom-calls/malformed: no parameter 'size'. It has: ",
  ],
  ['replay --tape no-tape.yaml', 'no-tape.yaml: enosys: expected 1, got undefined'],
  ['replay --tape torn.yaml', 'torn.yaml: not YAML: '],
  [
    'replay --tape twice.yaml',
    "twice.yaml: not YAML: 'a/lapse' stands twice in one map, again at line 4, column 3",
  ],
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
  [
    'crashes compaction/exactly-once[invoices=0]@0.0:loop:typical:1',
    'compaction/exactly-once: invoices: expected a number in [1, 26], got 0',
  ],
  [
    'crashes compaction/exactly-once[invoice=2]@0.0:loop:typical:1',
    "compaction/exactly-once: no parameter 'invoice'. It has: invoices, ",
  ],
  ['run --harness pi', 'pi is not installed: npx enosys install pi'],
  [`replay ${RUN.replace('micro', 'pi')}`, 'pi is not installed: npx enosys install pi'],
  ['run -n 1e12', "--instances: expected a whole number in [1, 100,000], got '1e12'"],
  ['robust --models 1e9', "--models: expected a whole number in [10, 10,000], got '1e9'"],
  ['run -w 100000', "--workers: expected a whole number in [1, 256], got '100000'"],
  [
    'run -n 100000 --trials 1000',
    ' runs are asked for; at most 10,000,000 are possible: fewer --instances',
  ],
  ['run --set window=9000,window=8000', "'window=8000': window is set already, to 9000"],
  [
    'run --window 8000 --set window=9000',
    '--window: is short for --set window=, which is there, too; keep one',
  ],
  ['run --seed 1 --seed 2', '--seed: is there twice; keep one'],
  [
    'replay compaction/ledger[items=4,items=5]@0.0:micro:typical:1',
    "'items=5': items is set already, to 4",
  ],
  [
    'replay compaction/ledger@99999999999999999.0:micro:typical:1',
    "'compaction/ledger@99999999999999999.0:micro:typical:1': 99999999999999999: expected a whole number up to 9007199254740991",
  ],
  [
    'sweep compaction/ledger --over distance=1000...2000',
    '--over distance=1000...2000: expected parameter=from..to, or parameter=a,b,c; e.g. distance=1000..200000. Nearest: distance=1000..2000',
  ],
  ['help nope', "no command 'nope'. Nearest: "],
  [
    'run --harness micro --gate clairvoyant',
    '--gate clairvoyant: is a control, and controls never gate. Nearest: micro. These can: micro',
  ],
  [
    'replay --tape more.yaml',
    'more.yaml: decisons: is no part of a tape, which has enosys, run and decisions',
  ],
  ['replay --tape keys.yaml', 'keys.yaml: '],
  ['run --profile ./large.yaml', './large.yaml: expected at most 1 MiB of YAML, got 1.5 MiB'],
  ['report foreign/binary', 'foreign/binary/runs.ndjson: no record of a run in it'],
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
  [
    'calibrate passk --instances 0',
    "--instances: expected a whole number in [1, 100,000], got '0'",
  ],
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
  // Where nothing is installed.
  process.env.HOME = cwd
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
    const said = here(says)
    // What begins with a number is about that number, which grows with the catalogue.
    expect(said.startsWith(' ') ? stderr : stderr.slice(0, said.length + 8), stderr).toContain(said)
    expect(stderr.indexOf('\n')).toBe(stderr.length - 1)
  },
)

test('no file is written, changed or removed', () => expect(after).toEqual(before))
