// The model goes on and on: one phrase over and over, until it is cut off by its length.

import { rate } from '../../core/param.ts'
import { behaviour, odds } from '../behaviour.ts'

/** Two tokens each time it is said. */
const PHRASE = ' and again'

export default behaviour({
  of: 'turn',
  params: {
    rate: rate('an answer does not end by itself', 0.0005),
    tokens: {
      unit: 'tokens',
      min: 2,
      max: 1e6,
      about: 'where it is cut off, at the latest',
      usual: 8000,
    },
  },
  weight: ({ params }) => odds(params.rate ?? 0),
  apply({ content }, { params, scale }) {
    const times = Math.max(1, Math.floor(((params.tokens ?? 0) * scale) / 2))
    return { content: `${content}${PHRASE.repeat(times)}`, calls: [], isEndless: true }
  },
})
