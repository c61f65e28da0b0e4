// The profiles `like-<model>`: composites of what the tables have of a model and of what they have of others,
// each number with its origin. What is not said here is as in `typical`.

import { uniform } from '../../sim/core/hash.ts'
import { normal } from '../../sim/core/normal.ts'
import { compactionCells, latencyCells, lengthCells, placeCells } from './cells.ts'
import { fitCompaction } from './compaction.ts'
import { obeysFor } from './injection.ts'
import { type Known, source } from './known.ts'
import {
  callOdds,
  callSheet,
  chainSheet,
  misreadingSheet,
  spoiling,
  taskSheet,
  traceSheet,
  usualSheet,
  wordingSheet,
} from './lapses.ts'
import { fitLatency, paceOf } from './latency.ts'
import { MODELS, type Model, PARTS, TABLES } from './models.ts'
import { share } from './odds.ts'
import { fitPosition } from './position.ts'
import { type Around, carriedOver, fitLength, type Position } from './recall.ts'
import { of, type Page, type Sheet, under } from './sheet.ts'
import { logistic } from './spread.ts'

const FLAT: Position = { floor: 1, first: 0, last: 0, reach: 0.2 }
const UNBOUND = 1e15

/** Lapses of an answer that make up a part of what is missed at every length. */
interface Answering {
  readonly known: Known
  readonly model: Model
  readonly spoiled: number
}

const around = (known: Known, spoiled: number, position: Position): Around => ({
  ...position,
  ...{ spread: known.spread, trained: UNBOUND, beyond: 1, spoiled },
})

/** Where the table has the model: its own position, top and loss to documents alike. */
function positionSheet({ known, model, spoiled }: Answering): Sheet | undefined {
  const from = source(model, 'position')
  if (from?.isOwn !== true) return undefined
  const { top, distractors, ...position } = fitPosition(
    placeCells(known.published, from.name),
    known.spread,
    spoiled,
  )
  return under('recall', from.origin, {
    ...{ literalTop: top, literalHalf: 1e8, literalSlope: 1 },
    ...position,
    distractors,
  })
}

function lengthSheet(
  { known, model, spoiled }: Answering,
  part: 'literal' | 'semantic',
  position: Position,
): Sheet {
  const from = source(model, part)
  if (from === undefined) return {}
  const cells = lengthCells(known.published, part, from.name)
  const { top, half, slope } = fitLength(cells, around(known, spoiled, position))
  return under('recall', from.origin, {
    [`${part}Top`]: top,
    [`${part}Half`]: half,
    [`${part}Slope`]: slope,
  })
}

const numberAt = (sheet: Sheet, path: string): number => sheet[path]?.value ?? Number.NaN

function recallSheet(answering: Answering): Sheet {
  const placed = positionSheet(answering)
  if (placed !== undefined) {
    const at = (name: string): number => numberAt(placed, `recall.${name}`)
    const position = {
      ...{ floor: at('floor'), first: at('first') },
      ...{ last: at('last'), reach: at('reach') },
    }
    return { ...lengthSheet(answering, 'semantic', position), ...placed }
  }
  const flat = lengthSheet(answering, 'literal', FLAT)
  const { position: other } = answering.known
  const top = Math.min(0.999_99, numberAt(flat, 'recall.literalTop'))
  const position = carriedOver(other, other.top, top)
  const origin = source(answering.model, 'position')?.origin ?? 'assumed'
  return {
    ...lengthSheet(answering, 'literal', position),
    ...lengthSheet(answering, 'semantic', position),
    ...under('recall', origin, { ...position }),
  }
}

/** Presence in a summary: half after 98 % was compacted, 93 % after 5 %, within what is quoted; assumed. */
const SURVIVAL = { fact: 2.74, compression: 0.87 }
const SUMMARY_TOKENS = 8000

function compactionSheet(
  { known, model, spoiled }: Answering,
  recall: Sheet,
  donors: Donors,
): Sheet {
  const from = source(model, 'compaction')
  if (from === undefined) return {}
  const survives = under('summary', 'assumed', SURVIVAL)
  if (!from.isOwn) {
    const usable = donors.get(from.name)
    if (usable === undefined) return {}
    return { ...under('summary', from.origin, { usable }), ...survives }
  }
  const { fact, compression } = SURVIVAL
  const survival = (tokens: number): number =>
    logistic(fact + compression * Math.min(0, Math.log(SUMMARY_TOKENS / Math.max(1, tokens))))
  const cells = compactionCells(known.published, from.name)
  const at = (name: string): number => numberAt(recall, `recall.${name}`)
  const given = {
    ...{ top: at('semanticTop'), slope: at('semanticSlope'), survival },
    ...{ spread: known.spread, spoiled },
  }
  const fitted = fitCompaction(cells, given, isFlat(from.name) ? FLAT : undefined)
  const { usable, half, ...position } = fitted
  return {
    ...under('summary', from.origin, { usable }),
    ...survives,
    ...under('recall', from.origin, { semanticHalf: half, ...position }),
  }
}

/** Too few cells of the second model for a position of its own. */
const isFlat = (name: string): boolean => name === 'claude-sonnet-4.6'

