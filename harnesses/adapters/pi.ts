// Pi, the coding agent of Mario Zechner, run as published: headless, one prompt, commands and events as JSON.
// Printing (`-p`), it throws its tools away before the turn that follows a compaction on overflow, and every
// call of that turn fails; so it is spoken to over RPC, as programs do that embed it, until it is idle.
// Source of 0.73.1: cli/args.js, core/{model-registry,settings-manager,compaction/compaction}.js.
// It looks at its window when a prompt has ended or was refused as too long, not between turns.
// Once refused it works on, but its events end: judge it by its requests and files.
import { adapter, type Dialogue, type Given } from '../adapter.ts'

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

/** `/` would be a command: a blank before it hides it. */
const asText = (prompt: string): string => (prompt.startsWith('/') ? ` ${prompt}` : prompt)

const line = (command: object): string => JSON.stringify(command)

const TYPE = /^\{(?:"id":"[^"]*",)?"type":"([a-z_]+)"/

interface Told {
  readonly command?: string
  readonly success?: boolean
  readonly willRetry?: boolean
  readonly data?: { readonly isStreaming?: boolean; readonly isCompacting?: boolean }
}

/** The prompt, then whether it is done, each time that it may be. */
function dialogue(prompt: string): Dialogue {
  const ask = line({ type: 'get_state' })
  let isBusy = false
  return {
    first: line({ type: 'prompt', message: asText(prompt) }),
    heard(text) {
      switch (TYPE.exec(text)?.[1]) {
        case 'agent_start':
        case 'compaction_start':
        case 'auto_retry_start':
          isBusy = true
          return undefined
        // It is as long as the whole conversation.
        case 'agent_end':
          isBusy = false
          return ask
        case 'compaction_end':
          isBusy = (JSON.parse(text) as Told).willRetry === true
          return isBusy ? undefined : ask
        case 'response': {
          const { command, success, data } = JSON.parse(text) as Told
          if (command === 'prompt' && success === false) return null
          if (command !== 'get_state' || isBusy) return undefined
          // It tells the end of a turn before it is idle.
          return data?.isStreaming === true || data?.isCompacting === true ? ask : null
        }
        default:
          return undefined
      }
    },
  }
}

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
      ...['--provider', 'sim', '--model', given.model, '--mode', 'rpc', '--offline'],
      ...NOTHING_FOUND,
    ],
    dialogue: dialogue(given.prompt),
    env: { PI_OFFLINE: '1', PI_SKIP_VERSION_CHECK: '1', PI_TELEMETRY: '0' },
    files: {
      '.pi/agent/models.json': `${JSON.stringify(models(given), null, 2)}\n`,
      '.pi/agent/settings.json': `${JSON.stringify(settings(given), null, 2)}\n`,
    },
  }),
  reply: lastText,
})
