import { it } from 'vitest'
import { drawn, kernelNamed, ofKind, play } from '../machine/rig.ts'
it.each(['terminal','codex','monolith','loop+tools=prompted,context=qa-handoff','loop+tools=prompted,context=auto-compact','micro+tools=keystrokes,context=auto-compact','micro+tools=keystrokes,context=paging'])('%s', async (id) => {
 for (const s of ['compaction/exactly-once','compaction/ledger']) {
  const kernel = await kernelNamed(id)
  const { ending, trace } = await play({ kernel, instance: await drawn(s) })
  const asked = ofKind(trace, 'request')
  console.log(id, s, JSON.stringify(ending), asked.length, asked.filter(a=>a.purpose!=='work').map(a=>a.purpose+a.tokens).join(' '), 'pays', ofKind(trace,'effect').filter(e=>e.op==='payments.pay').length, 'paid different', new Set(ofKind(trace,'effect').filter(e=>e.op==='payments.pay').map(e=>e.value)).size, ofKind(trace,'reply').map(r=>r.text.slice(0,100)).join())
  const gen = ofKind(trace,'generation').find(g=>g.content.includes('(summary 1)'))
  console.log('DONES', (gen?.content.match(/Done:/g)??[]).length)
 }
})
