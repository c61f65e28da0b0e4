// The ceiling: what can be done at all by one that knows what a flawless model would say. @see ceiling.ts
import { Ceiling } from '../ceiling.ts'
import { control } from '../control.ts'

export default control({
  mirrors: 'the ceiling: asks the oracle',
  users: 'all',
  async boot(machine, oracle) {
    const ceiling = new Ceiling(machine, oracle)
    for await (const job of machine.jobs) ceiling.add(job)
  },
})
