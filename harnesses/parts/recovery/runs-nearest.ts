// A known fault: an unknown name is taken for the nearest one that is offered, and that is run, however far it is
// and whatever it does. The history shows the call as it was run. Else as `strict`.

import { nearestTo } from '../../hands/nearest.ts'
import { part } from '../../kernel.ts'
import strict from './strict.ts'

export default part({
  slot: 'recovery',
  about: 'known fault: an unknown tool is taken for the nearest one, which is run',
  source: 'assumed: repair of tool names by likeness, as in published loops, without a limit',
  policy: {
    read(spoken, c, next) {
      const name = nearestTo(spoken.name, c.tools) ?? spoken.name
      const shown = { ...spoken, name }
      const reading = strict.policy.read?.(shown, c, next) ?? next(shown)
      return name === spoken.name ? reading : { ...reading, shown }
    },
  },
})
