// The laws that every writer keeps, and what each format must survive.
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { create } from 'xmlbuilder2'
import { type Report, type RunRecord, report, type Writer } from '../../reports/index.ts'
import { entriesOf } from './folder.ts'
import { campaign, failing, options, record } from './records.ts'

const writers = await entriesOf<Writer>('writers')
const plain = { columns: 100, colour: false }

const golden = report(
  [
    ...campaign('clairvoyant', 40, 40),
    ...campaign('amnesiac', 2, 40),
    ...campaign('./agent.ts#9f31c2', 22, 40),
    ...campaign('micro', 30, 40),
    ...campaign('loop', 28, 40),
    ...campaign('loop', 39, 40, { profile: 'flawless' }),
    failing('pays-twice', 'pays ACME twice', {
      scenario: 'crash-resume/lost-ack',
      harness: './agent.ts#9f31c2',
      decisions: [{ id: 'pay-1/call#2/landed', value: true, p: 0.02 }],
    }),
    record({ scenario: 'isolation/x', verdict: 'skip', reason: 'needs two sessions' }),
    record({ scenario: 'isolation/x', harness: 'micro', verdict: 'error', reason: 'assert' }),
  ],
  { ...options, notes: ['enosys-out/report.json'] },
)

const HOSTILE =
  '\u001b[2J\u0007|x|y|\n# <script>alert(1)</script> ]]> `a` ``` [b](http://c) **d** & "e" \'f\' \u202e\u0000\ud800\ufffe\u{e0041} $(rm) --'

function hostile(text: string): Report {
  const of = (more: Partial<RunRecord>): RunRecord => record({ reason: text, id: text, ...more })
  const records = [
    failing(text, text, { id: `${text}1`, scenario: `fam/${text}`, harness: text, profile: text }),
    of({ id: `${text}2`, verdict: 'error', harness: text, scenario: `fam/${text}` }),
    of({ id: `${text}3`, verdict: 'skip', scenario: `fam2/${text}` }),
    ...campaign(text, 1, 3, { profile: 'flawless' }),
    ...campaign(`./${text}`, 1, 3),
  ]
  const claims = new Map([[`fam/${text}`, text]])
  return report(records, { ...options, claims, notes: [text] })
}

const write = (id: string, of: Report, how = plain): string =>
  new Map(writers).get(id)?.write(of, how) ?? ''

it('finds the writers', () => {
  expect(writers.map(([id]) => id)).toEqual(
    expect.arrayContaining(['json', 'junit', 'markdown', 'terminal']),
  )
})

describe.each(writers)('%s', (_id, writer) => {
  it('writes the same again, and ends with one line break', () => {
    const text = writer.write(golden, plain)
    expect(writer.write(structuredClone(golden), plain)).toBe(text)
    expect(text).toMatch(/[^\n]\n$/)
  })

  it('writes a report of nothing', () => {
    expect(() => writer.write(report([], options), plain)).not.toThrow()
  })

  it('lets no control character through, whoever said it', () => {
    const text = writer.write(hostile(HOSTILE), plain)
    expect(text.length).toBeGreaterThan(100)
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}]/u)
  })

  it('writes a golden report as it did', () => {
    expect(writer.write(golden, plain)).toMatchSnapshot()
  })
})

