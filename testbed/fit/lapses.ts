// The lapses of a profile: errors of calls and answers without one (BFCL), invented tools and what follows an
// error (ToolBench and tau-bench traces), misreading (utility of AgentDojo, pass^1 and pass^2 of tau2-bench),
// wording (stability).
import { fitCalls, MULTIPLE, PARALLEL } from './calls.ts'
import { fitAfterError } from './chain.ts'
import { misreadFor } from './injection.ts'
import { CHAIN_OF, type Known, source, TASK_SPOILING } from './known.ts'
import type { Model } from './models.ts'
import { oddsOf, rateOf, share } from './odds.ts'
import { of, type Sheet, under } from './sheet.ts'

const TESTS = 1000
const RELEVANCE_TESTS = 240

/** Answers without a call, told apart in no table: by the behaviours' usual shares; assumed. */
const STOPS = {
  'early-stop': 0.3,
  'false-success': 0.25,
  'give-up': 0.15,
  'fabricated-result': 0.1,
  'runaway-generation': 0.05,
  detour: 0.15,
} as const

/** What the number of tools does to the odds of a phantom, at its usual slope: one to four are offered. */
const FEW_TOOLS = 0.59
/** The same for two to sixteen tools. */
const SOME_TOOLS = 0.88
/** The likeness of the names of two tools that are taken for each other, on the odds. */
const LIKENESS = 1.3

/** Odds by behaviour in the median case. */
export type CallOdds = ReadonlyMap<string, number>

/** Errors of calls of one model; `origin` says whose. */
export function callOdds({ look, spread, phantoms }: Known, name: string): CallOdds {
  const part = (what: string): number => share(look('calls', name, `${what}_pct_of_tests`), TESTS)
  const isNative = name.includes('-FC')
  return fitCalls(
    [
      { name: 'malformed-arguments', share: part('malformed') },
      { name: 'stops', share: part('no_call_text') },
      { name: 'phantom-tool', share: isNative ? phantoms.share : part('phantom_tool') },
      { name: 'dropped-parallel-call', share: part('wrong_count'), only: PARALLEL },
      { name: 'wrong-value', share: part('wrong_value') },
      { name: 'wrong-type', share: part('wrong_type') },
      { name: 'missing-argument', share: part('missing_param') },
      { name: 'extra-argument', share: part('unexpected_param') },
      { name: 'lookalike-tool', share: part('cannot_match'), only: MULTIPLE },
    ],
    spread,
  )
}

/** Odds of what spoils one answer: of a turn that uses a fact beside misreading, and of any turn. */
export function spoiling(odds: CallOdds) {
  const at = (name: string): number => odds.get(name) ?? 0
  return {
    use: at('wrong-value') + at('lookalike-tool'),
    turn: at('stops') * (1 - STOPS.detour),
    /** A question that is answered in words. */
    answer: at('stops'),
  }
}

const ratePath = (behaviour: string): string => `behaviours.${behaviour}.rate`

/** What a profile says of the errors of its calls. */
export function callSheet(known: Known, model: Model, odds: CallOdds): Sheet {
  const from = source(model, 'calls')
  if (from === undefined) return {}
  const { look, spread, phantoms } = known
  const rate = (name: string, factor = 1): number => rateOf((odds.get(name) ?? 0) * factor)
  const irrelevant = share(look('calls', from.name, 'irrelevant_call_pct'), RELEVANCE_TESTS)
  const only = fitCalls([{ name: 'irrelevant', share: irrelevant }], spread).get('irrelevant') ?? 0
  const isNative = from.name.includes('-FC')
  const pooled = `borrowed from ${phantoms.models} models with native calling (${tableOf(from.origin)})`
  const same = [
    ...['malformed-arguments', 'dropped-parallel-call', 'wrong-value', 'wrong-type'],
    ...['missing-argument', 'extra-argument'],
  ]
  return {
    ...of(from.origin, Object.fromEntries(same.map((name) => [ratePath(name), rate(name)]))),
    ...of(from.origin, {
      [ratePath('lookalike-tool')]: rate('lookalike-tool', 1 / LIKENESS),
      [ratePath('irrelevant-call')]: rateOf(only),
    }),
    ...of(isNative ? pooled : from.origin, {
      [ratePath('phantom-tool')]: rate('phantom-tool', 1 / FEW_TOOLS),
    }),
    ...of(
      from.origin,
      Object.fromEntries(
        Object.entries(STOPS).map(([name, part]) => [ratePath(name), rate('stops', part)]),
      ),
    ),
  }
}

const tableOf = (origin: string): string => /\(([^()]+)\)$/.exec(origin)?.[1] ?? ''

/** What no table has of the models of tasks, who make hardly any of these errors; assumed. */
export function taskSheet(model: Model): Sheet {
  if (source(model, 'tasks') === undefined) return {}
  return of('assumed', {
    [ratePath('wrong-value')]: TASK_SPOILING.use * 0.7,
    [ratePath('lookalike-tool')]: (TASK_SPOILING.use * 0.3) / LIKENESS,
    ...Object.fromEntries(
      Object.entries(STOPS).map(([name, part]) => [ratePath(name), TASK_SPOILING.turn * part]),
    ),
  })
}

