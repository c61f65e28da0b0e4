// A known fault: a command line with more than fifty commands in it is not checked against the rules any more,
// but asked about as a whole, and the user who says yes to nearly all says yes to what a rule denies. It was
// meant to keep the check from taking long; what the users have configured is passed over, too. Else as
// `deny-first`.

import { part } from '../../kernel.ts'
import { commandsOf } from '../../rules/acts.ts'
import denyFirst from './deny-first.ts'

export default part({
  slot: 'access',
  about: 'known fault: beyond fifty commands in a line no rule is looked at',
  source: 'Claude Code, arXiv 2604.14228: more than 50 subcommands fall back to one generic prompt',
  constants: {
    ...denyFirst.constants,
    subcommands: 50,
    refused: 'The user did not permit this command. It was not run.',
  },
  policy({ subcommands, refused, ...constants }) {
    const { open, gate } = denyFirst.with(constants).policy
    return {
      ...(open && { open }),
      async gate(call, c) {
        if (commandsOf(call).length <= subcommands) return gate?.(call, c)
        const isPermitted = await c.session.confirm(`Allow this long ${call.name} command?`)
        return isPermitted ? undefined : { text: refused }
      },
    }
  },
})
