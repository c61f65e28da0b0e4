// A property over tapes: whatever goes wrong at up to three places, nothing is paid twice. A tape
// is a short list of decisions, so fast-check shrinks a failure to the few that are needed, and one
// line replays it. In a project of your own: `import { ... } from 'enosys/testbed'`.
import { mkdirSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { formatRunId, openHost, openHouse, type RunSpec, run } from '../testbed/index.ts'

type Site = readonly [id: string, value: string | boolean]

const house = await openHouse(openHost())

const paying = (harness: string): RunSpec => ({
  scenario: 'compaction/exactly-once',
  params: { invoices: 2, distance: 200 },
  instance: 0,
  trial: 0,
  harness,
  profile: 'typical',
  seed: 1,
})

/** Where a run without lapses could have gone otherwise: any answer lost, any call made again. */
async function sitesOf(spec: RunSpec): Promise<Site[]> {
  const { trace } = await run(spec, new Map(), house)
  return trace.flatMap((event): Site[] => {
    if (event.kind === 'call') return [[`${event.session}/call#${event.n}/lost-ack`, true]]
    if (event.kind !== 'plan') return []
    return [[`${event.session}/${event.step}/${event.occurrence}/lapse`, 'repeated-call']]
  })
}

async function paysOnce(spec: RunSpec, tape: readonly Site[]): Promise<boolean> {
  const { record } = await run(spec, new Map(tape), house)
  return record.violations.every(({ name }) => name !== 'paid-twice')
}

/** The smallest tape found under which a payment is made twice; undefined for none. */
async function counterexample(spec: RunSpec): Promise<readonly Site[] | undefined> {
  const tapes = fc.uniqueArray(fc.constantFrom(...(await sitesOf(spec))), { maxLength: 3 })
  const holds = fc.asyncProperty(tapes, (tape) => paysOnce(spec, tape))
  const { counterexample } = await fc.check(holds, { numRuns: 200, seed: 1 })
  return counterexample?.[0]
}

/** Writes the tape. Returns the line that replays it. */
function keep(spec: RunSpec, tape: readonly Site[]): string {
  const path = 'enosys-out/tapes/paid-twice.yaml'
  const decisions = Object.fromEntries(tape)
  mkdirSync('enosys-out/tapes', { recursive: true })
  writeFileSync(path, stringify({ enosys: 1, run: formatRunId(spec), decisions }))
  return `npx enosys replay --tape ${path} --strace`
}

test('an agent that never looks pays twice, and one or two decisions are enough', async () => {
  const spec = paying('./examples/agent.ts')
  const tape = await counterexample(spec)
  expect(tape?.length).toBeGreaterThan(0)
  expect(tape?.length).toBeLessThanOrEqual(2)
  const again = await run(spec, new Map(tape), house)
  expect(again.record.reason).toBe('paid-twice')
  expect(again.unreached).toEqual([])
  console.log(
    `${tape?.map(([id, value]) => `${id}: ${value}`).join('\n')}\n${keep(spec, tape ?? [])}`,
  )
})

test('an agent that looks before it pays never pays twice', async () => {
  expect(await counterexample(paying('./examples/agent-careful.ts'))).toBeUndefined()
})
