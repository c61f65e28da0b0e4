// Full-sequence match, as NESTFUL scores it, on effects: those of a job are the meant ones, in their order, and
// there are no others. What an instance leaves open (a place, a choice of the model's own) may be anything.
import { type Instance, jobOf, type Step, type TraceEvent } from '../../sim/index.ts'
import { stoodIn } from '../../sim/stood.ts'
import { metric } from '../metric.ts'
import { tasksOf } from '../tasks.ts'
import { average } from '../units.ts'

type Effect = Extract<TraceEvent, { kind: 'effect' }>

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
    const effects = stoodIn(trace).filter(
      (event): event is Effect => event.kind === 'effect' && !/(^|\/)\./.test(event.key),
    )
    const matches = tasksOf(instance).flatMap(({ job, program }) => {
      const meant = program.steps.filter(({ effect, call }) => effect !== 'read' && SHAPES[call.op])
      if (meant.length === 0) return []
      const own = effects.filter(({ session }) => jobOf(session) === job)
      const isMatch =
        own.length === meant.length && meant.every((step, i) => isOf(own[i], step, job, instance))
      return [Number(isMatch)]
    })
    return average(matches)
  },
})
