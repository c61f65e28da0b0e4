// Difficulty: trials of a case share it, domains set its mean and its spread, and it is no luck of a run.
import { describe, expect, it } from 'vitest'
import { calibrate } from '../../testbed/calibrate.ts'
import { type Domains, difficultyOf } from '../../testbed/domains.ts'
import { cellsOf, experiments, flawless, lab, withSet } from './lab.ts'

const asked = { domain: ['retail'], trials: [2] }

async function passes(domains: Domains, spread: number): Promise<[number, number]> {
  const profile = withSet(flawless, { instance: { spread } }, { 'false-success': { rate: 0.08 } })
  const rows = await calibrate(
    { ...lab, domains },
    cellsOf('passk', asked, { profile, instances: 150 }),
  )
  const [first, second] = rows.map(({ simulated }) => simulated / 100)
  return [first ?? Number.NaN, second ?? Number.NaN]
}

const retail = (hardness: number, ratio: number): Domains => ({ retail: { hardness, ratio } })

describe('difficulty', () => {
  it('is hardness and a share of what cases differ in; as usual where a domain is not known', () => {
    expect(difficultyOf(retail(1, 3), 'retail', -0.5)).toBe(-0.5)
    expect(difficultyOf(retail(1, 3), 'airline', -0.5)).toBe(-0.5)
  })

  it('makes trials of a case alike, and without it they are as coins', async () => {
    const [p1, p2] = await passes(retail(0, 1), 0)
    expect(p2).toBeGreaterThan(p1 * p1 - 0.08)
    expect(p2).toBeLessThan(p1 * p1 + 0.08)
    const [q1, q2] = await passes(retail(0, 1), 3)
    expect(q2 - q1 * q1).toBeGreaterThan(0.1)
  })

  it('of a domain moves its tasks and no others', async () => {
    const [easy] = await passes(retail(0, 1), 1)
    const [hard] = await passes(retail(1.5, 1), 1)
    expect(hard).toBeLessThan(easy - 0.05)
    const [other] = await passes({ airline: { hardness: 1.5, ratio: 1 } }, 1)
    expect(other).toBe(easy)
  })

  it('is only told of domains that an experiment has', () => {
    const known = new Set<string>(experiments.keys())
    for (const experiment of experiments.values()) {
      const { task, shots, domain, episodes } = experiment.options
      if (experiment.domain === undefined) continue
      for (const one of domain?.kind === 'word' ? domain.words : [])
        known.add(experiment.domain({ domain: one }))
      for (const one of episodes?.kind === 'word' ? episodes.words : [])
        known.add(experiment.domain({ episodes: one }))
      if (task?.kind !== 'word' || shots?.kind !== 'word') continue
      for (const of of task.words)
        for (const shot of shots.words) known.add(experiment.domain({ task: of, shots: shot }))
    }
    for (const name of Object.keys(lab.domains)) expect([...known]).toContain(name)
  })
})
