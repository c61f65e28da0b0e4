// The same in other words: at temperature 0 too, and more so while others are served beside it (Atil et
// al., Non-Determinism of "Deterministic" LLM Settings, 2024: raw answers and parsed ones agree unlike
// often). Calls of steps stay as they are; a share of these answers says another value, too.
import { logit, probability, rate } from '../../core/param.ts'
import { behaviour, type Occasion, odds } from '../behaviour.ts'
import { chosen } from '../misspeak.ts'
import { mistaken, mistakes, replaced } from '../mistake.ts'
import type { Utterance } from '../thought.ts'

/** What stands before and after, by the name of the variant: the meaning stays. */
const VARIANTS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  certainly: ['Certainly. ', ''],
  'of-course': ['Of course. ', ''],
  right: ['Right. ', ''],
  so: ['So: ', ''],
  'in-short': ['In short: ', ''],
  'that-is-it': ['', ' That is it.'],
  'as-asked': ['', ' This is as it was asked.'],
  'step-by-step': ['Step by step, then. ', ''],
  'let-us-see': ['Let us see. ', ''],
  'with-pleasure': ['With pleasure. ', ' Just say so if more is needed.'],
}
const NAMES = Object.keys(VARIANTS)

/** The answer, in words or in a call, with one of the values in it mistaken: the newest that it states. */
function otherwise({ content, calls }: Utterance, at: Occasion): Utterance {
  const texts = [content, ...calls.map(({ args }) => args)]
  for (const [key, found] of at.view.inOrder().toReversed()) {
    const value = found.at(-1)?.value ?? ''
    if (!key.startsWith('fact:') || value === '') continue
    if (texts.every((text) => replaced(text, value, '') === text)) continue
    const wrong = chosen(at, 'value', mistakes(at.view, value)) ?? value
    return {
      content: replaced(content, value, wrong),
      calls: calls.map((call) => ({ ...call, args: mistaken(call.args, value, wrong) })),
    }
  }
  return { content, calls }
}

export default behaviour({
  of: 'words',
  params: {
    rate: rate('an answer is worded otherwise, at temperature 0 and alone', 0.02),
    hot: logit('for each unit of temperature', 1),
    load: logit('for each e-fold of one and the other generations under way', 0.3),
    answer: probability('an answer worded otherwise states another value, too', 0.05),
  },
  weight({ params, temperature, load }) {
    const moved = (params.hot ?? 0) * temperature + (params.load ?? 0) * Math.log1p(load)
    return odds(params.rate ?? 0) * Math.exp(moved)
  },
  apply(usual, at) {
    const { id, chance, thought, params } = at
    const [before, after] = VARIANTS[chosen(at, 'words', NAMES) ?? ''] ?? ['', '']
    const isOther = thought.kind === 'answer' && chance.flip(`${id}/answer`, params.answer ?? 0)
    const { content, calls } = isOther ? otherwise(usual, at) : usual
    return { content: `${before}${content}${after}`.trim(), calls }
  },
})
