// The queue of virtual time: by instant, then by insertion; who yields goes behind its peers, once.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AssertionError } from '../../sim/core/assert.ts'
import { type Event, Queue } from '../../sim/core/clock.ts'

const event = (at: number, key: string, fire: () => void = () => {}): Event => ({ at, key, fire })
const never = (): boolean => false

/** The keys of all events in the order in which they come, each fired. */
function drained(queue: Queue, yields: (event: Event) => boolean = never): string[] {
  const keys: string[] = []
  for (;;) {
    const next = queue.next(yields)
    if (next === undefined) return keys
    expect(queue.now).toBe(next.at)
    keys.push(next.key)
    next.fire()
  }
}

const filled = (instants: readonly number[]): Queue => {
  const queue = new Queue()
  for (const [i, at] of instants.entries()) queue.push(event(at, `${i}`))
  return queue
}

const sorted = (instants: readonly number[]): string[] =>
  instants
    .map((at, i) => ({ at, key: `${i}` }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ key }) => key)

const times = fc.array(fc.nat({ max: 5 }), { maxLength: 40 })

describe('the queue', () => {
  it('delivers by instant, and equal instants in order of insertion', () => {
    fc.assert(
      fc.property(times, (instants) => {
        expect(drained(filled(instants))).toEqual(sorted(instants))
      }),
    )
  })

  it('keeps the order of what is not dropped', () => {
    fc.assert(
      fc.property(times, fc.func(fc.boolean()), (instants, isDoomed) => {
        const queue = filled(instants)
        queue.drop(({ key }) => isDoomed(key))
        expect(drained(queue)).toEqual(sorted(instants).filter((key) => !isDoomed(key)))
      }),
    )
  })

  it('puts who yields behind the peers of its instant', () => {
    const queue = filled([0, 0, 0, 1])
    expect(drained(queue, ({ key }) => key === '0')).toEqual(['1', '2', '0', '3'])
  })

  it('asks nobody without a peer', () => {
    const asked: string[] = []
    drained(filled([0, 1, 2]), ({ key }) => asked.push(key) > 0)
    expect(asked).toEqual([])
  })

  it('asks each event at most once, so that all of an instant can yield', () => {
    fc.assert(
      fc.property(times, fc.func(fc.boolean()), (instants, isYielding) => {
        const asked: string[] = []
        const order = drained(filled(instants), ({ key }) => {
          asked.push(key)
          return isYielding(key)
        })
        expect(order.toSorted()).toEqual(sorted(instants).toSorted())
        expect(new Set(asked).size).toBe(asked.length)
      }),
    )
  })

  it('lets who yielded go before peers that came only then', () => {
    const queue = new Queue()
    let more = 3
    const breed = (): void => {
      if (more-- > 0) queue.push(event(0, `child ${more}`, breed))
    }
    queue.push(event(0, 'polite'))
    queue.push(event(0, 'breeder', breed))
    expect(drained(queue, ({ key }) => key === 'polite').slice(0, 2)).toEqual(['breeder', 'polite'])
  })

  it('takes no event of the past', () => {
    const queue = filled([5])
    drained(queue)
    expect(() => queue.push(event(4, 'late'))).toThrow(AssertionError)
  })
})
