// Going in circles: what each detector counts, what it says, and what it lets pass.
import { describe, expect, it } from 'vitest'
import { part } from '../../harnesses/kernel.ts'
import stuckPatterns from '../../harnesses/parts/loops/stuck-patterns.ts'
import threeIdentical from '../../harnesses/parts/loops/three-identical.ts'
import { drawn, house, instanceWith, kernelNamed, ofKind, play } from '../machine/rig.ts'
import { call, END, faultsIn, read, says, walk } from './scripted.ts'

const flawless = await house.profile('flawless')
const user = (refuses: number) => ({
  profile: { ...flawless, user: { ...flawless.user, refuses } },
})
/** Chance as drawn, not off: a probability of 1 is then certain. */
const sure = (refuses: number) => ({ ...user(refuses), chance: '1' })

const same = (n: number) => Array.from({ length: n }, (_, i) => says('', read(`r${i + 1}`)))
const missing = (n: number) =>
  Array.from({ length: n }, (_, i) => says('', read(`m${i + 1}`, 'no.txt')))

describe('three-identical', () => {
  const loops = { loops: threeIdentical }
  const QUESTION = 'doom_loop: read_file was called 3 times in a row with the same input. Go on?'

  it('asks before the third call of its kind, and not before', async () => {
    const two = await walk(loops, same(2), sure(0))
    expect(ofKind(two.trace, 'confirm')).toEqual([])
    const three = await walk(loops, same(3), sure(0))
    expect(ofKind(three.trace, 'confirm').map(({ question }) => question)).toEqual([QUESTION])
    expect([three.ran.length, three.reply]).toEqual([3, END])
  })

  it('begins to count anew after a yes', async () => {
    const { trace, ran } = await walk(loops, same(7), sure(0))
    expect(ofKind(trace, 'confirm').length).toBe(2)
    expect(ran.length).toBe(7)
  })

  it('ends the job at a no, and tells the denial in a valid history', async () => {
    const { trace, ran, reply, conversation, requests } = await walk(loops, same(5), sure(1))
    expect(ofKind(trace, 'confirm').map(({ isAllowed }) => isAllowed)).toEqual([false])
    expect([ran.length, requests.length]).toEqual([2, 3])
    expect(reply).toBe('The user rejected permission to use this specific tool call.')
    expect(conversation.messages.at(-1)).toMatchObject({
      role: 'tool',
      content: reply,
      isError: true,
    })
    expect(faultsIn(conversation.messages)).toEqual([])
  })

  it('counts calls beside each other, and is put off by other arguments', async () => {
    const beside = await walk(loops, [says('', read('a'), read('b'), read('c'))], sure(0))
    expect(ofKind(beside.trace, 'confirm').length).toBe(1)
    const varied = ['a', 'b', 'c', 'd'].map((id, i) => says('', read(id, i === 2 ? 'b' : 'a.txt')))
    expect(ofKind((await walk(loops, varied, sure(0))).trace, 'confirm')).toEqual([])
  })

  it('is put off by a call between that could not be run', async () => {
    const answers = [...same(2), says('', call('x', 'raed_file')), ...same(2)]
    expect(ofKind((await walk(loops, answers, sure(0))).trace, 'confirm')).toEqual([])
  })

  it('goes by other counts', async () => {
    const { trace } = await walk({ loops: threeIdentical.with({ calls: 2 }) }, same(2), sure(0))
    expect(ofKind(trace, 'confirm').length).toBe(1)
  })
})

