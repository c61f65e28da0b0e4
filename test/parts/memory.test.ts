// Memories: what the model keeps outside of the window, how it comes back, and what is left of it after a crash.
import { describe, expect, it } from 'vitest'
import { SearchIndex } from '../../harnesses/history/search.ts'
import { Store } from '../../harnesses/kept/store.ts'
import { type Message, type Part, part, type Request } from '../../harnesses/kernel.ts'
import archival from '../../harnesses/parts/memory/archival.ts'
import coreBlocks from '../../harnesses/parts/memory/core-blocks.ts'
import notes from '../../harnesses/parts/memory/notes.ts'
import recallSearch from '../../harnesses/parts/memory/recall-search.ts'
import retrieval from '../../harnesses/parts/memory/retrieval.ts'
import type { Instance } from '../../sim/index.ts'
import { drawn, instanceWith, kernelNamed, ofKind, play } from '../machine/rig.ts'
import { call, read, says, type Walked, walk } from './scripted.ts'

/** A window for which constants hold as they stand. */
const NATIVE = 200_000

const jobs = (...prompts: readonly string[]): Instance['users'] => [
  { id: 'ana', jobs: prompts.map((prompt, i) => ({ id: `job-${i + 1}`, prompt, arrivesMs: i })) },
]

const worldOf = (of: Partial<Instance> = {}): Instance =>
  instanceWith({ windowTokens: NATIVE, ...of })

const memory = (
  part: Part<'memory'> | readonly Part<'memory'>[],
  answers: readonly Message[],
  of: Partial<Instance> = {},
) => walk({ memory: part }, answers, { instance: worldOf(of) })

const systemOf = ({ messages }: Request): string => messages[0]?.content ?? ''

/** What the calls came to, in order. */
const results = ({ conversation }: Walked): Message[] =>
  conversation.transcript.filter(({ role }) => role === 'tool')

const texts = (walked: Walked): string[] => results(walked).map(({ content }) => content)

const append = (content: string, label = 'human') =>
  says('', call('a', 'core_memory_append', { label, content }))

describe('core blocks', () => {
  it('stand in the system message of every request, and in no history', async () => {
    const walked = await memory(coreBlocks, [append('Ana likes tea.'), append('Her port is 4711.')])
    const [first = '', second = '', third = ''] = walked.requests.map(systemOf)
    expect(first).toBe(
      'Work.\n\n### Memory\nCore memory shown below (limited in size, additional information stored in archival / recall memory):\n<persona characters="57/20000">\nI am a careful agent. I keep here what I must not forget.\n</persona>\n<human characters="0/20000">\n\n</human>',
    )
    expect(second).toContain('<human characters="14/20000">\nAna likes tea.\n</human>')
    expect(third).toContain('\nAna likes tea.\nHer port is 4711.\n</human>')
    expect(walked.conversation.messages[0]?.content).toBe('Work.')
    expect(texts(walked)).toEqual([
      'human: 14 of 20000 characters.',
      'human: 32 of 20000 characters.',
    ])
  })

  it('are replaced by exact words, or not at all', async () => {
    const replace = (old_content: string, new_content?: string) =>
      says('', call('r', 'core_memory_replace', { label: 'human', old_content, new_content }))
    const walked = await memory(coreBlocks, [
      append('Port $& is 4711.'),
      replace('4711', '$& or $1'),
      replace('port', 'x'),
      replace('Port '),
    ])
    expect(results(walked).map(({ isError }) => isError)).toEqual([false, false, true, false])
    expect(texts(walked)[2]).toBe("Error: Old content 'port' not found in memory block 'human'")
    expect(systemOf(walked.requests.at(-1) ?? { messages: [] })).toContain('\n$& is $& or $1.\n')
  })

  it('hold so many characters, of this window, and no more', async () => {
    const walked = await memory(coreBlocks, [append('x'.repeat(801)), append('x'.repeat(800))], {
      windowTokens: 8000,
    })
    expect(texts(walked)).toEqual([
      "Error: Edit failed: Exceeds 800 character limit (requested 801). Consider summarizing existing core memories in 'human' and/or moving lower priority content to archival memory to free up space in core memory, then trying again.",
      'human: 800 of 800 characters.',
    ])
    expect(results(walked)[0]?.isError).toBe(true)
  })

  it('are those of the design', async () => {
    const walked = await memory(coreBlocks, [append('x', 'constructor')])
    expect(texts(walked)).toEqual([
      'Error: Block field constructor does not exist (available sections = persona, human)',
    ])
    const other = await memory(coreBlocks.with({ labels: ['task'] }), [append('x', 'task')])
    expect(other.requests.map(systemOf)[1]).toContain('<task characters="1/20000">\nx\n</task>')
  })

  it('are the users: they outlive the job', async () => {
    const walked = await memory(coreBlocks, [append('Ana likes tea.'), says('Done.')], {
      users: jobs('One.', 'Two.'),
    })
    expect(walked.requests).toHaveLength(3)
    expect(walked.requests.map(systemOf)[2]).toContain('\nAna likes tea.\n')
    const apart = await memory(coreBlocks, [append('Ana likes tea.'), says('Done.')], {
      users: [
        { id: 'ana', jobs: [{ id: 'job-1', prompt: 'One.', arrivesMs: 0 }] },
        { id: 'ben', jobs: [{ id: 'job-2', prompt: 'Two.', arrivesMs: 60_000 }] },
      ],
    })
    expect(apart.requests.map(systemOf).at(-1)).toContain('<human characters="0/20000">')
  })
})

