// What a campaign makes of runs that come to no end: records that stand beside those of the same cases.
import { describe, expect, it } from 'vitest'
import type { RunRecord } from '../../reports/index.ts'
import { byInstance, isGivenUp } from '../../reports/units.ts'
import { campaign, type Workers } from '../../testbed/campaign.ts'
import { run } from '../../testbed/index.ts'
import { type CampaignPlan, planned } from '../../testbed/plan.ts'
import { house } from '../machine/rig.ts'

const plan: CampaignPlan = {
  ...{ scenarios: ['language/paraphrase', 'language/ambiguous[payments=1]'], set: {} },
  ...{ harnesses: ['loop', 'mini'], profiles: ['typical'], instances: 3, trials: 1, seed: 1 },
  ...{ controlInstances: 0, realInstances: 0, swarm: false, shard: [0, 1] },
}

/** Here, not in workers: `mini` hangs. */
const pool = {
  async run(orders, on) {
    for (const order of orders) {
      if (on.skip?.(order) === true) continue
      if (order.spec.harness === 'mini') {
        on.lost(order, 'hung')
        continue
      }
      const { record, unreached } = await run(order.spec, order.source, house)
      on.done(order, { record, unreached, trace: [] })
    }
  },
} as Workers

async function ran(of: CampaignPlan): Promise<RunRecord[]> {
  const records: RunRecord[] = []
  const onRecord = (record: RunRecord): void => void records.push(record)
  await campaign({ plan: await planned(of, house), pool, known: new Set(), onRecord })
  return records
}

describe('a harness that hangs', () => {
  it('has its runs beside those of others, as the same cases', async () => {
    const records = await ran(plan)
    expect(records).toHaveLength(12)
    const cases = [...byInstance(records).values()]
    for (const own of cases) expect(own.map(({ harness }) => harness)).toEqual(['loop', 'mini'])
  })

  it('is given up after three', async () => {
    const own = (await ran(plan)).filter(({ harness }) => harness === 'mini')
    const verdicts = own.map(({ verdict, reason }) => `${verdict}: ${reason}`)
    const [hung, not] = ['crash: hung', 'skip: not run after 3 hung runs']
    expect(verdicts).toEqual([hung, hung, hung, not, not, not])
    expect(own.map(isGivenUp)).toEqual([false, false, false, true, true, true])
  })
})
