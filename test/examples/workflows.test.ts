// The workflows are YAML with jobs, and what they run is there.
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const FOLDER = '.github/workflows'

const workflow = z.object({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  jobs: z.record(
    z.string(),
    z.object({
      'runs-on': z.string(),
      'timeout-minutes': z.number(),
      steps: z.array(z.object({ run: z.string().optional(), uses: z.string().optional() })).min(1),
    }),
  ),
})

const commandsIn = (name: string): string => {
  const { jobs } = workflow.parse(parse(readFileSync(`${FOLDER}/${name}`, 'utf8')))
  const steps = Object.values(jobs).flatMap((job) => job.steps)
  return steps.map(({ run = '' }) => run).join('\n')
}

test('all workflows parse', () => {
  expect(readdirSync(FOLDER).map(commandsIn).length).toBe(2)
})

test('the campaign is a gate, with its profile, JUnit and summary', () => {
  const commands = commandsIn('enosys.yml')
  const [, harness, gate] = /--harness (\S+) +--gate (\S+)/.exec(commands) ?? []
  expect(gate).toBe(harness)
  const profile = /--profile (\S+)/.exec(commands)?.[1] ?? ''
  expect(existsSync(profile)).toBe(true)
  expect(commands).toContain('enosys-out/summary.md >> "$GITHUB_STEP_SUMMARY"')
  expect(readFileSync(`${FOLDER}/enosys.yml`, 'utf8')).toContain('enosys-out/junit.xml')
})

test('the tests of the project are a file that can be run', () => {
  const path = commandsIn('test.yml').trim()
  expect(() => accessSync(path, constants.X_OK)).not.toThrow()
})
