// What is said of each table beside its numbers: the form, its free parameters, and where it does not fit.
import type { Part } from './models.ts'

export interface Form {
  readonly experiment: string
  readonly form: string
  /** Free parameters of each model, in words and counted; `shared` by all models of the table. */
  readonly parameters: string
  readonly free: (model: string) => number
  readonly shared: number
  /** As many parameters as cells: that the machine carries out what was put into it, no more. */
  readonly isIdentity?: (model: string) => boolean
  /** Where it does not fit, and why. */
  readonly misfit: string
}

const GPT_4O = 'gpt-4o-2024-05-13'

export const FORMS: Readonly<Record<Exclude<Part, 'probes'>, Form>> = {
  calls: {
    experiment: 'bfcl',
    form: 'One multinomial draw a test. A class that can only befall some of the tests (a call left out of several, the wrong one of several functions) has its odds in those.',
    parameters: 'ten odds',
    free: () => 10,
    shared: 0,
    isIdentity: () => true,
    misfit:
      'Phantoms with native calling are too few to tell models apart (at most 2 in 1,000): one pooled rate. GPT-3.5 Turbo invents tools far more often on ToolBench than here, and has one rate for both: the one of ToolBench, so it is too high here. Answers without a call are told apart in no table: their share is split as assumed among six behaviours.',
  },
  chain: {
    experiment: 'toolbench',
    form: 'A phantom after a valid call, after a phantom, and under the same name; giving up after one; the ways on after an error. All race with the other lapses of the turn.',
    parameters:
      'phantom rate, persistence, same name, giving up, repeating, three ways on after an error',
    free: () => 8,
    shared: 2,
    misfit:
      "The simulated model makes errors of its own on top of those of the tools, and another tool that it turns to fails as well: its calls fail three times as often as those that were counted, and what follows such an error is a corrected call more often than the same one again. That is not fitted away. Phantoms come less often after the first call, as misreading, which utility on AgentDojo puts high for this model, takes their place. Hardness and ratio of these episodes are two numbers of the experiment's.",
  },
  traces: {
    experiment: 'toolbench',
    form: 'The ways on after an error: another tool, other arguments, a word to the user; and repeating a call.',
    parameters: 'three ways on after an error, repeating',
    free: () => 4,
    shared: 2,
    misfit:
      'Not one of 1,164 calls was malformed or invented. Slips of the simulated pen are corrected with other arguments at once, which adds to that way on. The table tells "no further call" apart from a word to the user; here both end the episode.',
  },
  tasks: {
    experiment: 'passk',
    form: "A normal difficulty a task, on the logits of all lapses; a hardness and a spread a domain; one ability a model: how often it misreads what a result says. A domain's spread is that at which pass^2 is met over its models, each at its own pass^1.",
    parameters: 'one ability',
    free: () => 1,
    shared: 8,
    misfit:
      'Ability and hardness add up, and real models do not: GPT-5 is weak in airline and strong in telecom, Qwen3.5 strong in telecom and weak in banking. Where a domain suits a model better or worse than its other ones do, both pass^1 and pass^2 miss by that much. Given pass^1, pass^2 is met to about one point (see below). No parameter a model and domain is fitted, as a profile is to hold for tasks of other domains, too.',
  },
  literal: {
    experiment: 'ruler',
    form: '`A / (1 + (L/L50)^(s/ln 2))` for facts found by their letters, jointly over lengths.',
    parameters: 'A, L50, s',
    free: () => 3,
    shared: 0,
    misfit:
      'Where recall hardly falls up to 64K (Gemini 1.5 Pro) L50 is not identified: it stands at its bound. Lengths past what a maker claims are left out.',
  },
  semantic: {
    experiment: 'nolima',
    form: 'The same for facts found by their meaning.',
    parameters: 'A, L50, s',
    free: () => 3,
    shared: 0,
    misfit:
      'The base is the best of three short lengths, here their mean: models with a low base fall faster from there to 1K than the form does (GPT-4o mini, Command R+).',
  },
  position: {
    experiment: 'position',
    form: '`f + p e^(-x/t) + q e^(-(1-x)/t)`, t = 0.2, of which the best place is 1; and a loss for each e-fold of documents alike.',
    parameters: 'recall of one document alone, loss to documents alike, p, q',
    free: () => 4,
    shared: 0,
    misfit:
      'Without a closed book: the models knew about a third of the answers beforehand. All other profiles borrow the mildest of the three (mpt-30b-instruct), carried over in logits: a model that hardly misses anything hardly loses anything in the middle.',
  },
  compaction: {
    experiment: 'compaction',
    form: 'A fact in the summary is usable if it survived, and then with a share of recall elsewhere; a fact in what is left by its new place.',
    parameters: 'usable, L50; position too for claude-haiku-4.5',
    free: (model) => (model === 'claude-haiku-4.5' ? 4 : 2),
    shared: 0,
    misfit:
      'Recall rises with the density of facts and with the questions asked at once; the form knows neither, so cells of different density miss on both sides. What was left untouched is recalled the worse the more was compacted beside it (73, 59, 53 %); in the form it is recalled alike. Counts of 40 to 80 facts scatter by 5 to 10 points by themselves.',
  },
  injection: {
    experiment: 'agentdojo',
    form: '`logit ASR = model + attack + defence`, of orders carried out in the end; utility by misreading.',
    parameters: `obedience and misreading; for ${GPT_4O} six terms of attacks and defences, too`,
    free: (model) => (model === GPT_4O ? 8 : 2),
    shared: 0,
    isIdentity: (model) => model !== GPT_4O,
    misfit:
      'Utility is the same under every attack and defence in the form; published, a repeated prompt raises it by 15 points and a tool filter by 3, which no parameter has. Attacks and defences were measured on one model: for others each gets a random effect of its own. A trained detector is left out.',
  },
  stability: {
    experiment: 'stability',
    form: 'Each run is worded otherwise with one probability, likelier for some questions than for others; a share of those states another answer. A hardness a task, the same for all models.',
    parameters: 'rate of other words, share of other answers',
    free: () => 2,
    shared: 8,
    misfit:
      'The form does not fit single tasks: Mixtral agrees with itself by the letter in 84 % of geometric shapes without examples and in 2 % with them, GPT-3.5 in 90 and 25 %, GPT-4o in 1 and 0 %. No hardness of a task holds for all models. What is met is the mean over tasks, by the letter and in the answer, and that both differ.',
  },
  latency: {
    experiment: 'latency',
    form: 'Lognormal: median and sigma from mean, standard deviation and 95th percentile.',
    parameters: 'median, sigma',
    free: () => 2,
    shared: 0,
    misfit:
      'How much of a median is the first token cannot be told from one length of answer: 80 tokens a second are assumed. Tails of GPT-4 Turbo are heavier than a lognormal of its spread.',
  },
}
