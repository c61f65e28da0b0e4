// What goes where: results to standard output, without colour where nobody looks, and all else to standard
// error; a reader that stops early is no mistake.
import { execFile } from 'node:child_process'
import { expect, test } from 'vitest'
import { enosys, fixture, folder, MAIN, type Outcome, several } from './enosys.ts'

const RUN = ['run', 'phantom-calls/malformed', '-n', '1', '-w', '1', '--no-controls']
const cwd = folder()

test('a reader that stops after the first line sees no complaint', async () => {
  const line = `"${process.execPath}" "${MAIN}" list | head -1; echo "\${PIPESTATUS[0]}"`
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((done) =>
    execFile('bash', ['-c', line], { cwd }, (_error, out, err) =>
      done({ stdout: out, stderr: err }),
    ),
  )
  expect(stdout).toBe('scenarios\n0\n')
  expect(stderr).toBe('')
})

test('progress and prints of harnesses stay away from the results, which are JSON alone', async () => {
  const { code, stdout, stderr } = await enosys(
    [...RUN, '--json', '--harness', fixture('prints')],
    cwd,
  )
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toHaveProperty('harnesses')
  expect(stderr).toMatch(/^(phantom-calls\/malformed: \d+\/\d+ runs, \d+ s\n)+$/)
})

test('a replay shows what the harness prints, on standard error', async () => {
  const id = `phantom-calls/malformed@0.0:${fixture('prints')}:flawless:1`
  const { code, stdout, stderr } = await enosys(['replay', id], cwd)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^PASS\n/)
  expect(stderr).toContain('line 99999\n')
})

test('piped, results have no colour, and hostile text cannot bring any', async () => {
  const hostile = fixture('throws-hostile-text')
  const [run, replay] = (await several(
    [
      [...RUN, '--harness', hostile, '--format', 'terminal'],
      ['replay', `phantom-calls/malformed@0.0:${hostile}:flawless:1`],
    ],
    cwd,
  )) as [Outcome, Outcome]
  expect(run.stdout).toContain('phantom-calls')
  expect(replay.stdout).toContain('CRASH')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(run.stdout + replay.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/)
})
