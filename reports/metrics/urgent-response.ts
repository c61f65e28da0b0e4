// How long urgent jobs, those above the usual priority, waited until they were done. One that never was
// counts as an hour at least: who gives up, or ends the run, is not quicker than who is late.
import { metric } from '../metric.ts'
import { endOf, overMs, servedIn } from '../service.ts'
import { average } from '../units.ts'

export default metric({
  title: 'urgent response',
  about: 'virtual ms from the arrival of an urgent job until it is done; an hour for one undone',
  unit: 'ms',
  better: 'less',
  restsOn: 'assumed',
  families: ['preemption'],
  measure(run) {
    const urgent = servedIn(run).filter(({ priority }) => priority > 0)
    const endMs = endOf(run.trace)
    return average(urgent.map((job) => overMs(job, endMs) - job.arrivedMs))
  },
})
