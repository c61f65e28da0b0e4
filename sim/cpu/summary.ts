// What the model writes when it is asked to compact a conversation: what survives of its atoms, in the
// form that was asked for. Present in a summary is not yet usable; wording is not modelled.
import { atom, KINDS, type Kind } from '../core/atoms.ts'
import type { Request } from '../core/message.ts'
import type { Tokens } from '../core/tokens.ts'
import type { Purpose } from '../core/trace.ts'
import { isDone } from './done.ts'
import type { Mind, Scope } from './planner.ts'
import { fill, type Step } from './program.ts'
import { readsAsError, type View } from './read.ts'
import { sigma, survives } from './recall.ts'

const COMPACT =
  /summari[sz](e|ation)\b|\bsummar(y|ies)\b|\bcompact(ion)?\b|checkpoint|hand-?off|condense/i
const TEXT_ONLY = /text only|do not call|don't call|no tools|only output/i

/** What a request is for, as far as its tools and its last user message tell. */
export function purposeOf({ messages, tools, toolChoice }: Request): Purpose {
  const last = messages.at(-1)
  const text = last?.role === 'user' ? last.content : ''
  const edges = text.length > 8000 ? text.slice(0, 2000) + text.slice(-6000) : text
  const silent = tools === undefined || tools.length === 0 || toolChoice === 'none'
  if (silent && messages.length <= 3 && /\btitle\b/i.test(edges) && text.length < 4000)
    return 'title'
  if (COMPACT.test(edges) && (silent || TEXT_ONLY.test(edges))) return 'compaction'
  return 'work'
}

/** Whether a dump of the conversation shows a call of this step that came to no error. */
function toldInText(text: string, step: Step, known: (template: string) => string): boolean {
  const names = Object.keys(step.call.args)
  const wanted = Object.values(step.call.args)
    .filter((template) => !/\{[^}]*\}/.test(template) || known(template).length > 1)
    .map((template) => JSON.stringify(known(template).split('\n')[0]?.slice(0, 60)).slice(1, -1))
    .filter((argument) => argument.length > 1)
  if (wanted.length === 0) return false
  const lines = text.split('\n')
  for (const [i, line] of lines.entries()) {
    if (!names.every((name) => line.includes(name))) continue
    if (!wanted.every((argument) => line.includes(argument))) continue
    const result = lines.slice(i + 1).find((next) => next.trim() !== '')
    if (result !== undefined && !readsAsError(result.replace(/^\W*tool\s*result\W*/i, '')))
      return true
  }
  return false
}

const generationOf = (view: View): number => {
  let newest = 0
  for (const { message } of view.entries) {
    for (const [, n] of message.content.matchAll(/\(summary (\d+)\)/g))
      newest = Math.max(newest, Number(n))
  }
  return newest
}

interface Line {
  readonly kind: Kind
  readonly name: string
  readonly text: string
}

/** All that could be kept, what open tasks need first. */
function candidates(view: View, mind: Mind): Line[] {
  const lines: Line[] = []
  const needed = new Set<string>()
  const seen = new Set<string>()
  const told = (job: string) => (template: string) =>
    fill(template, {
      value: (name) =>
        name === 'job'
          ? job
          : ((view.newest('fact', name) ?? view.newest('choice', name))?.value ?? ''),
      place: (name) => view.newest('place', name)?.value ?? '',
    })
  const dump = view.last?.content ?? ''
  for (const { name, value: job, entry } of view.tasks.toReversed()) {
    const program = mind.programs.get(name)
    if (program === undefined || seen.has(job)) continue
    seen.add(job)
    const task = { program, job, since: entry.seq }
    const done = program.steps.filter(
      (step) => isDone(view, task, step) || toldInText(dump, step, told(job)),
    )
    if (done.length === program.steps.length && lines.length > 0) continue
    lines.push({ kind: 'task', name, text: `The task is ${atom('task', name, job)}.` })
    for (const step of done) {
      // What a look taught is kept as facts, not as a look.
      if (step.learns !== undefined) continue
      lines.push({
        kind: 'done',
        name: `${job}/${step.id}`,
        text: `Done: ${atom('done', `${job}/${step.id}`)}.`,
      })
    }
    for (const step of program.steps) {
      if (!done.includes(step)) for (const need of step.needs) needed.add(need.replace(/^@/, ''))
    }
  }
  const rest: (Line & { rank: number })[] = []
  for (const [key, found] of view.inOrder()) {
    const kind = KINDS.find((k) => key.startsWith(`${k}:`))
    const newest = found.at(-1)
    if (kind === undefined || kind === 'task' || kind === 'done' || newest === undefined) continue
    const name = key.slice(kind.length + 1)
    const rank = kind === 'rule' ? 0 : needed.has(name) ? 1 : 2
    rest.push({ kind, name, rank, text: `Noted ${atom(kind, name, newest.value)}.` })
  }
  return [...lines, ...rest.sort((a, b) => a.rank - b.rank)]
}

function inForm(asked: string, head: string, lines: readonly Line[]): string {
  const of = (...kinds: Kind[]): string =>
    lines
      .filter((l) => kinds.includes(l.kind))
      .map((l) => `- ${l.text}`)
      .join('\n') || '- (none)'
  const body = [
    `## Goal\n${head}\n${of('task')}`,
    `## Constraints\n${of('rule', 'order')}`,
    `## Progress\n${of('done')}`,
    `## Key Decisions\n${of('choice', 'deadend')}`,
    `## Critical Context\n${of('fact', 'place', 'secret')}`,
  ].join('\n\n')
  for (const tag of ['summary', 'state_snapshot']) {
    if (!asked.includes(`<${tag}>`)) continue
    const thoughts = asked.includes('<analysis>')
      ? '<analysis>\nWhat matters follows.\n</analysis>\n'
      : ''
    return `${thoughts}<${tag}>\n${body}\n</${tag}>`
  }
  return body
}

/**
 * The summary of a view. `at` is the scope of its decisions; an atom that is lost is the flip
 * `at/loses-<kind>-<name>`. Length: what was asked for, else the profile's, scaled with the window.
 */
export function summarise(
  view: View,
  request: Request,
  mind: Mind,
  { chance }: Scope,
  at: string,
  tokens: Tokens,
): string {
  const { profile, windowTokens } = mind
  const own = profile.summary.tokens * sigma(profile, windowTokens)
  const limit = Math.max(64, Math.floor(Math.min(request.maxTokens ?? own, own)))
  const generation = generationOf(view)
  const head = `What was said so far (summary ${generation + 1}).`
  const kept: Line[] = []
  let used = tokens.count(head) + 60
  for (const line of candidates(view, mind)) {
    const { kind, name, text } = line
    const p = 1 - survives(profile, kind, limit, view.tokens, generation)
    if (chance.flip(`${at}/loses-${kind}-${name.replaceAll('/', '.')}`, p)) continue
    used += tokens.count(text) + 2
    if (used > limit) break
    kept.push(line)
  }
  return inForm(request.messages.at(-1)?.content ?? '', head, kept)
}
