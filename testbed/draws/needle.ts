// A fact among pages of prose, and a question that only this fact answers: what is asked for is written to
// a file, so that the world tells whether it was recalled.
import type { Drawn } from '../../scenarios/scenario.ts'
import { atom, atomsIn, type Draw, type Program } from '../../sim/index.ts'
import type { Given, Observed } from '../experiment.ts'
import { type Needle, needle } from './facts.ts'
import { fill, numbered } from './pages.ts'
import { turnsIn } from './turns.ts'

/** Tokens of a prompt beside its texts: system, question, tools. */
export const FRAME_TOKENS = 130

/** The texts with these put among them, each before the text at its place. Places ascend. */
export function among(
  texts: readonly string[],
  put: readonly { readonly place: number; readonly text: string }[],
): string[] {
  const all: string[] = []
  let next = 0
  for (let i = 0; i <= texts.length; i++) {
    for (let one = put[next]; one !== undefined && one.place <= i; one = put[++next])
      all.push(one.text)
    const text = texts[i]
    if (text !== undefined) all.push(text)
  }
  return all
}

/** Begins the name of a program that recalls a fact. */
const RECALL = 'recall-'

const programOf = (name: string, isSemantic: boolean): Program => ({
  name: `${RECALL}${name}`,
  facts: { [name]: { origin: 'user', semantic: isSemantic } },
  steps: [
    {
      id: 'answer',
      needs: [name],
      // Said in words, too: what is measured is recall, not how a call is spoken.
      says: `It is {${name}}.`,
      call: { op: 'files.write', args: { path: `answers/${name}.md`, content: `{${name}}` } },
      effect: 'idempotent',
    },
  ],
  answer: 'That is the answer.',
})

/** One question: a paragraph. */
export const question = (name: string): string =>
  `${atom('task', `${RECALL}${name}`, `ask-${name}`)} What is the number of ${name}? Write it down.`

export interface Asking {
  readonly texts: readonly string[]
  /** What is asked for, by job: each job is a conversation, its questions come one after the other. */
  readonly jobs: readonly (readonly Needle[])[]
  readonly isSemantic: boolean
  readonly windowTokens: number
}

/** A case in which questions are asked about texts. */
export const asking = ({ texts, jobs, isSemantic, windowTokens }: Asking): Drawn => ({
  world: { files: numbered(texts) },
  reactions: [],
  users: [
    {
      id: 'ana',
      jobs: jobs.map((asked, i) => ({
        id: `ask-${i + 1}`,
        prompt: asked.map(({ name }) => question(name)).join('\n\n'),
        arrivesMs: i,
      })),
    },
  ],
  programs: jobs.flat().map(({ name }) => programOf(name, isSemantic)),
  hazards: [],
  truths: Object.fromEntries(
    jobs.flat().map(({ name, value }) => [name, { origin: 'user', values: [{ value }] }]),
  ),
  windowTokens,
})

/**
 * Of every fact that is asked for, whether its true value stands in the answer: each question of a job is
 * one turn of its session, in order.
 */
export function recalled({ instance, trace }: Observed): Map<string, boolean> {
  const hits = new Map<string, boolean>()
  const all = turnsIn(trace)
  for (const { id, prompt } of instance.users.flatMap(({ jobs }) => jobs)) {
    const turns = all.filter(({ session }) => session === id)
    const asked = atomsIn(prompt).filter(({ kind }) => kind === 'task')
    for (const [i, { name }] of asked.entries()) {
      const { text = '', calls = [] } = turns[i] ?? {}
      const fact = name.slice(RECALL.length)
      const said = [text, ...calls.map(({ args }) => args)].join(' ')
      const value = instance.truths[fact]?.values[0]?.value
      hits.set(fact, value !== undefined && said.includes(value))
    }
  }
  return hits
}

/** One fact at a random place in a text of so many tokens, and one question. */
export function haystack(
  draw: Draw,
  length: number,
  { pages, profile, tokens }: Given,
  isSemantic: boolean,
): Drawn {
  const asked = needle(draw)
  const texts = fill(draw, pages, length - FRAME_TOKENS - tokens.count(asked.text))
  const place = Math.floor(draw.next() * (texts.length + 1))
  return asking({
    texts: among(texts, [{ place, text: asked.text }]),
    jobs: [[asked]],
    isSemantic,
    windowTokens: profile.window.native,
  })
}

/** How a table names a length: `4K`. */
export function lengthName(tokens: number): string {
  return tokens % 1000 === 0 ? `${tokens / 1000}K` : `${tokens}`
}
