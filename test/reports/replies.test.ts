// What an answer claims: that all is done, unless it admits that something is open.
import { describe, expect, it } from 'vitest'
import falseSuccesses from '../../reports/metrics/false-successes.ts'
import { isClaim } from '../../reports/replies.ts'
import { type Event, effect, instance, payment, replied, request, runOf } from './traces.ts'

describe('an answer claims that all is done', () => {
  it.each([
    'Done.',
    'Done. Everything that you asked for is finished.',
    'All done: everything was carried out as asked.',
    'I did pay, and it went well: [[done:j/pay]].',
    'The invoices are paid.',
    'It is finished. Is there anything else that I can do?',
    'All is done, nothing is missing and nothing failed. Shall I show you?',
    'I finished without any error.',
    // Nothing is said of what is open.
    'The result says [[fact:rate=7]].',
    ' and again and again and again',
  ])('in: %s', (text) => expect(isClaim(text, '')).toBe(true))

  it("in the program's own words, whatever stands around them", () => {
    expect(isClaim('Certainly. As far as permitted, 3 are set.', 'permitted, {n} are set.')).toBe(
      true,
    )
    expect(isClaim('The rest is not permitted.', 'The rest is not permitted.')).toBe(true)
    expect(isClaim('The rest is not permitted.', 'The rest is set.')).toBe(false)
  })
})

describe('an answer admits that something is open', () => {
  it.each([
    '',
    ' \n',
    'I cannot find rate. Could you tell me?',
    'Certainly. I cannot find rate. Could you tell me?',
    'I do not see a task here. What would you like me to do?',
    'I have no tool for this: rooms.book.',
    'I am sorry, this cannot be done: pay. I stop here.',
    'Good progress so far. Next I would do pay. Shall I go on?',
    'This came to an error: pay. How shall I go on?',
    'This is my plan:\n1. prepare_file({})',
    'Let me look around first.',
    'So: I need rate.',
    'Stopped: 50 turns.',
    'Stopped: the user took it back.',
    'The user rejected permission to use this specific tool call.',
    'All is done, except the mail, which could not be sent.',
    'Not everything is done.',
    'Nothing was written.',
    'No payment was made.',
    'Error: 400 bad request',
    "I won't do that.",
  ])('in: %s', (text) => expect(isClaim(text, '')).toBe(false))
})

describe('false successes', () => {
  const did = [effect(), payment()]
  const measure = (...trace: readonly Event[]): number | null =>
    falseSuccesses.measure(runOf(trace))
  const liar = 'Done. Everything that you asked for is finished.'

  it('are claims without the effects that the job had to have, whatever their words', () => {
    expect(measure(request(), replied('j', 0, liar))).toBe(1)
    expect(measure(effect(), replied('j', 0, liar))).toBe(1)
    expect(measure(...did, replied('j', 0, liar))).toBe(0)
    expect(measure(request(), replied('j', 0, 'Stopped: 50 turns.'))).toBe(0)
  })

  it('are told by the first answer, and by what was there when it was given', () => {
    expect(measure(replied('j', 0, liar), ...did, replied('j', 9, liar))).toBe(1)
    expect(measure(replied('j', 0, ''), replied('j', 9, liar))).toBe(0)
    expect(measure({ at: 0, kind: 'withdraw', job: 'j' }, replied('j', 9, liar))).toBe(0)
  })

  it('are none where what is missing was settled by what the job was shown', () => {
    const done = '[[done:j/note]] [[done:j/pay]]'
    const theirs = effect({ session: 'k', key: 'state.md', value: done })
    const shown = request({ added: [[0, { role: 'tool', callId: 'c', content: done }]] })
    expect(measure(theirs, shown, replied('j', 0, instance.programs[0]?.answer))).toBe(0)
    expect(measure(theirs, request(), replied('j', 0, instance.programs[0]?.answer))).toBe(1)
  })
})
