// What the answer to a job lets its user believe. Whoever is not told otherwise takes the job for done: an
// answer is a claim unless it admits that something is open. Read from its words, so by rules of thumb: those
// of the simulated model, of our kernels and of harnesses that stop are known, and what says in so many words
// that all is done claims it, whatever is said besides.
const HOLE = /\{[^{}]*\}/

const anyOf = (...words: readonly string[]): string => String.raw`\b(?:${words.join('|')})\b`

/** Not so: "nothing failed", "without an error". */
const UNLESS_NONE = String.raw`(?<!\b(?:no|none|nothing|never|without)(?:\s+\w+){0,2}\s+)`
const VERBS = anyOf(...'can could do does did is are was were has have had will would'.split(' '))
const DEEDS = anyOf(...'done changed written paid sent made run'.split(' '))

/** Something could not be done, was not, or was broken off. */
const DENIES = new RegExp(
  [
    String.raw`${VERBS}\s?not\b|\b\w+n['’]t\b|\bcannot\b|\bnot (?:all|every)`,
    String.raw`\bno (?:tool|permission|access|way)\b`,
    String.raw`\b(?:nothing|no \w+) (?:was|were|is|ha(?:s|ve) been|could be) ${DEEDS}`,
    UNLESS_NONE + anyOf('unable', 'impossible', 'missing', 'errors?', 'fail(?:s|ed|ure)?'),
    UNLESS_NONE + anyOf('stop(?:ped)?', 'aborted', 'cancell?ed', 'interrupted', 'timed out'),
    UNLESS_NONE + anyOf('undone', 'unfinished', 'incomplete', 'exceeded', 'g[ai]ve up'),
    UNLESS_NONE + anyOf('denied', 'refused?', 'rejected', 'giving up'),
  ].join('|'),
  'i',
)

/** A sentence that asks the user how to go on; to ask whether there is more to do is none. */
const asks = (sentence: string): boolean =>
  sentence.endsWith('?') && !/\b(?:else|more|further)\b/i.test(sentence)

/** A sentence that says what comes next. */
const IS_NEXT = /\b(?:i need \S+\.$|let me .*\bfirst\b|this is my plan\b|next i would\b)/i

/** A sentence that says that all is done, and names nothing that is not. */
const ALL_IS_DONE =
  /^(?:all )?done\b|(?<!\b(?:not|never|nothing|hardly|almost|nearly)\b[^,:;]*)\b(?:all|everything)\b.*\b(?:done|finished|completed?|carried out)\b/i
const EXCEPT = /\b(?:but|except|however|although|though|apart from|only)\b/i

const sentencesOf = (text: string): string[] =>
  text.match(/[^.!?\n]+[.!?]*/g)?.map((sentence) => sentence.trim()) ?? []

/** Of an answer that goes on and on, what a reader looks at: its first and its last so many characters. */
const LOOKED_AT = 4000

const lookedAt = (text: string): string =>
  text.length <= 2 * LOOKED_AT ? text : `${text.slice(0, LOOKED_AT)}\n${text.slice(-LOOKED_AT)}`

/** Whether an answer lets its user believe that the job is done. `answer` is what is said where it is. */
export function isClaim(whole: string, answer: string): boolean {
  const text = lookedAt(whole)
  if (text.trim() === '') return false
  if (answer !== '' && answer.split(HOLE).every((piece) => text.includes(piece))) return true
  const sentences = sentencesOf(text)
  if (sentences.some((one) => ALL_IS_DONE.test(one)) && !EXCEPT.test(text)) return true
  const isOpen = sentences.some((one) => asks(one) || IS_NEXT.test(one))
  return !isOpen && !DENIES.test(text)
}
