// A kernel of one's own: booted once for all users, it does one job at a time, whoever asked. So no
// agent overwrites another's work, and everybody waits. In a project of your own: from 'enosys'.
import type { Machine } from '../index.ts'
import agent from './agent.ts'

export default {
  users: 'all',
  async boot(machine: Machine): Promise<void> {
    for await (const job of machine.jobs) {
      machine.reply(job.id, await agent(machine.open({ job: job.id })))
    }
  },
}
