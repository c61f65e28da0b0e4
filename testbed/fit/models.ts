// The models that profiles are like, from weak and old to strong and new, chosen by how many tables they
// stand in; and for tables in which they do not, whose numbers they borrow.

export const TABLES = {
  calls: 'bfcl_error_decomposition_2024-08-11',
  chain: 'toolbench_gpt35_phantom_traces',
  traces: 'tau_airline_gpt4o_trace_stats',
  tasks: 'tau2_tau3_passk_leaderboard',
  literal: 'ruler_readme',
  semantic: 'nolima_readme',
  position: 'lost_in_the_middle_experiments',
  compaction: 'lost_in_compaction_profff',
  injection: 'agentdojo_results_table',
  stability: 'llm_stability_v3',
  latency: 'bfcl_v1_leaderboard_2024-07-06',
  probes: 'latency_throughput_errors',
} as const

export type Part = keyof typeof TABLES
export const PARTS = Object.keys(TABLES) as Part[]

/** Names as the tables have them, by table. */
type Names = Readonly<Partial<Record<Part, string>>>

export interface Model {
  readonly id: string
  readonly about: string
  /** What its maker claims, in tokens. */
  readonly window: number
  readonly output: number
  /** The same model, maybe another snapshot of it: measured. */
  readonly like: Names
  /** Another model. */
  readonly borrows: Names
}

const WEAK: Names = {
  calls: 'meta-llama_Meta-Llama-3-8B-Instruct',
  chain: 'gpt-3.5-turbo (CoT)',
  traces: 'gpt-4o',
  injection: 'command-r',
  semantic: 'Llama 3.1 8B',
  position: 'mpt-30b-instruct',
  compaction: 'claude-haiku-4.5',
  stability: 'mixtral-8x7b',
  latency: 'GPT-3.5-Turbo-0125 (FC)',
}
const MIDDLE: Names = {
  calls: 'gpt-4o-mini-2024-07-18-FC',
  chain: 'gpt-3.5-turbo (CoT)',
  traces: 'gpt-4o',
  literal: 'GPT-4-1106-preview',
  semantic: 'GPT-4o mini',
  position: 'mpt-30b-instruct',
  compaction: 'claude-haiku-4.5',
  injection: 'gpt-4o-mini-2024-07-18',
  stability: 'gpt-4o',
  latency: 'GPT-4o-2024-05-13 (FC)',
}
const STRONG: Names = {
  calls: 'gpt-4o-2024-08-06-FC',
  chain: 'gpt-3.5-turbo (CoT)',
  traces: 'gpt-4o',
  literal: 'Qwen3-235B-A22B* 235B',
  semantic: 'GPT-4o',
  position: 'mpt-30b-instruct',
  compaction: 'claude-sonnet-4.6',
  injection: 'claude-3-7-sonnet-20250219',
  stability: 'gpt-4o',
  probes: 'claude-sonnet-4.6',
}

const old = { window: 4096, output: 2048 }
const claude3 = { window: 200_000, output: 4096 }
const claude4 = { window: 200_000, output: 64_000 }
const gemini = { window: 1_000_000, output: 8192 }
const llama31 = { window: 131_072, output: 4096 }

