import { it } from 'vitest'
import { drawn, house, kernelNamed, ofKind, play } from '/work/main/test/machine/rig.ts'
const EASY = { invoices: 2, distance: 100, window: 32_000 }
it('probe', async () => {
  for (const [id, fault] of [['mini','tool-timeout'],['aci','tool-error'],['terminal','tool-error'],['terminal','tool-timeout']] as const) {
    const kernel = await kernelNamed(id)
    const instance = await drawn('compaction/exactly-once', EASY)
    const ref = await play({ kernel, instance })
    for (const { id: at } of ref.asked.filter((a) => a.id.endsWith('/' + fault))) {
      const p = await play({ kernel, instance, chance: { [at]: true } })
      const sc = await house.scenario(instance.scenario)
      const v = sc.check({ instance, before: instance.world, after: p.simulation.world.data(), trace: p.trace })
      if (v.length>0) console.log(JSON.stringify([id, at, v.map((x) => x.name), ofKind(p.trace,'call').map((c)=>[c.name, c.args.slice(0,120), c.text.slice(0,100), c.isError]), ofKind(p.trace,'generation').slice(-2).map(g=>[g.content.slice(-300), g.calls.map(c=>c.name+c.args)])], null, 1))
    }
  }
})