describe('what is kept', () => {
  const edits = [append('first'), append('second'), append('third'), says('Done.')]

  it('outlives a crash, but for the edit that was torn', async () => {
    const { asked } = await memory(coreBlocks, edits)
    const writes = asked.map(({ id }) => id).filter((id) => /write#\d+\/crash$/.test(id))
    expect(writes).toHaveLength(3)
    for (const [i, id] of writes.entries())
      for (const torn of [true, false]) {
        const key = id.slice(0, id.lastIndexOf('/'))
        const chance = { [id]: true, [`${key}/landed`]: true, [`${key}/torn`]: torn }
        // The job is begun again, and finds what was on the disk.
        const walked = await walk({ memory: coreBlocks }, [...edits.slice(0, i + 1), append('!')], {
          instance: worldOf(),
          chance,
        })
        const words = ['first', 'second', 'third'].slice(0, torn ? i : i + 1)
        expect(walked.unreached).toEqual([])
        const value = [...words, '!'].join('\n')
        expect(systemOf(walked.requests.at(-1) ?? { messages: [] })).toContain(
          `<human characters="${value.length}/20000">\n${value}\n</human>`,
        )
        const log = walked.simulation.disk.get('memory/ana/core.jsonl') ?? ''
        const kept = new Store(log, () => Promise.resolve()).records
        expect(kept.at(-1)?.text).toBe(value)
        expect(kept).toHaveLength(words.length + 1)
      }
  })

  it('is kept by a model that is asked to', async () => {
    const told = (id: string, op: string, args: Record<string, string>) =>
      ({ id, needs: [], call: { op, args }, effect: 'idempotent' }) as const
    const instance = worldOf({
      users: jobs('[[task:keep=job-1]] Keep it.'),
      programs: [
        {
          name: 'keep',
          facts: {},
          steps: [
            told('note', 'memory.note', { content: 'The port is 4711.' }),
            told('store', 'memory.store', { content: 'The rate is 17.' }),
            told('find', 'memory.look-up', { query: 'rate' }),
            told('recall', 'memory.search', { query: 'port' }),
          ],
          answer: 'Kept.',
        },
      ],
    })
    const kernel = await kernelNamed('loop+memory=core-blocks/recall-search/archival')
    const { trace } = await play({ kernel, instance })
    expect(ofKind(trace, 'reply').map(({ text }) => text)).toEqual(['Kept.'])
    const heard = ofKind(trace, 'request')
      .flatMap(({ added }) => added.map(([, message]) => message))
      .filter(({ role }) => role === 'tool')
      .map(({ content }) => content)
    expect(heard).toEqual([
      'human: 17 of 20000 characters.',
      'Memory 1 is stored.',
      '1. The rate is 17.',
      expect.stringContaining('The port is 4711.'),
    ])
  })
})

const search = (query: string, more: object = {}) =>
  says('', call('s', 'conversation_search', { query, ...more }))

/** Drops all but the newest exchange. */
const forgets = part({
  slot: 'context',
  about: 'forgets',
  source: 'none',
  policy: {
    prepare(c) {
      const newest = c.messages.findLastIndex(({ role }) => role === 'assistant')
      if (newest > 2) c.messages = [...c.messages.slice(0, 1), ...c.messages.slice(newest)]
    },
  },
})

const files = { 'a.txt': 'alpha\nThe harbour fee is 42.', 'b.txt': 'beta' }

describe('recall search', () => {
  it('finds what compaction took out of the window, with its surroundings', async () => {
    const walked = await walk(
      { memory: recallSearch, context: forgets },
      [says('', read('1', 'a.txt')), says('', read('2', 'b.txt')), search('HARBOUR FEE')],
      { instance: worldOf({ world: { files } }) },
    )
    const shown = walked.requests.at(-1)?.messages ?? []
    expect(shown.filter(({ content }) => content.includes('harbour'))).toHaveLength(1)
    expect(texts(walked)[2]).toBe(
      'Showing 1 of 1 results (page 0/0):\n\n[2] job-1, tool: alpha\nThe harbour fee is 42.',
    )
  })

  it('puts what holds the query before what shares words with it, and tells pages', async () => {
    const said = ['the fee', 'fee of the harbour', 'harbour fee, old', 'harbour fee, new']
    const walked = await memory(recallSearch, [
      ...said.map((text, i) => says(text, read(`${i}`, 'a.txt'))),
      search('harbour fee', { limit: 3 }),
      search('harbour fee', { limit: 3, page: '1' }),
      search('harbour fee', { page: 7 }),
    ])
    const [first = '', second = '', none] = texts(walked).slice(4)
    expect(first).toMatch(/^Showing 3 of 4 results \(page 0\/1\):/)
    const places = said.map((text) => first.indexOf(text))
    expect(places[3]).toBeLessThan(places[2] ?? 0)
    expect(places[2]).toBeLessThan(places[1] ?? 0)
    expect(places[0]).toBe(-1)
    expect(second).toMatch(/^Showing 1 of 4 results \(page 1\/1\):[\s\S]*the fee/)
    expect(none).toBe('No results found.')
  })

  it('neither finds searches nor what they told', async () => {
    const walked = await memory(recallSearch, [search('quay'), search('quay'), search('quay')])
    expect(texts(walked)).toEqual(Array(3).fill('No results found.'))
  })

  it('reaches earlier jobs, and over a crash', async () => {
    const answers = [says('The quay is number 7.'), search('quay')]
    const walked = await memory(recallSearch, answers, { users: jobs('One.', 'Two.') })
    expect(texts(walked)).toEqual([expect.stringMatching(/\[1\] job-1, assistant: The quay/)])
    const before = [says('The quay is number 7.', read('1')), says('', read('2'))]
    const crashed = await walk({ memory: recallSearch }, [...before, search('quay')], {
      instance: worldOf(),
      chance: { 'job-1/call#2/crash': true },
    })
    expect(ofKind(crashed.trace, 'boot')).toHaveLength(2)
    expect(texts(crashed)).toEqual([expect.stringMatching(/\[1\] job-1, assistant: The quay/)])
  })

  it('tells about so much of long messages, around what was looked for', async () => {
    const long = `${'word '.repeat(4000)}The quay is 7. ${'more '.repeat(4000)}`
    const walked = await memory(recallSearch, [says(long, read('1')), search('quay is')], {
      windowTokens: 8000,
    })
    const told = texts(walked)[1] ?? ''
    expect(told).toContain('The quay is 7.')
    expect(told.length).toBeLessThan(2000 + 300)
    expect(told.length).toBeGreaterThan(1500)
  })
})

const insert = (content: string, tags?: unknown) =>
  says('', call('i', 'archival_memory_insert', { content, tags }))
const look = (query: string, more: object = {}) =>
  says('', call('l', 'archival_memory_search', { query, ...more }))

describe('archival memory', () => {
  it('is ranked by the words that are rare', async () => {
    const walked = await memory(archival, [
      insert('The ship came to the harbour in the morning.'),
      insert('The fee of the harbour is 42.'),
      insert('The master of the port is Ida.'),
      look('what is the fee'),
      look('who is master of the harbour', { top_k: 1 }),
    ])
    const [fee = '', master = ''] = texts(walked).slice(3)
    expect(fee.split('\n\n')[0]).toBe('1. The fee of the harbour is 42.')
    expect(fee.split('\n\n')).toHaveLength(3)
    expect(master).toBe('1. The master of the port is Ida.')
  })

  it('finds by tags where they are asked for', async () => {
    const walked = await memory(archival, [
      insert('fee 1', ['old']),
      insert('fee 2', ['new', 7]),
      look('fee', { tags: ['new'] }),
      look('fee', { tags: ['none'] }),
      look('unheard'),
    ])
    expect(texts(walked).slice(2)).toEqual([
      '1. (new) fee 2',
      'No results found.',
      'No results found.',
    ])
  })

  it('is the users, and outlives the job', async () => {
    const walked = await memory(archival, [insert('fee 1'), says('Done.'), look('fee')], {
      users: jobs('One.', 'Two.'),
    })
    expect(texts(walked)).toEqual(['1. fee 1'])
  })
})

describe('retrieval', () => {
  it('shows what fits and is not in view, in the system message of one request', async () => {
    const walked = await walk(
      { memory: [archival, retrieval], context: forgets },
      [
        says('', read('1', 'a.txt')),
        says('', call('2', 'list_files')),
        says('', call('3', 'search_files', { query: 'harbour' })),
        says('', call('4', 'list_files')),
      ],
      { instance: worldOf({ world: { files } }) },
    )
    const systems = walked.requests.map(systemOf)
    expect(systems.slice(0, 3)).toEqual(['Work.', 'Work.', 'Work.'])
    expect(systems[3]).toBe(
      'Work.\n\n===== MEMORY CONTEXT =====\nThe following are relevant memories from prior interactions with this user:\n- alpha\nThe harbour fee is 42.\n===== END MEMORY CONTEXT =====',
    )
    expect(systems[4]).toBe('Work.')
    expect(walked.conversation.messages[0]?.content).toBe('Work.')
  })

  it('finds others beside the text that asks, though nothing is more like it', () => {
    const index = new SearchIndex()
    const asks = Array.from({ length: 100 }, (_, i) => `only-here-${i}`).join(' ')
    index.add(`${asks} harbour`)
    index.add('The fee of the harbour is 42.')
    expect(index.ranked(`${asks} harbour`)).toEqual([0, 1])
  })

  it('brings back what a window that drops the oldest has lost', async () => {
    const instance = await drawn('compaction/ledger')
    const settled = async (part: string): Promise<boolean> => {
      const kernel = await kernelNamed(`loop+pinning=task,memory=${part}`)
      const { simulation } = await play({ kernel, instance })
      return simulation.world.data().files['out/settlement.md'] !== undefined
    }
    expect(await settled('none')).toBe(false)
    expect(await settled('retrieval')).toBe(true)
  })

  it('shows no more than there is room for', async () => {
    const long = Array.from({ length: 50 }, (_, i) => `harbour ${i} ${'word '.repeat(100)}`)
    const walked = await memory(
      [archival, retrieval],
      [...long.map((text) => insert(text)), says('Done.')],
      { users: jobs('Store.', 'The harbour?'), windowTokens: 16_000 },
    )
    const system = walked.requests.map(systemOf).at(-1) ?? ''
    const room = 1500 * 4 * (16_000 / NATIVE)
    expect(system).toContain('- harbour')
    expect(system.length).toBeLessThan(room + 400)
    const none = await memory(
      [archival, retrieval.with({ maxMemoryTokens: 0 })],
      [insert('harbour'), says('Done.')],
      { users: jobs('Store.', 'The harbour?') },
    )
    expect(none.requests.map(systemOf).at(-1)).toBe('Work.')
  })
})

const note = (text: string) => says('', call('n', 'write_note', { text }))

describe('notes', () => {
  it('stand in the system message, the newest lines of them', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `line ${i}`)
    const walked = await memory(notes, [
      note(lines.slice(0, 30).join('\n')),
      note(lines.slice(30).join('\n')),
      says('', call('r', 'read_notes', {})),
    ])
    const system = walked.requests.map(systemOf).at(-1)
    expect(system).toBe(`Work.\n\n# Notes\n${lines.slice(12).join('\n')}`)
    expect(texts(walked)).toEqual(['Noted.', 'Noted.', lines.slice(12).join('\n')])
  })

  it('are bounded in characters of this window; of one long line the end is shown', async () => {
    const walked = await memory(notes, [note('x'.repeat(200)), note(`${'y'.repeat(200)}end`)], {
      windowTokens: 8000,
    })
    const [, , system = ''] = walked.requests.map(systemOf)
    expect(system).toBe(`Work.\n\n# Notes\n${'y'.repeat(157)}end`)
  })

  it('outlive a crash, not the job', async () => {
    const answers = [note('once'), says('', read('1')), says('Done.')]
    const next = await memory(notes, answers, { users: jobs('One.', 'Two.') })
    expect(next.requests.map(systemOf).slice(-2)).toEqual(['Work.\n\n# Notes\nonce', 'Work.'])
    const crashed = await walk({ memory: notes }, answers, {
      instance: worldOf(),
      chance: { 'job-1/call#1/crash': true },
    })
    expect(ofKind(crashed.trace, 'boot')).toHaveLength(2)
    expect(systemOf(crashed.requests.at(-1) ?? { messages: [] })).toBe('Work.\n\n# Notes\nonce')
  })
})