export const MODELS: readonly Model[] = [
  {
    ...{ id: 'llama-2-70b', about: 'Llama 2 70B, 2023: recall by position', ...old },
    like: { position: 'llama-2-70b-chat-hf' },
    borrows: WEAK,
  },
  {
    ...{ id: 'longchat-13b', about: 'LongChat 13B, 2023: recall by position' },
    ...{ window: 16_384, output: 2048 },
    like: { position: 'longchat-13b-16k' },
    borrows: WEAK,
  },
  {
    ...{ id: 'mpt-30b', about: 'MPT-30B-Instruct, 2023: recall by position' },
    ...{ window: 8192, output: 2048 },
    like: { position: 'mpt-30b-instruct' },
    borrows: WEAK,
  },
  {
    ...{ id: 'gpt-3.5-turbo', about: 'GPT-3.5 Turbo, 2023 to 2024: weak, and measured most' },
    ...{ window: 16_385, output: 4096 },
    like: {
      calls: 'gpt-3.5-turbo-0125-FC',
      chain: 'gpt-3.5-turbo (CoT)',
      injection: 'gpt-3.5-turbo-0125',
      stability: 'gpt-35-turbo',
      latency: 'GPT-3.5-Turbo-0125 (FC)',
    },
    borrows: { ...WEAK, literal: 'Mixtral-8x7B 12.9B/46.7B', semantic: 'GPT-4o mini' },
  },
  {
    ...{ id: 'mixtral-8x7b', about: 'Mixtral 8x7B, 2023' },
    ...{ window: 32_768, output: 4096 },
    like: {
      calls: 'open-mixtral-8x7b',
      literal: 'Mixtral-8x7B 12.9B/46.7B',
      stability: 'mixtral-8x7b',
    },
    borrows: { ...WEAK, latency: 'Mistral-small-2402 (FC Auto)' },
  },
  {
    ...{
      id: 'claude-3-haiku',
      about: 'Claude 3 Haiku, 2024: calls one tool at a time',
      ...claude3,
    },
    like: {
      calls: 'claude-3-haiku-20240307-FC',
      injection: 'claude-3-haiku-20240307',
      latency: 'Claude-3-Haiku-20240307 (FC tools-2024-04-04)',
    },
    borrows: { ...MIDDLE, stability: 'gpt-35-turbo' },
  },
  {
    ...{ id: 'command-r-plus', about: 'Command R+, 2024', window: 128_000, output: 4096 },
    like: {
      calls: 'command-r-plus-FC',
      literal: 'Command-R-plus 104B',
      semantic: 'Command R+',
      injection: 'command-r-plus',
      latency: 'Command-R-Plus (FC) (Original)',
    },
    borrows: { ...MIDDLE, stability: 'mixtral-8x7b' },
  },
  {
    ...{ id: 'gpt-4-turbo', about: 'GPT-4 Turbo, 2023 to 2024', window: 128_000, output: 4096 },
    like: {
      calls: 'gpt-4-turbo-2024-04-09-FC',
      literal: 'GPT-4-1106-preview',
      injection: 'gpt-4-turbo-2024-04-09',
      latency: 'GPT-4-turbo-2024-04-09 (FC)',
    },
    borrows: { ...MIDDLE, semantic: 'GPT-4o' },
  },
  {
    ...{ id: 'llama-3-70b', about: 'Llama 3 70B, 2024: called by prompt' },
    ...{ window: 8192, output: 4096 },
    like: {
      calls: 'meta-llama_Meta-Llama-3-70B-Instruct',
      injection: 'meta-llama/Llama-3-70b-chat-hf',
      stability: 'llama3-70b',
    },
    borrows: { ...MIDDLE, literal: 'GradientAI/Llama3 70B', semantic: 'Llama 3.1 70B' },
  },
  {
    ...{ id: 'llama-3.1-8b', about: 'Llama 3.1 8B, 2024: small, with a long window', ...llama31 },
    like: { literal: 'Llama3.1 8B', semantic: 'Llama 3.1 8B' },
    borrows: { ...WEAK, injection: 'meta-llama/Llama-3-70b-chat-hf', stability: 'llama3-8b' },
  },
  {
    ...{ id: 'llama-3.1-70b', about: 'Llama 3.1 70B, 2024', ...llama31 },
    like: { literal: 'Llama3.1 70B', semantic: 'Llama 3.1 70B' },
    borrows: {
      ...MIDDLE,
      calls: 'meta-llama_Meta-Llama-3-70B-Instruct',
      injection: 'meta-llama/Llama-3-70b-chat-hf',
      stability: 'llama3-70b',
    },
  },
  {
    ...{ id: 'mistral-large-2', about: 'Mistral Large 2, 2024', window: 131_072, output: 4096 },
    like: {
      calls: 'mistral-large-2407-FC-Auto',
      literal: 'Mistral-Large-2407 123B',
      semantic: 'Mistral Large 2',
    },
    borrows: { ...MIDDLE, latency: 'Mistral-large-2402 (FC Auto)' },
  },
  {
    ...{ id: 'gpt-4o-mini', about: 'GPT-4o mini, 2024', window: 128_000, output: 16_384 },
    like: {
      calls: 'gpt-4o-mini-2024-07-18-FC',
      semantic: 'GPT-4o mini',
      injection: 'gpt-4o-mini-2024-07-18',
    },
    borrows: MIDDLE,
  },
  {
    ...{ id: 'gpt-4o', about: 'GPT-4o, 2024', window: 128_000, output: 16_384 },
    like: {
      calls: 'gpt-4o-2024-05-13-FC',
      traces: 'gpt-4o',
      semantic: 'GPT-4o',
      injection: 'gpt-4o-2024-05-13',
      stability: 'gpt-4o',
      latency: 'GPT-4o-2024-05-13 (FC)',
    },
    borrows: MIDDLE,
  },
  {
    ...{ id: 'gemini-1.5-flash', about: 'Gemini 1.5 Flash, 2024', ...gemini },
    like: {
      calls: 'gemini-1.5-flash-preview-0514',
      semantic: 'Gemini 1.5 Flash',
      injection: 'gemini-1.5-flash-001',
      latency: 'Gemini-1.5-Flash-Preview-0514 (FC)',
    },
    borrows: { ...MIDDLE, literal: 'Gemini-1.5-pro' },
  },
  {
    ...{ id: 'gemini-1.5-pro', about: 'Gemini 1.5 Pro, 2024: measured on five tables', ...gemini },
    like: {
      calls: 'gemini-1.5-pro-preview-0514',
      literal: 'Gemini-1.5-pro',
      semantic: 'Gemini 1.5 Pro',
      injection: 'gemini-1.5-pro-001',
      latency: 'Gemini-1.5-Pro-Preview-0514 (FC)',
    },
    borrows: MIDDLE,
  },
  {
    ...{ id: 'claude-3.5-sonnet', about: 'Claude 3.5 Sonnet, June 2024' },
    ...{ window: 200_000, output: 8192 },
    like: {
      calls: 'claude-3-5-sonnet-20240620-FC',
      semantic: 'Claude 3.5 Sonnet',
      injection: 'claude-3-5-sonnet-20240620',
      latency: 'Claude-3.5-Sonnet-20240620 (FC)',
    },
    borrows: MIDDLE,
  },
  {
    ...{ id: 'gemini-2.0-flash', about: 'Gemini 2.0 Flash, 2025', ...gemini },
    like: {
      semantic: 'Gemini Flash 2.0',
      injection: 'gemini-2.0-flash-001',
      probes: 'gemini-2.0-flash-001',
    },
    borrows: {
      ...MIDDLE,
      calls: 'gemini-1.5-flash-preview-0514',
      literal: 'Gemini-1.5-pro',
      latency: 'Gemini-1.5-Flash-Preview-0514 (FC)',
    },
  },
  {
    ...{ id: 'gpt-5', about: 'GPT-5, 2025', window: 400_000, output: 128_000 },
    like: { tasks: 'GPT-5' },
    borrows: { ...STRONG, probes: 'gpt-5.4' },
  },
  {
    ...{ id: 'claude-haiku-4.5', about: 'Claude Haiku 4.5, 2025: what a compaction leaves' },
    ...claude4,
    like: { compaction: 'claude-haiku-4.5' },
    borrows: { ...STRONG, tasks: 'Claude Sonnet 4.5' },
  },
  {
    ...{ id: 'claude-sonnet-4.5', about: 'Claude Sonnet 4.5, 2025', ...claude4 },
    like: { tasks: 'Claude Sonnet 4.5' },
    borrows: STRONG,
  },
  {
    ...{ id: 'gemini-3-pro', about: 'Gemini 3 Pro, 2025', window: 1_000_000, output: 65_536 },
    like: { tasks: 'Gemini 3 Pro' },
    borrows: { ...STRONG, literal: 'Gemini-1.5-pro', probes: 'gemini-2.5-flash' },
  },
  {
    ...{ id: 'claude-opus-4.5', about: 'Claude Opus 4.5, 2025: strong on tasks', ...claude4 },
    like: { tasks: 'Claude Opus 4.5' },
    borrows: { ...STRONG, probes: 'claude-opus-4.6' },
  },
  {
    ...{ id: 'claude-sonnet-4.6', about: 'Claude Sonnet 4.6, 2026: what a compaction leaves' },
    ...claude4,
    like: { compaction: 'claude-sonnet-4.6', probes: 'claude-sonnet-4.6' },
    borrows: { ...STRONG, tasks: 'Claude Sonnet 4.5' },
  },
  {
    ...{ id: 'qwen3.5-397b', about: 'Qwen3.5 397B, 2026', window: 262_144, output: 65_536 },
    like: { tasks: 'Qwen3.5-397B-A17B' },
    borrows: { ...STRONG, probes: 'deepseek-v3.2' },
  },
]
