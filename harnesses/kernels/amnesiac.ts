// A floor: works as `loop` does, and remembers nothing but the task and the newest exchange.

import { control } from '../control.ts'
import type { KernelPage, Policy } from '../kernel.ts'
import { kernel, part } from '../kernel.ts'
import loop from './loop.ts'

/** System prompt, task, the newest answer with its results. */
const forget: Policy = {
  prepare(conversation) {
    const { messages } = conversation
    let newest = messages.length - 1
    while (newest > 2 && messages[newest]?.role === 'tool') newest--
    if (newest > 2) conversation.messages = [...messages.slice(0, 2), ...messages.slice(newest)]
  },
}

const page: KernelPage = {
  ...loop.page,
  slots: {
    ...loop.page.slots,
    context: part({ slot: 'context', about: 'forgets', source: '-', policy: forget }),
  },
}

export default control({
  mirrors: 'a floor: no memory but the newest exchange',
  users: 'one',
  boot: (machine) => kernel(page).boot(machine),
})
