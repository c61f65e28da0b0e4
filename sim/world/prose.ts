// Ordinary prose for files and mails: it stands around the atoms, costs real tokens, and means nothing.
import type { Draw } from '../core/draw.ts'

const SUBJECTS = [
  'The review board',
  'Our supplier',
  'The night shift',
  'A regional office',
  'The auditor',
  'The warehouse team',
  'Facilities',
  'The contractor',
  'The operations desk',
  'A customer in the north',
  'The procurement group',
  'The second reviewer',
]
const VERBS = [
  'confirmed',
  'questioned',
  'postponed',
  'recorded',
  'forwarded',
  'reviewed',
  'disputed',
  'approved',
  'reopened',
  'archived',
  'compared',
  'mislaid',
]
const OBJECTS = [
  'the delivery note',
  "last quarter's inventory",
  'a revised estimate',
  'the maintenance schedule',
  'two of the open tickets',
  'the travel policy',
  'an older version of the contract',
  'the list of contacts',
  'the minutes of the meeting',
  'a draft of the report',
  'the shipping manifest',
  'the insurance certificate',
]
const TAILS = [
  'after a short discussion',
  'without further comment',
  'before the end of the week',
  'pending a second signature',
  'as agreed in spring',
  'although nobody had asked for it',
  'once the figures were in',
  'in line with the usual practice',
  'because the system was down',
  'to be taken up again later',
  'with copies to all departments',
  'and closed the matter',
]

export function sentence(draw: Draw): string {
  return `${draw.of(SUBJECTS)} ${draw.of(VERBS)} ${draw.of(OBJECTS)} ${draw.of(TAILS)}.`
}

/** Tokens of an average sentence, measured with o200k_base over ten thousand of them. */
const TOKENS_A_SENTENCE = 13.7

/** Paragraphs of about so many tokens. */
export function prose(draw: Draw, tokens: number): string {
  const sentences = Math.max(1, Math.round(tokens / TOKENS_A_SENTENCE))
  const lines: string[] = []
  for (let i = 0; i < sentences; i += 4) {
    lines.push(Array.from({ length: Math.min(4, sentences - i) }, () => sentence(draw)).join(' '))
  }
  return lines.join('\n\n')
}
