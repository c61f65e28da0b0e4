// A floor: answers every job at once, and does nothing.
import { control } from '../control.ts'

export default control({
  mirrors: 'a floor: does nothing',
  users: 'all',
  async boot(machine) {
    for await (const job of machine.jobs) machine.reply(job.id, 'Done.')
  },
})
