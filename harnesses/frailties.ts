// What most designs do not survive, with the reason: a page says by these names what it fails under.

/** No effect is looked up after it was made. */
export const UNCHECKED = {
  'hollow-success': 'what a tool says of itself is believed',
  'lost-ack': 'a call that went through, and whose answer was lost, is made again',
} as const

export const ONE_PROVIDER = {
  'content-refused': 'a refusal that no waiting helps against ends the job',
} as const

export const SHORT_WAITS = {
  outage: 'its waits are shorter than an outage',
} as const

/** What is done is written down only afterwards. */
export const WRITTEN_AFTERWARDS = {
  crash: 'a call in flight is not in its log, and is made again',
} as const

export const NOTHING_WRITTEN = {
  crash: 'nothing outlives a crash: the job starts over, and repeats its effects',
} as const

export const NOTHING_TO_DROP = {
  'context-too-long': 'where the history is short there is nothing to drop',
} as const

/** No flag of its own says that a call failed. */
export const TEXT_ALONE = {
  'tool-error':
    'a command that failed is told by its output alone, and can be taken for one that did not',
} as const

export const CUT_OFF_IN_SILENCE = {
  'tool-timeout': 'a command that took too long is told by its output alone',
} as const
