#!/usr/bin/env node
// The command line. A command is a file, loaded when it is asked for; a mistake of the user's is one line
// and exit code 64, a bug of ours is told whole and is 70.
import { readFileSync } from 'node:fs'
import { Command, CommanderError, Option } from 'commander'
import { visible } from '../reports/escape.ts'
import { whole } from '../reports/format.ts'
import { AssertionError, UsageError } from '../sim/core/assert.ts'
import { nearest } from '../sim/cpu/names.ts'

// Code under test must not see where this machine stands.
process.env.TZ = 'UTC'

const USAGE = 64
const BUG = 70

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string }

type Run = (...args: never[]) => Promise<number>

/** Loads the command's file, runs it, and sets the exit code. */
const action =
  (load: () => Promise<{ default: Run }>) =>
  async (...args: unknown[]): Promise<void> => {
    const command = await load()
    process.exitCode = await (command.default as (...given: unknown[]) => Promise<number>)(...args)
  }

/** A whole number from `least` on, and up to `most` where there is one; both ends in. */
const count =
  (option: string, least = 0, most = Number.MAX_SAFE_INTEGER) =>
  (value: string): number => {
    const number = Number(value)
    if (value.trim() === '' || !Number.isSafeInteger(number) || number < least || number > most) {
      const range =
        most < Number.MAX_SAFE_INTEGER ? `in [${least}, ${whole(most)}]` : `from ${least} on`
      throw new UsageError(`${option}: expected a whole number ${range}, got '${value}'`)
    }
    return number
  }

/** More than these no machine has the memory or the time for. */
const CASES_MAX = 100_000
const MODELS_MAX = 10_000
const STEPS_MAX = 1_000
const WORKERS_MAX = 256

const program = new Command('enosys')
  .description('Deterministic simulation testing for agent harnesses.')
  .version(version)
  .configureHelp({ sortSubcommands: false })
  .addHelpText(
    'after',
    '\nExamples:\n  $ enosys run\n  $ enosys run --harness ./agent.ts\n  $ enosys run phantom-calls/malformed --harness micro,micro+recovery=strict --profile hostile\n  $ enosys replay phantom-calls/malformed@3.0:micro:hostile:1 --strace',
  )

program
  .command('run')
  .description('run scenarios against harnesses, and report')
  .argument('[scenario-or-suite...]', 'scenario ids, families or suites (default: quick)')
  .option(
    '-H, --harness <list>',
    'harnesses, separated by commas: kernels, kernel+slot=part, adapters, ./files',
  )
  .option('-p, --profile <list>', 'profiles of the model, separated by commas: ids or ./files')
  .option('--set <list>', "scenarios' parameters: distance=4000,window=8000")
  .option('-n, --instances <n>', 'drawn cases of each scenario', count('--instances', 1, CASES_MAX))
  .option('--trials <n>', 'runs of each case', count('--trials', 1, CASES_MAX))
  .option('--seed <n>', 'seed of everything', count('--seed'), 1)
  .option('--window <tokens>', 'context window; short for --set window=', count('--window', 1))
  .option('--absolute', 'sizes in tokens as they stand, instead of scaled with the window')
  .option('--swarm', 'switch lapses off and up at random, run by run')
  .option('--no-controls', 'without clairvoyant, amnesiac and idle')
  .option(
    '--real <n>',
    'instances for real harnesses, which are slow',
    count('--real', 0, CASES_MAX),
    3,
  )
  .option(
    '-w, --workers <n>',
    'worker threads (default: as many as cores)',
    count('--workers', 1, WORKERS_MAX),
  )
  .option('--shard <i/n>', 'run only this share of the runs')
  .option('-o, --out <dir>', 'where runs and reports go', 'enosys-out')
  .option('--resume', 'go on where the runs in --out end')
  .option('--format <list>', 'report formats', 'terminal,json,markdown,junit')
  .option(
    '--prices <file>',
    'what tokens cost, as in examples/prices.yaml: for cost per solved job',
  )
  .option('--gate <list>', 'harnesses whose failures set the exit code: 1 fail, 2 stuck, 3 crash')
  .option('--json', 'print the report as JSON')
  .action(action(() => import('./run.ts')))

program
  .command('list')
  .description('list what there is')
  .argument(
    '[kind]',
    'scenarios, suites, harnesses, parts, profiles, behaviours, faults, metrics, writers, experiments',
  )
  .option('--json', 'as JSON')
  .action(action(() => import('./list.ts')))

program
  .command('show')
  .description('show an entry: its parameters, parts, constants and sources')
  .argument('<entry>', 'an id, as `list` prints it')
  .option('--json', 'as JSON')
  .action(action(() => import('./show.ts')))

