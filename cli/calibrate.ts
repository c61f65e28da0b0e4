// enosys calibrate: experiments on the simulated model beside what was published of real ones.
import { UsageError } from '../sim/core/assert.ts'
import { nearest, type Profile } from '../sim/cpu/index.ts'
import { openHost } from '../sim/host/index.ts'
import { type Cell, calibrate, cells, openLab } from '../testbed/calibrate.ts'
import type { Experiment, ExperimentOption, Value } from '../testbed/experiment.ts'
import { canonical, type House, openHouse } from '../testbed/house.ts'
import { checkSize } from '../testbed/plan.ts'
import { calibrationTable } from './calibration-table.ts'
import { onInterrupt } from './interrupt.ts'
import { progress } from './progress.ts'

interface Options extends Readonly<Record<string, unknown>> {
  readonly profile: string
  readonly instances?: number
  readonly seed: number
  readonly quick?: boolean
  readonly json?: boolean
}

/** What is no condition of an experiment. */
const OWN = ['profile', 'instances', 'seed', 'quick', 'json']

const items = (text: string): string[] => text.split(',').filter((part) => part !== '')

async function experimentsOf(
  { catalog }: House,
  ids: readonly string[],
): Promise<Map<string, Experiment>> {
  const chosen = new Map<string, Experiment>()
  for (const id of ids.length > 0 ? ids : await catalog.ids('experiment'))
    chosen.set(id, (await catalog.entry('experiment', id)) as Experiment)
  return chosen
}

function valueFor(flag: string, option: ExperimentOption, text: string): Value {
  if (option.kind === 'word') {
    if (option.words.includes(text)) return text
    const near = nearest(text, option.words)
    throw new UsageError(`${flag}: no '${text}'. Nearest: ${near}. All: ${option.words.join(', ')}`)
  }
  const { min, max, isWhole, word } = option
  if (word !== undefined && text === word) return text
  const number = Number(text)
  const isFit = isWhole ? Number.isSafeInteger(number) : Number.isFinite(number)
  if (text.trim() === '' || !isFit || number < min || number > max) {
    const wanted = `a ${isWhole ? 'whole ' : ''}number in [${min}, ${max}]`
    const or = word === undefined ? '' : ` or ${word}`
    throw new UsageError(`${flag}: expected ${wanted}${or}, got '${text}'`)
  }
  return number
}

/** The conditions that were asked for. @throws {UsageError} for one that no experiment here has. */
function askedOf(
  options: Options,
  experiments: ReadonlyMap<string, Experiment>,
): Record<string, Value[]> {
  const asked: Record<string, Value[]> = {}
  for (const [name, given] of Object.entries(options)) {
    if (OWN.includes(name) || given === undefined) continue
    const flag = `--${name}`
    const having = [...experiments.values()].flatMap((one) => one.options[name] ?? [])
    if (having.length === 0) {
      const all = [...experiments].map(
        ([id, one]) => `${id}: ${Object.keys(one.options).join(', ')}`,
      )
      throw new UsageError(`${flag}: is no condition of this. ${all.join('; ')}`)
    }
    const texts = items(String(given))
    if (texts.length === 0) throw new UsageError(`${flag}: names none`)
    for (const option of having) asked[name] = texts.map((text) => valueFor(flag, option, text))
  }
  return asked
}

async function profilesOf(house: House, text: string): Promise<Profile[]> {
  const ids = items(text)
  if (ids.length === 0) throw new UsageError('--profile: names none. All: enosys list profiles')
  const profiles: Profile[] = []
  for (const id of ids) profiles.push(await house.profile(canonical(house.host, id)))
  return profiles
}

const runsOf = (of: readonly Cell[]): number =>
  of.reduce((sum, { size }) => sum + size.instances * size.trials, 0)

export default async function run(ids: readonly string[], options: Options): Promise<number> {
  const house = await openHouse(openHost())
  const experiments = await experimentsOf(house, ids)
  const asked = askedOf(options, experiments)
  const profiles = await profilesOf(house, options.profile)
  const lab = await openLab(house, options.seed, experiments.values())
  const { published } = lab
  const { instances, quick = false, json = false } = options
  const few = instances === undefined ? {} : { instances }
  const plan = cells({ experiments, profiles, published, asked, quick, ...few })
  for (const note of plan.notes) process.stderr.write(`enosys: ${note}\n`)
  const runs = runsOf(plan.cells)
  checkSize(runs, 'fewer --instances')
  const done = onInterrupt('the table is told when all have run: there is none yet')
  const shown = progress('calibrate', runs, { isJudged: false })
  const rows = await calibrate({ ...lab, onRun: () => shown.tick() }, plan.cells)
  shown.stop()
  done()
  if (json) process.stdout.write(`${JSON.stringify(rows)}\n`)
  else process.stdout.write(calibrationTable(rows, experiments))
  return 0
}
