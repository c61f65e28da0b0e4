import { test } from 'vitest'
import { openHost } from '../sim/host/index.ts'
import { openHouse } from '../testbed/house.ts'
import { run } from '../testbed/run.ts'
test('try', async () => {
  const house = await openHouse(openHost())
  for (const profile of ['flawless','typical'])
  for (const harness of ['clairvoyant','micro','loop','amnesiac','idle','micro+recovery=strict','micro+isolation=branch'])
  for (const scenario of ['compaction/ledger','compaction/exactly-once','phantom-calls/malformed','isolation/lost-update']) {
    const t=performance.now()
    const N=10; const v:Record<string,number>={}
    let reqs=0,tok=0
    for (let i=0;i<N;i++){ const r=await run({scenario,params:{},instance:i,trial:0,harness,profile,seed:1},'sampled',house)
      const k=r.record.verdict+' '+r.record.reason; v[k]=(v[k]??0)+1; reqs+=r.record.requests;tok+=r.record.tokens }
    console.log(profile.padEnd(10),harness.padEnd(24),scenario.padEnd(26),((performance.now()-t)/N).toFixed(1)+'ms',(reqs/N).toFixed(0)+'req',JSON.stringify(v))
  }
},600000)
