// Effects on the world by sessions of jobs that their users had taken back.
import { stoodIn } from '../../sim/stood.ts'
import { metric } from '../metric.ts'
import { afterCancel } from '../service.ts'

export default metric({
  title: 'effects after cancel',
  about: 'effects for jobs that their users had taken back; sum of all runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['preemption'],
  cell: 'sum',
  measure({ trace }) {
    const cancelled = afterCancel(stoodIn(trace))
    if (cancelled === null) return null
    const effects = cancelled.flatMap(({ after }) => after.filter(({ kind }) => kind === 'effect'))
    return effects.length
  },
})
