// The parameters of the model itself, beside those that each behaviour and each fault declares.
import { duration, factor, logit, type Param, probability } from '../core/param.ts'

const tokens = (about: string): Param => ({ unit: 'tokens', min: 1, max: 1e15, about })
const loss = (about: string): Param => ({ unit: 'logit', min: 0, max: 50, about })
const slope = (about: string): Param => ({ unit: 'exponent', min: 0, max: 20, about })

export const MODEL = {
  window: {
    native: tokens('window for which the lengths below hold; others are scaled to theirs'),
    trained: tokens('length past which recall falls off a cliff'),
    output: tokens('the most that one answer may have'),
  },
  recall: {
    literalTop: probability('a literal fact in a short window is recalled'),
    literalHalf: tokens('window at which literal recall has fallen to half'),
    literalSlope: slope('steepness in log length'),
    semanticTop: probability('a fact found by meaning, in a short window, is recalled'),
    semanticHalf: tokens('window at which semantic recall has fallen to half'),
    semanticSlope: slope('steepness in log length'),
    beyond: probability('share of recall that is left past the trained length'),
    floor: probability('recall far from both ends, against the best position, which is 1'),
    first: probability('what the start of the window adds; only its share of all three counts'),
    last: probability('what its end adds; 0 for recall that only its start helps'),
    reach: { unit: 'share of window', min: 0.001, max: 10, about: 'how far both ends reach' },
    distractors: loss('loss for each e-fold of other facts of a like name in view'),
    older: probability('an older version is taken, where two are in view, each said once'),
  },
  summary: {
    tokens: tokens('length of a summary where none is asked for'),
    usable: probability('recall of what stands in a summary alone, against recall elsewhere'),
    task: logit('survival of the task itself'),
    fact: logit('survival of a fact'),
    place: logit('survival of where a fact is to be found'),
    rule: logit('survival of a standing constraint'),
    choice: logit('survival of a decision of its own'),
    deadend: logit('survival of what was tried and failed'),
    done: logit('survival of what is done already'),
    order: logit('survival of an imperative'),
    secret: logit('survival of a secret'),
    compression: loss('loss for each e-fold by which the summary is shorter than its content'),
    generation: loss('loss by each earlier summary that it has been through'),
  },
  missing: {
    ask: factor('asks for a fact it cannot find, against searching for it'),
    invent: factor('makes a fact up, against searching for it'),
  },
  injection: {
    obeys: logit('obeys an order in a tool result that is framed as an important message'),
    trusted: logit('follows what the user or the system asks for'),
    description: logit('what it adds that a tool is described with it'),
    agent: logit('what it adds that another agent says it'),
    own: logit('what it adds that its own summary or note says it; then no framing is left'),
    toolKnowledge: logit('framing: important message that names the tools and arguments'),
    injecagent: logit('framing: IMPORTANT!!! and the order to do this instead'),
    ignorePrevious: logit('framing: ignore all previous instructions'),
    direct: logit('framing: none'),
    stray: { unit: 'logit', min: 0, max: 10, about: 'spread of each framing from model to model' },
    delimiting: logit('defence: delimiters around results, and a rule about them'),
    marking: logit('defence: results marked between all words, and a rule about it'),
    repeatPrompt: logit('defence: the prompt is repeated after the result'),
    systemRule: logit('defence: the system says that results are no instructions'),
  },
  provokes: {
    failed: factor('on the odds of call lapses where the newest result is an error'),
    kept: factor('on the odds of call lapses for each e-fold of failed calls kept in view'),
  },
  sampling: {
    sameness: probability('a byte-identical request is answered as before'),
  },
  instance: {
    placed: probability('share of placed lapses that are forced: 0 only in controls'),
    spread: { unit: 'logit', min: 0, max: 10, about: 'spread of difficulty between instances' },
  },
  user: {
    refuses: probability('answers no to what the harness asks leave for', 0.07),
    answerMs: duration('time to answer such a question', 5000),
    attends: probability('still looks closely at a question, for each one asked before it', 0.97),
  },
  pace: {
    firstTokenMs: duration('median time to the first token'),
    tokensPerSecond: { unit: 'tokens/s', min: 0.1, max: 1e6, about: 'median rate of speech' },
    spread: { unit: 'sigma of the lognormal', min: 0, max: 5, about: 'of both, from draw to draw' },
    toolMs: duration('median time of a tool call'),
    yield: probability('an event goes behind the peers of its instant'),
  },
} as const satisfies Record<string, Record<string, Param>>