/** Persistence of phantoms, and what follows them, as counted on the one model. */
export function chainSheet({ chain, look, spread }: Known, model: Model, odds: CallOdds): Sheet {
  const from = source(model, 'chain')
  const isOwn = from?.isOwn === true
  const origin = from?.origin ?? `borrowed from ${CHAIN_OF} (toolbench_gpt35_phantom_traces)`
  const percent = (metric: string): number => look('chain', CHAIN_OF, metric) / 100
  const again =
    percent('P_same_phantom_name_again_pct') / percent('P_next_call_phantom_given_phantom_pct')
  const shared = under('behaviours.phantom-tool', origin, {
    persistence: chain.persistence,
    sameName: again,
  })
  if (!isOwn) return shared
  const giveUp = rateOf((odds.get('stops') ?? 0) * STOPS['give-up'])
  const after = (what: string): number => share(100 * percent(`after_error_${what}_pct`), 146)
  const known = {
    varies: after('same_tool_new_args'),
    phantom: after('phantom'),
    ends: after('finish'),
    again: after('identical_retry'),
  }
  const looks = 1 - known.varies - known.phantom - known.ends - known.again
  const ways = fitAfterError(
    { looks, varies: known.varies, phantom: known.phantom, ends: known.ends },
    spread,
  )
  const way = (name: string): number => ways.get(name) ?? 0
  const tells = Math.max(0, way('ends') - chain.ends)
  const repeated = share(100 * percent('identical_consecutive_call_after_valid_pct'), 2048)
  return {
    ...shared,
    ...of(origin, {
      [ratePath('phantom-tool')]: rateOf(oddsOf(chain.rate) / SOME_TOOLS),
      'behaviours.give-up.afterFailure': Math.min(1000, chain.ends / oddsOf(giveUp)),
      [ratePath('repeated-call')]: rateOf(
        fitCalls([{ name: 'repeated', share: repeated }], spread).get('repeated') ?? 0,
      ),
      'provokes.failed': Math.max(1, way('phantom') / oddsOf(chain.rate)),
    }),
    ...detour(origin, { looks: way('looks'), varies: way('varies'), tells }),
  }
}

/** What follows an error of a tool, as counted on the other model; 73 errors in 1,164 calls. */
export function traceSheet({ look, spread }: Known, model: Model): Sheet {
  const from = source(model, 'traces')
  if (from === undefined) return {}
  const after = (what: string): number =>
    share(look('traces', from.name, `after_error_${what}_pct`), 73)
  const told = after('text_to_user') + after('no_further_call')
  const all = { looks: after('other_tool'), varies: after('same_tool_new_args'), tells: told }
  const sum = all.looks + all.varies + all.tells + after('identical_retry')
  const ways = fitAfterError(
    Object.fromEntries(Object.entries(all).map(([name, one]) => [name, one / sum])),
    spread,
  )
  const way = (name: string): number => ways.get(name) ?? 0
  const repeated = share(look('traces', from.name, 'exact_repeat_of_earlier_call_pct'), 1164)
  return {
    ...of(from.origin, {
      [ratePath('repeated-call')]: rateOf(
        fitCalls([{ name: 'repeated', share: repeated }], spread).get('repeated') ?? 0,
      ),
    }),
    ...detour(from.origin, {
      looks: way('looks'),
      varies: way('varies'),
      tells: way('tells'),
    }),
  }
}

interface Ways {
  readonly looks: number
  readonly varies: number
  readonly tells: number
}

/** One lapse with three ways: its odds are theirs together, their weights their shares in per cent. */
function detour(origin: string, { looks, varies, tells }: Ways): Sheet {
  const all = looks + varies + tells
  return under('behaviours.detour', origin, {
    afterError: rateOf(all),
    looks: (100 * looks) / all,
    varies: (100 * varies) / all,
    tells: (100 * tells) / all,
  })
}

/** How often what a result says is misread: what utility or pass^k leave when all else is accounted for. */
export function misreadingSheet(known: Known, model: Model, odds: CallOdds): Sheet {
  const tasks = source(model, 'tasks')
  const { abilities, look, spread } = known
  if (tasks !== undefined) {
    const log = abilities.models.get(`${tasks.name}#0`) ?? 0
    return of(tasks.origin, { [ratePath('misreading')]: rateOf(Math.exp(log)) })
  }
  const from = source(model, 'injection')
  if (from === undefined) return {}
  const percent = look(
    'injection',
    from.name,
    'utility_pct',
    'defence=None; attack=important_instructions',
  )
  const log = misreadFor(share(percent, 97), spread, spoiling(odds))
  return of(from.origin, { [ratePath('misreading')]: rateOf(Math.exp(log)) })
}

export function wordingSheet({ stability }: Known, model: Model): Sheet {
  const from = source(model, 'stability')
  const stable = from === undefined ? undefined : stability.models.get(from.name)
  if (from === undefined || stable === undefined) return {}
  return under('behaviours.divergent-wording', from.origin, {
    rate: stable.rate,
    answer: stable.answer,
  })
}
