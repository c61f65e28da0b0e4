// SWE-agent's interface: the window, the edit that is undone, the searches.
import { describe, expect, it } from 'vitest'
import aci from '../../harnesses/parts/tools/aci.ts'
import { called, failed, textsOf, went } from './tools-rig.ts'

const FILES = {
  'src/long.txt': `${Array.from({ length: 250 }, (_, i) => `line ${i + 1}`).join('\n')}\n`,
  'conf.json': '{\n  "port": 1\n}\n',
  'bad.json': '{\n',
}

const ends = (text = ''): readonly (string | undefined)[] => {
  const lines = text.split('\n')
  return [lines[0], lines[1], lines[2], lines.at(-2), lines.at(-1)]
}

describe('the window', () => {
  it('shows a hundred lines of the open file, and moves', async () => {
    const told = textsOf(
      await called(aci, FILES, [
        ['open', { path: 'src/long.txt' }],
        ['scroll_down', {}],
        ['scroll_down', {}],
        ['scroll_up', {}],
        ['goto', { line_number: 120 }],
        ['open', { path: 'src/long.txt', line_number: 250 }],
      ]),
    )
    const head = '[File: src/long.txt (250 lines total)]'
    expect(told.map(ends)).toEqual([
      [head, '1:line 1', '2:line 2', '100:line 100', '(150 more lines below)'],
      [head, '(100 more lines above)', '101:line 101', '200:line 200', '(50 more lines below)'],
      [head, '(150 more lines above)', '151:line 151', '249:line 249', '250:line 250'],
      [head, '(50 more lines above)', '51:line 51', '150:line 150', '(100 more lines below)'],
      [head, '(102 more lines above)', '103:line 103', '202:line 202', '(48 more lines below)'],
      [head, '(150 more lines above)', '151:line 151', '249:line 249', '250:line 250'],
    ])
  })

  it('is on nothing at first, and on no file that does not exist', async () => {
    const { told } = await called(aci, FILES, [
      ['scroll_down', {}],
      ['edit', { start_line: 1, end_line: 1, replacement_text: 'x' }],
      ['open', { path: 'none' }],
      ['create', { filename: 'conf.json' }],
      ['create', { filename: 'new.txt' }],
      ['open', {}],
    ])
    expect(told).toEqual([
      failed('No file open. Use the open command first.'),
      failed('No file open. Use the open command first.'),
      failed('Error: File none not found'),
      failed("Error: File 'conf.json' already exists."),
      went('[File: new.txt (1 lines total)]\n1:'),
      failed("Error: open: must have required property 'path'"),
    ])
  })
})

describe('an edit', () => {
  it('replaces lines, and shows them', async () => {
    const { told, files } = await called(aci, FILES, [
      ['open', { path: 'conf.json' }],
      ['edit', { start_line: 2, end_line: 2, replacement_text: '  "port": 2,\n  "host": "a"\n' }],
    ])
    expect(files['conf.json']).toBe('{\n  "port": 2,\n  "host": "a"\n}\n')
    expect(told[1]).toEqual(
      went(
        'File updated. Please review the changes and make sure they are correct\n(correct indentation, no duplicate lines, etc). Edit the file again if necessary.\n[File: conf.json (4 lines total)]\n1:{\n2:  "port": 2,\n3:  "host": "a"\n4:}',
      ),
    )
  })

  it('that brings a new error is undone, and both windows are shown', async () => {
    const { told, files } = await called(aci, FILES, [
      ['open', { path: 'conf.json' }],
      ['edit', { start_line: 2, end_line: 2, replacement_text: '  "port": ' }],
    ])
    expect(files['conf.json']).toBe(FILES['conf.json'])
    const [, { text = '', isError = false } = {}] = told
    expect(isError).toBe(true)
    expect(text).toContain('has introduced new syntax error(s)')
    expect(text).toContain('2:  "port": \n3:}')
    expect(text).toContain('2:  "port": 1\n3:}')
    expect(text).toContain('Your changes have NOT been applied.')
    expect(text).toContain('DO NOT re-run the same failed edit command.')
  })

  it('of a file that was wrong before is not undone, nor one of a form that is not known', async () => {
    const { files } = await called(aci, FILES, [
      ['open', { path: 'bad.json' }],
      ['edit', { start_line: 1, end_line: 1, replacement_text: '{{' }],
      ['open', { path: 'src/long.txt' }],
      ['edit', { start_line: 1, end_line: 250, replacement_text: '{' }],
    ])
    expect(files).toEqual({ ...FILES, 'bad.json': '{{\n', 'src/long.txt': '{\n' })
  })
})

describe('the searches, the shell and the end', () => {
  it('tell how often a term stands where', async () => {
    const { told } = await called(aci, FILES, [
      ['search_dir', { search_term: 'port' }],
      ['search_dir', { search_term: 'none' }],
      ['search_file', { search_term: 'line 25', file: 'src/long.txt' }],
      ['search_file', { search_term: 'line', file: 'src/long.txt' }],
      ['search_file', { search_term: 'x' }],
      ['find_file', { file_name: '*.json' }],
      ['find_file', { file_name: 'long.txt', dir: 'src' }],
      ['bash', { command: 'wc -l conf.json' }],
      ['bash', { command: 'true' }],
      ['submit', {}],
    ])
    expect(told.map(({ text }) => text)).toEqual([
      'Found 1 matches for "port" in .:\nconf.json (1 matches)\nEnd of matches for "port" in .',
      'No matches found for "none" in .',
      'Found 2 matches for "line 25" in src/long.txt:\nLine 25:line 25\nLine 250:line 250\nEnd of matches for "line 25" in src/long.txt',
      'More than 250 lines matched for "line" in src/long.txt. Please narrow your search.',
      'No file open. Use the open command first.',
      'Found 2 matches for "*.json" in /workspace:\nbad.json\nconf.json',
      'Found 1 matches for "long.txt" in src:\nsrc/long.txt',
      '3 conf.json\n',
      'Your command ran successfully and did not produce any output.',
      'Submitted.',
    ])
  })
})
