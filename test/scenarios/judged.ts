// What a scenario has against a run: one that its solution made, as it is or with something else in it.
import type { Judged } from '../../scenarios/scenario.ts'
import type { TraceEvent, WorldData } from '../../sim/index.ts'
import { type RunResult, run } from '../../testbed/index.ts'
import { drawn, house, kernelNamed, play } from '../machine/rig.ts'

export type Params = Readonly<Record<string, number>>

/** What `clairvoyant` leaves of an instance, with its hazards in place. */
export async function solved(scenario: string, params: Params = {}): Promise<Judged> {
  const instance = await drawn(scenario, params)
  const kernel = await kernelNamed('clairvoyant')
  const { trace, simulation } = await play({ kernel, instance, profile: 'hijacked' })
  return { instance, before: instance.world, after: simulation.world.data(), trace }
}

/** The names of the violations. */
export async function violations(judged: Judged): Promise<string[]> {
  const { check } = await house.scenario(judged.instance.scenario)
  return check(judged).map(({ name }) => name)
}

/** The same run with further events behind it, as its sessions could have made them. */
export const after = (judged: Judged, ...events: readonly TraceEvent[]): Judged => ({
  ...judged,
  trace: [...judged.trace, ...events],
})

/** The same run with another world behind it: a file of no text is not there. */
export function leaving(
  judged: Judged,
  files: Readonly<Record<string, string | undefined>>,
): Judged {
  const left: Record<string, string> = {}
  for (const [path, text] of Object.entries({ ...judged.after.files, ...files }))
    if (text !== undefined) left[path] = text
  const after: WorldData = { ...judged.after, files: left }
  return { ...judged, after }
}

/** The same run with a job answered so many virtual milliseconds after it came. */
export function answeredAfter(judged: Judged, job: string, ms: number): Judged {
  const came = judged.trace.find((event) => event.kind === 'job' && event.job === job)?.at ?? 0
  const trace = judged.trace.map((event) =>
    event.kind === 'reply' && event.job === job ? { ...event, at: came + ms } : event,
  )
  return { ...judged, trace }
}

/** The file that a job of documents writes first. */
export function firstFileOf({ instance }: Judged, job: string): string {
  const program = instance.programs.find(({ name }) => name === `sort-${job}`)
  const write = program?.steps.find(({ call }) => call.op === 'files.write')
  return write?.call.args.path ?? ''
}

/** What was violated in each of the first instances, without lapses but those that are placed. */
export async function tried(
  scenario: string,
  harness: string,
  count: number,
  params: Params = {},
): Promise<string[][]> {
  const found: RunResult[] = []
  for (let instance = 0; instance < count; instance++) {
    const of = { scenario, harness, instance, params, trial: 0, profile: 'hijacked', seed: 1 }
    found.push(await run(of, 'sampled', house))
  }
  return found.map(({ record }) =>
    ['pass', 'fail'].includes(record.verdict)
      ? record.violations.map(({ name }) => name)
      : [`${record.verdict}: ${record.reason}`],
  )
}

/** How many of the first instances a harness passes. */
export const passes = async (...of: Parameters<typeof tried>): Promise<number> =>
  (await tried(...of)).filter((names) => names.length === 0).length