describe('stuck-patterns', () => {
  const loops = { loops: stuckPatterns }
  const STUCK = 'Stopped: the agent is stuck in a loop.'

  it('ends at the fourth same call with the same result', async () => {
    expect((await walk(loops, same(3))).reply).toBe(END)
    const four = await walk(loops, same(6))
    expect([four.reply, four.ran.length]).toEqual([STUCK, 4])
    expect(faultsIn(four.conversation.messages)).toEqual([])
  })

  it('does not where the results differ', async () => {
    const write = (n: number) =>
      says('', call(`w${n}`, 'write_file', { path: 'a.txt', content: `${n}` }), read(`r${n}`))
    const { reply } = await walk(loops, [1, 2, 3, 4, 5, 6].map(write))
    expect(reply).toBe(END)
  })

  it('does not where other calls have the same result', async () => {
    const paths = ['a.txt', './a.txt', '././a.txt', './/a.txt', 'b/../a.txt', '/a.txt']
    const { ran, reply } = await walk(
      loops,
      paths.map((path, i) => says('', read(`r${i}`, path))),
    )
    expect([ran.length, reply]).toEqual([6, END])
  })

  it('ends at the third same call with an error, be the errors alike or not', async () => {
    expect((await walk(loops, missing(2))).reply).toBe(END)
    const three = await walk(loops, missing(5))
    expect([three.reply, three.ran.length]).toEqual([STUCK, 3])
  })

  it('ends at six calls of two kinds in turn, and not at five', async () => {
    const turns = (n: number) =>
      Array.from({ length: n }, (_, i) =>
        says('', i % 2 === 0 ? read(`r${i}`) : call(`l${i}`, 'list_files')),
      )
    expect((await walk(loops, turns(5))).reply).toBe(END)
    const six = await walk(loops, turns(8))
    expect([six.reply, six.ran.length]).toEqual([STUCK, 6])
  })

  it('ends at the third answer in a row without a call, whatever the loop says between', async () => {
    const nagging = part({
      slot: 'turn',
      about: 'never content',
      source: 'none',
      policy: { after: () => ({ kind: 'go', say: [{ role: 'user', content: 'Go on.' }] }) },
    })
    const { reply, requests } = await walk({ ...loops, turn: nagging }, [
      says('Done.'),
      says('', read('r')),
      says('Done.'),
      says('Really.'),
    ])
    expect([reply, requests.length]).toEqual([STUCK, 5])
  })

  it('ends at the tenth overflow in a row', async () => {
    const endless = part({
      slot: 'context',
      about: 'says that it shortened',
      source: 'none',
      policy: { overflowed: async () => true },
    })
    const overflow = {
      kind: 'refused',
      status: 400,
      code: 'context_length_exceeded',
      message: 'too long',
    } as const
    const nine = await walk({ ...loops, context: endless }, Array(9).fill(overflow))
    expect(nine.reply).toBe(END)
    const ten = await walk({ ...loops, context: endless }, Array(12).fill(overflow))
    expect([ten.reply, ten.requests.length]).toEqual([STUCK, 10])
    const parted = [...Array(6).fill(overflow), says('', read('r')), ...Array(6).fill(overflow)]
    expect((await walk({ ...loops, context: endless }, parted)).reply).toBe(END)
  })

  it('takes polling for a circle: its known false alarm', async () => {
    const poll = (n: number) => says('', call(`p${n}`, 'list_payments'))
    const { reply } = await walk(loops, [1, 2, 3, 4].map(poll))
    expect(reply).toBe(STUCK)
  })

  it('looks at the job alone: what an earlier one did counts for nothing', async () => {
    const jobs = ['job-1', 'job-2'].map((id) => ({ id, prompt: 'Hello.', arrivesMs: 0 }))
    const instance = instanceWith({ users: [{ id: 'ana', jobs }] })
    const answers = [...same(3), says(END), ...same(3), says(END)]
    const { trace } = await walk(loops, answers, { instance })
    expect(ofKind(trace, 'reply').map(({ text }) => text)).toEqual([END, END])
  })

  it('goes by other counts', async () => {
    const { ran } = await walk({ loops: stuckPatterns.with({ sameResults: 2 }) }, same(4))
    expect(ran.length).toBe(2)
  })
})

describe('a model that repeats itself', async () => {
  const typical = await house.profile('typical')
  const repeating = { ...typical.behaviours['repeated-call'], rate: 0.97 }
  const profile = { ...typical, behaviours: { ...typical.behaviours, 'repeated-call': repeating } }
  const instance = await drawn('phantom-calls/malformed')
  const run = async (harness: string) =>
    play({ kernel: await kernelNamed(harness), instance, profile, chance: '1' })

  it('is asked about, or stopped, where a loop looks for it', async () => {
    const bare = await run('loop+loops=none')
    const asked = await run('loop+loops=three-identical')
    const stopped = await run('loop+loops=stuck-patterns')
    expect(ofKind(asked.trace, 'confirm').length).toBeGreaterThan(0)
    expect(ofKind(stopped.trace, 'reply').at(0)?.text).toMatch(/stuck in a loop/)
    const generations = ({ trace }: typeof bare): number => ofKind(trace, 'generation').length
    expect(generations(stopped)).toBeLessThan(generations(bare))
  })
})
