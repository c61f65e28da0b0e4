// Episodes with tools that fail now and then: invented tools as a chain, and what follows an error.
import { alone, errand } from '../draws/errand.ts'
import { looping } from '../draws/reference.ts'
import { type SpokenCall, type TurnSpoken, turnsIn } from '../draws/turns.ts'
import { decimal, experiment, numberOf, oneOf, type Setting, whole, wordOf } from '../experiment.ts'
import { average, type Measure, percent } from '../measure.ts'

interface Episodes {
  readonly condition: string
  readonly calls: number
  readonly errorsPercent: number
  /** 0 for as many as the published tasks had: 2 to 16. */
  readonly tools: number
}

/**
 * Per cent of calls that a tool fails by itself. Of the published 6 % the rest answer a mistake of the
 * model's, as here they do; how many is assumed.
 */
const OWN_ERRORS = 3

const EPISODES: Readonly<Record<string, Episodes>> = {
  toolbench: {
    condition: 'ToolBench G1-G3, 600 tasks, 2-16 tools',
    calls: 4,
    errorsPercent: OWN_ERRORS,
    tools: 0,
  },
  'tau-airline': {
    condition: 'tau-airline 14 tools',
    calls: 6,
    errorsPercent: OWN_ERRORS,
    tools: 14,
  },
}

const usual = (at: Setting): Episodes | undefined => EPISODES[wordOf(at, 'episodes')]

/** Numbers of tools as the published calls had them, by group. */
const GROUPS = [
  { name: 'N2-4', from: 2, to: 4, weight: 599 },
  { name: 'N5-7', from: 5, to: 7, weight: 1104 },
  { name: 'N8-12', from: 8, to: 12, weight: 935 },
  { name: 'N13-16', from: 13, to: 16, weight: 70 },
] as const
const WEIGHTS = GROUPS.reduce((sum, { weight }) => sum + weight, 0)

const NEEDED = ['read_file', 'write_file']
const OTHERS = ['search_files', 'list_files', 'make_payment', 'list_payments']
/** They do not work here; none is a way to look around, as those that do are. */
const DECOYS = [
  ...['get_weather', 'book_flight', 'translate_text', 'convert_currency', 'get_news'],
  ...['book_hotel', 'add_contact', 'create_event', 'get_stock_price', 'cook_recipe'],
  ...['send_mail', 'track_parcel', 'get_exchange_rates', 'order_taxi', 'sign_document'],
]

/** What follows a call: another one, or none. */
interface Step {
  readonly call: SpokenCall
  readonly next: SpokenCall | undefined
}

const stepsIn = (turns: readonly TurnSpoken[]): Step[] =>
  turns.flatMap(({ calls }, i) =>
    calls.map((call, j) => ({ call, next: calls[j + 1] ?? turns[i + 1]?.calls[0] })),
  )

const isSameCall = (a: SpokenCall, b: SpokenCall | undefined): boolean =>
  a.name === b?.name && a.args === b.args

interface Seen {
  readonly tools: number
  readonly steps: readonly Step[]
}

type Test = (step: Step) => boolean

const isPhantom: Test = ({ call }) => call.isPhantom
const isValid: Test = ({ call }) => !call.isPhantom
const failed: Test = ({ call }) => !call.isPhantom && call.isError
const goesOn: Test = ({ next }) => next !== undefined
const both =
  (a: Test, b: Test): Test =>
  (step) =>
    a(step) && b(step)
const thenPhantom: Test = ({ next }) => next?.isPhantom === true
const thenSameCall: Test = ({ call, next }) => isSameCall(call, next)
const thenSameTool: Test = ({ call, next }) => next?.name === call.name && !isSameCall(call, next)
const thenOther: Test = ({ call, next }) =>
  next !== undefined && !next.isPhantom && next.name !== call.name

