// The same in other words: at temperature 0 too, and more so while others are served beside it (Atil et
// al., Non-Determinism of "Deterministic" LLM Settings, 2024: raw answers and parsed ones agree unlike
// often). Calls stay as they are; a share of these answers says another value, too.
import { logit, probability, rate } from '../../core/param.ts'
import { behaviour, type Occasion, odds } from '../behaviour.ts'
import { chosen } from '../misspeak.ts'
import { mistakes, replaced } from '../mistake.ts'

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

/** The answer with one of the values in it mistaken: of the facts in view, the newest that it states. */
function otherwise(content: string, at: Occasion): string {
  for (const [key, found] of at.view.inOrder().toReversed()) {
    const value = found.at(-1)?.value ?? ''
    if (!key.startsWith('fact:') || value === '') continue
    if (replaced(content, value, '') === content) continue
    return replaced(content, value, chosen(at, 'value', mistakes(at.view, value)) ?? value)
  }
  return content
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
    const content = isOther ? otherwise(usual.content, at) : usual.content
    return { content: `${before}${content}${after}`.trim(), calls: usual.calls }
  },
})
