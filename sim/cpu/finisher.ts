// Finishers: a command by which a window says that the work is to be ended, as mini-swe-agent's prompt has
// it: `echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT`. Its words are told from the capitals and the sense around.

/** What is said by the word that is echoed, or so many characters around the command. */
const AROUND = 200

const ECHO = /\becho +(["']?)([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\1/g
const ENDS = /submit|submission|finish|complet|\bdone\b|\bend\b|final/i

/** The first such command that a text tells. */
export function finisherIn(text: string): string | undefined {
  if (!text.includes('echo ')) return undefined
  for (const { 0: said, 2: word, index } of text.matchAll(ECHO)) {
    const around = text.slice(Math.max(0, index - AROUND), index + said.length + AROUND)
    if (ENDS.test(around)) return `echo ${word}`
  }
  return undefined
}