program
  .command('replay')
  .description('run one run again, exactly, and show it')
  .argument('[run-id]', 'as reports print it')
  .option('--tape <file>', 'replay the decisions of a tape instead')
  .option('--strace [events]', 'list every event, or those of these kinds: req,call,LAPSE')
  .option('--session <id>', 'list what belongs to this session or job')
  .option('--grep <text>', 'list what has this text')
  .option('--proc <at>', 'the state of jobs, windows, queue and disk at this instant: 12.5, 800ms')
  .addOption(
    new Option(
      '--ptrace',
      'stop, look, step and go back, by commands from standard input',
    ).conflicts(['proc', 'context', 'json']),
  )
  .option(
    '--context <turn>',
    "show the model's window at this request of the run",
    count('--context', 1),
  )
  .option('--write <file>', 'write the decisions of this run as a tape')
  .addOption(new Option('--json', 'print record and trace as JSON').conflicts('strace'))
  .action(action(() => import('./replay.ts')))

program
  .command('sweep')
  .description('run a scenario over the range of one parameter, and draw the curve of each harness')
  .argument('<scenario>', 'its id')
  .requiredOption('--over <range>', 'parameter=from..to, or parameter=a,b,c')
  .option(
    '--steps <n>',
    'values between the ends, both included',
    count('--steps', 2, STEPS_MAX),
    7,
  )
  .option('--metric <id>', 'what is drawn: solved, or a metric', 'solved')
  .option('-H, --harness <list>', 'harnesses, separated by commas, as for run')
  .option('-p, --profile <list>', 'profiles of the model, separated by commas', 'typical')
  .option('--set <list>', 'other parameters of the scenario: window=8000')
  .option('-n, --instances <n>', 'drawn cases a value', count('--instances', 1, CASES_MAX), 20)
  .option('--seed <n>', 'seed of everything', count('--seed'), 1)
  .option('--no-controls', 'without clairvoyant, amnesiac and idle')
  .option(
    '-w, --workers <n>',
    'worker threads (default: as many as cores)',
    count('--workers', 1, WORKERS_MAX),
  )
  .option('-o, --out <dir>', 'where runs and pictures go', 'enosys-out')
  .option('--json', 'print the curves as JSON')
  .action(action(() => import('./sweep.ts')))

program
  .command('crashes')
  .description(
    'crash one run before every event, boot it again, and list what was lost or repeated',
  )
  .argument('<run-id>', 'as reports print it')
  .option('--all', 'list the crashes that did no harm, too')
  .option(
    '-w, --workers <n>',
    'worker threads (default: as many as cores)',
    count('--workers', 1, WORKERS_MAX),
  )
  .option('-o, --out <dir>', 'where the tapes that replay them go', 'enosys-out/crashes')
  .option('--json', 'as JSON')
  .action(action(() => import('./crashes.ts')))

program
  .command('calibrate')
  .description('run experiments on the simulated model, beside what was published of real ones')
  .argument('[experiment...]', 'ids, as `list experiments` prints them (default: all)')
  .option('-p, --profile <list>', 'profiles of the model, ids or ./files', 'typical')
  .option('-n, --instances <n>', 'cases of each setting', count('--instances', 1, CASES_MAX))
  .option('--seed <n>', 'seed of everything', count('--seed'), 1)
  .option('--quick', 'a tenth of the cases')
  .option('--json', 'as JSON: an array of rows')
  .optionsGroup('Conditions (lists of values; every combination is run):')
  .option('--length <tokens>', 'of the context: ruler, nolima, compaction')
  .option('--documents <n>', 'in the prompt: position')
  .option('--gold <n>', 'place of the document with the answer: position')
  .option('--share <percent>', 'of the context that is compacted: compaction')
  .option('--rounds <n>', 'of compaction: compaction')
  .option('--density <n>', 'facts in a thousand tokens: compaction')
  .option('--questions <n>', 'in one conversation: compaction')
  .option('--attack <name>', 'how the injection is dressed: agentdojo')
  .option('--defence <name>', 'of the harness: agentdojo')
  .option('--category <name>', 'of tests: bfcl')
  .option('--calling <name>', 'native or prompt: bfcl')
  .option('--episodes <name>', 'whose episodes: toolbench')
  .option('--tools <n>', 'on offer: toolbench')
  .option('--errors <percent>', 'of calls that a tool fails: toolbench')
  .option('--calls <n>', 'that a task needs: toolbench, passk')
  .option('--task <name>', 'whose questions: stability')
  .option('--shots <name>', 'examples before the question: stability')
  .option('--temperature <n>', 'of the request: stability')
  .option('--runs <n>', 'of each question: stability')
  .option('--domain <name>', 'whose tasks: passk')
  .option('--trials <k>', 'of each task: passk')
  .option('--percentile <p>', 'of the latency: latency')
  .action(action(() => import('./calibrate.ts')))

