// The third of Claude Code's five stages: results of tools that can be asked again are cleared, by the tools'
// names and never by what they hold. By time: after an idle gap the provider's cache is cold, so that changing
// the past costs nothing. By tokens: what its path over cache edits leaves to the provider, with the provider's
// own default. 0 turns either off.

import { CLEARED, clear, resultsIn } from '../../history/results.ts'
import { sizeOf } from '../../history/rounds.ts'
import { part } from '../../kernel.ts'

const ANSWERED = 'context.microcompact.answeredMs'

export default part({
  slot: 'context',
  about: 'clears all but the newest results of reading tools, after an idle gap or beyond a size',
  source:
    'Claude Code, stage 3 of 5 (arXiv 2604.14228); gap, count and tools from secondary reading; tokens: context editing of the Anthropic API, clear_tool_uses (documentation)',
  constants: {
    idleMs: 3_600_000,
    fullTokens: 100_000,
    keepResults: 5,
    clearedTools: [
      'Read',
      'Bash',
      'Grep',
      'Glob',
      'WebFetch',
      'WebSearch',
      'Edit',
      'Write',
      'read',
      'bash',
      'grep',
      'glob',
      'ls',
      'edit',
      'write',
      'read_file',
      'list_files',
      'search_files',
      'write_file',
    ],
  },
  policy: ({ idleMs, fullTokens, keepResults, clearedTools }) => ({
    async ask(request, c, next) {
      const completion = await next(request)
      if (completion.kind === 'message') c.memo.set(ANSWERED, c.machine.clock.now())
      return completion
    },
    prepare(c) {
      const answeredMs = c.memo.get(ANSWERED)
      const isIdle =
        idleMs > 0 && typeof answeredMs === 'number' && c.machine.clock.now() - answeredMs >= idleMs
      const isFull = fullTokens > 0 && sizeOf(c) > fullTokens * c.scale
      if (!isIdle && !isFull) return
      const compactable = resultsIn(c.messages).filter(({ tool }) =>
        clearedTools.some((name) => name === tool),
      )
      const old = compactable.slice(0, -Math.max(1, keepResults))
      clear(
        c,
        old.filter(({ message }) => message.content !== CLEARED && !c.isPinned(message)),
      )
    },
  }),
})
