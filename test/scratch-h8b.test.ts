import { it } from 'vitest'
import { run } from '../testbed/index.ts'
import { house } from './machine/rig.ts'
it('simplest', async () => {
  const ids = (await house.catalog.ids('scenario')).filter((id) => /^(crash-resume|nondet|language)/.test(id))
  for (const id of ids) for (const harness of await house.catalog.ids('kernel')) {
    const { params } = await house.scenario(id)
    const simplest = Object.fromEntries(Object.entries(params).map(([n, p]) => [n, p.simplest]))
    const { record } = await run({ scenario: id, params: simplest, instance: 0, trial: 0, harness, profile: 'flawless', seed: 1 }, 'sampled', house)
    if (record.verdict !== 'pass') console.log('NOT', id, harness, record.verdict, record.reason)
  }
}, 600000)
