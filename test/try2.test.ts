import { test } from 'vitest'
import { openHost } from '../sim/host/index.ts'
import { openHouse } from '../testbed/house.ts'
import { run } from '../testbed/run.ts'
import { parseRunId } from '../testbed/run-id.ts'
import { strace } from '../testbed/strace.ts'
test('try', async () => {
  const house = await openHouse(openHost())
  for (const id of (process.env.RUNS ?? '').split(' ')) {
    const r = await run(parseRunId(id), 'sampled', house)
    console.log(id+'\n'+strace(r, 180), r.record.digest)
  }
},600000)