const CASES = 629
/** The one model whose attacks and defences were measured. */
const ATTACKED = 'gpt-4o-2024-05-13'
const FRAMES = {
  toolKnowledge: 'tool_knowledge',
  injecagent: 'injecagent',
  ignorePrevious: 'ignore_previous',
  direct: 'direct',
} as const
const DEFENCES = {
  delimiting: 'spotlighting_with_delimiting',
  repeatPrompt: 'repeat_user_prompt',
} as const

function injectionSheet({ known, model }: Answering, spoiled: number): Sheet {
  const from = source(model, 'injection')
  if (from === undefined) return {}
  const obeys = (name: string, attack: string, defence: string): number => {
    const condition = `defence=${defence}; attack=${attack}`
    const percent = known.look('injection', name, 'targeted_asr_pct', condition)
    return obeysFor(share(percent, CASES), known.spread, spoiled)
  }
  const plain = obeys(ATTACKED, 'important_instructions', 'None')
  const isIt = from.name === ATTACKED && from.isOwn
  const origin = `${isIt ? 'measured on' : 'borrowed from'} ${ATTACKED} (${TABLES.injection})`
  const stray = (name: string): number => (isIt ? 0 : strayOf(model.id, name))
  const defences = Object.entries(DEFENCES).map(([name, defence]) => [
    name,
    obeys(ATTACKED, 'important_instructions', defence) - plain + stray(name),
  ])
  const frames = Object.entries(FRAMES).map(([name, attack]) => [
    name,
    obeys(ATTACKED, attack, 'None') - plain,
  ])
  const drawn = isIt ? origin : `${origin}, with a random effect of this model`
  return {
    ...under('injection', from.origin, {
      obeys: obeys(from.name, 'important_instructions', 'None'),
    }),
    ...under('injection', origin, Object.fromEntries(frames)),
    ...under('injection', drawn, Object.fromEntries(defences)),
    ...under('injection', isIt ? from.origin : 'assumed', { stray: isIt ? 0 : 1 }),
  }
}

/** A standard normal deviate of a model's own, by its name. */
function strayOf(id: string, what: string): number {
  const u = uniform(`fit ${id}`)
  let asked = 0
  return normal(() => u(what, `${asked++}`))
}

/** Tokens of a short call as the experiment's are. */
const CALL_TOKENS = 20
/** How fast it is spoken, where no table says; assumed. */
const TOKENS_PER_SECOND = 80

function paceSheet({ known, model }: Answering): Sheet {
  const probed = source(model, 'probes')
  const from = source(model, 'latency')
  const pace =
    from === undefined
      ? undefined
      : paceOf(fitLatency(latencyCells(known.look, from.name)), CALL_TOKENS, TOKENS_PER_SECOND)
  const timed =
    from === undefined || pace === undefined
      ? {}
      : {
          ...under('pace', from.origin, { firstTokenMs: pace.firstTokenMs, spread: pace.spread }),
          ...under('pace', 'assumed', { tokensPerSecond: pace.tokensPerSecond }),
        }
  if (probed === undefined) return timed
  return {
    ...timed,
    ...under('pace', probed.origin, {
      firstTokenMs: known.look('probes', probed.name, 'ttft_ms'),
      tokensPerSecond: known.look('probes', probed.name, 'output_tok_per_s'),
    }),
  }
}

export function profileOf(known: Known, model: Model, donors: Donors): Page {
  const from = source(model, 'calls')
  const odds = from === undefined ? new Map<string, number>() : callOdds(known, from.name)
  const spoiled = spoiling(odds)
  const answering = { known, model, spoiled: spoiled.answer }
  const recall = recallSheet(answering)
  const like = PARTS.flatMap((part) => {
    const name = model.like[part]
    return name === undefined ? [] : [[TABLES[part], name] as const]
  })
  const sheet: Sheet = {
    ...under('window', `borrowed from what the maker of ${model.id} claims`, {
      native: model.window,
      output: model.output,
    }),
    ...recall,
    ...compactionSheet(answering, recall, donors),
    ...injectionSheet(answering, spoiled.turn),
    ...of(`borrowed from all models of ${TABLES.tasks}`, { 'instance.spread': known.spread }),
    ...paceSheet(answering),
    ...usualSheet(known),
    ...callSheet(known, model, odds),
    ...taskSheet(model),
    ...traceSheet(known, model, odds),
    ...chainSheet(known, model, odds),
    ...misreadingSheet(known, model, odds),
    ...wordingSheet(known, model),
  }
  return { name: `like-${model.id}`, about: model.about, like: Object.fromEntries(like), sheet }
}

/** Recall of what stands in a summary, by the model it was measured on. */
type Donors = ReadonlyMap<string, number>

export function donorsOf(known: Known): Donors {
  const donors = new Map<string, number>()
  for (const model of MODELS) {
    const name = model.like.compaction
    const { sheet } = name === undefined ? { sheet: {} } : profileOf(known, model, donors)
    if (name !== undefined) donors.set(name, numberAt(sheet, 'summary.usable'))
  }
  return donors
}

export function profilesOf(known: Known): Page[] {
  const donors = donorsOf(known)
  return MODELS.map((model) => profileOf(known, model, donors))
}