function measured(seen: readonly Seen[], condition: string): Measure[] {
  const of = (metric: string, top: Test, bottom: Test = () => true): Measure[] =>
    percent(
      { condition, metric },
      seen.map(({ steps }) => steps.filter(both(top, bottom)).length),
      seen.map(({ steps }) => steps.filter(bottom).length),
    )
  const groups = GROUPS.flatMap(({ name, from, to }) => {
    const own = seen.map((one) => (one.tools >= from && one.tools <= to ? one.steps : []))
    return percent(
      { condition, metric: `phantom_pct_${name}` },
      own.map((steps) => steps.filter(isPhantom).length),
      own.map((steps) => steps.length),
    )
  })
  return [
    ...average(
      { condition, metric: 'tool_calls_per_task_mean' },
      seen.map(({ steps }) => steps.length),
    ),
    ...of('phantom_tool_pct_of_calls', isPhantom),
    ...percent(
      { condition, metric: 'tasks_with_phantom_pct' },
      seen.map(({ steps }) => Number(steps.some(isPhantom))),
    ),
    ...of('P_next_call_phantom_given_phantom_pct', thenPhantom, isPhantom),
    ...of('P_next_call_phantom_given_valid_pct', thenPhantom, both(isValid, goesOn)),
    ...of(
      'P_same_phantom_name_again_pct',
      ({ call, next }) => thenPhantom({ call, next }) && call.name === next?.name,
      isPhantom,
    ),
    ...of('P_finish_after_phantom_pct', ({ next }) => next === undefined, isPhantom),
    ...of('valid_tool_returned_error_pct', failed),
    ...of('after_error_identical_retry_pct', thenSameCall, failed),
    ...of('after_error_same_tool_new_args_pct', thenSameTool, failed),
    ...of('after_error_other_tool_pct', thenOther, failed),
    ...of('after_error_phantom_pct', thenPhantom, failed),
    ...of('after_error_finish_pct', ({ next }) => next === undefined, failed),
    ...of(
      'identical_consecutive_call_after_valid_pct',
      thenSameCall,
      both(both(isValid, goesOn), ({ call }) => !call.isError),
    ),
    ...groups,
  ]
}

/** The same in the words of the other table. */
const TAU_NAMES: Readonly<Record<string, string>> = {
  phantom_tool_pct_of_calls: 'phantom_tool_pct',
  valid_tool_returned_error_pct: 'tool_error_pct_of_calls',
  after_error_finish_pct: 'after_error_text_to_user_pct',
}

export default experiment<Seen>({
  about: 'episodes with tools: invented tools and what follows them, and what follows an error',
  source:
    'ToolBench traces of gpt-3.5-turbo and tau-bench airline traces of gpt-4o, counted; here errands over records whose tools fail now and then by themselves, and a text without a call ends the episode',
  tables: ['toolbench_gpt35_phantom_traces', 'tau_airline_gpt4o_trace_stats'],
  harness: 'loop',
  options: {
    episodes: oneOf('whose episodes they are like', Object.keys(EPISODES), () => ['toolbench']),
    tools: whole('tools on offer; 0 for 2 to 16, as published', [0, 21], (at) => [
      usual(at)?.tools ?? 0,
    ]),
    calls: whole('calls that a task needs', [1, 100], (at) => [usual(at)?.calls ?? 4]),
    errors: decimal('per cent of calls that a tool fails', [0, 100], (at) => [
      usual(at)?.errorsPercent ?? 0,
    ]),
  },
  published: (rows) =>
    Object.entries(EPISODES)
      .filter(([, { condition }]) => rows.some((row) => row.condition === condition))
      .map(([episodes, { tools, calls, errorsPercent }]) => ({
        episodes,
        tools,
        calls,
        errors: errorsPercent,
      })),
  size: () => ({ instances: 1200, trials: 1 }),
  domain: (at) => wordOf(at, 'episodes'),
  draw(draw, at, { profile }) {
    let place = draw.next() * WEIGHTS
    const group = GROUPS.find(({ weight }) => {
      place -= weight
      return place < 0
    })
    const asked = numberOf(at, 'tools')
    const count = asked > 0 ? asked : draw.int(group?.from ?? 2, group?.to ?? 4)
    const beside = [...draw.shuffled(OTHERS), ...draw.shuffled(DECOYS)]
    const offered = [...NEEDED, ...beside].slice(0, Math.max(count, NEEDED.length))
    const calls = numberOf(at, 'calls')
    const drawn = alone(errand(draw, { calls, isKnown: true, payShare: 0 }), profile.window.native)
    return { ...drawn, world: { ...drawn.world, decoys: DECOYS }, offered }
  },
  kernel: (_, { offered }) => looping({ offered }),
  faults: (at) => ({ 'tool-error': { probability: numberOf(at, 'errors') / 100 } }),
  observe: ({ trace, offered = [] }) => ({
    tools: offered.length,
    steps: stepsIn(turnsIn(trace)),
  }),
  measure(seen, at) {
    const own = usual(at)
    const isOwn =
      own !== undefined &&
      own.tools === numberOf(at, 'tools') &&
      own.calls === numberOf(at, 'calls') &&
      own.errorsPercent === numberOf(at, 'errors')
    const condition =
      own !== undefined && isOwn
        ? own.condition
        : `${at.tools === 0 ? '2-16' : at.tools} tools, ${at.calls} calls, ${at.errors}% errors`
    const all = measured(
      seen.flatMap(([one]) => (one === undefined ? [] : [one])),
      condition,
    )
    if (at.episodes !== 'tau-airline') return all
    return all.map((one) => ({ ...one, metric: TAU_NAMES[one.metric] ?? one.metric }))
  },
})
