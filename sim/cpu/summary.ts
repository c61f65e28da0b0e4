// What the model writes when it is asked to compact a conversation: what survives of its atoms, in the
// form that was asked for. Present in a summary is not yet usable; wording is not modelled.
import { atom, KINDS, type Kind } from '../core/atoms.ts'
import type { Chance } from '../core/chance.ts'
import type { Request, Tool } from '../core/message.ts'
import type { Tokens } from '../core/tokens.ts'
import type { Purpose } from '../core/trace.ts'
import { isDone, isSameCall, type Since } from './done.ts'
import type { Form } from './forms/form.ts'
import { ASKED, isAsked, isPointedTo } from './injection/framing.ts'
import { jobOf } from './injection/orders.ts'
import { headOf, leadOf, newestSummaryIn } from './noted.ts'
import type { Mind } from './planner.ts'
import { fill, type Step } from './program.ts'
import type { View } from './read.ts'
import { sigma, survives } from './recall.ts'
import { readsAsError } from './result.ts'

const COMPACT =
  /summari[sz](e|ation)\b|\bsummar(y|ies)\b|\bcompact(ion)?\b|checkpoint|hand-?off|condense/i
const TEXT_ONLY = /text only|do not call|don't call|no tools|only output/i

/** Asked for in so many words: where screens come in the user's name, and may have any word in them. */
const ASKS =
  /\b(?:write|provide|give|create|produce|prepare)\b[^.\n]{0,80}\bsummary\b|\bsummari[sz]e\b[^.\n]{0,60}\b(?:conversation|session|work|progress|history|so far)\b/i

/**
 * What a request is for, as far as its tools and its last user message tell. `tools` are those that it offers,
 * natively or in a form.
 */
export function purposeOf(
  { messages, toolChoice }: Pick<Request, 'messages' | 'toolChoice'>,
  tools: readonly Tool[] = [],
  form?: Form,
): Purpose {
  const last = messages.at(-1)
  const text = last?.role === 'user' ? last.content : ''
  const edges = text.length > 8000 ? text.slice(0, 2000) + text.slice(-6000) : text
  const silent = tools.length === 0 || toolChoice === 'none'
  if (silent && messages.length <= 3 && /\btitle\b/i.test(edges) && text.length < 4000)
    return 'title'
  if (COMPACT.test(edges) && (silent || TEXT_ONLY.test(edges))) return 'compaction'
  if (form?.isWhole === true && messages.length > 2 && ASKS.test(edges)) return 'compaction'
  return 'work'
}

/** Of `due_date`, `due-date` and `dueDate` alike. */
const plainly = (text: string): string => text.toLowerCase().replace(/[_-]/g, '')

/** How many calls of this step that came to no error a dump of the conversation shows. */
function timesTold(text: string, step: Step, known: (template: string) => string): number {
  const names = Object.keys(step.call.args).map(plainly)
  const wanted = Object.values(step.call.args)
    .filter((template) => !/\{[^}]*\}/.test(template) || known(template).length > 1)
    .map((template) => JSON.stringify(known(template).split('\n')[0]?.slice(0, 60)).slice(1, -1))
    .filter((argument) => argument.length > 1)
  if (wanted.length === 0) return 0
  let times = 0
  const lines = text.split('\n')
  for (const [i, line] of lines.entries()) {
    const spelt = plainly(line)
    if (!names.every((name) => spelt.includes(name))) continue
    if (!wanted.every((argument) => line.includes(argument))) continue
    const result = lines.slice(i + 1).find((next) => next.trim() !== '')
    if (result !== undefined && !readsAsError(result.replace(/^\W*tool\s*result\W*/i, ''))) times++
  }
  return times
}

/** The steps that a window shows as done, or a dump in it: of those that call alike, as many as it tells. */
function doneSteps(
  view: View,
  task: Since,
  dump: string,
  known: (template: string) => string,
): Step[] {
  const { steps } = task.program
  const shown = new Set(steps.filter((step) => isDone(view, task, step)))
  return steps.filter((step, i) => {
    if (shown.has(step)) return true
    const before = steps.slice(0, i).filter((one) => !shown.has(one) && isSameCall(one, step))
    return timesTold(dump, step, known) > before.length
  })
}

interface Line {
  readonly kind: Kind
  readonly name: string
  readonly text: string
  /** How many summaries it has been through. */
  readonly generation: number
}

/** A line of a summary. What is said outside of summaries too has been through none. */
function lineOf(view: View, kind: Kind, name: string, value: string): Line {
  let generation = Number.POSITIVE_INFINITY
  for (const said of view.atoms.get(`${kind}:${name}`) ?? []) {
    if (said.value === value) generation = Math.min(generation, said.summary)
  }
  const asked = kind === 'order' && isAsked(view, name, value) ? `${ASKED} ` : ''
  const text = `${asked}${leadOf(kind)} ${atom(kind, name, value)}.`
  return { kind, name, text, generation: Number.isFinite(generation) ? generation : 0 }
}

