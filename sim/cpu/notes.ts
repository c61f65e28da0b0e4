// Notes: told that its window will be cut (MemGPT's memory pressure), the model writes down what it will
// still need, as far as it can recall that, with a tool that keeps it. Once an alert; then it goes on.
import { atom } from '../core/atoms.ts'
import { isDone } from './done.ts'
import { type Planning, still } from './planner.ts'
import type { Entry, View } from './read.ts'
import { Recalling } from './recalling.ts'
import type { Thought } from './thought.ts'

/** Whoever says that the window fills, or what is in it will go: MemGPT's alert, and others of its sense. */
const ALERT =
  /\bmemory pressure\b|\b(?:context|conversation|history|window)\b[^.\n]{0,60}\b(?:limit|maximum|full|trimmed|truncated|compacted|evicted|run(?:ning)? out)\b|\bsave (?:any|all|what is) important\b/i

const NOTE = 'keep-notes'

/** Where it is written: in view, where there is such a tool, else where it has to be searched for. */
const OPS = ['memory.note', 'memory.store'] as const

/** The newest alert, if none but others of the system's and the user's words came after it. */
function alertIn({ entries }: View): Entry | undefined {
  let i = entries.length - 1
  const isAsked = (n: number): boolean => {
    const role = entries[n]?.message.role
    return role === 'user' || role === 'system'
  }
  while (i >= 0 && !isAsked(i)) i--
  for (; i > 0 && isAsked(i); i--) {
    const entry = entries[i] as Entry
    const isTask = entry.atoms.some(({ kind }) => kind === 'task')
    if (!isTask && !entry.isTold && ALERT.test(entry.message.content)) return entry
  }
  return undefined
}

/** A tool that failed so often is left; assumed. */
const TRIES = 2

/** The first of these tools that can still be written with; undefined where one was, since an alert. */
function leftOf<W extends { readonly name: string }>(
  ways: readonly W[],
  view: View,
  since: number,
): W | undefined {
  const failures = new Map<string, number>()
  for (const { call, seq, fate } of view.calls.values()) {
    if (seq < since || !ways.some(({ name }) => name === call.name)) continue
    if (fate === 'ok') return undefined
    failures.set(call.name, (failures.get(call.name) ?? 0) + 1)
  }
  return ways.find(({ name }) => (failures.get(name) ?? 0) < TRIES)
}

/** What steps that are not done need, and what is done, in a form that is understood again. */
function worthKeeping({ view, task }: Planning, known: Recalling): string {
  const { program, job } = task
  const lines: string[] = []
  const seen = new Set<string>()
  for (const step of program.steps) {
    if (isDone(view, task, step)) {
      // What a look taught is kept as facts, not as a look.
      if (step.learns === undefined) lines.push(`Done: ${atom('done', `${job}/${step.id}`)}.`)
      continue
    }
    const { rule } = step
    if (rule !== undefined && !seen.has(`rule ${rule}`)) {
      seen.add(`rule ${rule}`)
      if (known.recall({ kind: 'rule', name: rule, semantic: false }))
        lines.push(`Noted ${atom('rule', rule)}.`)
    }
    for (const need of step.needs) {
      if (seen.has(need)) continue
      seen.add(need)
      const name = need.replace(/^@/, '')
      const fact = program.facts[name]
      const kind = fact?.origin === 'own' ? 'choice' : 'fact'
      const isPlace = need.startsWith('@')
      const sought = { kind, name, semantic: fact?.semantic ?? false } as const
      if (!isPlace && known.recall(sought)) {
        lines.push(`Noted ${atom(kind, name, known.values.get(name))}.`)
        continue
      }
      const place = view.newest('place', name)
      if (place !== undefined) lines.push(`Noted ${atom('place', name, place.value)}.`)
    }
  }
  return lines.join('\n')
}

/** The note that an alert asks for; undefined where there is none to be answered, or nothing to keep. */
export function noteFor(planning: Planning): Thought | undefined {
  const { view, mind, scope, task, offered } = planning
  const ways = OPS.flatMap((op) => {
    const bound = offered.say(op, { content: '' })
    return bound === undefined ? [] : [{ op, name: bound.name }]
  })
  const alert = ways.length === 0 ? undefined : alertIn(view)
  if (alert === undefined) return undefined
  const way = leftOf(ways, view, alert.seq)
  if (way === undefined) return undefined
  const at = scope.of(task.job)
  const known = new Recalling({ view, mind, scope, at })
  const content = worthKeeping(planning, known)
  if (content === '') return undefined
  const occurrence = scope.occurrence(at, NOTE)
  const act = { op: way.op, args: { content }, step: NOTE, occurrence }
  const says = 'I write down what I still need.'
  const { served: needs } = known
  return { ...still('act', task.job, NOTE, says), occurrence, acts: [act], needs, effect: 'read' }
}
