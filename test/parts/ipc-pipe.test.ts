// Pipes between sessions: what is written comes out in its order, once; who is too quick waits; the end is told.
import { describe, expect, it } from 'vitest'
import jsonl from '../../harnesses/parts/checkpoint/jsonl.ts'
import pipe from '../../harnesses/parts/ipc/pipe.ts'
import { ofKind } from '../machine/rig.ts'
import { agents, calls, crashPoints, recite, repliesOf, results, step, talk } from './ipc-rig.ts'

const write = (text: string, name = 'p') => calls('write_pipe', { name, text })
const read = calls('read_pipe', { name: 'p' })
const close = calls('close_pipe', { name: 'p' })
const look = calls('list_files')

describe('a pipe', () => {
  it('gives what was written, in its order and once, and then its end', async () => {
    const run = await recite([pipe], {
      'job-a': [[write('one ')], [write('two ')], [look], [look], [write('three')], [close]],
      'job-b': [[look], [look], [read], [read], [read], [read]],
    })
    const got = results(run, 'job-b').slice(2)
    expect(got.join('|').replaceAll(' |', ' ')).toBe('one two three|[end of file]|[end of file]')
  })

  it('is at its end when the job of whoever wrote is over', async () => {
    const run = await recite([pipe], { 'job-a': [[write('last')]], 'job-b': [[read], [read]] })
    expect(results(run, 'job-b')).toEqual(['last', '[end of file]'])
  })

  it('is at its end when all who wrote have closed it, and no sooner', async () => {
    const run = await recite([pipe], {
      'job-a': [[write('a'), close]],
      'job-c': [[write('c')], [look], [look], [look], [look], [look], [write('d'), close]],
      'job-b': [[look], [look], [read], [read], [read]],
    })
    const [first, ...rest] = results(run, 'job-b').slice(2)
    expect([...(first ?? '')].sort()).toEqual(['a', 'c'])
    expect(rest).toEqual(['d', '[end of file]'])
  })

  it('makes whoever writes wait while it is full, in pieces that fit', async () => {
    const text = 'x'.repeat(25)
    // The loop's native window is 200,000 tokens: of 250 characters there 10 are left here.
    const run = await recite([pipe.with({ capacityChars: 250 })], {
      'job-a': [[write(text)]],
      'job-b': [[look], [look], [look], [look], [read], [read], [read], [read]],
    })
    expect(results(run, 'job-a')).toEqual(['25 characters written.'])
    const got = results(run, 'job-b').slice(4)
    expect(got.map(({ length }) => length).slice(0, 3)).toEqual([10, 10, 5])
    const wrote = ofKind(run.trace, 'reply').find(({ job }) => job === 'job-a')
    expect(wrote?.at).toBeGreaterThan(6000)
  })

  it('tells whoever waited too long how much of it was written, or that nothing was', async () => {
    const part = pipe.with({ capacityChars: 250, waitMs: 3000 })
    const run = await recite([part], { 'job-a': [[write('x'.repeat(25))]], 'job-b': [[read]] })
    const nobody = await recite([part], { 'job-a': [[write('x'.repeat(25))]] })
    expect(results(nobody, 'job-a')).toEqual([
      'Error: the pipe is full: 10 of 25 characters written.',
    ])
    expect(results(run, 'job-b')).toEqual(['x'.repeat(10)])
    const empty = await recite([part], { 'job-a': [[read]] })
    expect(results(empty, 'job-a')).toEqual(['Error: nothing was written within 3 s.'])
  })

  it('gives each piece to one of two readers', async () => {
    const run = await recite([pipe], {
      'job-a': [[write('1'), write('2'), write('3')]],
      'job-b': [[look], [read]],
      'job-c': [[look], [read]],
    })
    const got = ['job-b', 'job-c'].flatMap((job) => results(run, job).slice(1))
    expect(got.join('').replaceAll('[end of file]', '').split('').sort()).toEqual(['1', '2', '3'])
  })
})

describe('a pipe and a crash, wherever it strikes', async () => {
  const instance = agents(
    {
      user: 'ana',
      job: 'job-a',
      facts: { code: '77' },
      steps: [
        step(
          'tell',
          'agents.write',
          { name: 'p', text: '[[fact:code={code}]]' },
          { needs: ['code'] },
        ),
      ],
    },
    {
      user: 'ben',
      job: 'job-b',
      steps: [
        step('hear', 'agents.read', { name: 'p' }, { learns: ['code'], effect: 'read' }),
        step('note', 'files.write', { path: 'note.txt', content: '{code}' }, { needs: ['code'] }),
      ],
    },
  )

  it('loses what was read and not kept yet: the reader then comes to the end without it', async () => {
    const without: string[] = []
    for (const id of crashPoints(await talk([pipe, jsonl], instance))) {
      const run = await talk([pipe, jsonl], instance, { [id]: true })
      expect(['done', 'stuck']).toContain(run.ending?.kind)
      expect(repliesOf(run)['job-a']).toBe('Done.')
      if (run.simulation.world.data().files['note.txt'] !== '77') without.push(id)
    }
    expect(without.length).toBeGreaterThan(0)
    expect(without.filter((id) => !id.startsWith('ben/') && !id.startsWith('job-b/'))).toEqual([])
  })
})
