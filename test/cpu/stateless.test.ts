// Meaning is stateless, sampling is not: what a request says decides what is meant; how often a step was
// planned decides which draws it meets.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Chance, competence, sampled, taped } from '../../sim/core/chance.ts'
import type { Message, Request } from '../../sim/core/message.ts'
import { tokens } from '../../sim/core/tokens.ts'
import type { Profile, Program } from '../../sim/cpu/index.ts'
import { house } from '../machine/rig.ts'
import { type Block, carefulEdits, edited } from './conversations.ts'
import { asks, cpuWith, exchange, ship, TOOLS, user } from './desk.ts'

const program = (name: string): Program => ({
  name,
  facts: { port: { origin: 'stable' }, owner: { origin: 'user' } },
  steps: ['a', 'b'].map((id) => ({
    id,
    needs: ['port', '@owner'],
    call: { op: 'files.write', args: { path: `{@owner}`, content: '{port}' } },
    effect: 'idempotent',
  })),
  answer: 'Done.',
})
const programs = [program('pay'), program('note')]
const hostile = await house.profile('hostile')

const requestOf = (conversation: readonly Block[]): Request => ({
  messages: [{ role: 'system', content: 'Help.' }, ...conversation.flat()],
  tools: TOOLS,
})
const COMPACT: Message = user('Write a summary of all this.')

const windows = (of: readonly Parameters<typeof edited>[1][]): Request[] => {
  let conversation: Block[] = []
  return of.map((edit) => {
    conversation = edited(conversation, edit)
    return requestOf(conversation)
  })
}

describe('the model', () => {
  it('answers a session alike, whatever other sessions asked it in between', () => {
    fc.assert(
      fc.property(carefulEdits, carefulEdits, (mine, others) => {
        const desk = { programs, profile: hostile }
        const [alone, shared] = [cpuWith(desk), cpuWith(desk)]
        const rest = windows(others)
        for (const [i, request] of windows(mine).entries()) {
          const other = rest[i]
          if (other !== undefined)
            asks(
              shared,
              'job-2',
              other,
              sampled('key', () => {}),
            )
          const [a, b] = [alone, shared].map((cpu) =>
            asks(
              cpu,
              'job-1',
              request,
              sampled('key', () => {}),
            ),
          )
          expect(a).toEqual(b)
        }
      }),
    )
  })

  it('means the same by a window, whatever stood there before', () => {
    fc.assert(
      fc.property(carefulEdits, (edits) => {
        const used = cpuWith({ programs })
        for (const request of windows(edits)) {
          const fresh = cpuWith({ programs })
          const compact = { messages: [...request.messages, COMPACT] }
          for (const asked of [request, compact]) {
            const [a, b] = [used, fresh].map((cpu) => asks(cpu, 'job-1', asked, competence))
            expect(meaning(a)).toEqual(meaning(b))
          }
        }
      }),
    )
  })

  it('does not tell apart equal windows of one session and of another', () => {
    const messages = [user('[[task:ship=job-1]] [[place:port=p.txt]]')]
    const cpu = cpuWith({ programs: [ship] })
    const [a, b] = ['job-1', 'job-1~2'].map((id) => asks(cpu, id, { messages, tools: TOOLS }))
    expect(meaning(a)).toEqual(meaning(b))
    expect(b?.utterance.calls[0]?.id).toBe('job-1~2.look.1')
  })
})

const meaning = (answer: ReturnType<typeof asks> | undefined) => {
  const { job, step, acts, says, needs } = answer?.thought ?? {}
  return {
    says: answer?.thought === undefined ? answer?.utterance.content : says,
    job,
    step,
    acts: acts?.map(({ op, args }) => ({ op, args })),
    needs,
  }
}

