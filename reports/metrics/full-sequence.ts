// Full-sequence match, as NESTFUL scores it, on effects: those of a job are the meant ones, in their order,
// and there are no others. What an instance leaves open (a place, a choice of the model's own) may be
// anything, and what is not required of the run may be left out.
import { type Instance, jobOf, type Step } from '../../sim/index.ts'
import { type Deed, deedsIn } from '../deeds.ts'
import { metric } from '../metric.ts'
import { type Effect, effectsIn } from '../missing.ts'
import { average, groupBy } from '../units.ts'

const HOLE = /(\{(?:=|@)?[a-z0-9+-]+\})/

/** What may stand at a place: one of several texts, a number, or anything. */
type Piece = readonly string[] | 'number' | 'anything'

/** All that a template may have become. */
function piecesOf(template: string | undefined, job: string, { truths }: Instance): Piece[] {
  if (template === undefined) return ['anything']
  return template.split(HOLE).map((piece) => {
    if (!HOLE.test(piece)) return [piece]
    const name = piece.slice(1, -1)
    if (name === 'job') return [job]
    if (name.startsWith('=')) return 'number'
    return truths[name]?.values.map(({ value }) => value) ?? 'anything'
  })
}

/** Whether a text from a place on is made of these pieces. */
function isMadeOf(text: string, pieces: readonly Piece[], at = 0): boolean {
  const [piece, ...rest] = pieces
  if (piece === undefined) return at === text.length
  if (piece === 'number') {
    const number = /^-?\d+/.exec(text.slice(at))?.[0]
    return number !== undefined && isMadeOf(text, rest, at + number.length)
  }
  if (piece === 'anything') {
    for (let end = at; end <= text.length; end++) if (isMadeOf(text, rest, end)) return true
    return false
  }
  return piece.some((word) => text.startsWith(word, at) && isMadeOf(text, rest, at + word.length))
}

/** The key and the value of the effect that a call has, in the arguments' own names. */
const SHAPES: Readonly<
  Record<string, readonly [key: string, value: readonly string[], by: string]>
> = {
  'files.write': ['path', ['content'], ''],
  'payments.pay': ['payee', ['amount', 'reference'], ' '],
  'mail.send': ['to', ['subject', 'body'], '\n'],
}

function isOf(
  effect: Effect | undefined,
  { call }: Step,
  job: string,
  instance: Instance,
): boolean {
  const shape = SHAPES[call.op]
  if (shape === undefined || effect === undefined || effect.op !== call.op) return false
  const [key, values, by] = shape
  const of = (name: string): Piece[] => piecesOf(call.args[name], job, instance)
  const joined = values.flatMap((name, i) => (i === 0 ? of(name) : [[by], ...of(name)]))
  return isMadeOf(effect.key, of(key)) && isMadeOf(effect.value, joined)
}

/** Whether effects are these deeds, one by one, without those that nobody requires. */
function isSequence(effects: readonly Effect[], deeds: readonly Deed[], of: Instance): boolean {
  let n = 0
  for (const { step, job, isRequired } of deeds) {
    if (isOf(effects[n], step, job, of)) n++
    else if (isRequired) return false
  }
  return n === effects.length
}

export default metric({
  title: 'full sequence',
  about: 'jobs whose effects are the meant ones, in their order, and no others / jobs',
  unit: 'share',
  better: 'more',
  restsOn: 'calibrated',
  families: ['phantom-calls'],
  measure({ instance, trace }) {
    if (trace.length === 0) return null
    // Hidden files are a harness's own.
    const effects = effectsIn(trace).filter(({ key }) => !/(^|\/)\./.test(key))
    const meant = deedsIn(instance, trace).filter(({ step }) => SHAPES[step.call.op])
    const matches = [...groupBy(meant, ({ job }) => job)].map(([job, deeds]) => {
      const own = effects.filter(({ session }) => jobOf(session) === job)
      return Number(isSequence(own, deeds, instance))
    })
    return average(matches)
  },
})
