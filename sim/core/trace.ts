// The one account of a run: what was asked, decided, said, called, done and answered, in virtual time.
// Checks, metrics and reports are pure functions of it. No real time and nothing of the machine is in it.
import type { Decision } from './chance.ts'
import { Digest } from './digest.ts'
import type { Message, ToolCall, Usage } from './message.ts'

/** The session of the world's own moves. */
export const WORLD = 'world'

/** `job`, `job~2`, ... are sessions of `job`. */
export const jobOf = (session: string): string => session.split('~')[0] ?? session

/** How a need of a step was served, at the moment the model planned it. */
export interface Served {
  readonly fact: string
  readonly status: 'usable' | 'stale' | 'forgotten' | 'absent' | 'invented' | 'innate'
  /** What was used: empty where nothing was. */
  readonly value: string
}

/** What a session is for, as the model reads it from the request. */
export type Purpose = 'work' | 'compaction' | 'title'

interface At {
  /** Virtual milliseconds since the run began. */
  readonly at: number
}

export type TraceEvent = At &
  (
    | { readonly kind: 'instance'; readonly run: unknown }
    | { readonly kind: 'boot'; readonly boot: number; readonly user: string }
    | { readonly kind: 'job'; readonly job: string; readonly user: string; readonly prompt: string }
    /** The user takes a job back. */
    | { readonly kind: 'withdraw'; readonly job: string }
    /** The user is asked whether something may be done. */
    | {
        readonly kind: 'confirm'
        readonly session: string
        readonly n: number
        readonly question: string
        readonly isAllowed: boolean
      }
    | {
        readonly kind: 'session'
        readonly session: string
        readonly parent?: string | undefined
        /** It works on files of its own, which are compared with the world's from time to time. */
        readonly isApart?: boolean | undefined
      }
    | {
        readonly kind: 'request'
        readonly session: string
        readonly n: number
        readonly purpose: Purpose
        /** Tokens of the whole window, and how many of them stood in this conversation's last request. */
        readonly tokens: number
        readonly cached: number
        /** Messages of the last request that are gone, by their place in it. */
        readonly dropped: readonly number[]
        /** Messages that are new, with their place in this request. The rest was kept, in order. */
        readonly added: readonly (readonly [place: number, message: Message])[]
        /** The tools offered, where they differ from those of the session's last request. */
        readonly tools?: readonly string[] | undefined
      }
    | ({ readonly kind: 'decision' } & Decision)
    /** A placed decision is asked for: the hazard is met. */
    | { readonly kind: 'hazard'; readonly id: string; readonly value: Decision['value'] }
    | {
        readonly kind: 'plan'
        readonly session: string
        readonly job: string
        readonly step: string
        readonly occurrence: number
        readonly needs: readonly Served[]
        /** The competent calls, before any lapse. */
        readonly meant: readonly ToolCall[]
      }
    /** What looks like a defence, and has an effect that the model does not know: once a session. */
    | { readonly kind: 'unknown'; readonly session: string; readonly what: string }
    | {
        readonly kind: 'generation'
        readonly session: string
        readonly n: number
        readonly content: string
        readonly calls: readonly ToolCall[]
        readonly finish: string
        readonly usage: Usage
      }
    | {
        readonly kind: 'refusal'
        readonly session: string
        readonly n: number
        readonly status: number
        readonly code: string
        readonly message: string
        /** The wait that it asks for, in virtual milliseconds. */
        readonly retryAfterMs?: number
        /** What was spoken before the connection ended. */
        readonly heard?: Message
      }
    | {
        readonly kind: 'call'
        readonly session: string
        readonly n: number
        readonly name: string
        readonly args: string
        readonly text: string
        readonly isError: boolean
      }
    | {
        readonly kind: 'read'
        readonly session: string
        readonly path: string
        readonly version: number
        /** On which branch; absent for the files that all share. So for all that follow. */
        readonly branch?: number | undefined
      }
    /** Somebody took note of which files there are: a read of all, also of those that are not there. */
    | {
        readonly kind: 'scan'
        readonly session: string
        /** Only those in this folder: empty for all. */
        readonly under: string
        /** Only those that lie in the folder itself. */
        readonly isFlat?: boolean | undefined
        /** Only those whose names end so. */
        readonly ending?: string | undefined
        /** Only those with this text in them. */
        readonly query?: string | undefined
        readonly branch?: number | undefined
      }
    | {
        readonly kind: 'effect'
        readonly session: string
        readonly op: string
        /** What it acted on: a path, a payee. */
        readonly key: string
        readonly value: string
        readonly version: number
        /** The version it replaced, 0 for none. */
        readonly previous: number
        readonly branch?: number | undefined
      }
    | {
        readonly kind: 'branch'
        readonly session: string
        readonly move: 'begin' | 'commit' | 'conflict' | 'abort'
        /** What a commit changed, or what it was refused for. */
        readonly paths: readonly string[]
        readonly branch?: number | undefined
        /** What it was branched from, where that is a branch. */
        readonly from?: number | undefined
        /** It sees what others commit meanwhile. */
        readonly isOpen?: boolean | undefined
      }
    | { readonly kind: 'reply'; readonly job: string; readonly text: string }
    | {
        readonly kind: 'interrupt'
        readonly session: string
        readonly n: number
        readonly spoken: number
      }
    | { readonly kind: 'crash'; readonly key: string; readonly landed: readonly string[] }
    | { readonly kind: 'end'; readonly how: string; readonly detail: string }
  )

export class Trace {
  readonly events: TraceEvent[] = []

  add(event: TraceEvent): void {
    this.events.push(event)
  }

  /** 16 hexadecimal digits of the SHA-256 of all events: equal traces, equal digests. */
  digest(): string {
    const digest = new Digest()
    for (const event of this.events) digest.add(event)
    return digest.end().slice(0, 16)
  }
}