describe('a request asked again', () => {
  const messages = [user('[[task:ship=job-1]] [[place:port=p.txt]]')]
  const request = { messages, tools: TOOLS }
  const often = { ...hostile.behaviours['malformed-arguments'], rate: 0.7 }
  const lapsing = (sameness: number): Profile => ({
    ...hostile,
    sampling: { sameness },
    behaviours: { ...hostile.behaviours, 'malformed-arguments': often },
  })
  const said = (sameness: number, times: number, key: string): string[] => {
    const cpu = cpuWith({ programs: [ship], profile: lapsing(sameness) })
    const chance = sampled(key, () => {})
    return Array.from({ length: times }, () => {
      const [call] = asks(cpu, 'job-1', request, chance).utterance.calls
      return `${call?.id} ${call?.name} ${call?.args}`
    })
  }
  const good = 'read_file {"path":"p.txt"}'

  it('is answered as before where sameness is 1, byte by byte', () => {
    for (let seed = 0; seed < 20; seed++) expect(new Set(said(1, 20, `${seed}`)).size).toBe(1)
  })

  it('is answered afresh where sameness is 0', () => {
    const answers = said(0, 20, 'key')
    expect(new Set(answers.map((text) => text.split(' ')[0])).size).toBe(20)
  })

  it('is not caught in the same lapse for ever where sameness is 0.5', () => {
    for (let seed = 0; seed < 50; seed++)
      expect(said(0.5, 60, `${seed}`).some((text) => text.endsWith(good))).toBe(true)
  })

  it('is not the same request where another one was read in between, answered or not', () => {
    const cpu = cpuWith({ programs: [ship], profile: lapsing(1) })
    const id = (asked: Request): string | undefined =>
      asks(
        cpu,
        'job-1',
        asked,
        sampled('key', () => {}),
      ).utterance.calls[0]?.id
    expect(id(request)).toBe('job-1.look.1')
    const failed = {
      ...request,
      messages: [...messages, ...exchange('x', 'Error', { isError: true })],
    }
    cpu.read('job-1', failed)
    expect(id(failed)).toBe('job-1.look.2')
    expect(id(failed)).toBe('job-1.look.2')
    expect(id(request)).toBe('job-1.look.4')
  })
})

describe('a summary', () => {
  const facts = Array.from({ length: 60 }, (_, i) => `It says [[fact:item-${i}=${i}]] there.`)
  const conversation = [
    user('[[task:ship=job-1]] [[fact:owner=ana]] [[place:port=p.txt]] [[rule:no-fridays]]'),
    ...exchange('job-1.look.1', 'port [[fact:port=80]]'),
    ...exchange('job-1.write.1', 'Wrote it.', { name: 'write_file' }),
    ...exchange('call', facts.join('\n')),
  ]
  const summary = (asked: string, maxTokens?: number, chance: Chance = competence): string => {
    const messages = [...conversation, user(asked)]
    const request = maxTokens === undefined ? { messages } : { messages, maxTokens }
    return asks(cpuWith({ programs: [ship] }), 'job-1', request, chance).utterance.content
  }

  it('is as long as it may be, and no longer', () => {
    const { count } = tokens()
    const asked = 'Summarize the conversation in <summary> tags, after your <analysis>.'
    const lengths = [100, 200, 400, 800].map((limit) => {
      const length = count(summary(asked, limit))
      expect(length).toBeLessThanOrEqual(limit)
      return length
    })
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b))
    expect(count(summary(asked))).toBeGreaterThan(800)
  })

  it.each([
    ['Write a summary.', /^## Goal\n[\s\S]*## Progress[\s\S]*$/],
    ['Summarize in <summary></summary> tags.', /^<summary>\n## Goal[\s\S]*<\/summary>$/],
    [
      'Summarize: first <analysis>, then <summary>.',
      /^<analysis>[\s\S]*<\/analysis>\n<summary>[\s\S]*<\/summary>$/,
    ],
    ['Compact this into a <state_snapshot>.', /^<state_snapshot>\n[\s\S]*<\/state_snapshot>$/],
  ])('has the form that was asked for: %s', (asked, form) => {
    expect(summary(asked)).toMatch(form)
  })

  it('lets the work go on where it was', () => {
    const told = user(`<summary>${summary('Write a summary.')}</summary>`)
    const { thought } = asks(cpuWith({ programs: [ship] }), 'job-1', {
      messages: [told],
      tools: TOOLS,
    })
    expect(thought).toMatchObject({ job: 'job-1', step: 'list' })
    expect(told.content).toContain('[[rule:no-fridays]]')
  })

  it('keeps what open tasks need before what they do not', () => {
    const short = summary('Write a summary.', 130)
    expect(short).toContain('[[task:ship=job-1]]')
    expect(short).not.toContain('[[fact:item-59=59]]')
  })

  it('loses what a tape says it loses, and that alone', () => {
    const loses = new Map([['job-1/summary/1/loses-fact-owner', true]])
    const whole = summary('Write a summary.')
    const less = summary(
      'Write a summary.',
      undefined,
      taped(loses, () => {}),
    )
    expect(less).toBe(whole.replace('- Noted [[fact:owner=ana]].\n', ''))
    expect(less).not.toBe(whole)
  })
})
