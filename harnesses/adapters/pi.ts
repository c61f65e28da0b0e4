// Pi, the coding agent of Mario Zechner, run as published: headless, one prompt, events as JSON.
// Source of 0.73.1: cli/args.js, core/{model-registry,settings-manager,compaction/compaction}.js.
// It looks at its window when a prompt has ended or was refused as too long, not between turns.
// Once refused it works on, but its events end: judge it by its requests and files.
import { adapter, type Given } from '../adapter.ts'

/** Pi's own defaults, made for the windows of its day: they scale with ours. */
const NATIVE_WINDOW_TOKENS = 200_000
const RESERVE_TOKENS = 16_384
const KEEP_RECENT_TOKENS = 20_000
/** Its default for a model it does not know. Under 1,024 a tool call is cut by no one's fault. */
const ANSWER_TOKENS = 16_384
const ANSWER_TOKENS_MIN = 1_024

const scaled = (tokens: number, windowTokens: number): number =>
  Math.round((tokens * windowTokens) / NATIVE_WINDOW_TOKENS)

const models = ({ baseUrl, model, windowTokens }: Given) => ({
  providers: {
    sim: {
      baseUrl,
      api: 'openai-completions',
      apiKey: 'sk-sim',
      models: [
        {
          id: model,
          contextWindow: windowTokens,
          maxTokens: Math.max(ANSWER_TOKENS_MIN, scaled(ANSWER_TOKENS, windowTokens)),
          reasoning: false,
        },
      ],
    },
  },
})

const settings = ({ windowTokens }: Given) => ({
  compaction: {
    enabled: true,
    reserveTokens: scaled(RESERVE_TOKENS, windowTokens),
    keepRecentTokens: scaled(KEEP_RECENT_TOKENS, windowTokens),
  },
  // As many attempts as by default, without the real seconds between them (2, 4, 8). Two retries of
  // its client before each wait as long as our `retry-after-ms` says, else up to a second.
  retry: { enabled: true, maxRetries: 3, baseDelayMs: 1 },
  enableInstallTelemetry: false,
})

/** `-p` takes no word in `-` or `@`, and `/` would be a command: a blank before them hides them. */
const asWord = (prompt: string): string => (/^[-@/]/.test(prompt) ? ` ${prompt}` : prompt)

const NOTHING_FOUND = [
  '--no-extensions',
  '--no-skills',
  '--no-prompt-templates',
  '--no-themes',
  '--no-context-files',
]

interface Piece {
  readonly type?: string
  readonly text?: string
}

/** The text of the last answer among its events: `{"type":"message_end","message":{...}}`, a line each. */
function lastText(stdout: string): string | undefined {
  for (const line of stdout.trim().split('\n').reverse()) {
    if (!line.startsWith('{"type":"message_end"')) continue
    try {
      const { message } = JSON.parse(line) as { message?: { role?: string; content?: Piece[] } }
      const text = message?.content?.find(({ type }) => type === 'text')?.text
      if (message?.role === 'assistant' && text !== undefined) return text
    } catch {}
  }
  return undefined
}

export default adapter({
  package: '@mariozechner/pi-coding-agent',
  version: '0.73.1',
  licence: 'MIT',
  protocol: 'openai-chat',
  bin: 'pi',
  users: 'one',
  launch: (given) => ({
    args: [
      ...['--provider', 'sim', '--model', given.model, '--mode', 'json', '--offline'],
      ...NOTHING_FOUND,
      ...['-p', asWord(given.prompt)],
    ],
    env: { PI_OFFLINE: '1', PI_SKIP_VERSION_CHECK: '1', PI_TELEMETRY: '0' },
    files: {
      '.pi/agent/models.json': `${JSON.stringify(models(given), null, 2)}\n`,
      '.pi/agent/settings.json': `${JSON.stringify(settings(given), null, 2)}\n`,
    },
  }),
  reply: lastText,
})
