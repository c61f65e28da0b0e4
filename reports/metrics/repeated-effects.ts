// Effects that must happen once and happened again: a payment under the same reference, whatever its payee
// and amount; a mail to the same recipient; a file that is changed again where changing it is what has to
// happen once. By the job: two users may each want the same. As often as the job's own steps have it is no
// repeat.
import { callsOf, jobOf } from '../../sim/index.ts'
import { type Deed, deedsIn } from '../deeds.ts'
import { metric } from '../metric.ts'
import { type Effect, effectsIn, fits, marksOf } from '../missing.ts'
import { groupBy } from '../units.ts'

/** The argument that says which deed it is, where others may be mistaken in it. */
const WHICH: Readonly<Record<string, string>> = {
  'payments.pay': 'reference',
  'mail.send': 'to',
  'files.write': 'path',
}

const markOf = (effect: Effect): string => marksOf(effect)[WHICH[effect.op] ?? ''] ?? effect.key

/** A file that is written again as it was is the same. */
const changesIn = (same: readonly Effect[]): readonly Effect[] =>
  same.filter(({ op, value }, i) => op !== 'files.write' || value !== same[i - 1]?.value)

export default metric({
  title: 'repeated effects',
  about: 'effects that must happen once, for each time that they happened again; in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['compaction', 'crash-resume', 'phantom-calls', 'preemption'],
  cell: 'in-100-runs',
  measure({ instance, trace }) {
    const steps = instance.programs.flatMap((program) => program.steps)
    const once = new Set(steps.filter(({ effect }) => effect === 'once').map(({ call }) => call.op))
    if (once.size === 0 || trace.length === 0) return null
    const deeds = deedsIn(instance, trace).filter(({ step }) => step.effect === 'once')
    const isOf = ({ job, step }: Deed, effect: Effect): boolean =>
      job === jobOf(effect.session) &&
      callsOf(step).some(
        ({ op, args }) =>
          op === effect.op && fits(args[WHICH[op] ?? ''], markOf(effect), job, instance),
      )
    const done = effectsIn(trace).filter(({ op }) => once.has(op))
    const groups = groupBy(done, (effect) =>
      JSON.stringify([jobOf(effect.session), effect.op, markOf(effect)]),
    )
    let repeats = 0
    for (const same of groups.values()) {
      const [first] = same
      if (first === undefined) continue
      const meant = deeds.filter((deed) => isOf(deed, first)).length
      // Most files may be written as often as one likes.
      if (first.op === 'files.write' && meant === 0) continue
      repeats += Math.max(0, changesIn(same).length - Math.max(1, meant))
    }
    return repeats
  },
})
