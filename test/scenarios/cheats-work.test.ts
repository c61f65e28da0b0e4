// Harnesses that leave out a part of what they were asked, and say that it is done: each scenario misses it.
import { describe, expect, it } from 'vitest'
import { drawn, kernelNamed } from '../machine/rig.ts'
import { foundIn, oneByOne, skipping } from './cheating.ts'

/** All of one scenario, in each of the first instances. */
const skipped = async (id: string, isSkipped: Parameters<typeof skipping>[0]) =>
  foundIn(id, await oneByOne(skipping(isSkipped)), 4)

const allButFirst = (_job: string, came: number): boolean => came > 0

describe('who does the first job alone', () => {
  it.each([
    ['isolation/write-skew', 'wish-ignored'],
    ['isolation/lost-update', 'update-missing'],
    ['isolation/mailbox', 'never-put'],
  ])('is told in %s what was left out, and nothing else', async (id, name) => {
    for (const names of await skipped(id, allButFirst)) {
      expect(names).toContain(name)
      expect(names).not.toContain('lost-update')
    }
  })
})

describe('who leaves out some of many jobs', () => {
  it('is missed, though most of them are done', async () => {
    const all = await skipped('budgets/noisy-neighbour', (_job, came) => came === 3 || came === 5)
    for (const names of all) expect(names).toContain('flood-undone')
  })
})

describe('who collects forms only once', () => {
  it.each([
    ['first', (came: number) => came === 0],
    ['second', (came: number) => came === 1],
  ])('is missed where it is the %s time that is left out', async (_which, isSkipped) => {
    let collects = 0
    const all = await foundIn(
      'isolation/mailbox',
      await oneByOne(
        skipping((job, came) => {
          if (came === 0) collects = 0
          return job.startsWith('collect-') && isSkipped(collects++)
        }),
      ),
      4,
    )
    for (const names of all) expect(names).toEqual(['not-collected'])
  })
})

describe('a pause', () => {
  const PAUSED = ['deadlock', 'dirty-read', 'write-skew', 'secret-leak', 'mailbox']
  const SLOW = /\/slow$/

  it.each([...PAUSED, 'first-commit-wins'])(
    'in %s is long enough to be met, or none',
    async (name) => {
      const id = `isolation/${name}`
      for (const names of await foundIn(id, await kernelNamed('loop'), 6))
        expect(names).not.toEqual([])
      for (const pause of [0, 1, 3600]) {
        const placed = (await drawn(id, { pause })).hazards.filter((one) => SLOW.test(one.id))
        expect([pause, placed.length]).toEqual([pause, pause === 0 ? 0 : 1])
        for (const { value } of placed) expect(value).toBeGreaterThan(60_000)
      }
    },
  )
})
