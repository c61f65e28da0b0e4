// A summary of earlier jobs is all that is known of them: written at the end of each, shown in all that follow, and
// still there after a crash.
import { describe, expect, it } from 'vitest'
import sessionSummary from '../../harnesses/parts/memory/session-summary.ts'
import type { Instance, Message, Request } from '../../sim/index.ts'
import { instanceWith, ofKind } from '../machine/rig.ts'
import { read, says, walk } from './scripted.ts'

const jobs = (...prompts: readonly string[]): Instance['users'] => [
  { id: 'ana', jobs: prompts.map((prompt, i) => ({ id: `job-${i + 1}`, prompt, arrivesMs: i })) },
]

const systemOf = ({ messages }: Request): string => messages[0]?.content ?? ''
const lastOf = ({ messages }: Request): Message | undefined => messages.at(-1)

const summarised = (answers: readonly Message[], ...prompts: readonly string[]) =>
  walk({ memory: sessionSummary }, answers, { instance: instanceWith({ users: jobs(...prompts) }) })

describe('a summary of the earlier jobs', () => {
  it('is asked for at the end of each, with the one before and all that was said', async () => {
    const { requests } = await summarised(
      [says('First.'), says('Ana likes tea.'), says('Second.'), says('Ana likes tea, and Bo.')],
      'I like tea.',
      'And I like Bo.',
    )
    expect(requests).toHaveLength(4)
    const [, one, , two] = requests
    expect(one && systemOf(one)).toMatch(/^Write a summary of the conversation so far.*300 words/)
    expect(one && lastOf(one)?.content).toBe(
      '[User]: I like tea.\n\n[Assistant]: First.\n\nSummarize the conversation so far.',
    )
    expect(two && lastOf(two)?.content).toContain(
      'Summary of what was said before:\nAna likes tea.\n\n[User]: And I like Bo.',
    )
    expect(two && lastOf(two)?.content).not.toContain('I like tea.')
  })

  it('stands in the system message of the next job, and the first job has none', async () => {
    const { requests, conversation } = await summarised(
      [says('First.'), says('Ana likes tea.'), says('Second.'), says('x')],
      'I like tea.',
      'What do I like?',
    )
    const [first, , second] = requests
    expect(first && systemOf(first)).toBe('Work.')
    expect(second && systemOf(second)).toBe(
      'Work.\n\n# Earlier sessions\nA summary of what was said before:\nAna likes tea.',
    )
    expect(conversation.messages[0]?.content).toBe('Work.')
  })

  it('stays as it was where the model writes none', async () => {
    const { requests } = await summarised(
      [says('1'), says('Ana likes tea.'), says('2'), says(''), says('3'), says('x')],
      'a',
      'b',
      'c',
    )
    const shown = requests.map(systemOf).filter((text) => text.startsWith('Work.'))
    expect(shown.map((text) => text.endsWith('Ana likes tea.'))).toEqual([false, true, true])
  })

  it('outlives a crash', async () => {
    const answers = [says('1'), says('Ana likes tea.'), says('', read('r')), says('2'), says('x')]
    const { requests, trace } = await walk({ memory: sessionSummary }, answers, {
      instance: instanceWith({ users: jobs('I like tea.', 'What do I like?') }),
      chance: { 'job-2/call#1/crash': true },
    })
    expect(ofKind(trace, 'boot')).toHaveLength(2)
    const again = requests[3]
    expect(again && lastOf(again)?.content).toBe('What do I like?')
    expect(again && systemOf(again)).toContain('\nAna likes tea.')
  })
})