/** All that could be kept: what open tasks need first, and of that what cannot be looked up again. */
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
    const done = doneSteps(view, task, dump, told(job))
    if (done.length === program.steps.length && lines.length > 0) continue
    lines.push(lineOf(view, 'task', name, job))
    for (const step of done) {
      // What a look taught is kept as facts, not as a look.
      if (step.learns === undefined) lines.push(lineOf(view, 'done', `${job}/${step.id}`, ''))
    }
    for (const step of program.steps) {
      if (!done.includes(step)) for (const need of step.needs) needed.add(need.replace(/^@/, ''))
    }
  }
  for (const { name, value } of view.orders) {
    const program = mind.programs.get(name)
    const job = jobOf(name, value)
    if (program === undefined || seen.has(job)) continue
    seen.add(job)
    for (const { id } of program.steps)
      if (view.shows(job, id, 0)) lines.push(lineOf(view, 'done', `${job}/${id}`, ''))
  }
  const rest: (Line & { rank: number })[] = []
  for (const [key, found] of view.inOrder()) {
    const kind = KINDS.find((k) => key.startsWith(`${k}:`))
    const newest = found.at(-1)
    if (kind === undefined || kind === 'task' || kind === 'done' || newest === undefined) continue
    const name = key.slice(kind.length + 1)
    const isFound = view.newest('place', name) !== undefined
    const rank = kind === 'rule' ? 0 : !needed.has(name) ? 3 : isFound ? 2 : 1
    const line = lineOf(view, kind, name, newest.value)
    // Where the user's instructions stand is the user's word.
    const isTheirs = kind === 'place' && mind.programs.has(name) && isPointedTo(view, name)
    rest.push({ ...line, text: isTheirs ? `${ASKED} ${line.text}` : line.text, rank })
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
  const thoughts = '<analysis>\nWhat matters follows.\n</analysis>\n'
  const isThought = asked.includes('<analysis>') && asked.includes('<summary>')
  return `${isThought ? thoughts : ''}${tagged(asked, body)}`
}

/** In the tags that were asked for. */
function tagged(asked: string, body: string): string {
  const tag = ['summary', 'state_snapshot'].find((name) => asked.includes(`<${name}>`))
  return tag === undefined ? body : `<${tag}>\n${body}\n</${tag}>`
}

/** The most that a request asks for in words: `in at most 200 words`, `a 500-token summary`. */
const LENGTH =
  /\b(?:at most|no more than|not exceed|under|below|within|fewer than|less than|up to|maximum of|limit(?:ed)? to|in|a)\s+(?:about |around |roughly |approximately )?(\d[\d,]*)[ -](token|word|character)/i
/** Tokens of one; assumed, for English. */
const TOKENS_OF = { token: 1, word: 4 / 3, character: 1 / 4 } as const
/** Where a request says what it wants: at the end of its messages, in so many characters. */
const TAIL_CHARS = 2000

/** Tokens; of a system prompt too, where it is for the summary alone. */
function lengthAsked({ messages }: Request): number {
  let least = Number.POSITIVE_INFINITY
  for (const { content } of messages.slice(messages.length > 2 ? -1 : 0)) {
    const [, count = '', unit = ''] = LENGTH.exec(content.slice(-TAIL_CHARS)) ?? []
    const each = TOKENS_OF[unit.toLowerCase() as keyof typeof TOKENS_OF]
    if (each !== undefined) least = Math.min(least, Number(count.replaceAll(',', '')) * each)
  }
  return least
}

/** Tokens of headings and tags; below twice of it there are no headings, only tags. */
const FORM_TOKENS = 60
const TAG_TOKENS = 12

/** A model's own summary is never shorter than this, in however small a window. */
const SHORTEST_TOKENS = 64

interface Compaction {
  readonly view: View
  readonly request: Request
  /** The scope of its decisions: an atom that is lost is the flip `at/loses-<kind>-<name>`. */
  readonly at: string
}

/**
 * The summary of a view, at most as long as the request asks for, in words or in tokens, and as the
 * profile writes one, scaled with the window.
 */
export function summarise(
  { view, request, at }: Compaction,
  mind: Mind,
  chance: Chance,
  tokens: Tokens,
): string {
  const { profile, windowTokens } = mind
  const own = profile.summary.tokens * sigma(profile, windowTokens)
  const asked = Math.min(request.maxTokens ?? own, lengthAsked(request))
  const limit = Math.max(1, Math.floor(Math.min(Math.max(SHORTEST_TOKENS, own), asked)))
  const isBare = limit < 2 * FORM_TOKENS
  let newest = 0
  for (const { message } of view.entries)
    newest = Math.max(newest, newestSummaryIn(message.content))
  const head = headOf(newest + 1)
  const kept: Line[] = []
  let used = tokens.count(head) + (isBare ? TAG_TOKENS : FORM_TOKENS)
  for (const line of candidates(view, mind)) {
    const { kind, name, text, generation } = line
    const of = { summary: limit, content: view.tokens, generation }
    const p = 1 - survives(profile, kind, of)
    if (chance.flip(`${at}/loses-${kind}-${name.replaceAll('/', '.')}`, p)) continue
    used += tokens.count(text) + 2
    if (used > limit) break
    kept.push(line)
  }
  const form = request.messages.at(-1)?.content ?? ''
  if (isBare) return tagged(form, [head, ...kept.map(({ text }) => text)].join('\n'))
  return inForm(form, head, kept)
}
