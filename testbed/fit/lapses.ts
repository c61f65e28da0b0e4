// The lapses of a profile: errors of calls and answers without one (BFCL), invented tools and what follows an
// error (ToolBench and tau-bench traces), misreading (utility of AgentDojo, pass^1 and pass^2 of tau2-bench),
// wording (stability).
import { conditional } from '../../sim/core/difficulty.ts'
import { fitCalls, MULTIPLE, PARALLEL } from './calls.ts'
import { fitChain, type Others, oddsFor } from './chain.ts'
import { misreadFor } from './injection.ts'
import { EPISODES, type Known, source, TASK_LAPSES } from './known.ts'
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

/** On the odds where tools are called by prompt, as the behaviours usually have it. */
const BY_PROMPT: Readonly<Record<string, number>> = { 'malformed-arguments': 5, 'phantom-tool': 9 }

const ratePath = (behaviour: string): string => `behaviours.${behaviour}.rate`

/** What a profile says of the errors of its calls. */
export function callSheet(known: Known, model: Model, odds: CallOdds): Sheet {
  const from = source(model, 'calls')
  if (from === undefined) return {}
  const { look, spread, phantoms } = known
  const isNative = from.name.includes('-FC')
  const rate = (name: string, factor = 1): number => {
    const prompted = isNative ? 1 : (BY_PROMPT[name] ?? 1)
    return rateOf(((odds.get(name) ?? 0) * factor) / prompted)
  }
  const irrelevant = share(look('calls', from.name, 'irrelevant_call_pct'), RELEVANCE_TESTS)
  const only = fitCalls([{ name: 'irrelevant', share: irrelevant }], spread).get('irrelevant') ?? 0
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

/** Rates that no table has, as over all instances; assumed. */
const USUAL = {
  'phantom-plan.rate': 0.0002,
  'drift.rate': 0.001,
  'repeated-call.afterError': 0.05,
} as const

/** The rates that no table has, in the median instance. */
export const usualSheet = ({ spread }: Known): Sheet =>
  of(
    'assumed',
    Object.fromEntries(
      Object.entries(USUAL).map(([name, rate]) => [
        `behaviours.${name}`,
        conditional(rate, spread),
      ]),
    ),
  )

/** At most so much likelier is it to give up after a failure. */
const AFTER_FAILURE = 500

/** What no table has of the models of tasks, who make hardly any of these errors; assumed. */
export function taskSheet(model: Model): Sheet {
  if (source(model, 'tasks') === undefined) return {}
  return of('assumed', {
    [ratePath('wrong-value')]: TASK_LAPSES.use * 0.7,
    [ratePath('lookalike-tool')]: (TASK_LAPSES.use * 0.3) / LIKENESS,
    ...Object.fromEntries(
      Object.entries(STOPS).map(([name, part]) => [ratePath(name), TASK_LAPSES.turn * part]),
    ),
  })
}

/** Persistence of phantoms, and what follows them and other errors, as counted on the one model. */
export function chainSheet(known: Known, model: Model, odds: CallOdds): Sheet {
  const from = source(model, 'chain')
  if (from === undefined) return {}
  const { look } = known
  const { hard, spread } = episodesOf(known, 'toolbench')
  const counted = (metric: string, n: number): number => share(look('chain', from.name, metric), n)
  const after = (what: string): number => counted(`after_error_${what}_pct`, 146)
  const others = beside(known, model, odds, hard)
  const repeated = oddsFor(
    counted('identical_consecutive_call_after_valid_pct', 2048),
    others,
    spread,
  )
  const chain = fitChain(
    {
      afterValid: counted('P_next_call_phantom_given_valid_pct', 2048),
      afterPhantom: counted('P_next_call_phantom_given_phantom_pct', 60),
      endsAfterPhantom: counted('P_finish_after_phantom_pct', 60),
    },
    others.map((odds) => odds + repeated),
    spread,
  )
  const again =
    counted('P_same_phantom_name_again_pct', 60) /
    counted('P_next_call_phantom_given_phantom_pct', 60)
  const persisting = under('behaviours.phantom-tool', from.origin, {
    persistence: rateOf(chain.persistence / hard),
    sameName: again,
  })
  if (!from.isOwn) return persisting
  const ends = chain.ends / hard
  const giveUp = Math.max((odds.get('stops') ?? 0) * STOPS['give-up'], ends / AFTER_FAILURE)
  const named = { varies: after('same_tool_new_args'), ends: after('finish') }
  const looks = 1 - named.varies - named.ends - after('phantom') - after('identical_retry')
  const ways = waysOf({ looks, ...named }, after('identical_retry'), others, spread)
  return {
    ...persisting,
    ...of(from.origin, {
      [ratePath('phantom-tool')]: rateOf(chain.rate / hard / SOME_TOOLS),
      [ratePath('give-up')]: rateOf(giveUp),
      'behaviours.give-up.afterFailure': ends / giveUp,
      [ratePath('repeated-call')]: rateOf(repeated / hard),
    }),
    ...detour(from.origin, { ...ways, ends: Math.max(0, ways.ends - chain.ends) }, hard),
  }
}

/** What follows an error of a tool, as counted on the other model; 73 errors in 1,164 calls. */
export function traceSheet(known: Known, model: Model, odds: CallOdds): Sheet {
  const from = source(model, 'traces')
  if (from === undefined) return {}
  const { look } = known
  const { hard, spread } = episodesOf(known, 'tau-airline')
  const counted = (metric: string, n: number): number => share(look('traces', from.name, metric), n)
  const after = (what: string): number => counted(`after_error_${what}_pct`, 73)
  const others = beside(known, model, odds, hard)
  const shares = {
    looks: after('other_tool'),
    varies: after('same_tool_new_args'),
    ends: after('text_to_user') + after('no_further_call'),
  }
  // Not compared in these episodes: as over all cases, or it would take the place of all else in hard ones.
  const repeated = conditional(counted('exact_repeat_of_earlier_call_pct', 1164), known.spread)
  return {
    ...of(from.origin, { [ratePath('repeated-call')]: repeated }),
    ...detour(from.origin, waysOf(shares, after('identical_retry'), others, spread), hard),
  }
}

/** How much likelier (odds) lapses are in the median episode, and the spread between episodes. */
const episodesOf = ({ spread }: Known, of: keyof typeof EPISODES) => ({
  hard: Math.exp(EPISODES[of].hardness * spread),
  spread: EPISODES[of].ratio * spread,
})

/** Odds of the other lapses of a turn of an episode: of one that uses no fact from a result, of one that does. */
function beside(known: Known, model: Model, odds: CallOdds, hard: number): Others {
  const misread = misreadingSheet(known, model, odds)[ratePath('misreading')]?.value ?? 0
  const any = spoiling(odds).use + spoiling(odds).turn
  return [hard * any, hard * (any + oddsOf(misread))]
}

/** Ways on after an error that is none of the model's own. */
interface Ways {
  /** With another tool. */
  readonly looks: number
  /** With the same, and other arguments. */
  readonly varies: number
  /** With a word to the user. */
  readonly ends: number
}

/** The odds of each way against making the very same call again, which is `again` of all. */
function waysOf(shares: Ways, again: number, others: Others, spread: number): Ways {
  const all = shares.looks + shares.varies + shares.ends
  const odds = oddsFor(all / (all + again), others, spread)
  return {
    looks: (odds * shares.looks) / all,
    varies: (odds * shares.varies) / all,
    ends: (odds * shares.ends) / all,
  }
}

/** One lapse with three ways: its odds are theirs together, their weights their shares in per cent. */
function detour(origin: string, { looks, varies, ends }: Ways, hard: number): Sheet {
  const all = looks + varies + ends
  return under('behaviours.detour', origin, {
    afterError: rateOf(all / hard),
    looks: (100 * looks) / all,
    varies: (100 * varies) / all,
    tells: (100 * ends) / all,
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
