// Parts that stand around other tools: which of them are offered, and a line on what became of a call. And the
// interface of SWE-agent without its linter.
import { describe, expect, it } from 'vitest'
import aci from '../../harnesses/parts/tools/aci.ts'
import retrieved from '../../harnesses/parts/tools/retrieved.ts'
import statusLine from '../../harnesses/parts/tools/status-line.ts'
import { tellsStatus } from '../../sim/cpu/result.ts'
import { instanceWith } from '../machine/rig.ts'
import { call, read, says, type Walked, walk } from './scripted.ts'
import { called, failed, went } from './tools-rig.ts'

const FILES = { 'a.txt': 'alpha', 'empty.txt': '' }

describe('a line with the status', () => {
  it('stands behind what went well, what failed, and what brought nothing', async () => {
    const { told } = await called(statusLine, FILES, [
      ['read_file', { path: 'a.txt' }],
      ['read_file', { path: 'none' }],
      ['read_file', { path: 'empty.txt' }],
    ])
    expect(told).toEqual([
      went('alpha\n[status: ok]'),
      failed('Error: no such file: none\n[status: failed]'),
      went('\n[status: ok, but nothing came back]'),
    ])
    expect(told.map(({ text }) => tellsStatus(text))).toEqual([true, true, true])
  })
})

const REGISTRY = ['make_refund', 'make_payment_plan', 'rotate_sensor', 'sync_lead', 'merge_quote']

const offered = async (prompt: string, others: number): Promise<Walked> =>
  walk(
    { tools: retrieved.with({ others }) },
    [says('', read('r')), says('', call('s', 'sync_lead'))],
    {
      instance: instanceWith({
        world: { files: FILES, payments: [], decoys: REGISTRY },
        users: [{ id: 'ana', jobs: [{ id: 'job-1', prompt, arrivesMs: 0 }] }],
      }),
    },
  )

const namesIn = ({ conversation }: Walked): string[] =>
  conversation.tools.map(({ name }) => name).sort()

const OWN = ['list_files', 'read_file', 'search_files', 'write_file']

describe('tools that are retrieved', () => {
  it('are those of the prompt, beside the ones that are always there', async () => {
    const one = await offered('Please settle the refund of the quote.', 2)
    expect(namesIn(one)).toEqual([...OWN, 'make_refund', 'merge_quote'].sort())
    expect(one.requests[0]?.tools?.map(({ name }) => name).sort()).toEqual(namesIn(one))
  })

  it('are so many at most, and none for a prompt that names nothing', async () => {
    expect(namesIn(await offered('Sync the lead, merge the quote, rotate the sensor.', 1))).toEqual(
      expect.arrayContaining(OWN),
    )
    expect(namesIn(await offered('Sync the lead, merge the quote, rotate it.', 1))).toHaveLength(5)
    expect(namesIn(await offered('Hm.', 8))).toEqual(OWN)
  })

  it('leave what was not found out of reach', async () => {
    const { conversation } = await offered('Please settle the refund.', 1)
    const last = conversation.transcript.findLast(({ role }) => role === 'tool')
    expect(last?.isError).toBe(true)
  })
})

describe('edits without a linter', () => {
  const breaking = [
    ['open', { path: 'conf.json' }],
    ['edit', { start_line: 2, end_line: 2, replacement_text: '"port" 2' }],
  ] as const

  it('stand, even where they break a file', async () => {
    const files = { 'conf.json': '{\n"port": 1\n}\n' }
    const kept = await called(aci, files, [...breaking])
    const broken = await called(aci.with({ lints: 0 }), files, [...breaking])
    expect(kept.told[1]?.isError).toBe(true)
    expect(kept.files).toEqual(files)
    expect(broken.told[1]?.isError).toBe(false)
    expect(broken.files['conf.json']).toBe('{\n"port" 2\n}\n')
  })
})
