// The exit code of a campaign, and the word that a shell gets.
import { describe, expect, it } from 'vitest'
import { gate, quoted, type Report, type RunRecord, report } from '../../reports/index.ts'
import { options, record } from './records.ts'

const of = (...records: readonly RunRecord[]): Report => report(records, options)

describe('gate', () => {
  const with_ = (verdict: RunRecord['verdict'], harness = 'loop'): RunRecord =>
    record({ verdict, harness, reason: 'r', id: `${harness} ${verdict}` })

  it('goes by precedence: error, crash, stuck, fail, pass', () => {
    const records = [with_('pass')]
    expect(gate(of(...records), ['loop'])).toBe(0)
    for (const [verdict, code] of [
      ['fail', 1],
      ['stuck', 2],
      ['crash', 3],
      ['error', 70],
    ] as const) {
      records.push(with_(verdict))
      expect(gate(of(...records), ['loop'])).toBe(code)
    }
  })

  it('is 0 without harnesses to gate on, unless something of ours went wrong', () => {
    expect(gate(of(with_('crash')))).toBe(0)
    expect(gate(of(with_('crash'), with_('error', 'idle')))).toBe(70)
  })

  it('asks neither controls nor other harnesses', () => {
    const made = of(with_('fail', 'idle'), with_('crash', 'micro'), with_('pass'))
    expect(gate(made, ['loop', 'idle'])).toBe(0)
  })

  it('lets nobody pass who was not tested', () => {
    expect(() => gate(of(with_('skip')), ['loop'])).toThrow(/skipped/)
    expect(() => gate(of(with_('pass')), ['lopo'])).toThrow(/There are: loop/)
  })
})

it('quotes a word for the shell only where it must be', () => {
  expect(quoted('a/b@1.0:./x.ts#9f:typical:1')).toBe('a/b@1.0:./x.ts#9f:typical:1')
  expect(quoted('a[b=1]')).toBe("'a[b=1]'")
  expect(quoted("it's $(rm)")).toBe(`'it'\\''s $(rm)'`)
  expect(quoted('~/x')).toBe("'~/x'")
})
