// Whatever is not only looked at is asked about, call by call: what most agents did at first. Whether a tool
// only looks is what its annotation or its name says; a server that lies about it is believed. What the users
// have configured counts first: what they deny is not even asked about.

import { part } from '../../kernel.ts'
import { actsOf } from '../../rules/acts.ts'
import { BY_SETTINGS, deniedIn, isAskedIn } from '../../rules/configured.ts'
import { questionOf } from '../../rules/rules.ts'

export default part({
  slot: 'access',
  about: 'every effect is asked about; what only looks is permitted',
  source:
    'AIOS, arXiv 2403.16971: a user confirms what cannot be undone; early coding agents (secondary reading)',
  constants: { refused: 'The user did not permit this call. It was not run.' },
  policy: ({ refused }) => ({
    async gate(call, c) {
      const acts = actsOf(call, c)
      if (deniedIn(acts, c) !== undefined) return BY_SETTINGS
      const isLooking = acts.every((act) => act.isAside || act.isLooking)
      if (isLooking && !isAskedIn(acts, c)) return undefined
      const isPermitted = await c.session.confirm(questionOf(call.name, call.args))
      return isPermitted ? undefined : { text: refused }
    },
  }),
})