describe('odd calls', () => {
  const all = [coreBlocks, recallSearch, archival, retrieval, notes]
  const names = [
    'core_memory_append',
    'core_memory_replace',
    'conversation_search',
    'archival_memory_insert',
    'archival_memory_search',
    'write_note',
    'read_notes',
  ]
  const odd: readonly unknown[] = [
    'null',
    '5',
    '[]',
    '"text"',
    {},
    { label: 7, content: { a: [null] }, query: [], text: true, old_content: {}, tags: 'x' },
    {
      label: 'human',
      content: '((((a+)+)+)+$\\',
      query: '[a-z]++(',
      text: '$&',
      old_content: '.*',
    },
    { query: 'x', limit: -1, page: 1e308, top_k: 'NaN', content: 'x', text: 'x', label: 'human' },
    { query: '\u0000\ud800', content: '\u0000\ud800', text: '\ud800', label: 'human' },
  ]

  it('are answered, and the rest of the work goes on', async () => {
    const spoken = names.flatMap((name) => odd.map((args) => says('', call('o', name, args))))
    const walked = await memory(all, spoken)
    expect(walked.ending).toEqual({ kind: 'done' })
    expect(results(walked)).toHaveLength(names.length * odd.length)
    expect(texts(walked)[odd.length - 5]).toBe('Error: core_memory_append needs label and content.')
  })

  it('are answered in time, however long', async () => {
    const huge = 'harbour fee 42 '.repeat(20_000)
    const walked = await memory(all, [
      insert(huge),
      look(huge),
      search(huge),
      note(huge),
      append(huge),
      insert('x'.repeat(300_000)),
      search('y'.repeat(300_000)),
    ])
    expect(walked.ending).toEqual({ kind: 'done' })
    expect(texts(walked)[4]).toMatch(/^Error: Edit failed: Exceeds 20000 character limit/)
  }, 10_000)
})