describe('terminal', () => {
  const isToPaste = (line: string): boolean => line.includes('npx enosys')

  it.each([40, 80, 100, 400])('keeps within %i columns, and within 100', (columns) => {
    for (const of of [golden, hostile(HOSTILE), hostile('x'.repeat(500))]) {
      const lines = write('terminal', of, { columns, colour: false }).split('\n')
      const widest = Math.max(...lines.filter((l) => !isToPaste(l)).map((line) => [...line].length))
      expect(widest).toBeLessThanOrEqual(Math.min(columns, 100))
    }
  })

  it('carries nothing by colour alone', () => {
    const coloured = write('terminal', golden, { columns: 100, colour: true })
    expect(coloured).toContain('\u001b[')
    expect(stripVTControlCharacters(coloured)).toBe(write('terminal', golden))
  })

  it('has findings before tables, and ends with the notes', () => {
    const text = write('terminal', golden)
    expect(text.indexOf('pays ACME twice')).toBeLessThan(text.indexOf('clairvoyant (ceiling)'))
    expect(text.trimEnd().split('\n').at(-1)).toBe('  enosys-out/report.json')
  })

  it('prints the line to paste whole', () => {
    const id = `compaction/ledger[${'d'.repeat(120)}=1]@0.0:./a.ts#1:typical:1`
    const text = write(
      'terminal',
      report([failing('x', 'x', { id, harness: './a.ts#1' })], options),
    )
    expect(text).toContain(`     npx enosys replay '${id}' --strace\n`)
  })
})

it('json parses back', () => {
  expect(JSON.parse(write('json', golden))).toEqual(golden)
})

describe('markdown', () => {
  it('has as many cells in each row of a table as in its head', () => {
    for (const of of [golden, hostile(HOSTILE)]) {
      const tables = write('markdown', of)
        .split('\n\n')
        .filter((part) => part.startsWith('| '))
      expect(tables.length).toBeGreaterThan(1)
      for (const table of tables) {
        const widths = table.split('\n').map((row) => row.split('|').length)
        expect(new Set(widths).size).toBe(1)
      }
    }
  })

  it('lets no text start a construct, or close a fence', () => {
    const text = write('markdown', hostile(HOSTILE))
    const parts = text.split(/^(`{3,})\n[\s\S]*?\n\1$/m).filter((part) => !/^`+$/.test(part))
    const prose = parts.join('')
    expect(parts.length).toBeGreaterThan(1)
    expect(prose).not.toContain('<script')
    expect(prose).not.toContain('`')
    expect(prose).not.toContain('](')
    expect(prose).not.toContain('**d**')
  })
})

describe('junit', () => {
  interface Suite {
    readonly '@name': string
    readonly '@tests': string
    readonly testcase: readonly Record<string, unknown>[] | Record<string, unknown>
  }
  const parsed = (of: Report): { readonly testsuite: readonly Suite[] } =>
    JSON.parse(create(write('junit', of)).end({ format: 'json' })).testsuites

  it('parses back: a suite for each harness and profile, a case for each scenario', () => {
    const suites = parsed(golden).testsuite
    expect(suites.map((suite) => suite['@name'])).toEqual([
      './agent.ts#9f31c2 typical',
      'amnesiac typical',
      'clairvoyant typical',
      'loop flawless',
      'loop typical',
      'micro typical',
    ])
    const loop = suites.find((suite) => suite['@name'] === 'loop typical')
    expect(loop).toMatchObject({
      '@tests': '2',
      '@failures': '1',
      '@skipped': '1',
      '@errors': '0',
      testcase: [
        { '@name': 'compaction/ledger', failure: { '@message': '12 of 40 runs', '@type': 'fail' } },
        { '@name': 'isolation/x', skipped: { '@message': 'needs two sessions' } },
      ],
    })
    expect(suites.find((suite) => suite['@name'] === 'micro typical')).toMatchObject({
      '@errors': '1',
    })
  })

  it('shows controls as skipped, whatever they did', () => {
    const [amnesiac] = parsed(golden).testsuite.filter((s) => s['@name'] === 'amnesiac typical')
    expect(amnesiac).toMatchObject({ '@failures': '0', '@skipped': '1' })
  })

  it('lists failures with the line that replays them', () => {
    expect(write('junit', golden)).toContain(
      'npx enosys replay compaction/ledger@28.0:loop:typical:1 --strace',
    )
  })

  it('parses back whatever was said', () => {
    const text = create(write('junit', hostile(HOSTILE))).root().node.textContent
    expect(text).toContain('# <script>alert(1)</script> ]]> `a`')
    expect(text).toContain('\\u001b[2J')
  })
})