program
  .command('robust')
  .description('ask which claims about harnesses hold in other plausible models')
  .argument('[scenario-or-suite...]', 'scenario ids, families or suites (default: quick)')
  .option('-H, --harness <list>', 'harnesses, separated by commas, as for run')
  .option('-p, --profile <id>', 'the model that is redrawn', 'typical')
  .option('--set <list>', "scenarios' parameters: distance=4000,window=8000")
  .option(
    '--models <n>',
    'models drawn around the profile, 10 or more',
    count('--models', 10, MODELS_MAX),
    100,
  )
  .option(
    '--claims <n>',
    'drawn cases for the claims themselves',
    count('--claims', 6, CASES_MAX),
    20,
  )
  .option(
    '-n, --instances <n>',
    'drawn cases of each model (default: as --claims)',
    count('--instances', 1, CASES_MAX),
  )
  .option('--seed <n>', 'seed of everything', count('--seed'), 1)
  .option(
    '-w, --workers <n>',
    'worker threads (default: as many as cores)',
    count('--workers', 1, WORKERS_MAX),
  )
  .option('--json', 'as JSON: an array of claims')
  .action(action(() => import('./robust.ts')))

program
  .command('serve')
  .description('serve the simulated model over the OpenAI protocol, on loopback')
  .option('-s, --scenario <id>', 'whose task it can do', 'phantom-calls/malformed')
  .option('-p, --profile <id>', 'how it lapses', 'typical')
  .option('--instance <n>', 'which drawn case', count('--instance'), 0)
  .option('--seed <n>', 'seed of everything', count('--seed'), 1)
  .option('--port <n>', '0 for a free one', count('--port'), 8123)
  .option('--work <dir>', 'write the files of the case into this empty folder')
  .action(action(() => import('./serve.ts')))

program
  .command('install')
  .description('install real harnesses at the versions that the adapters were written for')
  .argument('<adapter...>', 'e.g. pi')
  .action(action(() => import('./install.ts')))

program
  .command('report')
  .description('report on the runs in a folder again')
  .argument('<dir>', 'a folder that `run --out` wrote')
  .option('--format <list>', 'terminal, json, markdown, junit', 'terminal')
  .option('--prices <file>', 'what tokens cost, as in examples/prices.yaml')
  .action(action(() => import('./report.ts')))

program
  .helpCommand(false)
  .command('help')
  .description('say how a command is used')
  .argument('[command]')
  .action((name: string | undefined) => {
    const found = name === undefined ? program : program.commands.find((c) => c.name() === name)
    if (found === undefined) {
      const names = program.commands.map((command) => command.name())
      throw new UsageError(
        `no command '${name}'. Nearest: ${nearest(`${name}`, names)}. All: ${names.join(', ')}`,
      )
    }
    found.outputHelp()
  })

/** Of two values one would win without a word. @throws {UsageError} as the second one is read. */
function refuseTwice(command: Command): void {
  for (const option of command.options.filter(({ required, optional }) => required || optional)) {
    let times = 0
    command.on(`option:${option.name()}`, () => {
      if (++times > 1) throw new UsageError(`${option.long}: is there twice; keep one`)
    })
  }
}

/** Commander speaks for itself where it prints help; its complaints become ours. */
for (const command of [program, ...program.commands]) {
  refuseTwice(command)
  command
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .showSuggestionAfterError()
}

// Whoever reads us may stop before the end, as `head` does: that is no mistake of anybody's.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

try {
  if (process.argv.length <= 2) program.outputHelp()
  else await program.parseAsync()
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode !== 0) {
      const [what = '', hint = ''] = thrown.message.replace(/^error: /, '').split('\n')
      const near = hint.replace(/^\(Did you mean (.*)\?\)$/, 'Nearest: $1.')
      const hints = [`${what}.`, near, 'See enosys --help'].filter((part) => part !== '')
      process.stderr.write(`enosys: ${hints.join(' ')}\n`)
      process.exitCode = USAGE
    }
  } else if (thrown instanceof UsageError) {
    process.stderr.write(`enosys: ${visible(thrown.message)}\n`)
    process.exitCode = USAGE
  } else {
    const text =
      thrown instanceof AssertionError || thrown instanceof Error ? thrown.stack : String(thrown)
    process.stderr.write(`enosys: a bug of ours, please report it:\n${text}\n`)
    process.exitCode = BUG
  }
}
